#pragma once

#include "yihong/features/source.hpp"
#include "yihong/http/html.hpp"
#include "yihong/ogcapi/routes.hpp"
#include "yihong/state/catalog.hpp"

#include <memory>
#include <span>
#include <string>

/// A map of a few centimetres, as SVG in the page: no script, no tiles, and the same on paper.
namespace yihong::ogcapi::html {

/// What is shown on it, and of what.
struct SmallMap {
    Catalog const& catalog;                        ///< its lines and areas lie behind (河流、湖泊、界线)
    FeatureSource const& collection;
    std::span<std::shared_ptr<Feature const> const> features;
    std::string items_url;                         ///< of the collection, with a slash at its end: a feature leads to its page
    Presentation const& presentation;
};

/// Where the features of a page lie. \return nothing where none of them has a place
[[nodiscard]] http::Html small_map(SmallMap const& map);

}  // namespace yihong::ogcapi::html
