#pragma once

#include "yihong/state/catalog.hpp"
#include "yihong/state/network.hpp"

#include <memory>
#include <span>
#include <string>
#include <vector>

namespace yihong {

/// How the values of an enumeration are called, for `Column::words`.
template <typename Values>
[[nodiscard]] std::vector<std::string> words_of(Values const& values)
{
    std::vector<std::string> words;
    for (auto const value : values)
        words.emplace_back(to_text(value));
    return words;
}

/// The properties of a site collection: those of every site, the class or AQI, and one column a parameter.
Schema site_schema(SiteKind kind, std::span<ParameterId const> columns, ParameterBook const& parameters);

/// The parameters that have a column even before a record brings them: the nine of a surface-water station, the six of an air station.
std::vector<ParameterId> routine_parameters(SiteKind kind, ParameterBook const& parameters);

/// A site as a feature. \param schema of its collection, by `site_schema`
std::shared_ptr<Feature const> make_site_feature(std::shared_ptr<SiteState const> state, std::shared_ptr<Schema const> schema);

/// The state behind a site's feature. \return null for features of layers
std::shared_ptr<SiteState const> site_state(Feature const& feature) noexcept;
/// The state of a site by its id, whichever collection it is in. \return null when there is none
std::shared_ptr<SiteState const> find_site(Catalog const& catalog, std::string_view id) noexcept;

}  // namespace yihong
