#include "archive_fixture.hpp"

#include <algorithm>
#include <set>

namespace yihong {
namespace {

TEST(CnemcWater, ReadsTheSnapshotOf2025WithUnroundedValues)
{
    auto const whole = read_all(sample("surface_water_snapshot_2025-11-06.csv"), context(), 100, true);

    EXPECT_EQ(whole.format, "cnemc-water-csv");
    EXPECT_EQ(counted(whole.counts), "1762 rows: 4 records, 0 refused, 127 empty, 1631 of 1631 unknown places");
    EXPECT_EQ(
        whole.lines,
        (Lines{"longmen 4h 2025-11-06T12:00:00Z maintenance codmn=1.99 ammonia_nitrogen=0.025 total_phosphorus=0.063 total_nitrogen=3.444",
               "zhangliuzhuang 4h 2025-11-06T12:00:00Z normal water_temperature=15.15 ph=8.3399 dissolved_oxygen=8.929 codmn=6.799 "
               "ammonia_nitrogen=0.15 total_phosphorus=0.162 total_nitrogen=7.081 conductivity=2549.125 turbidity=147.532",
               "shangbocheng 4h 2025-11-06T12:00:00Z normal water_temperature=13.66 ph=8.1848 dissolved_oxygen=9.888 codmn=1.721 "
               "ammonia_nitrogen=0.025 total_phosphorus=0.0648 total_nitrogen=5.0723 conductivity=817.896 turbidity=120.721",
               "xiaohancun 4h 2025-11-06T12:00:00Z normal water_temperature=16.5 ph=7.499 dissolved_oxygen=4.806 codmn=2.99 "
               "ammonia_nitrogen=0.188 total_phosphorus=0.135 total_nitrogen=7.669 conductivity=1964.77 turbidity=18.852"}));
}

TEST(CnemcWater, RegistersEveryUnknownSectionOnce)
{
    Registration registration;
    auto const whole = read_all(sample("surface_water_snapshot_2025-11-06.csv"), registration.context());

    EXPECT_EQ(counted(whole.counts), "1762 rows: 1635 records, 0 refused, 127 empty, 0 of 0 unknown places");
    EXPECT_EQ(registration.made.size(), 1631U);
    auto const reservoir = std::ranges::find(registration.made, "怀柔水库", [](auto const& entry) { return entry.second.name; })->second;
    EXPECT_EQ(reservoir.kind, SiteKind::lake_section);
    EXPECT_EQ(reservoir.water_body, "怀柔水库");
    EXPECT_EQ(reservoir.position, std::nullopt);
    EXPECT_EQ(reservoir.external_ids, (std::vector<std::pair<std::string, std::string>>{{"cnemc", "北京市/怀柔水库"}}));
}

TEST(CnemcWater, ReadsTheFourHourFileWithItsTraps)
{
    // repeated rows, times `*` and `--`, rows of February in a file of April
    Registration registration;
    auto const whole = read_all(sample("surface_water_4h_2021-04-01_03.csv"), registration.context(), 100);

    EXPECT_EQ(whole.format, "cnemc-water-csv");
    EXPECT_EQ(counted(whole.counts), "1163 rows: 1105 records, 28 refused, 30 empty, 0 of 0 unknown places");
    std::multiset<std::string> const lines{whole.lines.begin(), whole.lines.end()};
    EXPECT_TRUE(lines.contains("xiaohancun 4h 2021-04-01T00:00:00Z normal water_temperature=15.4 ph=7.68 dissolved_oxygen=4.01 codmn=6.88 "
                               "ammonia_nitrogen=1.583 total_phosphorus=0.235 total_nitrogen=9.46 conductivity=1853.2 turbidity=37.5"));
    EXPECT_EQ(lines.count("longmen 4h 2021-04-01T00:00:00Z normal water_temperature=14.0 ph=8.41 dissolved_oxygen=10.58 codmn=2.09 "
                          "ammonia_nitrogen=0.025 total_phosphorus=0.046 total_nitrogen=2.16 conductivity=998.2 turbidity=102.4"),
              1U);
    EXPECT_EQ(std::ranges::count_if(whole.lines, [](auto const& l) { return l.find("bad_time") != std::string::npos; }), 28);
    EXPECT_EQ(std::ranges::count_if(whole.lines, [](auto const& l) { return l.find(" 2021-02-0") != std::string::npos; }), 8);
}

TEST(CnemcWater, KeepsTheDateOfTheFileWithARowOfIt)
{
    auto reader = ArchiveReader::open(sample("surface_water_4h_2021-04-01_03.csv"), context());
    ASSERT_TRUE(reader);
    auto const batch = (*reader)->next(2000);

    ASSERT_TRUE(batch && *batch);
    ASSERT_EQ((*batch)->records.size(), 65U);
    EXPECT_TRUE((*batch)->raw_prefix.starts_with("collected,省份,流域,"));
    EXPECT_TRUE((*batch)->records[0].raw.starts_with("2021-04-01,山西省,"));
    expect_self_contained(**batch);
}

TEST(CnemcWater, ReadsTheDailyFileOf2020)
{
    auto const whole = read_all(sample("surface_water_daily_2020-05_2020-12.csv"), context(), 50, true);

    EXPECT_EQ(counted(whole.counts), "427 rows: 221 records, 0 refused, 66 empty, 140 of 93 unknown places");
    EXPECT_EQ(whole.lines[0],
              "hejindaqiao 4h 2020-05-10T00:00:00Z normal water_temperature=20.24546 ph=7.31098 dissolved_oxygen=3.59424 codmn=8.95 "
              "ammonia_nitrogen=1.51 conductivity=1105.482 turbidity=380.4401");
}

TEST(CnemcWater, TakesWithheldValuesAsNoValueAndConvertsChlorophyll)
{
    std::string const header = "collected,province,section,monitoring_time,water_temp,water_temp_raw,ph,ph_raw,codmn,codmn_raw,chla,chla_"
                               "raw,algae,algae_raw,station_status\n";
    auto const whole =
        read_all_text(header + "2020-05-10,山西省,龙门,05-10 08:05,--,极值过滤,8,,0.50,0.4975,0.008,0.00759,10000000,1.322235E+07,正常\n"
                               "2020-05-10,山西省,龙门,05-10 12:00,--,,*,,--,17,*,,*,,维护\n"
                               "2020-05-10,山西省,龙门,05-10 16:00,--,,*,,--,,*,,*,,正常\n"
                               "2020-05-10,山西省,龙门,,--,,*,,--,,*,,*,,停站\n"
                               "2020-05-10,山西省,龙门,05-10 20:00,--,,*,,--,,*,,*,,不具备运行条件\n");

    EXPECT_EQ(
        whole.lines,
        (Lines{"longmen 4h 2020-05-10T00:05:00Z normal water_temperature=- ph=8 codmn=0.4975 chlorophyll_a=7.59 algae_density=13222350",
               "longmen 4h 2020-05-10T04:00:00Z maintenance water_temperature=- codmn=-",
               "longmen 4h 2020-05-10T12:00:00Z stopped water_temperature=- codmn=-"}));
    EXPECT_EQ(whole.counts.empty, 2U);
}

TEST(CnemcWater, FindsTheYearThatTimesLack)
{
    auto const first_line = [](std::string const& text, std::string const& name, std::optional<Date> date) {
        auto how = context("cnemc-water-csv");
        how.date = date;
        return read_all_text(text, name, std::move(how)).lines.at(0);
    };
    auto const collected = [&](std::string const& when, std::string const& time) {
        return first_line("collected,province,section,monitoring_time,ph\n" + when + ",山西省,龙门," + time + ",7\n", "x_2019-07-01.csv",
                          {});
    };
    auto const named = [&](std::string const& name, std::string const& time, std::optional<Date> date = {}) {
        return first_line("省份,断面名称,监测时间,pH(无量纲)\n山西省,龙门," + time + ",7\n", name, date);
    };
    auto const record = [](std::string const& time) { return "longmen 4h " + time + " normal ph=7"; };
    EXPECT_EQ(collected("2021-01-01T00:30:00+08:00", "12-31 20:00"), record("2020-12-31T12:00:00Z"));
    EXPECT_EQ(collected("2020-12-31T23:50:00+08:00", "01-01 00:00"), record("2020-12-31T16:00:00Z"));  // the publisher's clock runs ahead
    EXPECT_EQ(collected("2020-05-10", "05-12 08:00"), record("2019-05-12T00:00:00Z"));
    EXPECT_EQ(collected("2020-05-10", "05-11 23:00"), record("2020-05-11T15:00:00Z"));
    EXPECT_EQ(collected("2021-03-01", "02-29 08:00"), record("2020-02-29T00:00:00Z"));
    EXPECT_EQ(collected("2021-04-03", "2020-04-03T08:00:00Z"), record("2020-04-03T08:00:00Z"));
    EXPECT_EQ(named("a_2021-04-01_03.csv", "04-03 08:00"), record("2021-04-03T00:00:00Z"));
    EXPECT_EQ(named("a_2021-01.csv", "12-31 08:00"), record("2020-12-31T00:00:00Z"));
    EXPECT_EQ(named("20211230.csv", "01-01 08:00"), record("2022-01-01T00:00:00Z"));
    EXPECT_EQ(named("x.csv", "01-01 08:00", parse_date("2023-02-01").value()), record("2023-01-01T00:00:00Z"));
    EXPECT_EQ(named("x.csv", "2021-04-03 08:00"), record("2021-04-03T00:00:00Z"));
    EXPECT_EQ(named("x.csv", "04-03 08:00"), "0 bad_time line 2: time: '04-03 08:00' has no year, and the file's date is not known");
    EXPECT_EQ(collected("some day", "04-03 08:00"),
              "0 bad_time line 2: time: '04-03 08:00' has no year, and 'collected' is no time either");
    EXPECT_EQ(collected("2021-04-03", "04-31 08:00"), "0 bad_time line 2: time: '04-31 08:00' is not a time like 04-01 12:00");
    EXPECT_EQ(collected("2021-04-03", "--"), "0 bad_time line 2: the row has values but no time");
    EXPECT_EQ(collected("2021-04-03", "noon"), "0 bad_time line 2: time: 'noon' is not a time like 04-01 12:00");
}

TEST(CnemcWater, RefusesBadRowsAloneAndUnknownPlacesWhenAsked)
{
    auto how = context();
    how.skip_unknown_sites = false;
    auto const whole = read_all_text("省份,断面名称,监测时间,pH(无量纲),氨氮(mg/L),站点情况\n"
                                     "山西省,龙门,04-01 08:00,8.1,0.025,正常\n"
                                     "山西省,龙门,04-01 12:00,8.1x,0.025,正常\n"
                                     "山西省,龙门,04-01 16:00,8.1,0.025\n"
                                     "山西省,\"龙\"门,04-01 16:00,8.1,0.025,正常\n"
                                     "山西省,龙门,04-01 20:00,8.1,0.025,爆炸\n"
                                     "山东省,龙门,04-01 20:00,8.1,0.025,正常\n",
                                     "x_2021-04-01.csv", std::move(how));

    EXPECT_EQ(whole.lines,
              (Lines{"longmen 4h 2021-04-01T00:00:00Z normal ph=8.1 ammonia_nitrogen=0.025",
                     "longmen 4h 2021-04-01T04:00:00Z normal ammonia_nitrogen=0.025", "1 bad_value line 3: ph: '8.1x' is not a number",
                     "2 bad_syntax line 4: 5 fields where the header has 6", "3 bad_syntax line 5: field 2 has a quote out of place",
                     "4 bad_value line 6: 站点情况 '爆炸' is not known",
                     "5 unknown_site line 7: '山东省/龙门' is no site's external id 'cnemc'"}));
}

TEST(CnemcWater, FindsPlacesAndTimesAmongWideBlanks)
{
    EXPECT_EQ(read_all_text("省份,断面名称,监测时间,pH(无量纲),氨氮(mg/L),总磷(mg/L)\r\r\n"
                            "山西省,　龙门\u00A0,04-01 08:00,8.1,0.025L,<0.01\r\r\n"
                            "\uFEFF山西省,龙门,4月1日 12时,8.1,未检出,N/A\r\r\n"
                            "山西省,龙门,2021/4/1 16:00,x,ND,/\r\r\n",
                            "x_2021-04-01.csv")
                  .lines,
              (Lines{"longmen 4h 2021-04-01T00:00:00Z normal ph=8.1 ammonia_nitrogen=<0.025 total_phosphorus=<0.01",
                     "longmen 4h 2021-04-01T04:00:00Z normal ph=8.1 ammonia_nitrogen=<0.025 total_phosphorus=-",
                     "longmen 4h 2021-04-01T08:00:00Z normal ammonia_nitrogen=<0.025 total_phosphorus=-",
                     "2 bad_value line 4: ph: 'x' is not a number"}));
}

TEST(CnemcWater, FollowsTheUnitOfTheHeader)
{
    EXPECT_EQ(read_all_text("省份,断面名称,监测时间,氨氮（μg/L）\n山西省,龙门,2021-04-01 08:00,25\n").lines,
              Lines{"longmen 4h 2021-04-01T00:00:00Z normal ammonia_nitrogen=0.025"});
    auto const strange = read_all_text("省份,断面名称,监测时间,氨氮(furlong)\n山西省,龙门,2021-04-01 08:00,25\n");
    ASSERT_TRUE(strange.failure);
    EXPECT_EQ(strange.failure->code, Errc::unknown_unit);
}

TEST(CnemcWater, ReadsTheRawAnswerOfThePublishingSystem)
{
    Registration registration;
    auto const whole = read_all(sample("surface_water_raw_response_2021-03-05.json"), registration.context(), 10);

    EXPECT_EQ(whole.format, "cnemc-water-json");
    EXPECT_EQ(counted(whole.counts), "98 rows: 79 records, 0 refused, 19 empty, 0 of 0 unknown places");
    EXPECT_TRUE(std::ranges::count(
        whole.lines, "hejindaqiao 4h 2021-03-05T00:00:00Z normal water_temperature=13.85878 ph=7.92112 dissolved_oxygen=10.33518 "
                     "codmn=6.15 ammonia_nitrogen=1.01 conductivity=1563.723 turbidity=44.20486"));
    auto const bridge = std::ranges::find(registration.made, "八间房漫水桥", [](auto const& entry) { return entry.second.name; })->second;
    EXPECT_EQ(bridge.water_body, "小清河");
    EXPECT_EQ(
        bridge.id,
        make_site_for({.air = false, .province = "北京市", .name = "八间房漫水桥", .code = "", .river = "", .city = "", .position = {}})
            .id);

    auto reader = ArchiveReader::open(sample("surface_water_raw_response_2021-03-05.json"), context());
    auto const batch = (*reader)->next(1000);
    EXPECT_EQ((*batch)->format, "cnemc-water-csv");
    EXPECT_EQ((*batch)->records.size(), 1U);
    expect_self_contained(**batch);
}

TEST(CnemcWater, RefusesABrokenAnswer)
{
    auto const failure = [](std::string text) {
        auto const whole = read_all_text(std::move(text), "a.json", context("cnemc-water-json"));
        return whole.failure ? std::string{code_name(whole.failure->code)} + " " + whole.failure->detail : "";
    };
    EXPECT_EQ(failure("{\"thead\":[\"省份\"],\"tbody\":["), "bad_syntax a.json: line 1, column 30: the array is not closed");
    EXPECT_EQ(failure("{\"thead\":[\"省份\"]}"), "missing_field a.json: thead or tbody is missing");
    EXPECT_EQ(failure("[]"), "bad_syntax a.json: line 1, column 1: an object with thead and tbody should stand here");
    EXPECT_EQ(failure("{\"tbody\":[],\"thead\":[\"省份\"]}"), "missing_field a.json: the header lacks 省份, 断面名称 or 监测时间");
    EXPECT_EQ(failure("{\"tbody\":[],\"thead\":[\"\xFF\"]}"), "bad_syntax a.json: the text is not UTF-8");
}

TEST(MakeSiteFor, GivesStableIdsThatAreUrlSafe)
{
    PublishedPlace place;
    place.province = "山西省";
    place.name = "张留庄";
    place.river = "涑水河";
    Site const site = make_site_for(place);
    EXPECT_EQ(site.id, "cnemc-9e16000d7b");  // written down: it must never change
    EXPECT_EQ(site.kind, SiteKind::water_section);

    PublishedPlace station;
    station.air = true;
    station.code = "12/..";
    EXPECT_EQ(make_site_for(station).id.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-"), std::string::npos);

    std::set<std::string> ids;
    for (int i = 0; i < 20'000; ++i) {
        place.name = "断面" + std::to_string(i);
        ids.insert(make_site_for(place).id);
    }
    EXPECT_EQ(ids.size(), 20'000U);
}

}  // namespace
}  // namespace yihong
