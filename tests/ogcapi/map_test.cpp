// The small map on the HTML page of items.
#include "fixture.hpp"

#include <regex>

namespace yihong::ogcapi::testing {
namespace {

std::size_t count_of(std::string const& text, std::string const& what)
{
    std::size_t count = 0;
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + 1))
        ++count;
    return count;
}

std::string page_of(Service const& service, std::string const& target)
{
    auto const reply = service.get(target, "text/html");
    EXPECT_EQ(reply.status, 200);
    return reply.content()->plain();
}

std::string map_of(std::string const& page)
{
    auto const begin = page.find("<svg viewBox");
    return begin == std::string::npos ? std::string{} : page.substr(begin, page.find("</svg>", begin) - begin);
}

/// All numbers that place something lie in the picture, or a little outside of it where a line runs on.
void expect_places(std::string const& svg)
{
    std::regex const circle{R"re(cx="([-0-9.]+)" cy="([-0-9.]+)")re"};
    for (std::sregex_iterator it{svg.begin(), svg.end(), circle}, end; it != end; ++it) {
        EXPECT_GE(std::stod((*it)[1]), 0);
        EXPECT_LE(std::stod((*it)[1]), 640);
        EXPECT_GE(std::stod((*it)[2]), 0);
        EXPECT_LE(std::stod((*it)[2]), 360);
    }
}

TEST(SmallMap, ShowsWhereTheFeaturesOfThePageLieBeforeTheLinesOfTheLayers)
{
    OgcApiOptions options;
    options.presentation.mark = [](FeatureSource const&, Feature const& feature) {
        return feature.id() == "linyi" ? Mark{.style = "c4", .label = "Ⅳ"} : Mark{};
    };
    auto const service = standard_service(std::move(options));
    auto const page = page_of(service, "/collections/water-sections/items");
    auto const svg = map_of(page);
    EXPECT_EQ(count_of(svg, "<circle"), 3U) << "one of the four has no place";
    EXPECT_NE(svg.find(R"(<g class="c4">)"), std::string::npos);
    EXPECT_NE(svg.find(">Ⅳ</text>"), std::string::npos) << "never by colour alone";
    EXPECT_NE(svg.find(R"(<path class="areas" d="M)"), std::string::npos) << "the lakes";
    EXPECT_NE(svg.find("http://test.example/collections/water-sections/items/linyi"), std::string::npos) << "a mark leads to its page";
    EXPECT_NE(svg.find("&lt;script&gt;alert(1)&lt;/script&gt;"), std::string::npos) << "names are text";
    expect_places(svg);
    EXPECT_EQ(page.find("<script"), std::string::npos);
    EXPECT_EQ(page.find(" style="), std::string::npos) << "the policy of pages allows the one style sheet alone";
}

TEST(SmallMap, DrawsAreasAsTheirLinesAndIsLeftOutWhereNothingHasAPlace)
{
    auto const service = standard_service();
    auto const svg = map_of(page_of(service, "/collections/lakes/items"));
    EXPECT_EQ(count_of(svg, R"(<path class="own")"), 2U);
    EXPECT_EQ(svg.find(R"(class="areas")"), std::string::npos) << "what the page is about is not drawn twice";
    EXPECT_EQ(map_of(page_of(service, "/collections/water-sections/items?name=%E6%97%A0%E5%9D%90%E6%A0%87")), "");
}

TEST(SmallMap, ShowsASiteOnceHoweverManyRecordsThePageHas)
{
    std::vector<Station> records;
    for (int i = 0; i < 40; ++i)
        records.push_back({"r" + std::to_string(i), LonLat{110.5 + i % 2, 35.25}, "2025-11-06T12:00:00Z", "汉阳", 3.5, 2, true, {}});
    Service const service{{make_stations(std::move(records))}};
    EXPECT_EQ(count_of(map_of(page_of(service, "/collections/water-sections/items?limit=40")), "<circle"), 2U);
}

}  // namespace
}  // namespace yihong::ogcapi::testing
