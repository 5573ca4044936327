#pragma once

#include "pages.hpp"

#include "yihong/http/html.hpp"
#include "yihong/http/page.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

/// What the HTML pages of the OGC API have in common.
namespace yihong::ogcapi::html {

using http::Html;

/// What a page says beside its content.
struct Sheet {
    std::string title;
    std::vector<http::Crumb> trail = {};
    std::optional<UtcTime> as_of = {};
};

/// The whole page. All links of the JSON form stand at its end.
std::string document(Page const& page, Sheet const& sheet, Html content, std::span<Link const> links);
/// The way to a collection's page, and to its items where `items`; null: to the list of collections.
std::vector<http::Crumb> crumbs_to(Page const& page, FeatureSource const* collection = nullptr, bool items = false);

/// What a feature is called: its title or name, its id where it has neither.
std::string name_of(FeatureSource const& collection, Feature const& feature);
/// Chinese, English and unit of a column; times are told as Beijing time.
Html heading_of(Column const& column);
/// A value of a flat feature as people read it; nothing for null. In a list, the names of other columns are said in words.
Html value_html(Page const& page, Schema const& schema, Column const& column, Value const& value);
/// `111.0056, 35.02` of a point, the four edges of anything else.
Html place_of(Geometry const& geometry);
Html box_html(BoundingBox const& box);
/// How many features a collection has, where it knows.
std::string count_of(FeatureSource const& collection);
/// Indices of the columns: those that matter first, and the others behind. \param first_count how many of them matter
std::vector<std::size_t> ordered_columns(Page const& page, FeatureSource const& collection, std::size_t& first_count);

}  // namespace yihong::ogcapi::html
