#include "process.hpp"

#include <gtest/gtest.h>

namespace yihong::e2e {
namespace {

/// The member of `/parameters` that speaks of `name`, as a pointer.
std::string parameter_at(Json const& judgement, std::string const& name)
{
    for (std::size_t i = 0; i < judgement.size("/parameters"); ++i)
        if (judgement.at("/parameters/" + std::to_string(i) + "/parameter") == name)
            return "/parameters/" + std::to_string(i);
    return "/none";
}

std::vector<std::string> decided(Json const& judgement)
{
    std::vector<std::string> names;
    for (std::size_t i = 0; i < judgement.size("/parameters"); ++i)
        if (judgement.at("/parameters/" + std::to_string(i) + "/decided") == "true")
            names.push_back(judgement.at("/parameters/" + std::to_string(i) + "/parameter"));
    return names;
}

/// The two sections of the demonstration: class IV, and why.
void expect_two_sections_of_class_four(Service& service)
{
    auto const zhang = service.json("/collections/water-sections/items/zhangliuzhuang");
    EXPECT_EQ(zhang.at("/properties/name"), "张留庄");
    EXPECT_EQ(zhang.at("/properties/water_body"), "涑水河");
    EXPECT_EQ(zhang.at("/properties/county"), "永济市");
    EXPECT_EQ(zhang.at("/properties/time"), "2025-11-06T12:00:00Z");
    EXPECT_EQ(zhang.at("/properties/interval"), "4h");
    EXPECT_EQ(zhang.at("/properties/water_class"), "4");
    EXPECT_EQ(zhang.at("/properties/water_class_label"), "Ⅳ");
    EXPECT_EQ(zhang.at("/properties/water_quality"), "轻度污染");
    EXPECT_EQ(zhang.at("/properties/deciding_parameters"), "codmn");
    EXPECT_EQ(zhang.at("/properties/main_pollutants"), "高锰酸盐指数(0.1)");
    EXPECT_EQ(zhang.at("/properties/codmn"), "6.799");
    EXPECT_EQ(zhang.at("/properties/currency"), "stale");
    auto const xiao = service.json("/collections/water-sections/items/xiaohancun");
    EXPECT_EQ(xiao.at("/properties/name"), "小韩村（西曲村）");
    EXPECT_EQ(xiao.at("/properties/time"), "2025-11-06T12:00:00Z");
    EXPECT_EQ(xiao.at("/properties/water_class"), "4");
    EXPECT_EQ(xiao.at("/properties/deciding_parameters"), "dissolved_oxygen");
    EXPECT_EQ(xiao.at("/properties/main_pollutants"), "溶解氧");
}

void expect_judgements_with_limits_and_clauses(Service& service)
{
    auto const why = service.json("/api/v1/sites/zhangliuzhuang/judgement");
    EXPECT_EQ(why.at("/time"), "2025-11-06T12:00:00Z");
    EXPECT_EQ(why.at("/time_beijing"), "2025-11-06T20:00:00+08:00");
    EXPECT_EQ(why.at("/water_class"), "4");
    EXPECT_EQ(why.at("/worse_than_class_iii"), "true");
    EXPECT_EQ(why.at("/standard/label"), "GB 3838-2002");
    EXPECT_EQ(why.at("/summary"),
              "水质为Ⅳ类（轻度污染），劣于Ⅲ类：高锰酸盐指数 6.8 mg/L，超过Ⅲ类限值 6（超标 0.1 倍），为Ⅳ类。水质目标Ⅲ类，未达标。");
    EXPECT_EQ(decided(why), std::vector<std::string>{"codmn"});
    auto const codmn = parameter_at(why, "codmn");
    EXPECT_EQ(why.at(codmn + "/value"), "6.799");
    EXPECT_EQ(why.at(codmn + "/assessed"), "6.8");
    EXPECT_EQ(why.at(codmn + "/limits/Ⅲ"), "6");
    EXPECT_EQ(why.at(codmn + "/limits/Ⅳ"), "10");
    EXPECT_EQ(why.at(codmn + "/clause"), "表1 第4项");
    EXPECT_EQ(why.at(codmn + "/edition"), "GB 3838-2002");
    EXPECT_EQ(why.at(codmn + "/class"), "4");
    EXPECT_EQ(why.at(codmn + "/flag"), "N");
    EXPECT_EQ(why.at(codmn + "/multiple"), "0.1");
    // total nitrogen is far above every limit, and counts in lakes only
    auto const nitrogen = parameter_at(why, "total_nitrogen");
    EXPECT_EQ(why.at(nitrogen + "/value"), "7.081");
    EXPECT_EQ(why.at(nitrogen + "/counted"), "false");
    auto const oxygen = service.json("/api/v1/sites/xiaohancun/judgement");
    EXPECT_EQ(decided(oxygen), std::vector<std::string>{"dissolved_oxygen"});
    EXPECT_EQ(oxygen.at(parameter_at(oxygen, "dissolved_oxygen") + "/limits/Ⅲ"), "5");
    EXPECT_EQ(oxygen.at(parameter_at(oxygen, "dissolved_oxygen") + "/clause"), "表1 第3项");
    auto const page = service.get("/api/v1/sites/xiaohancun/judgement?f=html");
    EXPECT_NE(page.body.find("溶解氧 4.8 mg/L，低于Ⅲ类限值 5，为Ⅳ类"), std::string::npos);
    // an older record, judged by the edition of its own date
    EXPECT_EQ(service.json("/api/v1/sites/zhangliuzhuang/judgement?time=2021-04-01T08:00:00%2B08:00&interval=4h").at("/water_class"), "5");
}

void expect_lists_and_first_page(Service& service)
{
    auto const worse = service.json("/collections/water-sections/items?water_class=4");
    EXPECT_EQ(worse.at("/numberMatched"), "3");
    EXPECT_EQ(worse.at("/features/0/id"), "hejindaqiao");
    EXPECT_EQ(worse.at("/features/1/id"), "xiaohancun");
    EXPECT_EQ(worse.at("/features/2/id"), "zhangliuzhuang");

    // the first page has both, and says that they are old
    auto const first = service.get("/?f=html", {{"Accept", "text/html"}});
    EXPECT_EQ(first.status, 200);
    for (std::string const text : {"张留庄</a></td><td>涑水河</td><td>数据过期 <small lang=\"en\">stale</small>，当时 <span class=\"badge "
                                   "c4\">Ⅳ</span> 轻度污染</td>",
                                   "小韩村（西曲村）</a></td><td>浍河</td><td>数据过期 <small lang=\"en\">stale</small>，当时 <span "
                                   "class=\"badge c4\">Ⅳ</span> 轻度污染</td>",
                                   "止于 <time datetime=\"2025-11-06T12:00:00Z\">2025-11-06 20:00</time>",
                                   "现有完整评价 0 个；不计入比例：数据过期", "/api/v1/sites/zhangliuzhuang/judgement?f=html"})
        EXPECT_NE(first.body.find(text), std::string::npos) << text;
    for (std::string const link :
         {"/collections/water-sections/items?limit=10000&f=json", "/collections/water-sections/items?water_class=4&f=html",
          "/collections/air-stations/items?f=html", "/api/v1/parameters", "/conformance", "/api", "/collections", "/metrics"})
        EXPECT_EQ(service.get(link).status, 200) << link;
}

/// Air: the published index of 空港新区, 2019-07-18 16:00 in Beijing, was 59 for ozone.
void expect_published_air_index(Service& service)
{
    auto const air = service.json("/collections/air-stations/items/2179A");
    EXPECT_EQ(air.at("/properties/time"), "2019-07-18T08:00:00Z");
    EXPECT_EQ(air.at("/properties/aqi"), "59");
    EXPECT_EQ(air.at("/properties/aqi_level"), "2");
    EXPECT_EQ(air.at("/properties/aqi_category"), "良");
    EXPECT_EQ(air.at("/properties/primary_pollutants"), "o3");
    EXPECT_EQ(air.at("/properties/standard"), "HJ 633-2012");
    EXPECT_EQ(air.at("/properties/o3"), "167");        // the columns o3 and o3_24h are swapped in the source
    EXPECT_EQ(air.at("/properties/county"), "盐湖区");
    auto const index = service.json("/api/v1/sites/2179A/judgement");
    EXPECT_EQ(index.at(parameter_at(index, "o3") + "/breakpoints"),
              R"({"concentration_low":160,"concentration_high":200,"iaqi_low":50,"iaqi_high":100})");
    EXPECT_EQ(index.at(parameter_at(index, "o3") + "/iaqi"), "59");
}

/// Layers, with whom to thank for them.
void expect_layers_with_their_sources(Service& service)
{
    struct Expected {
        std::string id, matched, attribution, license;
    };
    for (auto const& [id, matched, attribution, license] :
         {Expected{"counties", "13", "© OpenStreetMap contributors", "ODbL-1.0"},
          Expected{"yellow-river", "1", "© OpenStreetMap contributors; GSHHG 2.3.7 (World Data Bank II)", "ODbL-1.0"},
          Expected{"rivers", "8", "GSHHG 2.3.7 (World Data Bank II)", "LGPL-3.0-or-later"},
          Expected{"places", "159", "© GeoNames (www.geonames.org)", "CC-BY-4.0"},
          Expected{"salt-lake", "1", "© OpenStreetMap contributors", "ODbL-1.0"}}) {
        auto const collection = service.json("/collections/" + id);
        EXPECT_EQ(collection.at("/attribution"), attribution) << id;
        EXPECT_EQ(collection.at("/license"), license) << id;
        EXPECT_EQ(service.json("/collections/" + id + "/items").at("/numberMatched"), matched) << id;
    }
    EXPECT_EQ(service.json("/collections/counties/items/140881").at("/properties/name"), "永济市");
    EXPECT_EQ(service.json("/collections/outfalls/items").at("/features"), "[]");
}

/// Everything asks one service that holds what scripts/demo.sh imports.
TEST(Demonstration, ShowsYunchengsSectionsJudged)
{
    TemporaryFolder const folder;
    auto const data = folder / "data";
    auto const imported = yihong({"import", "--config", shipped_config, "--data", data, samples / "surface_water_snapshot_2025-11-06.csv",
                                  samples / "surface_water_4h_2021-04-01_03.csv", samples / "surface_water_daily_2020-05_2020-12.csv",
                                  samples / "surface_water_raw_response_2021-03-05.json", samples / "air_hourly_2019-07-18.csv",
                                  samples / "air_raw_2019-07-18T14.xml.gz"});
    ASSERT_EQ(imported.code, 0) << imported.err;
    Json const sums{imported.last_line()};
    EXPECT_EQ(sums.at("/accepted"), "341");
    EXPECT_EQ(sums.at("/rejected"), "0");
    EXPECT_EQ(sums.at("/rows"), "5087");
    Service service{data};

    expect_two_sections_of_class_four(service);
    expect_judgements_with_limits_and_clauses(service);
    expect_lists_and_first_page(service);
    expect_published_air_index(service);
    expect_layers_with_their_sources(service);

    EXPECT_EQ(service.json("/api/v1/quarantine").at("/entries"), "[]");
    EXPECT_EQ(service.json("/readyz").at("/status"), "ready");
    EXPECT_NE(service.get("/metrics").body.find("yihong_http_requests_total"), std::string::npos);
    EXPECT_EQ(service.stop(), 0);
}

}  // namespace
}  // namespace yihong::e2e
