#include "links.hpp"

#include "pages.hpp"

#include "yihong/base/text.hpp"

namespace yihong::ogcapi {
namespace {

bool is_url(std::string_view text) noexcept { return text.starts_with("http://") || text.starts_with("https://"); }

}  // namespace

void write_links(JsonWriter& json, std::span<Link const> links)
{
    json.key("links").begin_array();
    for (auto const& link : links) {
        json.begin_object().member("href", link.href).member("rel", link.rel);
        if (!link.type.empty())
            json.member("type", link.type);
        if (!link.title.empty())
            json.member("title", link.title);
        json.end_object();
    }
    json.end_array();
}

std::string link_header(std::span<Link const> links)
{
    std::string out;
    for (auto const& link : links) {
        if (!out.empty())
            out += ", ";
        out.append("<").append(link.href).append(">; rel=\"").append(link.rel).append("\"");
        if (!link.type.empty())
            out.append("; type=\"").append(link.type).append("\"");
    }
    return out;
}

std::string collection_url(std::string_view root, std::string_view id) { return std::string{root} + "/collections/" + percent_encoded(id); }

std::vector<Link> Page::links(std::string_view type) const
{
    bool const is_json = format == http::Form::json;
    return {
        {url() + query_text(given), "self", std::string{is_json ? type : html_type}, "本页 This document"},
        {url() + query_text(given, {{"f", is_json ? "html" : "json"}}), "alternate", std::string{is_json ? html_type : type},
         is_json ? "HTML 页面 This document as HTML" : "JSON 数据 This document as JSON"},
    };
}

std::vector<Link> landing_links(Page const& page)
{
    auto links = page.links(json_type);
    auto const add = [&](std::string const& path, std::string_view rel, std::string_view type, std::string_view title) {
        links.push_back({page.root + path, std::string{rel}, std::string{type}, std::string{title}});
    };
    add("/api", "service-desc", openapi_type, "接口定义 OpenAPI 3.0 definition");
    add("/api.html", "service-doc", html_type, "接口说明 API documentation");
    add("/conformance", "conformance", json_type, "符合性声明 Conformance classes");
    add("/functions", std::string{relations} + "functions", json_type, "过滤条件中的函数 Functions of filters");
    add("/collections", "data", json_type, "数据集合 Collections");
    for (auto const& link : page.options.landing_links)
        add(link.path, link.rel, link.type, link.title);
    return links;
}

std::vector<Link> collection_links(FeatureSource const& collection, std::string_view root, OgcApiOptions const& options)
{
    std::string const url = collection_url(root, collection.metadata().id);
    std::vector<Link> links{
        {url, "self", std::string{json_type}, "集合 Collection"},
        {url + "?f=html", "alternate", std::string{html_type}, "集合（HTML） Collection as HTML"},
        {url + "/items", "items", std::string{geojson_type}, "要素 Features as GeoJSON"},
        {url + "/items?f=html", "items", std::string{html_type}, "要素（HTML） Features as HTML"},
        {url + "/queryables", std::string{relations} + "queryables", std::string{schema_type}, "可查询属性 Queryables"},
        {url + "/sortables", std::string{relations} + "sortables", std::string{schema_type}, "可排序属性 Sortables"},
        {url + "/schema", std::string{relations} + "schema", std::string{schema_type}, "属性 Schema of the properties"},
        {url + "/schema/feature", "describedby", std::string{schema_type}, "GeoJSON 要素 Schema of a GeoJSON feature"},
        // the same relation (RFC 8288: case does not matter); GDAL 3.6 knows it only in this spelling and types its fields by it
        {url + "/schema/feature", "describedBy", std::string{schema_type}, "GeoJSON 要素 Schema of a GeoJSON feature"},
    };
    for (auto const& format : formats::all_formats())
        links.push_back({url + "/items?f=" + std::string{format.name}, "items", std::string{format.media_type}, std::string{format.title}});
    if (options.collection_links)
        for (auto const& link : options.collection_links(collection))
            links.push_back({url + link.path, link.rel, link.type, link.title});
    if (is_url(collection.metadata().license))
        links.push_back({collection.metadata().license, "license", "", "许可 License"});
    return links;
}

namespace {

/// The features in the other profile: lists as they are, or as text again.
void add_other_profile(std::vector<Link>& links, Page const& page, Query const& query)
{
    bool const is_flat = query.profile == Profile::flat;
    links.push_back({page.url() + query_text(page.given, {{"f", "json"}, {"profile", is_flat ? "structured" : "flat"}}), "alternate",
                     std::string{geojson_type}, is_flat ? "列表为数组与对象 With lists and objects" : "列表为文本 With lists as text"});
}

}  // namespace

std::vector<Link> items_links(Page const& page, FeatureSource const& collection, Selection const& selection, Query const& query)
{
    auto links = page.links(geojson_type);
    std::string const type = links.front().type;
    add_other_profile(links, page, query);
    auto const limit = std::to_string(query.features.limit);
    if (selection.has_more && !selection.features.empty()) {
        // by the last id, not by a count: the page stays right while features come and go, and at any limit
        std::vector<std::pair<std::string_view, std::string>> place{{"limit", limit}};
        if (selection.features.size() > selection.leading)
            place.emplace_back("after", selection.features.back()->id());
        if (!selection.out_of_turn.empty())
            place.emplace_back("seen", joined_ids(selection.out_of_turn));
        links.push_back({page.url() + query_text(page.given, place, {"offset", "startindex", "after"}), "next", type, "下一页 Next page"});
    }
    if (selection.first > 0) {
        std::size_t const back = std::min(query.features.limit, selection.first);
        links.push_back(
            {page.url() + query_text(page.given, {{"limit", std::to_string(back)}, {"offset", std::to_string(selection.first - back)}},
                                     {"startindex", "after", "seen"}),
             "prev", type, "上一页 Previous page"});
    }
    std::string const url = collection_url(page.root, collection.metadata().id);
    links.push_back({url, "collection", std::string{json_type}, title_of(collection)});
    links.push_back({url + "?f=html", "collection", std::string{html_type}, title_of(collection)});
    return links;
}

std::vector<Link> feature_links(Page const& page, FeatureSource const& collection, Query const& query)
{
    auto links = page.links(geojson_type);
    add_other_profile(links, page, query);
    std::string const url = collection_url(page.root, collection.metadata().id);
    links.push_back({url, "collection", std::string{json_type}, title_of(collection)});
    links.push_back({url + "?f=html", "collection", std::string{html_type}, title_of(collection)});
    return links;
}

}  // namespace yihong::ogcapi
