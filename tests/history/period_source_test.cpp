// Places over periods as collections.
#include "periods_fixture.hpp"

#include <set>

namespace yihong::testing {
namespace {

using namespace std::chrono_literals;

/// A county and a river that the sites of the fixture are in and on.
class Drawn final : public LayerSet {
public:
    Drawn()
    {
        auto counties = std::make_shared<Layer>();
        counties->role = LayerRole::boundary;
        counties->attributes = {{"name", "名称", AttributeType::text}};
        counties->features.push_back(
            {"1", Polygon{{{{110, 34}, {112, 34}, {112, 36}, {110, 34}}}}, BoundingBox{110, 34, 112, 36}, {std::string{"永济市"}}});
        auto rivers = std::make_shared<Layer>();
        rivers->role = LayerRole::river;
        rivers->attributes = {{"name", "名称", AttributeType::text}};
        rivers->features.push_back({"1", LineString{{{110, 35}, {111, 35}}}, BoundingBox{110, 35, 111, 35}, {std::string{"汾河"}}});
        layers_ = {counties, rivers};
    }
    std::vector<std::shared_ptr<Layer const>> const& layers() const noexcept override { return layers_; }
    OverlayFacts facts(LonLat) const override
    {
        OverlayFacts facts;
        facts.county = "永济市";
        return facts;
    }

private:
    std::vector<std::shared_ptr<Layer const>> layers_;
};

class PeriodSourceTest : public PeriodsFixture {
protected:
    void SetUp() override
    {
        std::vector<Site> sites{site("a", SiteKind::water_section), site("b", SiteKind::water_section), site("air", SiteKind::air_station)};
        for (auto& one : sites) {
            one.number = store.number_sites({&one.id, 1}).front();
            if (one.id == "a")
                one.water_body = "汾河";
        }
        known = make_world(standards(), std::move(sites), std::make_shared<Drawn const>());
        days("a", "2025-10", "0.9");
        days("b", "2025-10", "1.2");
        days("b", "2025-12", "0.4");
    }
    /// Every day of a month alike.
    void days(std::string_view id, std::string_view month, std::string_view ammonia)
    {
        auto const period = parse_period(month).value();
        WriteGroup group;
        for (auto at = period.begin; at < period.end; at += 24h) {
            Record record;
            record.site = known->sites->find(id)->number;
            record.interval = IntervalKind::day;
            record.time = at;
            record.received_at = at + 25h;
            record.readings = {reading("ph", "8.0"), reading("dissolved_oxygen", "8.1"), reading("codmn", "3.5"),
                               reading("ammonia_nitrogen", ammonia), reading("total_phosphorus", "0.15")};
            std::ranges::sort(record.readings, {}, &Reading::parameter);
            group.records.added.push_back(std::move(record));
        }
        store.commit(group);
    }
    std::shared_ptr<FeatureSource const> source(PeriodOf what = PeriodOf::section) const
    {
        TimeInterval const data{parse_period("2025-10").value().begin, parse_period("2025-12").value().end - 24h};
        return make_period_source(what, known, data, {store, &months, settings, marks});
    }

    std::shared_ptr<World const> known;
    mutable SectionMonths months{store};
};

TEST_F(PeriodSourceTest, ListsTheMonthsAndYearsThatHaveRecords)
{
    auto const sections = source();
    EXPECT_EQ(sections->metadata().id, "section-periods");
    EXPECT_TRUE(sections->metadata().blocks);
    EXPECT_EQ(ids(*sections), (Ids{"a.2025", "b.2025", "a.2025-10", "b.2025-10", "b.2025-12"}));
    FeatureQuery newest;
    newest.sort = {{.column = *sections->schema().find("time"), .descending = true}};
    EXPECT_EQ(ids(*sections, newest), (Ids{"b.2025-12", "b.2025-10", "a.2025-10", "b.2025", "a.2025"}));
}

TEST_F(PeriodSourceTest, ShowsWhatTheReportSays)
{
    auto const feature = source()->find("b.2025-10");
    ASSERT_NE(feature, nullptr);
    EXPECT_EQ(value(*feature, "water_class"), "4");
    EXPECT_EQ(value(*feature, "ammonia_nitrogen"), "1.2");
    EXPECT_EQ(value(*feature, "main_pollutants"), "氨氮(0.2)");
    EXPECT_EQ(value(*feature, "meets_target"), "false");
    EXPECT_EQ(value(*feature, "period_label"), "2025年10月");
    EXPECT_EQ(value(*feature, "records"), "31");
    EXPECT_EQ(value(*feature, "provisional"), "false");
    EXPECT_EQ(value(*feature, "days_due"), "31");
    EXPECT_EQ(value(*feature, "valid_days"), "31");
    EXPECT_EQ(value(*feature, "valid_share"), "100");
    EXPECT_EQ(value(*feature, "months_due"), "") << "it is one month";
    EXPECT_EQ(value(*source()->find("b.2025-Q4"), "valid_share"), "67.4");
    EXPECT_EQ(value(*source()->find("b.2025-Q4"), "months_with_means"), "2");
    EXPECT_EQ(value(*source()->find("b.2025"), "months_due"), "12");
    EXPECT_EQ(value(*source()->find("b.2025"), "meets_target"), "") << "two months are no year";
    EXPECT_EQ(feature->geometry(), (Geometry{Point{LonLat{110.4, 34.9}}}));
    EXPECT_EQ(feature->time(), parse_period("2025-10").value().begin);
}

TEST_F(PeriodSourceTest, GivesAnyPeriodByItsCode)
{
    auto const sections = source();
    EXPECT_EQ(ids(*sections, where(*sections, "period", "2025-Q4")), (Ids{"a.2025-Q4", "b.2025-Q4"}));
    EXPECT_EQ(ids(*sections, where(*sections, "period", "2025-10-03")), (Ids{"a.2025-10-03", "b.2025-10-03"}));
    EXPECT_EQ(ids(*sections, where(*sections, "period", "2025-11")), Ids{}) << "there are no records of it";
    EXPECT_EQ(ids(*sections, where(*sections, "period", "2025-13")), Ids{});
    EXPECT_EQ(ids(*sections, where(*sections, "period_kind", "year")), (Ids{"a.2025", "b.2025"}));
    EXPECT_EQ(ids(*sections, where(*sections, "site", "a")), (Ids{"a.2025", "a.2025-10"}));
    for (auto const* id : {"b.2025-W41", "b.2025-H2", "b.2025-10-X2"})
        EXPECT_NE(sections->find(id), nullptr) << id;
    for (auto const* id : {"", "b", "b.", "c.2025-10", "b.2025-11", "b.2025-01/2025-03", "b.2025-10-03T08", "b.20251", ".2025-10"})
        EXPECT_EQ(sections->find(id), nullptr) << id;
    FeatureQuery october;
    october.time = TimeInterval{at("2025-09-15T00:00:00Z"), at("2025-10-15T00:00:00Z")};
    EXPECT_EQ(ids(*sections, october), (Ids{"a.2025-10", "b.2025-10"}));
}

TEST_F(PeriodSourceTest, GivesRunningPeriodsByTheirCodes)
{
    auto const sections = source();
    EXPECT_EQ(ids(*sections, where(*sections, "period", "2025-10-YTD")), (Ids{"a.2025-10-YTD", "b.2025-10-YTD"}));
    EXPECT_EQ(ids(*sections, where(*sections, "period", "2026-09-M12")), (Ids{"a.2026-09-M12", "b.2026-09-M12"}));
    auto const feature = sections->find("b.2025-10-20-D30");
    ASSERT_NE(feature, nullptr);
    EXPECT_EQ(value(*feature, "period_kind"), "last_30_days");
    EXPECT_EQ(value(*feature, "period"), "2025-10-20-D30");
    EXPECT_EQ(value(*feature, "records"), "20");
    EXPECT_EQ(feature->time(), parse_period("2025-09-21").value().begin);
    EXPECT_EQ(value(*sections->find("a.2025-12-M12"), "ammonia_nitrogen"), value(*sections->find("a.2025"), "ammonia_nitrogen"));
}

/// Of a year by its months; flat, and null where the period has no parts.
TEST_F(PeriodSourceTest, SayWhatRisesAndFalls)
{
    for (auto const& [month, ammonia] : {std::pair{"2025-06", "0.5"}, {"2025-07", "0.6"}, {"2025-08", "0.7"}, {"2025-09", "0.8"}})
        days("a", month, ammonia);
    auto const year = source()->find("a.2025");
    ASSERT_NE(year, nullptr);
    EXPECT_EQ(value(*year, "trend_rising"), "ammonia_nitrogen");
    EXPECT_EQ(value(*year, "trend_falling"), "");
    EXPECT_EQ(value(*year, "trend"), "2025年1月至2025年12月逐月均值（5期，临界值0.9）：显著上升 氨氮（rs=1.000）；"
                                     "无显著变化 pH值、溶解氧、高锰酸盐指数、总磷");
    auto const month = source()->find("a.2025-10");
    for (auto const* column : {"trend", "trend_rising", "trend_falling"})
        EXPECT_EQ(value(*month, column), "") << column;
}

TEST_F(PeriodSourceTest, SayWhetherADrinkingWaterSourceHolds)
{
    auto sites = known->sites->all();
    for (auto& one : sites)
        one.drinking_water_source = one.id == "a";
    known = make_world(standards(), std::move(sites), std::make_shared<Drawn const>());
    Record sample;
    sample.site = known->sites->find("a")->number;
    sample.interval = IntervalKind::sample;
    sample.time = at("2025-10-06T01:00:00Z");
    sample.received_at = sample.time + 25h;
    sample.readings = {reading("sulfate", "300"), reading("iron", "0.1")};
    std::ranges::sort(sample.readings, {}, &Reading::parameter);
    WriteGroup group;
    group.records.added.push_back(sample);
    store.commit(group);
    auto const of = source()->find("a.2025-10");
    ASSERT_NE(of, nullptr);
    EXPECT_EQ(value(*of, "drinking_water_source"), "true");
    EXPECT_EQ(value(*of, "drinking_water_met"), "false");
    EXPECT_EQ(value(*of, "drinking_water_exceeded"), "硫酸盐(0.2)");
    EXPECT_EQ(value(*of, "drinking_water_missing"), "chloride、nitrate、manganese");
    EXPECT_TRUE(value(*of, "explanation").contains("不达标：硫酸盐 300.0 mg/L（限值250，超0.2倍）")) << value(*of, "explanation");
    auto const other = source()->find("b.2025-10");
    EXPECT_EQ(value(*other, "drinking_water_source"), "false");
    for (auto const* column : {"drinking_water_met", "drinking_water_exceeded", "drinking_water_missing"})
        EXPECT_EQ(value(*other, column), "") << column;
}

TEST_F(PeriodSourceTest, PagesByTheLastId)
{
    auto const sections = source();
    Ids paged;
    FeatureQuery query{.limit = 2};
    for (bool more = true; more;) {
        auto const stream = sections->select(query);
        while (auto const feature = stream->next())
            paged.push_back(feature->id());
        more = stream->has_more();
        query.after = paged.back();
    }
    EXPECT_EQ(paged, ids(*sections));
    EXPECT_EQ(ids(*sections, {.offset = 3}), (Ids{"b.2025-10", "b.2025-12"}));
    EXPECT_TRUE(ids(*sections, {.after = "nothing"}).empty());
}

TEST_F(PeriodSourceTest, BeginsWithAValueInEveryColumnAndBringsEachFeatureOnce)
{
    auto const sections = source();
    auto const in_order = ids(*sections);
    EXPECT_EQ(ids(*sections, {.limit = 1, .lead = true}), Ids{in_order.front()}) << "a page of one has no room";
    Ids paged;
    FeatureQuery query{.limit = 3, .lead = true};
    std::set<std::string> columns;
    for (bool more = true; more; query.lead = false) {
        auto const stream = sections->select(query);
        while (auto const feature = stream->next()) {
            if (paged.size() < stream->leading())
                for (auto const& column : sections->schema().columns())
                    if (!value(*feature, column.name).empty())
                        columns.insert(column.name);
            paged.push_back(feature->id());
        }
        more = stream->has_more();
        query.seen = stream->out_of_turn();
        query.after = paged.back();
    }
    EXPECT_NE(paged, in_order);
    EXPECT_TRUE(columns.contains("main_pollutants")) << "which the first in order has not";
    for (std::size_t offset = 0; offset <= paged.size(); ++offset)
        EXPECT_EQ(ids(*sections, {.limit = 3, .offset = offset, .lead = true}),
                  (Ids{paged.begin() + static_cast<std::ptrdiff_t>(offset),
                       paged.begin() + static_cast<std::ptrdiff_t>(std::min(offset + 3, paged.size()))}))
            << offset;
    auto wanted = in_order;
    std::ranges::sort(wanted);
    std::ranges::sort(paged);
    EXPECT_EQ(paged, wanted);
    auto chosen = where(*sections, "period_kind", "year");
    chosen.lead = true;
    EXPECT_EQ(ids(*sections, chosen), (Ids{"a.2025", "b.2025"})) << "a choice is in order";
}

TEST_F(PeriodSourceTest, RiversAndAreasHaveTheGeometryOfTheirLayers)
{
    auto const rivers = source(PeriodOf::river), areas = source(PeriodOf::area);
    EXPECT_EQ(ids(*rivers), (Ids{"汾河.2025", "汾河.2025-10"}));
    auto const river = rivers->find("汾河.2025-10");
    ASSERT_NE(river, nullptr);
    EXPECT_EQ(type_of(river->geometry()), GeometryType::multi_line_string);
    EXPECT_EQ(value(*river, "evaluated"), "1");
    EXPECT_EQ(value(*river, "good_share"), "100");

    auto const area = areas->find("永济市.2025-10");
    ASSERT_NE(area, nullptr);
    EXPECT_EQ(type_of(area->geometry()), GeometryType::multi_polygon);
    EXPECT_EQ(value(*area, "sections"), "2");
    EXPECT_EQ(value(*area, "good"), "1");
    EXPECT_EQ(value(*area, "missed_sections"), "断面 b");
    FeatureQuery elsewhere{.boxes = {BoundingBox{120, 30, 121, 31}}};
    EXPECT_TRUE(ids(*areas, elsewhere).empty());
}

TEST_F(PeriodSourceTest, ReservoirsAreNoRivers)
{
    std::vector<Site> sites{site("a", SiteKind::lake_section), site("b", SiteKind::lake_section), site("c", SiteKind::lake_section),
                            site("d", SiteKind::water_section)};
    sites[0].water_body = "上马水库";
    sites[1].water_body = "三河口水库";
    sites[1].lake_since = Date{std::chrono::year{2025} / 11 / 1};
    sites[2].water_body = sites[3].water_body = "汾河";
    for (auto& one : sites)
        one.number = store.number_sites({&one.id, 1}).front();
    known = make_world(standards(), std::move(sites), std::make_shared<Drawn const>());
    for (auto const* id : {"a", "b", "c", "d"})
        days(id, "2025-10", "0.9");
    auto const rivers = source(PeriodOf::river);
    EXPECT_EQ(ids(*rivers, where(*rivers, "period", "2025-10")), (Ids{"三河口水库.2025-10", "汾河.2025-10"}))
        << "a water with points of a lake alone is one of lake-periods, unless they were sections of a river once";
    EXPECT_EQ(value(*rivers->find("汾河.2025-10"), "sections"), "2");
}

TEST_F(PeriodSourceTest, AreasAreCitiesAndLevelsToo)
{
    std::vector<Site> sites{site("a", SiteKind::water_section), site("b", SiteKind::water_section), site("c", SiteKind::water_section),
                            site("d", SiteKind::water_section)};
    sites[0].assessed_for = "临汾市侯马市";
    sites[1].assessed_for = "运城市";
    sites[2].assessed_for = "运城市永济市";
    sites[0].level = sites[1].level = "national";
    sites[2].level = "provincial";
    for (auto& one : sites)
        one.number = store.number_sites({&one.id, 1}).front();
    known = make_world(standards(), std::move(sites), std::make_shared<Drawn const>());
    days("d", "2025-10", "0.9");
    ReportSettings own;
    own.city = "运城市";
    settings.publish(std::make_shared<ReportSettings const>(own));
    auto const areas = source(PeriodOf::area);
    std::string all;
    auto const october = where(*areas, "period", "2025-10");
    auto const stream = areas->select(october);
    while (auto const feature = stream->next())
        all += feature->id() + " " + value(*feature, "area_kind") + " " + value(*feature, "sections") + "; ";
    EXPECT_EQ(all, "临汾市.2025-10 city 1; 临汾市侯马市.2025-10 assessed_for 1; 国控.2025-10 level 2; 永济市.2025-10 county 1; "
                   "运城市.2025-10 city 2; ")
        << "c has no records: no feature of what holds it alone, and one of the city that holds it";
    EXPECT_EQ(type_of(areas->find("国控.2025-10")->geometry()), GeometryType::none);
    EXPECT_EQ(areas->find("临汾市.2025-12"), nullptr) << "without records";
    days("c", "2025-10", "0.9");
    months.clear();                                        // nobody tells it of a commit here
    EXPECT_NE(areas->find("运城市永济市.2025-10"), nullptr);
    EXPECT_EQ(value(*areas->find("省控.2025-10"), "area_kind"), "level");
}

TEST_F(PeriodSourceTest, AirStationsAreCountedByTheirDays)
{
    EXPECT_TRUE(ids(*source(PeriodOf::air_station)).empty());
    EXPECT_TRUE(ids(*source(PeriodOf::air_area)).empty());
    WriteGroup group;
    for (int day = 0; day < 3; ++day) {
        Record record;
        record.site = known->sites->find("air")->number;
        record.interval = IntervalKind::day;
        record.time = parse_period("2025-10").value().begin + day * 24h;
        record.readings = {reading("so2", "8"),   reading("no2", "20"), reading("pm10", day == 0 ? "300" : "60"),
                           reading("pm25", "30"), reading("co", "0.6"), reading("o3_8h", "90")};
        std::ranges::sort(record.readings, {}, &Reading::parameter);
        group.records.added.push_back(std::move(record));
    }
    store.commit(group);
    auto const feature = source(PeriodOf::air_station)->find("air.2025-10");
    ASSERT_NE(feature, nullptr);
    EXPECT_EQ(value(*feature, "good_days"), "2");
    EXPECT_EQ(value(*feature, "valid_days"), "3");
    EXPECT_EQ(value(*feature, "due_days"), "31");
    EXPECT_EQ(value(*feature, "pm10"), "140");

    EXPECT_EQ(ids(*source(PeriodOf::air_area)), (Ids{"永济市.2025", "永济市.2025-10"})) << "no city is named";
    ReportSettings own;
    own.city = "运城市";
    settings.publish(std::make_shared<ReportSettings const>(own));
    auto const areas = source(PeriodOf::air_area);
    EXPECT_EQ(ids(*areas), (Ids{"永济市.2025", "运城市.2025", "永济市.2025-10", "运城市.2025-10"}));
    auto const county = areas->find("永济市.2025-10"), city = areas->find("运城市.2025-10");
    EXPECT_EQ(value(*county, "area_kind"), "county");
    EXPECT_EQ(value(*county, "good_days"), "2");
    EXPECT_EQ(value(*county, "points"), "断面 air");
    EXPECT_EQ(type_of(county->geometry()), GeometryType::multi_polygon);
    EXPECT_EQ(value(*city, "area_kind"), "city");
    EXPECT_EQ(value(*city, "pm10"), "140");
    EXPECT_EQ(type_of(city->geometry()), GeometryType::none);
}

TEST_F(PeriodSourceTest, SayThatTheyAreEmptyWithoutRecords)
{
    for (auto const what : all_periods_of)
        EXPECT_EQ(make_period_source(what, known, {}, {store, &months, settings, marks})->metadata().count, 0U);
    EXPECT_EQ(source()->metadata().count, std::nullopt) << "nobody counts them";
}

}  // namespace
}  // namespace yihong::testing
