#include "fixture.hpp"

/// Collections that another face serves stand beside those of features.
namespace yihong::ogcapi::testing {
namespace {

TEST(Others, AreListedAndKeptUntilTheirVersionChanges)
{
    auto asked = std::make_shared<int>(0);
    auto version = std::make_shared<std::string>("1");
    OgcApiOptions options;
    options.other_collections = [asked](std::string_view root) {
        ++*asked;
        return std::vector<OtherCollection>{
            {"water-series", "序列 Series", "按位置 By place", R"({"id":"water-series","root":")" + std::string{root} + R"("})"}};
    };
    options.other_version = [version] { return *version; };
    Service const service{{make_stations(four_stations())}, std::move(options)};
    auto const text = [&](std::string target, std::string accept = {}) {
        return service.get(std::move(target), std::move(accept)).content()->plain();
    };

    EXPECT_EQ(text("/collections/water-series"), R"({"id":"water-series","root":"http://test.example"})");
    EXPECT_NE(text("/collections").find(R"({"id":"water-series",)"), std::string::npos);
    EXPECT_NE(text("/collections", "text/html").find("water-series"), std::string::npos);
    EXPECT_NE(text("/collections/water-series", "text/html").find("按位置 By place"), std::string::npos);
    EXPECT_EQ(*asked, 4);
    (void)text("/collections");
    EXPECT_EQ(*asked, 4) << "nothing has changed";
    *version = "2";
    (void)text("/collections");
    EXPECT_EQ(*asked, 5);
    (void)text("/collections/water-sections");
    EXPECT_EQ(*asked, 5) << "a collection of features is known without the others";
    EXPECT_EQ(service.get("/collections/nothing").status, 404);
    EXPECT_EQ(service.get("/collections/water-series/items").status, 404);
}

}  // namespace
}  // namespace yihong::ogcapi::testing
