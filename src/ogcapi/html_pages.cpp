#include "pages.hpp"

#include "yihong/base/text.hpp"
#include "yihong/geometry/geojson.hpp"
#include "yihong/http/page.hpp"

#include <algorithm>
#include <array>

namespace yihong::ogcapi::html {
namespace {

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
    std::string full_title{title};
    if (title != page.options.title)
        full_title.append(" · ").append(page.options.title);
    std::string head;
    for (auto const& link : links) {
        if (link.rel == "alternate" || link.rel == "next" || link.rel == "prev")
            head.append("<link rel=\"")
                .append(link.rel)
                .append("\" type=\"")
                .append(html_escaped(link.type))
                .append("\" href=\"")
                .append(html_escaped(link.href))
                .append("\">\n");
    }
    std::string out;
    out.reserve(content.size() + 4096);
    out.append("<header><b>").append(anchor(page.root + "/", page.options.title)).append("</b>");
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
    out.append("</ul>\n</footer>\n");
    return http::html_page(full_title, head, out);
}

std::vector<Crumb> crumbs_to(Page const& page, FeatureSource const* collection = nullptr, bool items = false)
{
    std::vector<Crumb> crumbs{{page.root + "/collections", "数据集合 Collections"}};
    if (collection != nullptr) {
        std::string const url = collection_url(page.root, collection->metadata().id);
        crumbs.push_back({url, title_of(*collection)});
        if (items)
            crumbs.push_back({url + "/items", "要素 Features"});
    }
    return crumbs;
}

/// `111.0056, 35.02` of a point, the four edges of anything else.
std::string place_of(Feature const& feature)
{
    auto const b = bounds_of(feature.geometry());
    if (b.is_empty())
        return both("无", "none");
    std::string out;
    append_coordinate(out, b.west);
    append_coordinate(out += ", ", b.south);
    if (b.west != b.east || b.south != b.north) {
        append_coordinate(out += " – ", b.east);
        append_coordinate(out += ", ", b.north);
    }
    return out;
}

/// How many features a collection has, where it knows.
std::string count_of(FeatureSource const& collection)
{
    auto const count = collection.metadata().count;
    return count ? std::to_string(*count) : "…";
}

std::string heading_of(Column const& property)
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

std::string property_table(FeatureSource const& collection, bool only_queryable)
{
    std::string out = "<div class=\"wide\"><table>\n<tr><th>" + both("名称", "Name") + "</th><th>" + both("含义", "Meaning") + "</th><th>" +
                      both("类型", "Type") + "</th><th>" + both("单位", "Unit") + "</th></tr>\n";
    for (auto const& property : collection.schema().columns()) {
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

std::string collection_facts(FeatureSource const& collection)
{
    std::string out;
    if (!collection.metadata().description.empty())
        out.append("<p>").append(html_escaped(collection.metadata().description)).append("</p>\n");
    out.append("<table>\n<tr><th>")
        .append(both("要素数", "Features"))
        .append("</th><td>")
        .append(count_of(collection))
        .append("</td></tr>\n");
    if (collection.metadata().geometry_type != GeometryType::none)
        out.append("<tr><th>")
            .append(both("几何", "Geometry"))
            .append("</th><td>")
            .append(geojson_name(collection.metadata().geometry_type))
            .append("</td></tr>\n");
    if (!collection.metadata().bounds.is_empty()) {
        out.append("<tr><th>").append(both("范围", "Extent")).append("</th><td>");
        append_coordinate(out, collection.metadata().bounds.west);
        append_coordinate(out += ", ", collection.metadata().bounds.south);
        append_coordinate(out += " – ", collection.metadata().bounds.east);
        append_coordinate(out += ", ", collection.metadata().bounds.north);
        out.append("</td></tr>\n");
    }
    if (collection.metadata().time.begin && collection.metadata().time.end) {
        out.append("<tr><th>")
            .append(both("时间", "Time"))
            .append("</th><td>")
            .append(format_beijing(*collection.metadata().time.begin))
            .append(" – ")
            .append(format_beijing(*collection.metadata().time.end))
            .append("</td></tr>\n");
    }
    if (!collection.metadata().attribution.empty())
        out.append("<tr><th>")
            .append(both("来源", "Attribution"))
            .append("</th><td>")
            .append(html_escaped(collection.metadata().attribution))
            .append("</td></tr>\n");
    if (!collection.metadata().license.empty())
        out.append("<tr><th>")
            .append(both("许可", "License"))
            .append("</th><td>")
            .append(html_escaped(collection.metadata().license))
            .append("</td></tr>\n");
    return out + "</table>\n";
}

std::string collection_table(Page const& page, Catalog const& catalog)
{
    std::string out = "<div class=\"wide\"><table>\n<tr><th>" + both("集合", "Collection") + "</th><th>" + both("要素", "Features") +
                      "</th><th>" + both("说明", "Description") + "</th></tr>\n";
    for (auto const& collection : catalog.collections) {
        std::string const url = collection_url(page.root, collection->metadata().id);
        out.append("<tr><td>")
            .append(anchor(url, title_of(*collection)))
            .append("<br><code>")
            .append(html_escaped(collection->metadata().id))
            .append("</code></td><td>")
            .append(anchor(url + "/items", count_of(*collection)))
            .append("</td><td>")
            .append(html_escaped(collection->metadata().description))
            .append("</td></tr>\n");
    }
    return out + "</table></div>\n";
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

std::string collection(Page const& page, FeatureSource const& collection)
{
    std::string const url = collection_url(page.root, collection.metadata().id);
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

std::string schema(Page const& page, FeatureSource const& collection, json::SchemaKind kind)
{
    bool const queryables = kind == json::SchemaKind::queryables;
    std::string content =
        queryables
            ? "<p>每个属性都可作为要素请求的查询参数。 <span lang=\"en\">Each of these is a query parameter of the features.</span></p>\n"
            : "";
    content += property_table(collection, queryables);
    auto links = page.links(schema_type);
    links.push_back({collection_url(page.root, collection.metadata().id), "collection", std::string{json_type}, title_of(collection)});
    return document(page, queryables ? "可查询属性 Queryables" : "属性 Schema", crumbs_to(page, &collection), content, links);
}

std::string items(Page const& page, FeatureSource const& collection, Selection& selection, Query const& query)
{
    std::string const url = collection_url(page.root, collection.metadata().id) + "/items/";
    std::string rows;
    std::size_t count = 0;
    for (auto const& feature : selection.features) {
        if (rows.size() > page.options.html_page_bytes)
            break;
        ++count;
        rows.append("<tr><td>").append(anchor(url + percent_encoded(feature->id()), feature->id())).append("</td>");
        for (std::size_t i = 0; i < collection.schema().columns().size(); ++i)
            rows.append("<td>").append(html_escaped(to_text(feature->value(i)))).append("</td>");
        rows.append("<td>").append(place_of(*feature)).append("</td></tr>\n");
    }
    selection.cut(count);

    auto const links = items_links(page, collection, selection, query);
    std::string content = "<p>";
    if (count == 0)
        content += both("没有符合条件的要素", "no feature matches");
    else
        content.append(std::to_string(selection.first + 1)).append("–").append(std::to_string(selection.first + count));
    if (count > 0 && selection.matched)
        content.append(" / ").append(std::to_string(*selection.matched));
    for (auto const& link : links) {
        if (link.rel == "prev" || link.rel == "next")
            content.append(" · ").append(anchor(link.href, link.title));
    }
    content.append("</p>\n<div class=\"wide\"><table>\n<tr><th>").append(both("标识", "Identifier")).append("</th>");
    for (auto const& property : collection.schema().columns())
        content.append("<th>").append(heading_of(property)).append("</th>");
    content.append("<th>").append(both("几何", "Geometry")).append("</th></tr>\n").append(rows).append("</table></div>\n");
    return document(page, title_of(collection), crumbs_to(page, &collection), content, links);
}

std::string feature(Page const& page, FeatureSource const& collection, Feature const& feature)
{
    std::string content = "<table>\n<tr><th>" + both("标识", "Identifier") + "</th><td>" + html_escaped(feature.id()) + "</td></tr>\n";
    for (std::size_t i = 0; i < collection.schema().columns().size(); ++i)
        content.append("<tr><th>")
            .append(heading_of(collection.schema().columns()[i]))
            .append("</th><td>")
            .append(html_escaped(to_text(feature.value(i))))
            .append("</td></tr>\n");
    content.append("<tr><th>").append(both("几何", "Geometry")).append("</th><td>").append(place_of(feature));
    constexpr std::size_t short_enough = 2000;
    std::string geometry;
    append_geojson(geometry, feature.geometry());
    if (type_of(feature.geometry()) != GeometryType::none && geometry.size() <= short_enough)
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
            std::string const url = collection_url(page.root, collection->metadata().id);
            content.append("<li>").append(anchor(url + "/items?limit=10", url + "/items?limit=10")).append("</li>\n");
        }
        content.append("</ul>\n");
    }
    auto links = page.links(openapi_type);
    links.push_back({page.root + "/api", "service-desc", std::string{openapi_type}, "接口定义 OpenAPI 3.0 definition"});
    return document(page, "接口说明 API", {}, content, links);
}

}  // namespace yihong::ogcapi::html
