#include "yihong/reports/air_report.hpp"

#include "testing.hpp"

namespace yihong {
namespace {

using namespace testing;

Site station(std::uint32_t number, std::string id)
{
    Site made;
    made.id = std::move(id);
    made.name = "站 " + made.id;
    made.kind = SiteKind::air_station;
    made.position = LonLat{111.5, 35};
    made.number = number;
    return made;
}

class AirReportTest : public ::testing::Test {
protected:
    void SetUp() override
    {
        world = make_world(std::make_shared<StandardsBook const>(book()),
                           {station(1, "a"), station(2, "b"), section(3, "w", "断面", 111.5, 3)}, std::make_shared<NoLayers const>());
    }
    /// The station's own daily record.
    void add(SiteNumber site, std::string_view date, std::string_view pm10, std::string_view pm25)
    {
        auto one =
            record({{"pm10", pm10}, {"pm25", pm25}, {"so2", "20"}, {"no2", "30"}, {"co", "0.8"}, {"o3_8h", "90"}}, IntervalKind::day, date);
        one.site = site;
        records.kept.push_back(one);
    }
    AirReport report(std::string_view code, std::vector<Date> dust = {}) const
    {
        AirQuery query;
        query.period = parse_period(code).value();
        query.base = year_before(query.period);
        query.as_of = parse_rfc3339("2026-04-01T00:00:00+08:00").value();
        query.dust = std::move(dust);
        query.good_days_target = d("75.0");
        auto made = make_air_report(query, *world, records);
        EXPECT_TRUE(made.has_value());
        return std::move(*made);
    }

    KeptRecords records;
    std::shared_ptr<World const> world;
};

TEST_F(AirReportTest, CountsGoodDaysByTheEditionOfTheDayAndByEach)
{
    for (auto const date : {"2026-02-27", "2026-03-03"})
        for (SiteNumber const site : {1U, 2U})
            add(site, date, "134", "72");
    add(1, "2026-03-04", "50", "30");                           // one of two points: no mean of the place
    auto const made = report("2026-02/2026-03");
    ASSERT_EQ(made.stations.size(), 2U);
    EXPECT_EQ(made.stations[0].now.valid_then.days.good, 2);
    EXPECT_EQ(made.stations[0].now.valid_then.days.valid, 3);
    EXPECT_EQ(made.all.now.valid_then.days.percent.to_string(), "50.0");
    EXPECT_EQ(made.all.now.days_due, 59);
    ASSERT_EQ(made.all.now.by_edition.size(), 2U);
    EXPECT_EQ(made.all.now.by_edition[0].second.days.percent.to_string(), "100.0");
    EXPECT_EQ(made.all.now.by_edition[1].second.days.percent.to_string(), "0.0");
    ASSERT_EQ(made.places.size(), 1U);
    EXPECT_EQ(made.places[0].name, "永济市");
    EXPECT_TRUE(made.all.index.missing.empty());
    EXPECT_EQ(made.all.needed->ratio_so_far->to_string(), "50.0");
    EXPECT_EQ(made.data.records, 5U * 2);                       // the period, and the year for the target
    auto const calm = report("2026-03", {day("2026-03-03")});
    EXPECT_EQ(calm.all.now.valid_then.days.good, 1);            // a dust day is judged by the rest
}

TEST_F(AirReportTest, RefusesWhatIsNoAirStation)
{
    AirQuery query;
    query.period = parse_period("2026-03").value();
    query.sites = {"w"};
    EXPECT_FALSE(make_air_report(query, *world, records).has_value());
    query.sites = {};
    query.period = parse_period("1990").value();
    EXPECT_FALSE(make_air_report(query, *world, records).has_value());
}

}  // namespace
}  // namespace yihong
