#include "pages.hpp"

#include "yihong/base/text.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace yihong::ogcapi::html {
namespace {

constexpr std::string_view style =
    "body{font:16px/1.6 system-ui,\"Noto Sans CJK SC\",\"Microsoft YaHei\",sans-serif;color:#1c2733;margin:0;background:#f6f8fa}"
    "header,main,footer{max-width:76rem;margin:0 auto;padding:.6rem "
    "1.2rem}header{display:flex;gap:1.2rem;flex-wrap:wrap;align-items:baseline}"
    "header b{font-size:1.15rem}main{background:#fff;border:1px solid #dde3e9;border-radius:6px}h1{font-size:1.5rem}h2{font-size:1.15rem}"
    "small,[lang=en]{color:#5b6875}a{color:#0b62a8}table{border-collapse:collapse;font-size:.9rem}div.wide{overflow-x:auto}"
    "th,td{border:1px solid #dde3e9;padding:.25rem .55rem;text-align:left;vertical-align:top}th{background:#eef2f5}"
    "th "
    "small{display:block;font-weight:normal}code,pre{font-size:.85rem;overflow-wrap:anywhere;white-space:pre-wrap}footer{font-size:.85rem}";

struct Crumb {
    std::string href;
    std::string text;
};

std::string anchor(std::string_view href, std::string_view text, std::string_view extra = {})
{
    std::string out = "<a href=\"" + html_escaped(href) + "\"";
    out.append(extra).append(">").append(html_escaped(text)).append("</a>");
    return out;
}

std::string both(std::string_view chinese, std::string_view english)
{
    return html_escaped(chinese) + " <small lang=\"en\">" + html_escaped(english) + "</small>";
}

/// The whole document. All links of the JSON form stand at its end as <a>.
std::string document(Page const& page, std::string_view title, std::vector<Crumb> const& crumbs, std::string_view content,
                     std::vector<Link> const& links)
{
    std::string out;
    out.reserve(content.size() + 4096);
    out.append("<!DOCTYPE html>\n<html lang=\"zh-CN\">\n<head>\n<meta charset=\"utf-8\">\n"
               "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>")
        .append(html_escaped(title));
    if (title != page.options.title)
        out.append(" · ").append(html_escaped(page.options.title));
    out.append("</title>\n");
    for (auto const& link : links) {
        if (link.rel == "alternate" || link.rel == "next" || link.rel == "prev")
            out.append("<link rel=\"")
                .append(link.rel)
                .append("\" type=\"")
                .append(html_escaped(link.type))
                .append("\" href=\"")
                .append(html_escaped(link.href))
                .append("\">\n");
    }
    out.append("<style>")
        .append(style)
        .append("</style>\n</head>\n<body>\n<header><b>")
        .append(anchor(page.root + "/", page.options.title))
        .append("</b>");
    for (auto const& crumb : crumbs)
        out.append(" ").append(anchor(crumb.href, crumb.text));
    out.append("</header>\n<main>\n<h1>")
        .append(html_escaped(title))
        .append("</h1>\n")
        .append(content)
        .append("</main>\n<footer>\n<h2>")
        .append(both("链接", "Links"))
        .append("</h2>\n<ul>\n");
    for (auto const& link : links) {
        out.append("<li>")
            .append(anchor(link.href, link.title.empty() ? link.href : link.title, " rel=\"" + html_escaped(link.rel) + "\""))
            .append(" <small>")
            .append(html_escaped(link.rel));
        if (!link.type.empty())
            out.append(" · ").append(html_escaped(link.type));
        out.append("</small></li>\n");
    }
    out.append("</ul>\n</footer>\n</body>\n</html>\n");
    return out;
}

std::vector<Crumb> crumbs_to(Page const& page, Collection const* collection = nullptr, bool items = false)
{
    std::vector<Crumb> crumbs{{page.root + "/collections", "数据集合 Collections"}};
    if (collection != nullptr) {
        std::string const url = collection_url(page.root, collection->id);
        crumbs.push_back({url, title_of(*collection)});
        if (items)
            crumbs.push_back({url + "/items", "要素 Features"});
    }
    return crumbs;
}

std::string text_of(double number)
{
    std::array<char, 32> text;
    return {text.data(), std::to_chars(text.data(), text.data() + text.size(), number).ptr};
}

std::string text_of(AttributeValue const& value)
{
    return std::visit(
        []<typename T>(T const& v) -> std::string {
            if constexpr (std::is_same_v<T, std::monostate>)
                return {};
            else if constexpr (std::is_same_v<T, std::string>)
                return html_escaped(v);
            else if constexpr (std::is_same_v<T, bool>)
                return v ? "true" : "false";
            else if constexpr (std::is_same_v<T, double>)
                return text_of(v);
            else
                return std::to_string(v);
        },
        value);
}

/// The value of a property, escaped.
std::string value_of(Feature::Rendered const& rendered, Collection const& collection, std::size_t i)
{
    if (!collection.properties[i].array)
        return i < rendered.values.size() ? text_of(rendered.values[i]) : std::string{};
    std::string out;
    if (i < rendered.arrays.size()) {
        for (auto const& element : rendered.arrays[i])
            out.append(out.empty() ? "" : "、").append(html_escaped(element));
    }
    return out;
}

/// `111.0056, 35.02` of a point, the four edges of anything else.
std::string place_of(Feature const& feature)
{
    if (!feature.bounds())
        return both("无", "none");
    auto const& b = *feature.bounds();
    std::string out;
    append_coordinate(out, b.west);
    append_coordinate(out += ", ", b.south);
    if (b.west != b.east || b.south != b.north) {
        append_coordinate(out += " – ", b.east);
        append_coordinate(out += ", ", b.north);
    }
    return out;
}

std::string heading_of(PropertyDefinition const& property)
{
    std::string out = html_escaped(property.title.empty() ? property.name : property.title);
    out.append("<small lang=\"en\">").append(html_escaped(property.title_en.empty() ? property.name : property.title_en));
    if (!property.unit.empty())
        out.append(" (").append(html_escaped(property.unit)).append(")");
    return out + "</small>";
}

std::string_view type_name(AttributeType type) noexcept
{
    constexpr std::array<std::string_view, 6> names{"文本 text",    "整数 integer", "数 number",
                                                    "真假 boolean", "日期 date",    "时间 date-time"};
    return names[static_cast<std::size_t>(type)];
}

std::string property_table(Collection const& collection, bool only_queryable)
{
    std::string out = "<div class=\"wide\"><table>\n<tr><th>" + both("名称", "Name") + "</th><th>" + both("含义", "Meaning") + "</th><th>" +
                      both("类型", "Type") + "</th><th>" + both("单位", "Unit") + "</th></tr>\n";
    for (auto const& property : collection.properties) {
        if (only_queryable && !is_queryable(property))
            continue;
        out.append("<tr><td><code>").append(html_escaped(property.name)).append("</code></td><td>").append(html_escaped(property.title));
        if (!property.title_en.empty())
            out.append(" <small lang=\"en\">").append(html_escaped(property.title_en)).append("</small>");
        out.append("</td><td>")
            .append(type_name(property.type))
            .append(property.array ? "[]" : "")
            .append("</td><td>")
            .append(html_escaped(property.unit))
            .append("</td></tr>\n");
    }
    return out + "</table></div>\n";
}

std::string collection_facts(Collection const& collection)
{
    std::string out;
    if (!collection.description.empty())
        out.append("<p>").append(html_escaped(collection.description)).append("</p>\n");
    out.append("<table>\n<tr><th>")
        .append(both("要素数", "Features"))
        .append("</th><td>")
        .append(std::to_string(collection.features.size()))
        .append("</td></tr>\n");
    if (collection.geometry_type != GeometryType::none)
        out.append("<tr><th>")
            .append(both("几何", "Geometry"))
            .append("</th><td>")
            .append(geojson_name(collection.geometry_type))
            .append("</td></tr>\n");
    if (!collection.bounds.is_empty()) {
        out.append("<tr><th>").append(both("范围", "Extent")).append("</th><td>");
        append_coordinate(out, collection.bounds.west);
        append_coordinate(out += ", ", collection.bounds.south);
        append_coordinate(out += " – ", collection.bounds.east);
        append_coordinate(out += ", ", collection.bounds.north);
        out.append("</td></tr>\n");
    }
    if (collection.time.begin && collection.time.end) {
        out.append("<tr><th>")
            .append(both("时间", "Time"))
            .append("</th><td>")
            .append(format_beijing(*collection.time.begin))
            .append(" – ")
            .append(format_beijing(*collection.time.end))
            .append("</td></tr>\n");
    }
    if (!collection.attribution.empty())
        out.append("<tr><th>")
            .append(both("来源", "Attribution"))
            .append("</th><td>")
            .append(html_escaped(collection.attribution))
            .append("</td></tr>\n");
    if (!collection.license.empty())
        out.append("<tr><th>")
            .append(both("许可", "License"))
            .append("</th><td>")
            .append(html_escaped(collection.license))
            .append("</td></tr>\n");
    return out + "</table>\n";
}

std::string collection_table(Page const& page, Catalog const& catalog)
{
    std::string out = "<div class=\"wide\"><table>\n<tr><th>" + both("集合", "Collection") + "</th><th>" + both("要素", "Features") +
                      "</th><th>" + both("说明", "Description") + "</th></tr>\n";
    for (auto const& collection : catalog.collections) {
        std::string const url = collection_url(page.root, collection->id);
        out.append("<tr><td>")
            .append(anchor(url, title_of(*collection)))
            .append("<br><code>")
            .append(html_escaped(collection->id))
            .append("</code></td><td>")
            .append(anchor(url + "/items", std::to_string(collection->features.size())))
            .append("</td><td>")
            .append(html_escaped(collection->description))
            .append("</td></tr>\n");
    }
    return out + "</table></div>\n";
}

/// The geometry object inside a GeoJSON feature; it holds no strings with braces.
std::string_view geometry_of(std::string_view geojson) noexcept
{
    constexpr std::string_view name = "\"geometry\":";
    auto const at = geojson.find(name);
    if (at == std::string_view::npos)
        return {};
    geojson.remove_prefix(at + name.size());
    return geojson.starts_with('{') ? geojson.substr(0, geojson.find('}') + 1) : geojson.substr(0, geojson.find(','));
}

}  // namespace

std::string landing(Page const& page, Catalog const& catalog)
{
    std::string content = "<p>" + html_escaped(page.options.description) + "</p>\n";
    std::string own = page.options.landing_html ? page.options.landing_html(catalog) : std::string{};
    constexpr std::string_view placeholder = "{root}";
    for (auto at = own.find(placeholder); at != std::string::npos; at = own.find(placeholder, at + page.root.size()))
        own.replace(at, placeholder.size(), html_escaped(page.root));
    content.append(own)
        .append("<h2>")
        .append(anchor(page.root + "/collections", "数据集合 Collections"))
        .append("</h2>\n")
        .append(collection_table(page, catalog));
    if (!page.options.attribution.empty())
        content.append("<p><small>").append(html_escaped(page.options.attribution)).append("</small></p>\n");
    return document(page, page.options.title, {}, content, landing_links(page));
}

std::string conformance(Page const& page)
{
    std::string content = "<ul>\n";
    for (auto const uri : conformance_classes())
        content.append("<li><code>").append(uri).append("</code></li>\n");
    content += "</ul>\n";
    return document(page, "符合性声明 Conformance", {}, content, page.links(json_type));
}

std::string collections(Page const& page, Catalog const& catalog)
{
    return document(page, "数据集合 Collections", {}, collection_table(page, catalog), page.links(json_type));
}

std::string collection(Page const& page, Collection const& collection)
{
    std::string const url = collection_url(page.root, collection.id);
    std::string content = collection_facts(collection);
    content.append("<p>")
        .append(anchor(url + "/items", "查看要素 Browse the features"))
        .append("</p>\n<h2>")
        .append(both("属性", "Properties"))
        .append("</h2>\n")
        .append(property_table(collection, false));
    auto links = page.links(json_type);
    for (auto& link : collection_links(collection, page.root)) {
        if (link.rel != "self" && link.rel != "alternate")
            links.push_back(std::move(link));
    }
    return document(page, title_of(collection), crumbs_to(page), content, links);
}

std::string schema(Page const& page, Collection const& collection, json::SchemaKind kind)
{
    bool const queryables = kind == json::SchemaKind::queryables;
    std::string content =
        queryables
            ? "<p>每个属性都可作为要素请求的查询参数。 <span lang=\"en\">Each of these is a query parameter of the features.</span></p>\n"
            : "";
    content += property_table(collection, queryables);
    auto links = page.links(schema_type);
    links.push_back({collection_url(page.root, collection.id), "collection", std::string{json_type}, title_of(collection)});
    return document(page, queryables ? "可查询属性 Queryables" : "属性 Schema", crumbs_to(page, &collection), content, links);
}

std::string items(Page const& page, Collection const& collection, Selection& selection, Query const& query)
{
    std::string const url = collection_url(page.root, collection.id) + "/items/";
    std::string rows;
    std::size_t count = 0;
    for (auto const* feature : selection.features) {
        if (rows.size() > page.options.html_page_bytes)
            break;
        ++count;
        auto const& rendered = feature->rendered();
        rows.append("<tr><td>").append(anchor(url + percent_encoded(feature->id()), feature->id())).append("</td>");
        for (std::size_t i = 0; i < collection.properties.size(); ++i)
            rows.append("<td>").append(value_of(rendered, collection, i)).append("</td>");
        rows.append("<td>").append(place_of(*feature)).append("</td></tr>\n");
    }
    selection.features.resize(count);

    auto const links = items_links(page, collection, selection, query);
    std::string content = "<p>";
    if (count == 0)
        content += both("没有符合条件的要素", "no feature matches");
    else
        content.append(std::to_string(selection.first + 1))
            .append("–")
            .append(std::to_string(selection.first + count))
            .append(" / ")
            .append(std::to_string(selection.matched));
    for (auto const& link : links) {
        if (link.rel == "prev" || link.rel == "next")
            content.append(" · ").append(anchor(link.href, link.title));
    }
    content.append("</p>\n<div class=\"wide\"><table>\n<tr><th>").append(both("标识", "Identifier")).append("</th>");
    for (auto const& property : collection.properties)
        content.append("<th>").append(heading_of(property)).append("</th>");
    content.append("<th>").append(both("几何", "Geometry")).append("</th></tr>\n").append(rows).append("</table></div>\n");
    return document(page, title_of(collection), crumbs_to(page, &collection), content, links);
}

std::string feature(Page const& page, Collection const& collection, Feature const& feature)
{
    auto const& rendered = feature.rendered();
    std::string content = "<table>\n<tr><th>" + both("标识", "Identifier") + "</th><td>" + html_escaped(feature.id()) + "</td></tr>\n";
    for (std::size_t i = 0; i < collection.properties.size(); ++i)
        content.append("<tr><th>")
            .append(heading_of(collection.properties[i]))
            .append("</th><td>")
            .append(value_of(rendered, collection, i))
            .append("</td></tr>\n");
    content.append("<tr><th>").append(both("几何", "Geometry")).append("</th><td>").append(place_of(feature));
    constexpr std::size_t short_enough = 2000;
    if (auto const geometry = geometry_of(rendered.geojson); feature.bounds() && geometry.size() <= short_enough)
        content.append("<br><code>").append(html_escaped(geometry)).append("</code>");
    content += "</td></tr>\n</table>\n";
    return document(page, feature.id(), crumbs_to(page, &collection, true), content, feature_links(page, collection));
}

std::string api(Page const& page, Catalog const& catalog)
{
    std::string content = "<h2>" + both("资源", "Resources") + "</h2>\n<table>\n";
    for (auto const& declaration : page.options.declarations) {
        bool const can_be_followed = declaration.method == http::Method::get && !declaration.path.contains('{');
        content.append("<tr><td>").append(http::to_text(declaration.method)).append(" ");
        if (can_be_followed)
            content.append(anchor(page.root + declaration.path, declaration.path));
        else
            content.append("<code>").append(html_escaped(declaration.path)).append("</code>");
        content.append("</td><td>").append(both(declaration.summary.zh, declaration.summary.en)).append("</td></tr>\n");
    }
    content.append("</table>\n<h2>").append(both("要素的参数", "Parameters of the features")).append("</h2>\n<table>\n");
    auto const row = [&](std::string_view name, std::string_view zh, std::string_view en) {
        content.append("<tr><td><code>").append(html_escaped(name)).append("</code></td><td>").append(both(zh, en)).append("</td></tr>\n");
    };
    auto const items = std::ranges::find(page.options.declarations, "getFeatures", &http::Declaration::id);
    for (auto const& parameter : items->parameters)
        if (parameter.place == http::Place::query)
            row(parameter.name, parameter.text.zh, parameter.text.en);
    row("property=value", "属性等于该值，见 queryables", "the property equals the value; see queryables");
    content.append("</table>\n<p>")
        .append(both("错误以 application/problem+json 返回", "errors are application/problem+json"))
        .append("</p>\n");
    if (!catalog.collections.empty()) {
        content.append("<h2>").append(both("例子", "Examples")).append("</h2>\n<ul>\n");
        for (auto const& collection : catalog.collections) {
            std::string const url = collection_url(page.root, collection->id);
            content.append("<li>").append(anchor(url + "/items?limit=10", url + "/items?limit=10")).append("</li>\n");
        }
        content.append("</ul>\n");
    }
    auto links = page.links(openapi_type);
    links.push_back({page.root + "/api", "service-desc", std::string{openapi_type}, "接口定义 OpenAPI 3.0 definition"});
    return document(page, "接口说明 API", {}, content, links);
}

}  // namespace yihong::ogcapi::html
