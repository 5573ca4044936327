#pragma once

#include "yihong/base/time.hpp"
#include "yihong/features/source.hpp"
#include "yihong/http/declare.hpp"
#include "yihong/http/form.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace yihong::ogcapi {

inline constexpr std::string_view crs84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84";
inline constexpr std::size_t default_limit = 100;
inline constexpr std::size_t maximum_limit = 10'000;

/// Parameters as a request gives them: name and value.
using Given = std::vector<std::pair<std::string, std::string>>;

/// The representation that an Accept header prefers; every JSON media type we send counts as JSON.
/// \return nothing when it takes neither
std::optional<http::Form> negotiate(std::string_view accept);

struct Query {
    Given given;                              ///< each parameter once, in order: what links are built from
    std::optional<http::Form> format;                  ///< `f`
    FeatureQuery features;                         ///< bbox, datetime, properties (all must hold), limit, offset, after
};

/// Reads the query of a request by what the resource declares. Equal repetitions of a parameter are one, as OGC wants it.
/// \param queryables whose properties are parameters too; null: this resource has none
/// \return a failure names the parameter and what it takes
Result<Query> read_query(http::Request const& request, http::Parameters<Query> const& declared, Schema const* queryables = nullptr);

/// Whether the property is a parameter of items: it is queryable and no other parameter has its name.
bool is_queryable(Column const& property) noexcept;

/// `?a=b&c=d` of these parameters with `name` replaced (or added at the end), without those in `dropped`.
std::string query_text(Given const& parameters, std::vector<std::pair<std::string_view, std::string>> const& replaced = {},
                       std::vector<std::string_view> const& dropped = {});

}  // namespace yihong::ogcapi
