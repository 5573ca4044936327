// The class that a section is held to: its own, else the default of its level.
#include "process.hpp"

#include "yihong/base/time.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace yihong::e2e {
namespace {

TEST(TargetClass, OfTheShippedConfigurationRaisesBelowTarget)
{
    TemporaryFolder const folder;
    Service const service{folder / "data"};
    EXPECT_EQ(service.json("/collections/water-sections/items/zhangliuzhuang").at("/properties/target_class"), "3");

    auto const first = std::chrono::floor<std::chrono::hours>(utc_now()) - 9h;
    for (int const round : {0, 1})
        (void)service.ingest(
            "application/json",
            fmt::format(R"([{{"site":"zhangliuzhuang","time":"{}","interval":"4h","values":{{"ph":8.1,"dissolved_oxygen":7.9,)"
                        R"("codmn":5.{},"ammonia_nitrogen":1.31,"total_phosphorus":0.14}}}}])",
                        format_rfc3339(UtcTime{first + 4h * round}), round));

    auto const rules = service.json("/api/v1/alerts?site=zhangliuzhuang").all("/alerts/0/rules");
    EXPECT_NE(std::ranges::find(rules, "below-target"), rules.end());
    EXPECT_EQ(service.json("/collections/water-sections/items/zhangliuzhuang").at("/properties/meets_target"), "false");
}

TEST(TargetClass, IsMissedByTheCheckWhereNoneIsKnown)
{
    TemporaryFolder const folder;
    write_file(folder / "sites.geojson",
               R"({"type":"FeatureCollection","features":[
 {"type":"Feature","id":"own","geometry":null,"properties":{"name":"甲","kind":"water_section","target_class":4,"level":"national"}},
 {"type":"Feature","id":"default","geometry":null,"properties":{"name":"乙","kind":"lake_section","level":"provincial"}},
 {"type":"Feature","id":"none","geometry":null,"properties":{"name":"丙","kind":"water_section","level":"municipal"}},
 {"type":"Feature","id":"air","geometry":null,"properties":{"name":"丁","kind":"air_station","level":"national"}}]})");
    auto const standards = (source_dir / "config/standards").string();
    write_file(folder / "yihong.toml", "[standards]\ndirectory = \"" + standards +
                                           "\"\n[sites]\nfiles = [\"sites.geojson\"]\n"
                                           "default_target_class = { national = 3, provincial = 2 }\n");

    auto const checked = yihong({"check", "--config", folder / "yihong.toml"});

    EXPECT_EQ(checked.code, 0);
    EXPECT_NE(checked.err.find("1 个断面没有水质目标"), std::string::npos) << checked.err;
    EXPECT_NE(checked.err.find("default_target_class: none\n"), std::string::npos) << checked.err;

    Service const service{folder / "data", {.config = folder / "yihong.toml"}};
    auto const target = [&](std::string const& id) {
        return service.json("/collections/water-sections/items/" + id).at("/properties/target_class");
    };
    EXPECT_EQ(target("own"), "4");
    EXPECT_EQ(target("default"), "2");
    EXPECT_EQ(target("none"), "null");
    auto const shipped = yihong({"check", "--config", shipped_config}).err;
    EXPECT_NE(shipped.find("1 个断面没有水质目标"), std::string::npos) << shipped;
    EXPECT_NE(shipped.find("default_target_class: miaoqiancun\n"), std::string::npos) << "its level is not published; " << shipped;
}

TEST(OwedParameters, ThatNoStandardKnowsAreAProblem)
{
    TemporaryFolder const folder;
    auto const config = small_config(folder.path());
    auto const owing = [&](std::string_view names) {
        write_file(folder / "sites.geojson",
                   fmt::format(R"({{"type":"FeatureCollection","features":[{{"type":"Feature","id":"a","geometry":null,)"
                               R"("properties":{{"name":"甲","kind":"water_section","owed_parameters":{}}}}}]}})",
                               names));
        return yihong({"check", "--config", config});
    };
    EXPECT_EQ(owing(R"(["ph","w21003"])").code, 0);
    auto const slip = owing(R"(["ph","amonia"])");
    EXPECT_EQ(slip.code, 1);
    EXPECT_NE(slip.err.find("site \"a\": owed_parameters: \"amonia\" is neither the code nor the name of a parameter"), std::string::npos)
        << slip.err;
    auto const of_a_year = owing(R"({"2024":["ph"],"2025":["amonia"]})").err;
    EXPECT_TRUE(of_a_year.contains("site \"a\": owed_parameters.2025: \"amonia\" is neither")) << of_a_year;
}

}  // namespace
}  // namespace yihong::e2e
