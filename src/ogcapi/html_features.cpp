#include "html_parts.hpp"
#include "small_map.hpp"

#include "yihong/base/text.hpp"
#include "yihong/geometry/geojson.hpp"

#include <algorithm>

namespace yihong::ogcapi::html {
namespace {

/// What the first cell of a row shows in a column of its own: the feature's name.
std::optional<std::size_t> name_column(FeatureSource const& collection)
{
    auto const title = collection.schema().find("title");
    return title ? title : collection.schema().find("name");
}

/// `1–100 / 230`, and the pages before and behind.
Html place_among(Selection const& selection, std::size_t count, std::span<Link const> links)
{
    Html out = count == 0 ? http::both("没有符合条件的要素", "no feature matches")
                          : Html{std::to_string(selection.first + 1) + "–" + std::to_string(selection.first + count)};
    if (count > 0 && selection.matched)
        out += " / " + std::to_string(*selection.matched);
    for (auto const& link : links)
        if (link.rel == "prev" || link.rel == "next")
            out += Html{" · "} + http::link(link.href, link.title);
    return http::element("p", out);
}

/// Shows and hides the columns that matter less, without a script.
Html column_switch(std::size_t all)
{
    return http::element("div",
                         Html::markup("<input type=\"checkbox\" id=\"all-columns\">") +
                             http::element("label", http::both("显示全部 " + std::to_string(all) + " 列", "show all columns"),
                                           {{"for", "all-columns"}}),
                         {{"class", "all screen"}}) +
           "\n";
}

/// The buttons above a feature: why, series, alert, list.
Html leads_html(Page const& page, FeatureSource const& collection, Feature const& feature)
{
    Html all;
    if (page.options.presentation.leads_to)
        for (auto const& lead : page.options.presentation.leads_to(collection, feature))
            all += http::link(page.root + lead.path, lead.title);
    all += http::link(collection_url(page.root, collection.metadata().id) + "/items", "返回列表 Back to the list");
    return http::element("nav", all, {{"class", "links screen"}}) + "\n";
}

Html fact_of(Page const& page, Schema const& schema, Column const& column, Value const& value)
{
    auto shown = value_html(page, schema, column, value);
    if (shown.empty())
        shown = "—";
    return http::element("tr", http::element("th", heading_of(column)) + http::cell(shown)) + "\n";
}

}  // namespace

std::string items(Page const& page, Catalog const& catalog, FeatureSource const& collection, Selection& selection, Query const& query)
{
    auto const& columns = collection.schema().columns();
    auto const named = name_column(collection);
    std::size_t first_count = 0;
    auto order = ordered_columns(page, collection, first_count);
    std::erase_if(order, [&](std::size_t column) { return column == named; });

    std::string const url = collection_url(page.root, collection.metadata().id) + "/items/";
    std::string rows;
    std::size_t count = 0;
    for (auto const& feature : selection.features) {
        if (rows.size() > page.options.html_page_bytes)
            break;
        ++count;
        Html cells = http::cell(http::link(url + percent_encoded(feature->id()), name_of(collection, *feature)));
        for (auto const column : order)
            cells +=
                http::cell(value_html(page, collection.schema(), columns[column], shown_value(columns[column], *feature, Profile::flat)));
        cells += http::cell(place_of(feature->geometry()));
        cells += http::cell(http::element("code", feature->id()));
        rows.append(http::element("tr", cells).text()).append("\n");
    }
    selection.cut(count);

    Html head = http::element("th", named ? heading_of(columns[*named]) : http::both("标识", "Identifier"));
    for (auto const column : order)
        head += http::element("th", heading_of(columns[column]));
    head += http::element("th", http::both("几何", "Geometry")) + http::element("th", http::both("标识", "Identifier"));

    auto const links = items_links(page, collection, selection, query);
    Html content = place_among(selection, count, links);
    content += small_map({catalog, collection, selection.features, url, page.options.presentation});
    if (count > 0)
        content += column_switch(order.size() + 3) +
                   http::table(http::element("tr", head) + "\n" + Html::markup(std::move(rows)), "items columns");
    return document(page, {title_of(collection), crumbs_to(page, &collection), collection.metadata().as_of}, std::move(content), links);
}

std::string feature(Page const& page, FeatureSource const& collection, Feature const& feature, Query const& query)
{
    auto const& columns = collection.schema().columns();
    std::size_t first_count = 0;
    auto const order = ordered_columns(page, collection, first_count);
    Html first;
    Html rest;
    for (std::size_t i = 0; i < order.size(); ++i)
        (i < first_count ? first : rest) +=
            fact_of(page, collection.schema(), columns[order[i]], shown_value(columns[order[i]], feature, Profile::flat));

    Html place = place_of(feature.geometry());
    constexpr std::size_t short_enough = 2000;
    std::string geometry;
    append_geojson(geometry, feature.geometry());
    if (type_of(feature.geometry()) != GeometryType::none && geometry.size() <= short_enough)
        place += Html::markup("<br>") + http::element("code", geometry);
    rest += http::fact("几何", "Geometry", place) + http::fact("标识", "Identifier", http::element("code", feature.id()));

    Html content = leads_html(page, collection, feature) + http::table(first, "facts");
    content += http::element("details", http::element("summary", http::both("其他属性", "Everything else")) + http::table(rest, "facts"));
    return document(page, {name_of(collection, feature), crumbs_to(page, &collection, true), collection.metadata().as_of},
                    std::move(content), feature_links(page, collection, query));
}

}  // namespace yihong::ogcapi::html
