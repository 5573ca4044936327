// The rows F01 to F17 of OGC API - Features Part 1 (17-069r4) and what its test suite trips over: JSON and HTML.
#include "fixture.hpp"

namespace yihong::ogcapi::testing {
namespace {

TEST(F15, FormatsByParameterAndByAccept)
{
    auto const service = standard_service();
    struct Row {
        std::string path, json;
    };
    for (auto const& [path, type] : {Row{"/", "application/json"},
                                     {"/conformance", "application/json"},
                                     {"/api", "application/vnd.oai.openapi+json;version=3.0"},
                                     {"/collections", "application/json"},
                                     {"/collections/lakes", "application/json"},
                                     {"/collections/lakes/items", "application/geo+json"},
                                     {"/collections/lakes/items/2", "application/geo+json"},
                                     {"/collections/lakes/queryables", "application/schema+json"},
                                     {"/collections/lakes/schema", "application/schema+json"},
                                     {"/collections/lakes/schema/feature", "application/schema+json"}}) {
        EXPECT_EQ(service.get(path).content_type, type) << path;
        EXPECT_EQ(service.get(path + "?f=json", "text/html").content_type, type) << path;
        EXPECT_EQ(service.get(path, "application/geo+json, application/json").content_type, type) << path;
        EXPECT_EQ(service.get(path + "?f=html").content_type, "text/html; charset=utf-8") << path;
        EXPECT_EQ(service.get(path, "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8").content_type,
                  "text/html; charset=utf-8")
            << path;
        EXPECT_EQ(service.get(path, "image/png").status, 406) << path;
        EXPECT_EQ(header(service.get(path), "Vary"), "Accept") << path;
    }
}

TEST(F15, HtmlShowsEveryPropertyEscapedAndEveryLink)
{
    auto const service = standard_service();
    for (auto const* target : {"/collections/water-sections/items?f=html", "/collections/water-sections/items/hanyang?f=html"}) {
        auto const html = service.get(target).content()->plain();
        EXPECT_TRUE(html.starts_with("<!DOCTYPE html>\n<html lang=\"zh-CN\">"));
        for (auto const& property : station_columns())
            EXPECT_NE(html.find(property.title), std::string::npos) << target << " " << property.name;
        for (auto const* value : {"汉阳 &lt;script&gt;alert(1)&lt;/script&gt;", "3.5", "true", "salt-lake、plain", "2025-11-06T12:00:00Z",
                                  "110.5, 35.25", "hidden"})
            EXPECT_NE(html.find(value), std::string::npos) << target << " " << value;
        EXPECT_EQ(html.find("<script"), std::string::npos) << target;
        std::string other = target;
        other.replace(other.find("f=html"), 6, "f=json");
        auto const links = service.get_json(other).at("links").as_array();
        for (auto const& l : links) {
            if (text(l.at("rel")) == "self" || text(l.at("rel")) == "alternate")
                continue;
            EXPECT_NE(html.find("<a href=\"" + text(l.at("href")) + "\""), std::string::npos) << text(l.at("href"));
        }
        EXPECT_NE(html.find("f=json\" rel=\"alternate\""), std::string::npos);
    }
}

TEST(F15, HtmlPagesLinkToTheNextAndPreviousPage)
{
    auto const service = standard_service();
    auto const html = service.get("/collections/water-sections/items?f=html&limit=1&offset=1").content()->plain();
    EXPECT_NE(
        html.find(
            "<a href=\"http://test.example/collections/water-sections/items?f=html&amp;limit=1&amp;after=linyi\">下一页 Next page</a>"),
        std::string::npos);
    EXPECT_NE(
        html.find(
            "<a href=\"http://test.example/collections/water-sections/items?f=html&amp;limit=1&amp;offset=0\">上一页 Previous page</a>"),
        std::string::npos);
    EXPECT_NE(html.find("2–2 / 4"), std::string::npos);
}

}  // namespace
}  // namespace yihong::ogcapi::testing
