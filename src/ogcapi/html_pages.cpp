#include "html_parts.hpp"

#include "yihong/base/text.hpp"
#include "yihong/cql2/functions.hpp"
#include "yihong/geometry/geojson.hpp"

#include <algorithm>
#include <array>
#include <functional>

namespace yihong::ogcapi::html {
namespace {

std::string_view type_name(AttributeType type) noexcept
{
    constexpr std::array<std::string_view, 6> names{"文本 text",    "整数 integer", "数 number",
                                                    "真假 boolean", "日期 date",    "时间 date-time"};
    return names[static_cast<std::size_t>(type)];
}

Html paragraph(Html const& inside) { return http::element("p", inside) + "\n"; }
Html code(std::string_view text) { return http::element("code", text); }

Html property_table(FeatureSource const& collection, std::function<bool(Column const&)> const& is_shown)
{
    Html rows = http::head_row({{"名称", "Name"}, {"含义", "Meaning"}, {"类型", "Type"}, {"单位", "Unit"}});
    for (auto const& property : collection.schema().columns())
        if (is_shown(property))
            rows += http::row({code(property.name), http::both(property.title, property.title_en),
                               std::string{type_name(property.type)} + (property.is_list() ? "[]" : ""), property.unit});
    return http::table(rows);
}

Html collection_facts(FeatureSource const& collection)
{
    auto const& of = collection.metadata();
    Html out = of.description.empty() ? Html{} : paragraph(of.description);
    Html rows = http::fact("要素数", "Features", count_of(collection));
    if (of.geometry_type != GeometryType::none)
        rows += http::fact("几何", "Geometry", geojson_name(of.geometry_type));
    if (!of.bounds.is_empty())
        rows += http::fact("范围", "Extent", box_html(of.bounds));
    if (of.time.begin && of.time.end)
        rows += http::fact("时间", "Time", http::instant(*of.time.begin) + " – " + http::instant(*of.time.end));
    rows += http::fact("来源", "Attribution", of.attribution) + http::fact("许可", "License", http::foreign_link(of.license));
    return out + http::table(rows, "facts");
}

Html collection_table(Page const& page, Catalog const& catalog, std::span<OtherCollection const> others = {})
{
    Html rows = http::head_row({{"集合", "Collection"}, {"要素", "Features"}, {"说明", "Description"}});
    for (auto const& collection : catalog.collections) {
        std::string const url = collection_url(page.root, collection->metadata().id);
        rows += http::row({http::link(url, title_of(*collection)) + " " + code(collection->metadata().id),
                           http::link(url + "/items", count_of(*collection)), collection->metadata().description});
    }
    for (auto const& other : others)
        rows += http::row({http::link(collection_url(page.root, other.id), other.title) + " " + code(other.id), "", other.description});
    return http::table(rows, "rows");
}

/// When the newest of all collections came.
std::optional<UtcTime> as_of(Catalog const& catalog)
{
    std::optional<UtcTime> newest;
    for (auto const& collection : catalog.collections)
        newest = std::max(newest, collection->metadata().as_of);
    return newest;
}

}  // namespace

std::string landing(Page const& page, Catalog const& catalog, Catalog const& listed)
{
    std::string own = page.options.landing_html ? page.options.landing_html(catalog) : std::string{};
    constexpr std::string_view placeholder = "{root}";
    auto const root = html_escaped(page.root);
    for (auto at = own.find(placeholder); at != std::string::npos; at = own.find(placeholder, at + root.size()))
        own.replace(at, placeholder.size(), root);
    Html content = paragraph(page.options.description) + Html::markup(std::move(own));
    content +=
        http::element("h2", http::link(page.root + "/collections", http::both("数据集合", "Collections"))) + collection_table(page, listed);
    if (!page.options.attribution.empty())
        content += paragraph(http::element("small", page.options.attribution));
    return document(page, {page.options.title, {}, as_of(catalog)}, std::move(content), landing_links(page));
}

std::string conformance(Page const& page)
{
    Html classes;
    for (auto const uri : conformance_classes())
        classes += http::element("li", code(uri)) + "\n";
    for (auto const& uri : page.options.conformance)
        classes += http::element("li", code(uri)) + "\n";
    return document(page, {"符合性声明 Conformance"}, http::element("ul", classes), page.links(json_type));
}

std::string functions(Page const& page)
{
    Html rows;
    for (auto const& function : cql2::functions()) {
        std::string call{function.name};
        for (auto const type : function.arguments)
            call.append(&type == function.arguments.data() ? "(" : ", ").append(cql2::name_of(type));
        rows += http::row({code(call + ")"), http::both(function.title, function.title_en), code(cql2::name_of(function.result))});
    }
    return document(page, {"过滤条件中的函数 Functions of filters"}, http::table(rows), page.links(json_type));
}

std::string collections(Page const& page, Catalog const& catalog, std::span<OtherCollection const> others)
{
    return document(page, {"数据集合 Collections", {}, as_of(catalog)}, collection_table(page, catalog, others), page.links(json_type));
}

std::string collection(Page const& page, OtherCollection const& collection)
{
    return document(page, {collection.title, crumbs_to(page)}, paragraph(collection.description), page.links(json_type));
}

std::string collection(Page const& page, FeatureSource const& collection)
{
    std::string const url = collection_url(page.root, collection.metadata().id);
    Html content = collection_facts(collection);
    content += paragraph(http::link(url + "/items", "查看要素 Browse the features"));
    content += http::heading("属性", "Properties") + property_table(collection, [](Column const&) { return true; });
    auto links = page.links(json_type);
    for (auto& link : collection_links(collection, page.root, page.options))
        if (link.rel != "self" && link.rel != "alternate")
            links.push_back(std::move(link));
    return document(page, {title_of(collection), crumbs_to(page), collection.metadata().as_of}, std::move(content), links);
}

std::string schema(Page const& page, FeatureSource const& collection, json::SchemaKind kind)
{
    bool const queryables = kind == json::SchemaKind::queryables;
    bool const sortables = kind == json::SchemaKind::sortables;
    Html content;
    if (queryables)
        content += paragraph(http::both("每个属性都可作为要素请求的查询参数。", "Each of these is a query parameter of the features."));
    if (sortables)
        content +=
            paragraph(http::both("每个属性都可写入 sortby：+ 升序，- 降序。", "sortby takes each of these: + ascending, - descending."));
    content += property_table(collection, [&](Column const& property) {
        return queryables ? is_queryable(property) : !sortables || is_sortable(collection, property);
    });
    auto links = page.links(schema_type);
    links.push_back({collection_url(page.root, collection.metadata().id), "collection", std::string{json_type}, title_of(collection)});
    return document(page,
                    {queryables  ? "可查询属性 Queryables"
                     : sortables ? "可排序属性 Sortables"
                                 : "属性 Schema",
                     crumbs_to(page, &collection)},
                    std::move(content), links);
}

std::string api(Page const& page, Catalog const& catalog)
{
    Html routes;
    for (auto const& declaration : page.options.declarations) {
        bool const can_be_followed = declaration.method == http::Method::get && !declaration.path.contains('{');
        auto const path = can_be_followed ? http::link(page.root + declaration.path, declaration.path) : code(declaration.path);
        routes +=
            http::row({Html{http::to_text(declaration.method)} + " " + path, http::both(declaration.summary.zh, declaration.summary.en)});
    }
    Html parameters;
    auto const items = std::ranges::find(page.options.declarations, "getFeatures", &http::Declaration::id);
    for (auto const& parameter : items->parameters)
        if (parameter.place == http::Place::query)
            parameters += http::row({code(parameter.name), http::both(parameter.text.zh, parameter.text.en)});
    parameters +=
        http::row({code("property=value"), http::both("属性等于该值，见 queryables", "the property equals the value; see queryables")});

    Html content = http::heading("资源", "Resources") + http::table(routes) + http::heading("要素的参数", "Parameters of the features") +
                   http::table(parameters);
    content += paragraph(http::both("错误以 application/problem+json 返回；浏览器得到一页说明",
                                    "errors are application/problem+json, and a page for a browser"));
    Html examples;
    for (auto const& collection : catalog.collections) {
        std::string const url = collection_url(page.root, collection->metadata().id) + "/items?limit=10";
        examples += http::element("li", http::link(url, url)) + "\n";
    }
    if (!examples.empty())
        content += http::heading("例子", "Examples") + http::element("ul", examples);
    auto links = page.links(openapi_type);
    links.push_back({page.root + "/api", "service-desc", std::string{openapi_type}, "接口定义 OpenAPI 3.0 definition"});
    return document(page, {"接口说明 API"}, std::move(content), links);
}

}  // namespace yihong::ogcapi::html
