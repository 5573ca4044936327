// Statistics of a period as CSV: what JSON says, a row each, for programs that read tables.
#include "process.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fstream>

namespace yihong::e2e {
namespace {

namespace fs = std::filesystem;

class StatisticsCsv : public ::testing::Test {
protected:
    void SetUp() override
    {
        write_file(*folder / "sites.geojson", R"({"type":"FeatureCollection","features":[
{"type":"Feature","id":"b","geometry":null,"properties":{"name":"渠口,下","kind":"water_section","water_body":"黑渠"}},
{"type":"Feature","id":"k1","geometry":null,"properties":{"name":"站一","kind":"air_station"}},
{"type":"Feature","id":"k2","geometry":null,"properties":{"name":"站二","kind":"air_station"}}]})");
        write_file(*folder / "yihong.toml", fmt::format("[standards]\ndirectory = \"{}\"\n[sites]\nfiles = [\"sites.geojson\"]\n",
                                                        (source_dir / "config/standards").string()));
        service = std::make_unique<Service>(*folder / "data", ServeOptions{.config = *folder / "yihong.toml"});
        std::string air = "site,time,interval,pm10,pm25,so2,no2,co,o3_8h\n";
        for (int day = 1; day <= 3; ++day)
            air += fmt::format(
                "k1,2025-10-{0:02}T00:00:00+08:00,day,{1},30,8,20,0.6,90\nk2,2025-10-{0:02}T00:00:00+08:00,day,60,30,8,20,0.6,\n", day,
                day == 1 ? 300 : 60);
        EXPECT_EQ(service->ingest("text/csv", air).at("/rejected"), "[]");
        std::string samples = "site,time,interval,transparency,dissolved_oxygen,redox_potential,ammonia_nitrogen\n";
        for (int day = 1; day <= 3; ++day)
            samples += fmt::format("b,2025-10-{:02}T09:00:00+08:00,sample,{},1.5,100,9\n", day, day == 3 ? "0.3" : "0.2");
        EXPECT_EQ(service->ingest("text/csv", samples).at("/rejected"), "[]");
    }
    /// The chosen columns of the rows that a condition in Python holds for.
    std::string rows(std::string const& target, std::string const& columns, std::string const& condition) const
    {
        auto const reply = service->get(target);
        EXPECT_EQ(reply.status, 200) << reply.body;
        auto const file = *folder / "table.csv";
        std::ofstream{file, std::ios::binary} << reply.body;
        return run({"/usr/bin/python3", "-c", R"(
import csv, sys
for row in csv.DictReader(open(sys.argv[1], newline="", encoding="utf-8-sig")):
    if eval(sys.argv[3]):
        print(*[row[column] or "-" for column in sys.argv[2].split()])
)",
                    file, columns, condition})
            .out;
    }

    std::unique_ptr<TemporaryFolder> folder = std::make_unique<TemporaryFolder>();
    std::unique_ptr<Service> service;
};

TEST_F(StatisticsCsv, OfAirIsARowAStationPlaceOrAllAndPollutant)
{
    std::string const target = "/api/v1/statistics/air-stations?period=2025-10&f=csv";
    EXPECT_EQ(rows(target,
                   "period kind site name good_days valid_days days_due good_share heavy_days dust_days unit days mean percentile met",
                   "row['parameter'] == 'pm10'"),
              "2025-10 station k1 站一 2 3 31 66.7 0 0 ug/m3 3 140 276 false\n"
              "2025-10 station k2 站二 3 3 31 100.0 0 0 ug/m3 3 60 60 true\n"
              "2025-10 all - 全部站点平均 2 3 31 66.7 0 0 ug/m3 3 100 168 false\n");
    EXPECT_EQ(rows(target, "site days percentile", "row['parameter'] == 'o3_8h' and row['kind'] == 'station'"), "k1 3 90\nk2 0 -\n");
    EXPECT_EQ(rows(target, "site sub_index index_share", "row['parameter'] == 'pm10' and row['kind'] == 'station'"),
              "k1 2.0000 47.6\nk2 - -\n");
    auto const reply = service->get(target);
    EXPECT_EQ(*reply.header("Content-Type"), "text/csv; charset=utf-8");
    EXPECT_TRUE(service->get(target + "&bom=true").body.starts_with("\xEF\xBB\xBFperiod,kind,site,"));
    auto const first = service->json("/api/v1/statistics/air-stations?period=2025-10");
    EXPECT_EQ(first.at("/stations/0/composite_index/largest"), "pm10");
    EXPECT_EQ(first.at("/stations/0/composite_index/parts/0/parameter").empty(), false);
    EXPECT_EQ(service->get("/api/v1/statistics/air-stations?period=2025-10").body.front(), '{') << "JSON, unless asked";
}

TEST_F(StatisticsCsv, OfBlackOdorousWatersIsARowAPointAndIndicator)
{
    std::string const target = "/api/v1/statistics/black-odorous-waters?period=2025-10&f=csv";
    EXPECT_EQ(
        rows(target,
             "site name water grade samples water_grade water_points water_heavy_points parameter unit values light heavy heavy_share",
             "True"),
        "b 渠口,下 黑渠 light 3 light 1 0 transparency m 3 2 0 0.0\n"
        "b 渠口,下 黑渠 light 3 light 1 0 dissolved_oxygen mg/L 3 3 0 0.0\n"
        "b 渠口,下 黑渠 light 3 light 1 0 redox_potential mV 3 0 0 0.0\n"
        "b 渠口,下 黑渠 light 3 light 1 0 ammonia_nitrogen mg/L 3 3 0 0.0\n");
    EXPECT_TRUE(service->get(target + "&bom=true").body.starts_with("\xEF\xBB\xBFperiod,site,name,water,grade,"));
}

TEST_F(StatisticsCsv, OfAirIsWrittenByTheCommandToo)
{
    auto const file = *folder / "air.csv";
    auto const made = yihong({"report", "air-month", "--period", "2025-10", "-o", file.string(), "--config",
                              (*folder / "yihong.toml").string(), "--data", *folder / "data"});
    EXPECT_EQ(made.code, 0) << made.err;
    EXPECT_EQ(read_file(file), service->get("/api/v1/statistics/air-stations?period=2025-10&f=csv&bom=true").body);
}

}  // namespace
}  // namespace yihong::e2e
