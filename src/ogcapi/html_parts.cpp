#include "html_parts.hpp"

#include "yihong/base/text.hpp"
#include "yihong/geometry/geojson.hpp"

#include <algorithm>

namespace yihong::ogcapi::html {
namespace {

constexpr std::size_t columns_shown = 10;

Html link_list(std::span<Link const> links)
{
    Html all;
    for (auto const& link : links) {
        auto const kind = link.type.empty() ? link.rel : link.rel + " · " + link.type;
        all += http::element("li", http::link(link.href, link.title.empty() ? link.href : link.title, {{"rel", link.rel}}) + " " +
                                       http::element("small", kind)) +
               "\n";
    }
    return http::element("details", http::element("summary", http::both("链接", "Links")) + http::element("ul", all));
}

/// What the UTC of the data is on a page.
std::string in_beijing(std::string text)
{
    for (auto const& [utc, beijing] : {std::pair{std::string_view{"（UTC）"}, std::string_view{"（北京时间）"}},
                                       std::pair{std::string_view{"(UTC)"}, std::string_view{"(Beijing time)"}}})
        if (auto const at = text.find(utc); at != std::string::npos)
            text.replace(at, utc.size(), beijing);
    return text;
}

/// The elements of a list, those that are the name of a column by its title: `ammonia_nitrogen、total_phosphorus` is 氨氮、总磷.
std::string in_words(Schema const& schema, std::string_view list)
{
    constexpr std::string_view between = "、";
    std::string out;
    while (!list.empty()) {
        auto const element = list.substr(0, list.find(between));
        auto const column = schema.find(element);
        auto const known = column && !schema.columns()[*column].title.empty();
        out.append(out.empty() ? "" : between).append(known ? std::string_view{schema.columns()[*column].title} : element);
        list.remove_prefix(std::min(list.size(), element.size() + between.size()));
    }
    return out;
}

}  // namespace

std::string document(Page const& page, Sheet const& sheet, Html content, std::span<Link const> links)
{
    http::Page made;
    made.root = page.root;
    made.frame = page.options.frame;
    made.title = sheet.title;
    made.trail = sheet.trail;
    made.as_of = sheet.as_of;
    std::string head;
    for (auto const& link : links)
        if (link.rel == "alternate" || link.rel == "next" || link.rel == "prev")
            head += "<link rel=\"" + link.rel + "\" type=\"" + html_escaped(link.type) + "\" href=\"" + html_escaped(link.href) + "\">\n";
    made.head = Html::markup(std::move(head));
    made.main = std::move(content);
    made.foot = link_list(links);
    return http::html_page(made);
}

std::vector<http::Crumb> crumbs_to(Page const& page, FeatureSource const* collection, bool items)
{
    std::vector<http::Crumb> crumbs{{page.root + "/collections", "数据集合"}};
    if (collection != nullptr) {
        std::string const url = collection_url(page.root, collection->metadata().id);
        crumbs.push_back({url, collection->metadata().title.empty() ? collection->metadata().id : collection->metadata().title});
        if (items)
            crumbs.push_back({url + "/items", "列表"});
    }
    return crumbs;
}

std::string name_of(FeatureSource const& collection, Feature const& feature)
{
    for (auto const* column : {"title", "name"})
        if (auto const index = collection.schema().find(column))
            if (auto name = to_text(feature.value(*index)); !name.empty())
                return name;
    return feature.id();
}

Html heading_of(Column const& column)
{
    bool const is_time = column.type == AttributeType::date_time;
    auto const shown = [&](std::string const& text) { return is_time ? in_beijing(text) : text; };
    auto const& en = column.title_en.empty() ? column.name : column.title_en;
    return http::both(shown(column.title.empty() ? column.name : column.title),
                      shown(en) + (column.unit.empty() ? "" : " (" + column.unit + ")"));
}

Html value_html(Page const& page, Schema const& schema, Column const& column, Value const& value)
{
    if (page.options.presentation.show)
        if (auto shown = page.options.presentation.show(column, value); !shown.empty())
            return shown;
    if (auto const* flag = std::get_if<bool>(&value))
        return http::element("data", *flag ? "是" : "否", {{"value", *flag ? "true" : "false"}});
    if (auto const* time = std::get_if<UtcTime>(&value))
        return http::instant(*time);
    auto text = to_text(value);
    if (column.type == AttributeType::date_time)
        if (auto const time = parse_rfc3339(text))
            return http::instant(*time);
    return column.array ? in_words(schema, text) : text;
}

Html box_html(BoundingBox const& box)
{
    std::string out;
    append_coordinate(out, box.west);
    append_coordinate(out += ", ", box.south);
    if (box.west != box.east || box.south != box.north) {
        append_coordinate(out += " – ", box.east);
        append_coordinate(out += ", ", box.north);
    }
    return out;
}

Html place_of(Geometry const& geometry)
{
    auto const bounds = bounds_of(geometry);
    return bounds.is_empty() ? http::both("无", "none") : box_html(bounds);
}

std::string count_of(FeatureSource const& collection)
{
    auto const count = collection.metadata().count;
    return count ? std::to_string(*count) : "…";
}

std::vector<std::size_t> ordered_columns(Page const& page, FeatureSource const& collection, std::size_t& first_count)
{
    std::vector<std::size_t> order;
    if (page.options.presentation.first_columns)
        for (auto const& name : page.options.presentation.first_columns(collection.metadata().id))
            if (auto const index = collection.schema().find(name); index && std::ranges::find(order, *index) == order.end())
                order.push_back(*index);
    auto const all = collection.schema().columns().size();
    first_count = order.empty() ? std::min(all, columns_shown) : order.size();
    std::vector<bool> is_first(all);
    for (auto const index : order)
        is_first[index] = true;
    for (std::size_t i = 0; i < all; ++i)
        if (!is_first[i] && !collection.schema().columns()[i].repeats)
            order.push_back(i);
    return order;
}

}  // namespace yihong::ogcapi::html
