#include "archive_fixture.hpp"

#include "yihong/evaluate/judge.hpp"

#include <algorithm>

namespace yihong {
namespace {

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

}  // namespace
}  // namespace yihong
