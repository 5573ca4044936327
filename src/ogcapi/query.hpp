#pragma once

#include "yihong/base/time.hpp"
#include "yihong/crs/transformers.hpp"
#include "yihong/features/source.hpp"
#include "yihong/formats/formats.hpp"
#include "yihong/http/declare.hpp"
#include "yihong/http/form.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace yihong::ogcapi {

inline constexpr std::size_t default_limit = 100;
inline constexpr std::size_t maximum_limit = 10'000;

/// Parameters as a request gives them: name and value.
using Given = std::vector<std::pair<std::string, std::string>>;

/// The representation that an Accept header prefers; every JSON media type we send counts as JSON.
/// \return nothing when it takes neither
std::optional<http::Form> negotiate(std::string_view accept);

/// The profile that an Accept header names with a media type (`application/geo+json;profile=structured`).
Profile asked_profile(std::string_view accept) noexcept;
/// Whether an Accept header asks for `application/schema+json` by name, as QGIS and GDAL do to type their fields: they read one type a property, and
/// take a union with null for text.
bool asks_single_types(std::string_view accept) noexcept;

/// How a filter is written.
enum class FilterLanguage : std::uint8_t { text, json };

struct Query {
    Given given;  ///< each parameter once, in order: what links are built from
    std::optional<http::Form> format;  ///< `f`
    formats::FormatNames const* download = nullptr;  ///< `f`, or the Accept header, where it names a format to take home
    bool byte_order_mark = false;  ///< `bom`
    Profile profile = Profile::flat;  ///< `profile`, or the one of the Accept header
    bool single_types = false;  ///< `types=single`: one type a property, null untold
    crs::System const* crs = nullptr;  ///< `crs`; null: CRS84
    crs::System const* bbox_crs = nullptr;
    std::optional<std::string> filter = {};  ///< as it is given; `read_query` makes a condition of it
    FilterLanguage filter_language = FilterLanguage::text;  ///< `filter-lang`
    crs::System const* filter_crs = nullptr;
    std::optional<std::string> bbox = {};  ///< as it is given; `read_query` makes boxes of it
    std::optional<int> decimals = {};  ///< `precision`
    std::optional<UtcTime> known_at = {};  ///< `asof`; see `asked_moment`
    bool skip_geometry = false;  ///< `skipGeometry`
    std::vector<std::string> sort_by = {};  ///< `sortby` as it is given; `read_query` makes the keys of it
    std::vector<std::string> wanted = {};  ///< `properties` likewise
    FeatureQuery features;  ///< bbox, datetime, properties, filter (all must hold), order, limit, offset, after
};

/// Reads the query of a request by what the resource declares. Equal repetitions of a parameter are one, as OGC wants it.
/// \param transformers of the systems that parameters name
/// \param items the collection whose features are asked for, and whose properties are parameters too; null: this resource has none
/// \return a failure names the parameter and what it takes
Result<Query> read_query(http::Request const& request, http::Parameters<Query> const& declared, crs::Transformers const& transformers,
                         FeatureSource const* items = nullptr);

/// What the features of a collection are asked for as they were: `datetime` where it is an instant, and `asof`.
struct Moment {
    std::optional<UtcTime> at;
    std::optional<UtcTime> known_at;
};
/// \return none where a parameter cannot be read: `read_query` says so
Moment asked_moment(http::Request const& request);

/// Whether the property is a parameter of items: it is queryable and no other parameter has its name.
bool is_queryable(Column const& property) noexcept;

/// Whether items can be sorted by the property: a list has no order, and what a store holds is read in the order of time.
bool is_sortable(FeatureSource const& items, Column const& property) noexcept;

/// Whether the parameter is among them.
bool gives(Given const& parameters, std::string_view name) noexcept;
/// Ids as one value of a parameter, and back.
std::string joined_ids(std::span<std::string const> ids);
std::vector<std::string> separate_ids(std::string_view text);

/// `?a=b&c=d` of these parameters with `name` replaced (or added at the end), without those in `dropped`.
std::string query_text(Given const& parameters, std::vector<std::pair<std::string_view, std::string>> const& replaced = {},
                       std::vector<std::string_view> const& dropped = {});

}  // namespace yihong::ogcapi
