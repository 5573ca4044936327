#include "yihong/evaluate/official_colours.hpp"
#include "yihong/reports/air_content.hpp"

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
        query.good_days_target = d("75.0");
        std::vector<PeriodMark> marks;
        for (auto const day : dust)
            marks.push_back(mark_of(PeriodMarkKind::dust, {}, day, day));
        auto made = make_air_report(query, *world, {records, nullptr, marked(marks)});
        EXPECT_TRUE(made.has_value());
        return std::move(*made);
    }

    KeptRecords records;
    std::shared_ptr<World const> world;
};

TEST_F(AirReportTest, SaysWhatTheRestOfTheYearMayHave)
{
    for (auto const* date : {"2026-01-01", "2026-01-02"}) {
        add(1, date, "60", "40");
        add(2, date, "60", "40");
    }
    AirQuery query;
    query.period = parse_period("2026-01").value();
    query.base = in_year(query.period, 2020);
    query.as_of = parse_rfc3339("2026-01-03T00:00:00+08:00").value();
    EXPECT_FALSE(make_air_report(query, *world, records)->all.outlook) << "nobody asked";
    query.outlook = true;
    query.pm25_target = d("30");
    auto const made = make_air_report(query, *world, records).value();
    ASSERT_TRUE(made.all.outlook);
    EXPECT_EQ(made.all.outlook->days_left, 363);
    EXPECT_EQ(made.stations[0].outlook->pm25->valid_days, 2);
    auto const text = air_report_html(made, nullptr, *world->standards, {});
    EXPECT_TRUE(text.contains(
        "PM2.5今年以来均值40（有效2天），全年目标30微克/立方米：若要完成，未来363天日均浓度需要控制在29.94微克/立方米以内（计入修约"));
    EXPECT_TRUE(text.contains("臭氧已超标0天，要使全年第90百分位达标，最多还可超标36天。"));
    EXPECT_TRUE(text.contains("一氧化碳已超标0天，要使全年第95百分位达标，最多还可超标18天。"));
}

TEST_F(AirReportTest, AStationThatIsNoPointAnyMoreIsNotMissing)
{
    std::vector<Record> const a{record({{"pm10", "60"}}, IntervalKind::day, "2026-03-04"),
                                record({{"pm10", "80"}}, IntervalKind::day, "2026-03-05")};
    std::vector<Record> const b{record({{"pm10", "20"}}, IntervalKind::day, "2026-03-04")};
    std::vector<AirPoint> const points{{"b", std::nullopt, parse_date("2026-03-04").value()}};
    auto const means = [&](std::vector<AirPoint> const& of) {
        std::string text;
        auto const counts = [&](std::size_t station, Date day) { return is_point(station == 0 ? "a" : "b", day, of); };
        for (auto const& day : mean_days({a, b}, counts, *world->standards))
            text += format_date(beijing_date(day.time)) + " " + day.readings[0].value.to_string() + " ";
        return text;
    };
    EXPECT_EQ(means({}), "2026-03-04 40 ") << "b is due, and silent";
    EXPECT_EQ(means(points), "2026-03-04 40 2026-03-05 80 ");
    EXPECT_EQ(means({{"b", parse_date("2026-03-05").value(), std::nullopt}}), "2026-03-04 60 ") << "what is no point yet does not count";
    EXPECT_EQ(means({{"a", std::nullopt, parse_date("2020-01-01").value()}, {"b", std::nullopt, parse_date("2020-01-01").value()}}), "");
    EXPECT_TRUE(
        is_point("b", parse_date("2026-04-01").value(), std::vector<AirPoint>{points[0], {"b", parse_date("2026-04-01").value(), {}}}))
        << "it came back";
}

TEST_F(AirReportTest, NamesStationsThatAreNoPoints)
{
    for (auto const date : {"2026-03-03", "2026-03-04"})
        add(1, date, "134", "72");
    AirQuery query;
    query.period = parse_period("2026-03").value();
    query.as_of = parse_rfc3339("2026-04-01T00:00:00+08:00").value();
    query.points = {{"b", std::nullopt, parse_date("2020-12-06").value()}};
    auto const made = make_air_report(query, *world, {records}).value();
    EXPECT_EQ(made.all.now.valid_then.days.valid, 2);
    EXPECT_EQ(made.places.at(0).now.valid_then.days.valid, 2);
    EXPECT_EQ(made.not_points, std::vector<std::string>{"站 b"});
    auto const content = air_report_content(made, nullptr, *world->standards, {});
    std::string notes;
    for (auto const& row : content.lists.at("说明").rows)
        notes += row.back().text;
    EXPECT_NE(notes.find("站 b在2026年3月不是评价点位"), std::string::npos) << notes;
    EXPECT_TRUE(air_report_html(made, nullptr, *world->standards, {}).contains("2026年3月，1个评价点位平均："));
    query.points.clear();
    EXPECT_EQ(make_air_report(query, *world, {records}).value().all.now.valid_then.days.valid, 0) << "one of two is no 75 %";
}

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
    EXPECT_EQ(calm.all.as_measured->now.valid_then.days.good, 0);
    EXPECT_EQ(calm.all.exceeded_by_dust(), 1);
    EXPECT_EQ(calm.all.share_by_dust()->to_string(), "100.0");
    EXPECT_FALSE(made.all.as_measured);
}

TEST_F(AirReportTest, IsPrintedWithRanksChangesAndTheYearSoFar)
{
    for (int day = 1; day <= 30; ++day) {
        auto const date = (day < 10 ? "2026-03-0" : "2026-03-") + std::to_string(day);
        for (SiteNumber const site : {1U, 2U})
            add(site, date, day == 3 ? "320" : "90", day == 3 ? "160" : "33");
    }
    for (SiteNumber const site : {1U, 2U})
        add(site, "2025-03-05", "100", "40");
    auto const month = report("2026-03");
    EXPECT_EQ(month.days_needed, 27);
    ASSERT_EQ(month.places.size(), 1U);
    EXPECT_EQ(month.places[0].rank, 1);
    auto const so_far = report("2026-01/2026-03");
    EXPECT_EQ(so_far.days_needed, 80);                          // 324 of 365, of 90 days
    EXPECT_EQ(so_far.places[0].rank, 0);
    auto const html = air_report_html(month, &so_far, *world->standards, {.publisher = "某局", .number = "3"});
    for (auto const text : {"2026年3月环境空气质量报告", "第3期",
                            "2026年3月，2个站点平均：PM2.5平均浓度37微克/立方米，同比下降7.5%；PM10平均浓度98微克/立方米",
                            "臭氧日最大8小时平均第90百分位浓度90微克/立方米，同比持平", "一氧化碳日均值第95百分位浓度0.8毫克/立方米",
                            "有效监测30天，优良29天，优良天数比例96.7%，同比下降3.3个百分点；重度及以上污染", "最大单项为", "（分担率",
                            "要完成全年优良天数目标，年内还需优良", "<td>1</td><td>永济市</td>", "全部站点平均", "<h2>四、今年以来</h2>",
                            "2026年第1季度，2个站点平均",
                            "2026年第1季度数据不足、不参加排名：永济市（有效30天）；有效日至少80天，六项均有数值。", "<td>−3.3</td>"})
        EXPECT_NE(html.find(text), std::string::npos) << text << '\n' << html;
    auto const names = air_report_names(*world->standards, day("2026-03-03"));
    auto const content = air_report_content(month, &so_far, *world->standards, {});
    for (auto const& [name, list] : content.lists)
        EXPECT_EQ(list.columns, names.lists.at(name).columns) << name;
    for (auto const& [name, field] : content.fields)
        EXPECT_TRUE(names.fields.contains(name)) << name;
    EXPECT_EQ(content.lists.at("级别").rows[0][0].fill, aqi_level_colour(1));
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
