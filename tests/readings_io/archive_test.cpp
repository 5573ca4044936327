#include "fixture.hpp"
#include "temporary_folder.hpp"

#include "yihong/compress/inflate.hpp"
#include "yihong/evaluate/judge.hpp"

#include <iconv.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <map>
#include <set>

namespace yihong {
namespace {

ArchiveContext context(std::string format = {})
{
    return {.names = names(), .format = std::move(format), .skip_unknown_sites = true, .on_unknown_place = {}, .date = {}};
}

/// Everything an archive holds.
struct Whole {
    Lines lines;
    ArchiveCounts counts;
    std::string format;
    std::optional<Failure> failure;
};

Whole read_all(ArchiveReader& reader, std::size_t max_rows, bool check_kept = false)
{
    Whole whole;
    for (;;) {
        auto const batch = reader.next(max_rows);
        if (!batch) {
            whole.failure = batch.error();
            break;
        }
        if (!*batch)
            break;
        for (auto& line : shown(**batch))
            whole.lines.push_back(std::move(line));
        if (check_kept)
            expect_self_contained(**batch);
    }
    whole.counts = reader.counts();
    whole.format = reader.format();
    return whole;
}

Whole read_all(std::filesystem::path const& path, ArchiveContext how = context(), std::size_t max_rows = 1000, bool check_kept = false)
{
    auto reader = ArchiveReader::open(path, std::move(how));
    if (!reader)
        return {{}, {}, {}, reader.error()};
    return read_all(**reader, max_rows, check_kept);
}

Whole read_all_text(std::string text, std::string const& name = "upload", ArchiveContext how = context())
{
    auto reader = ArchiveReader::over(std::move(text), name, std::move(how));
    if (!reader)
        return {{}, {}, {}, reader.error()};
    return read_all(**reader, 1000, true);
}

std::string counted(ArchiveCounts const& c)
{
    return std::to_string(c.rows) + " rows: " + std::to_string(c.records) + " records, " + std::to_string(c.refused) + " refused, " +
           std::to_string(c.empty) + " empty, " + std::to_string(c.unknown_site_rows) + " of " + std::to_string(c.unknown_sites) +
           " unknown places";
}

/// Makes a site of every unknown place.
struct Registration {
    std::map<std::string, Site> made;
    ArchiveContext context(std::string format = {})
    {
        auto how = yihong::context(std::move(format));
        how.on_unknown_place = [this](PublishedPlace const& place) {
            Site site = make_site_for(place);
            site.number = static_cast<SiteNumber>(100 + made.size());
            return &made.emplace(site.id, std::move(site)).first->second;
        };
        return how;
    }
};

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

TEST(CnemcAir, PutsTheSwappedOzoneColumnsRight)
{
    auto const whole = read_all(sample("air_hourly_2019-07-18.csv"), context(), 40, true);

    EXPECT_EQ(whole.format, "cnemc-air-csv");
    EXPECT_EQ(counted(whole.counts), "138 rows: 6 records, 0 refused, 1 empty, 131 of 22 unknown places");
    // of the row: o3 163, o3_24h 158; no2 is missing
    EXPECT_EQ(
        whole.lines[4],
        "yuncheng-zhongxue hour 2019-07-18T07:00:00Z normal pm25=26 pm10=43 so2=4 no2=- co=0.6 o3=158 o3_8h=130 pm25_24h=19 pm10_24h=37 "
        "so2_24h=5 no2_24h=7 co_24h=0.7 o3_24h=163 o3_8h_24h=130");
}

TEST(CnemcAir, LeavesTheOzoneColumnsOf2024AsTheyStand)
{
    std::string const header = "timepoint,stationcode,pm2_5,o3,o3_24h\n";
    auto const ozone = [&](std::string const& time, std::string const& o3, std::string const& o3_24h) {
        return read_all_text(header + time + ",2175A,16," + o3 + "," + o3_24h + "\n").lines.at(0).substr(51);
    };
    EXPECT_EQ(ozone("2024-06-15T20:00:00", "163", ""), "pm25=16 o3=163");
    EXPECT_EQ(ozone("2024-06-15T20:00:00", "163", "170"), "pm25=16 o3=163 o3_24h=170");
    EXPECT_EQ(ozone("2023-11-10T00:00:00", "41", "—"), "pm25=16 o3=41 o3_24h=-");
    EXPECT_EQ(ozone("2023-11-09T23:00:00", "60", "—"), "pm25=16 o3=- o3_24h=60");
    EXPECT_EQ(ozone("2019-07-18T15:00:00", "163", "158"), "pm25=16 o3=158 o3_24h=163");
    EXPECT_EQ(ozone("2019-07-18T15:00:00", "x", "158"), "pm25=16 o3=158");
    // the hour of the change is not known: no hour is above the highest of its day
    EXPECT_EQ(ozone("2023-11-09T20:00:00", "41", "60"), "pm25=16 o3=41 o3_24h=60");
    EXPECT_EQ(ozone("2023-11-10T09:00:00", "60", "41"), "pm25=16 o3=41 o3_24h=60");
}

/// Ten real rows of 2024-06-15 20:00, as the platform published them.
TEST(CnemcAir, GivesTheIndexThatWasPublishedIn2024)
{
    std::string const text = "timepoint,stationcode,longitude,latitude,area,positionname,primarypollutant,aqi,pm10,pm10_24h,pm2_5,pm2_5_"
                             "24h,o3,o3_24h,o3_8h,o3_8h_24h,no2,no2_24h,so2,so2_24h,co,co_24h\n"
                             "2024-06-15T20:00:00,2206A,,,,,\"臭氧1小时\",54,45,54,16,20,163,,154,154,8,7,13,13,0.6,0.6\n"
                             "2024-06-15T20:00:00,3192A,,,,,\"臭氧1小时\",65,16,24,9,12,172,,174,174,4,4,7,7,0.4,0.5\n"
                             "2024-06-15T20:00:00,2291A,,,,,\"臭氧1小时\",77,46,39,30,19,181,,178,178,16,13,5,5,0.6,0.6\n"
                             "2024-06-15T20:00:00,2292A,,,,,\"臭氧1小时\",77,43,26,30,18,181,,179,179,21,22,9,8,0.8,0.7\n"
                             "2024-06-15T20:00:00,3173A,,,,,\"臭氧1小时\",64,46,27,34,21,171,,178,178,22,12,6,7,0.6,0.5\n"
                             "2024-06-15T20:00:00,1819A,,,,,\"臭氧1小时\",89,49,56,21,24,191,,209,206,10,10,4,9,0.4,0.7\n"
                             "2024-06-15T20:00:00,1820A,,,,,\"臭氧1小时\",80,53,53,27,27,184,,202,200,26,18,8,11,0.7,1.1\n"
                             "2024-06-15T20:00:00,3669A,,,,,\"臭氧1小时\",77,68,45,32,27,181,,202,201,19,12,4,5,0.4,0.7\n"
                             "2024-06-15T20:00:00,2204A,,,,,\"颗粒物(PM10)\",51,52,53,23,17,158,,154,154,11,10,11,12,0.8,0.8\n"
                             "2024-06-15T20:00:00,1051A,,,,,\"颗粒物(PM10)\",55,60,64,19,32,129,,144,144,6,10,2,4,0.1,0.2\n";
    Registration registration;
    auto const reader = ArchiveReader::over(text, "air.csv", registration.context());
    ASSERT_TRUE(reader);
    auto const batch = (*reader)->next(100);
    ASSERT_TRUE(batch && *batch);
    std::vector<int> indices;
    for (auto const& parsed : (*batch)->records)
        indices.push_back(judge(parsed.record, SiteKind::air_station, standards()).aqi);
    EXPECT_EQ(indices, (std::vector{54, 65, 77, 77, 64, 89, 80, 77, 51, 55}));
}

TEST(CnemcAir, ReadsTheJsonFeedOfThePlatform)
{
    std::string const feed =
        R"([{"TimePoint": "/Date(1718452800000)/", "TimePointStr": "2024年06月15日 20时", "StationCode": "2175A", "Longitude": "117.3", "Latitude": "32.9", "Area": "x",
         "PositionName": "x", "AQI": "109", "PM10": "53", "PM10_24h": "59", "PM2_5": "24", "PM2_5_24h": "—", "O3": "218", "O3_24h": null, "O3_8h": "206", "O3_8h_24h": "206",
         "NO2": 12, "SO2": "abc", "CO": "0.4", "CO_24h": "0.5", "Quality": "轻度污染"}])";
    std::string const expected =
        "yuncheng-zhongxue hour 2024-06-15T12:00:00Z normal pm25=24 pm10=53 no2=12 co=0.4 o3=218 o3_8h=206 pm25_24h=- "
        "pm10_24h=59 co_24h=0.5 o3_8h_24h=206";
    auto const whole = read_all_text(feed, "feed.json", context());
    EXPECT_EQ(whole.format, "cnemc-air-json");
    EXPECT_EQ(whole.lines, (Lines{expected, "0 bad_value line 2: so2: 'abc' is not a number"}));
    EXPECT_EQ(read_all_text(R"({"code":0,"data":)" + feed + "}", "feed.json", context()).lines.at(0), expected);
    EXPECT_EQ(
        read_all_text(R"([{"TimePointStr":"2024年06月15日 20时","StationCode":"2175A","PM10":"53"}])", "feed.json", context()).lines.at(0),
        "yuncheng-zhongxue hour 2024-06-15T12:00:00Z normal pm10=53");
    auto const broken = read_all_text(R"([{"TimePoint":"x","StationCode":"2175A")", "feed.json", context());
    ASSERT_TRUE(broken.failure);
    EXPECT_EQ(broken.failure->code, Errc::bad_syntax);
}

TEST(CnemcAir, ReadsTheXmlOfThePlatformAlike)
{
    Registration registration;
    auto const whole = read_all(sample("air_raw_2019-07-18T14.xml.gz"), registration.context());

    EXPECT_EQ(whole.format, "cnemc-air-xml");
    EXPECT_EQ(whole.counts.rows, 1499U);
    EXPECT_EQ(whole.counts.refused, 0U);
    EXPECT_EQ(whole.counts.records + whole.counts.empty, 1499U);
    // the same capture as it stands in the table
    auto const table = read_all(sample("air_hourly_2019-07-18.csv"));
    auto const station = std::ranges::find_if(whole.lines, [](auto const& line) { return line.starts_with("yuncheng-zhongxue"); });
    ASSERT_NE(station, whole.lines.end());
    EXPECT_TRUE(std::ranges::count(table.lines, *station)) << *station;
    auto const& temple = registration.made.at("cnemc-1001A");
    EXPECT_EQ(temple.name, "万寿西宫");
    EXPECT_EQ(temple.kind, SiteKind::air_station);
    EXPECT_EQ(temple.position, (LonLat{116.366, 39.8673}));
}

TEST(CnemcAir, RefusesBrokenXml)
{
    auto const failure = [](std::string text) {
        auto const whole = read_all_text(std::move(text), "a.xml", context());
        return whole.failure ? std::string{code_name(whole.failure->code)} + " " + whole.failure->detail : "";
    };
    EXPECT_EQ(failure("<a>\n<b></a>"), "bad_syntax a.xml: line 2, column 6: Start-end tags mismatch");
    EXPECT_EQ(failure("<a/>"), "missing_field a.xml: no element AQIDataPublishLive");
    // entities are never expanded
    auto const bomb =
        read_all_text("<!DOCTYPE a [<!ENTITY x \"1111\"><!ENTITY y \"&x;&x;&x;\">]><a><AQIDataPublishLive><StationCode>2175A</StationCode>"
                      "<TimePoint>2019-07-18T14:00:00</TimePoint><PM10>&y;</PM10></AQIDataPublishLive></a>");
    EXPECT_EQ(bomb.lines, Lines{"0 bad_value line 2: pm10: '&y;' is not a number"});
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

TEST(Archive, GoesOnWhereAnEarlierReaderStood)
{
    TemporaryFolder folder;
    std::string const csv = bytes_of(sample("surface_water_4h_2021-04-01_03.csv"));
    std::string packed(csv.size() + 1000, '\0');
    z_stream stream{};
    deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(csv.data()));
    stream.avail_in = static_cast<uInt>(csv.size());
    stream.next_out = reinterpret_cast<Bytef*>(packed.data());
    stream.avail_out = static_cast<uInt>(packed.size());
    ASSERT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
    packed.resize(stream.total_out);
    deflateEnd(&stream);
    auto const gz = folder.write("surface_water_4h_2021-04-01_03.csv.gz", packed);

    for (auto const& path : {sample("surface_water_4h_2021-04-01_03.csv"), gz, sample("surface_water_raw_response_2021-03-05.json"),
                             sample("air_raw_2019-07-18T14.xml.gz")}) {
        Registration registration;
        auto const whole = read_all(path, registration.context());
        Lines pieces;
        ArchivePosition position;
        std::uint64_t rows = 0, read = 0;
        for (;;) {
            auto reader = ArchiveReader::open(path, registration.context());
            ASSERT_TRUE(reader);
            ASSERT_TRUE((*reader)->resume(position));
            auto const batch = (*reader)->next(150);
            ASSERT_TRUE(batch);
            if (!*batch)
                break;
            for (auto& line : shown(**batch))
                pieces.push_back(std::move(line));
            position = (*reader)->position();
            rows += (*reader)->counts().rows;
            EXPECT_LE((*reader)->bytes_read(), (*reader)->bytes_total());
            EXPECT_GE((*reader)->bytes_read(), read);
            read = (*reader)->bytes_read();
        }
        EXPECT_EQ(rows, whole.counts.rows);
        std::ranges::sort(pieces);
        auto lines = whole.lines;
        std::ranges::sort(lines);
        EXPECT_EQ(pieces, lines) << path;
    }
}

TEST(Archive, RefusesToGoOnInTheMiddleOfARowOrBehindTheEnd)
{
    for (auto const& path : {sample("surface_water_4h_2021-04-01_03.csv"), sample("surface_water_raw_response_2021-03-05.json")}) {
        for (std::uint64_t const offset : {5U, 3000U, 1'000'000'000U}) {
            auto reader = ArchiveReader::open(path, context());
            ASSERT_TRUE(reader);
            auto const resumed = (*reader)->resume({offset, 3, 1});
            ASSERT_FALSE(resumed) << offset;
            EXPECT_EQ(resumed.error().code, Errc::broken_file);
        }
    }
}

TEST(Archive, ReadsGb18030)
{
    TemporaryFolder folder;
    std::string utf8 = bytes_of(sample("surface_water_4h_2021-04-01_03.csv"));
    std::string gb(utf8.size() * 2, '\0');
    iconv_t const converter = iconv_open("GB18030", "UTF-8");
    char *in = utf8.data(), *out = gb.data();
    std::size_t in_left = utf8.size(), out_left = gb.size();
    ASSERT_EQ(iconv(converter, &in, &in_left, &out, &out_left), 0U);
    iconv_close(converter);
    gb.resize(gb.size() - out_left);
    auto const path = folder.write("surface_water_4h_2021-04-01_03.csv", gb);

    auto const whole = read_all(path, context(), 100, true);
    EXPECT_EQ(whole.lines, read_all(sample("surface_water_4h_2021-04-01_03.csv"), context(), 100).lines);
    EXPECT_EQ(whole.counts.records, 65U);
}

TEST(Archive, ReadsReadingsInAllForms)
{
    std::string const rows = "longmen,2025-11-06T12:00:00Z,4h,7\n";
    EXPECT_EQ(
        read_all_text("site,time,interval,ph\n" + rows + "x,2025-11-06T12:00:00Z,4h,7\n").lines,
        (Lines{"longmen 4h 2025-11-06T12:00:00Z normal ph=7", "1 unknown_site line 3: site 'x' is neither the id nor the MN of a site"}));
    std::string const json = R"({"site":"longmen","time":"2025-11-06T12:00:00Z","interval":"4h","values":{"ph":7}})";
    EXPECT_EQ(read_all_text("[" + json + "]").lines, Lines{"longmen 4h 2025-11-06T12:00:00Z normal ph=7"});
    auto const lines = read_all_text(json + "\n" + json);
    EXPECT_EQ(lines.format, "readings-ndjson");
    EXPECT_EQ(lines.lines.size(), 2U);
}

TEST(Archive, NeverCutsARecordOfTheLongForm)
{
    std::string text = "site,time,interval,parameter,value\n";
    for (int i = 0; i < 30'000; ++i) {  // 3 MB: several reads of the file
        std::string const key = "longmen," + format_rfc3339(at("2020-01-01T00:00:00Z") + std::chrono::hours{i}) + ",hour,";
        text += key + "ph,7\n" + key + "codmn,2\n" + key + "cod,9\n";
    }
    TemporaryFolder folder;
    auto const path = folder.write("long.csv", text);
    auto reader = ArchiveReader::open(path, context());
    ASSERT_TRUE(reader);
    std::size_t records = 0;
    for (;;) {
        auto const batch = (*reader)->next(1000);
        ASSERT_TRUE(batch);
        if (!*batch)
            break;
        for (auto const& record : (*batch)->records)
            EXPECT_EQ(record.record.readings.size(), 3U);
        records += (*batch)->records.size();
    }
    EXPECT_EQ(records, 30'000U);
    EXPECT_EQ((*reader)->counts().rows, 90'000U);
}

TEST(Archive, ReadsAWideFilePieceByPiece)
{
    std::string text = "site,time,interval,ph\r\n";
    for (int i = 0; i < 100'000; ++i)
        text += "longmen," + format_rfc3339(at("2020-01-01T00:00:00Z") + std::chrono::hours{i}) + ",hour,7.10\r\n";
    TemporaryFolder folder;
    auto const whole = read_all(folder.write("wide.csv", text), context(), 7777);

    EXPECT_EQ(whole.counts.rows, 100'000U);
    ASSERT_EQ(whole.lines.size(), 100'000U);
    EXPECT_EQ(whole.lines.back(),
              "longmen hour " + format_rfc3339(at("2020-01-01T00:00:00Z") + std::chrono::hours{99'999}) + " normal ph=7.10");
}

TEST(Archive, SaysWhatIsWrongWithAFile)
{
    TemporaryFolder folder;
    auto const failure = [&](std::string_view name, std::string_view bytes, std::string format = {}) {
        auto const whole = read_all(folder.write(name, bytes), context(std::move(format)));
        return whole.failure ? std::string{code_name(whole.failure->code)} + " " + whole.failure->detail : "nothing";
    };
    std::string const gz = bytes_of(sample("air_raw_2019-07-18T14.xml.gz"));
    EXPECT_EQ(failure("cut.xml.gz", std::string_view{gz}.substr(0, 60'000)), "broken_file cut.xml.gz: the file is cut short at byte 60000");
    std::string damaged = gz;
    damaged[20'000] = static_cast<char>(damaged[20'000] ^ 0x55);
    EXPECT_TRUE(failure("damaged.xml.gz", damaged).starts_with("broken_file damaged.xml.gz: the compressed data is damaged"));
    EXPECT_TRUE(failure("a.txt", "hello").starts_with("unsupported a.txt: its format was not recognised"));
    EXPECT_TRUE(failure("empty", "").starts_with("unsupported empty: its format was not recognised"));
    EXPECT_TRUE(failure("a.csv", "site,time,interval,ph\n", "yaml").starts_with("unsupported a.csv: no format is called 'yaml'"));
    EXPECT_EQ(failure("a.csv", "site,time,interval,phh\n"),
              "unknown_field a.csv: line 1, column 4: column 'phh' is neither a field nor a parameter");
    EXPECT_EQ(failure("a.csv", "site,time,interval,ph\n"), "nothing");
    EXPECT_EQ(failure("a.csv", "省份,断面名称,监测时间\n"), "missing_field a.csv: the header names no value");
    EXPECT_EQ(read_all(folder.write("a", "") / "nothing").failure->code, Errc::broken_file);
    // the rows before an open quote are not lost
    auto const open = read_all(folder.write("open.csv", "site,time,interval,ph\nlongmen,2025-11-06T12:00:00Z,4h,7\nlongmen,\"2025"));
    EXPECT_EQ(open.lines, Lines{"longmen 4h 2025-11-06T12:00:00Z normal ph=7"});
    EXPECT_EQ(open.failure, (Failure{Errc::bad_syntax, "open.csv: line 3: a quoted field is never closed"}));
}

TEST(Archive, SurvivesEveryCutOfEveryFormat)
{
    std::string const water = bytes_of(sample("surface_water_4h_2021-04-01_03.csv")).substr(0, 1500);
    std::string const json = bytes_of(sample("surface_water_raw_response_2021-03-05.json")).substr(0, 4000);
    std::string const xml =
        decompress(bytes_of(sample("air_raw_2019-07-18T14.xml.gz")), Encoding::gzip, 10'000'000).value().substr(0, 3000);
    for (auto const& [format, text] :
         {std::pair{"cnemc-water-csv", water}, {"cnemc-water-json", json}, {"cnemc-air-xml", xml}, {"cnemc-air-csv", water}}) {
        for (std::size_t n = 0; n <= text.size(); ++n) {
            auto const whole = read_text(format, text.substr(0, n), names());
            if (whole)
                EXPECT_LE(whole->records.size(), 20U);
        }
    }
}

}  // namespace
}  // namespace yihong
