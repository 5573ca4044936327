#include "yihong/reports/outfall_report.hpp"

#include "testing.hpp"

namespace yihong {
namespace {

using namespace testing;
using namespace std::chrono_literals;

Site plant(std::uint32_t number, std::string id)
{
    Site made;
    made.id = std::move(id);
    made.name = "厂 " + made.id;
    made.kind = SiteKind::wastewater_plant;
    made.position = LonLat{111.5, 35};
    made.number = number;
    return made;
}

class OutfallReportTest : public ::testing::Test {
protected:
    void SetUp() override
    {
        AlertPlan plan;
        AlertRule all;
        all.id = "all";
        all.kind = RuleKind::discharge;
        all.limits = {{"cod", {}, d("40")}, {"total_phosphorus", {}, d("0.4")}};
        all.standard = "DB14/1928-2019";
        auto strict = all;
        strict.id = "basin";
        strict.limits = {{"total_phosphorus", {}, d("0.3")}};
        strict.standard = "流域标准";
        auto permit = all;
        permit.id = "permit-a";
        permit.scope.sites = {"a"};
        permit.limits = {{"cod", {}, d("50")}};
        permit.standard = "许可证 91140800";
        plan.rules = {permit, all, strict};
        world = make_world(std::make_shared<StandardsBook const>(book()), {plant(1, "a"), plant(2, "b"), section(3, "w", "断面", 111.5, 3)},
                           std::make_shared<NoLayers const>(), std::make_shared<AlertPlan const>(plan));
        query.period = parse_period("2025-11").value();
        query.as_of = query.period.end + std::chrono::days{20};
    }
    /// A day of hours.
    void add(SiteNumber site, std::string_view date, std::string_view cod)
    {
        for (int hour = 0; hour < 24; ++hour) {
            auto one = record({{"cod", cod}, {"effluent_flow", "100"}}, IntervalKind::hour, date);
            one.time = beijing_midnight(day(date)) + std::chrono::hours{hour};
            one.site = site;
            records.kept.push_back(one);
        }
    }
    OutfallReport report() const { return make_outfall_report(query, *world, {records, nullptr, marks}).value(); }

    KeptRecords records;
    OutfallQuery query;
    std::shared_ptr<World const> world;
    std::shared_ptr<MarkBook const> marks = std::make_shared<MarkBook const>();
};

TEST_F(OutfallReportTest, TakesThePermitBeforeTheStandardAndTheStrictestOfStandards)
{
    auto const limits = [&](std::size_t site) {
        return limits_of(world->sites->all()[site], world->facts[site], *world->alerts, world->standards->parameters());
    };
    auto const of = [&](std::size_t site, std::string_view parameter) {
        for (auto const& limit : limits(site))
            if (limit.parameter == id(parameter))
                return limit.limit.high->to_string() + " " + limit.standard;
        return std::string{};
    };
    EXPECT_EQ(of(0, "cod"), "50 许可证 91140800");
    EXPECT_EQ(of(1, "cod"), "40 DB14/1928-2019");
    EXPECT_EQ(of(1, "total_phosphorus"), "0.3 流域标准");
}

TEST_F(OutfallReportTest, CountsDaysAndLoadsOfAMonth)
{
    for (int day = 1; day <= 30; ++day)
        add(2, (day < 10 ? "2025-11-0" : "2025-11-") + std::to_string(day), day == 7 ? "46" : "20");
    auto const made = report();
    ASSERT_EQ(made.rows.size(), 2U);
    auto const& cod = made.rows[1].now.items.at(0);
    EXPECT_EQ(cod.valid_days, 30);
    EXPECT_EQ(cod.exceeded_days, 1);
    EXPECT_EQ(cod.met_share()->to_string(), "96.7");
    EXPECT_EQ(cod.mean->to_string(), "20.9");                                       // (29 x 20 + 46) / 30
    EXPECT_EQ(cod.load_t->rounded(3).to_string(), "5.409");                         // 0.1 m3/s x 86400 s x (580 + 46) g
    EXPECT_EQ(made.rows[1].now.counts.transmission()->to_string(), "50.00");        // of TP nothing came
    EXPECT_EQ(made.data.records, 720U);
}

TEST_F(OutfallReportTest, OwesInEachYearWhatItsListSays)
{
    auto owing = plant(2, "b");
    owing.owed_parameters = {{2025, {"cod"}}, {2026, {"cod", "ammonia_nitrogen"}}};
    world = make_world(world->standards, {owing}, std::make_shared<NoLayers const>(), world->alerts);
    auto const items = [&](std::string_view code) {
        query.period = parse_period(code).value();
        query.as_of = query.period.end + std::chrono::days{20};
        std::vector<ParameterId> all;
        for (auto const& item : report().rows.at(0).now.items)
            all.push_back(item.parameter);
        return all;
    };
    EXPECT_EQ(items("2025-11"), std::vector{id("cod")});
    EXPECT_EQ(items("2026-01").size(), 2U);
    EXPECT_EQ(items("2025-12/2026-01").size(), 2U) << "what one of its years owes";
    query.base = parse_period("2025-11").value();
    EXPECT_EQ(items("2026-01").size(), 2U);
    EXPECT_EQ(report().rows.at(0).base->items.size(), 1U) << "the compared period owes by its own year";
    EXPECT_EQ(items("2024-11").size(), 2U) << "before the first list: those of the usual items with a limit";
}

TEST_F(OutfallReportTest, IsProvisionalUpToTheTenthOfTheNextMonth)
{
    query.as_of = parse_rfc3339("2025-12-10T23:59:59+08:00").value();
    EXPECT_TRUE(report().is_provisional());
    query.as_of = parse_rfc3339("2025-12-11T00:00:00+08:00").value();
    EXPECT_FALSE(report().is_provisional());
}

TEST_F(OutfallReportTest, IsPrintedWithWhatIsOverAndWhy)
{
    for (int day = 3; day <= 30; ++day)
        add(2, (day < 10 ? "2025-11-0" : "2025-11-") + std::to_string(day), day == 7 ? "46" : "20");
    auto stop = mark_of(PeriodMarkKind::stop, "b", query.period.first_day(), query.period.first_day());
    stop.end = query.period.begin + 36h;
    stop.reason = "设备检修";
    stop.document = "12号";
    marks = marked({stop});
    query.as_of = query.period.end + 24h;
    auto const made = report();
    auto const& parameters = world->standards->parameters();
    auto const html = outfall_report_html(made, parameters, {.publisher = "某局", .number = "3"});
    for (auto const text : {"2025年11月污水处理厂和排口达标报告", "第3期", "排口2个", "日均值超标：厂 b化学需氧量1天。数据为暂定。",
                            "<td>2025-11-07</td>", "<td>0.15</td>", "暂定：停运、维修的报备材料在2025年12月10日前（含）仍可补交",
                            "厂 b报备停运，2025-11-01 00:00至2025-11-02 12:00，设备检修，12号，登记：李。", "厂 b不扣除停运时传输率46.67%",
                            "厂 a没有流量数据：日均值为算术平均，不计排放量。", "<td>许可证 91140800</td>"})
        EXPECT_NE(html.find(text), std::string::npos) << text << '\n' << html;
    auto const names = outfall_report_names(parameters, day("2025-11-06"));
    auto const content = outfall_report_content(made, parameters, {.root_url = "http://h"});
    for (auto const& [name, list] : content.lists)
        EXPECT_EQ(list.columns, names.lists.at(name).columns) << name;
    for (auto const& [name, field] : content.fields)
        EXPECT_TRUE(names.fields.contains(name)) << name;
    EXPECT_EQ(content.lists.at("排口").rows.at(1)[0].link,
              "http://h/api/v1/sites/b/readings?f=html&interval=hour&datetime=2025-10-31T16:00:00Z/2025-11-30T15:59:59.999Z");
    EXPECT_EQ(outfall_report_html(made, parameters, {}), outfall_report_html(report(), parameters, {}));
}

/// HJ 356-2019, as the reference tells it: a day without a load counts as the largest of the last 30 valid ones before it.
TEST_F(OutfallReportTest, FillsTheLoadsOfMissingDaysAndComparesWithTheMonthBefore)
{
    for (int day = 20; day <= 31; ++day)
        add(2, "2025-10-" + std::to_string(day), day == 31 ? "30" : "20");
    for (int day = 3; day <= 30; ++day)
        add(2, (day < 10 ? "2025-11-0" : "2025-11-") + std::to_string(day), "20");
    query.base = previous(query.period);
    auto const made = report();
    auto const& cod = made.rows[1].now.items.at(0);
    EXPECT_EQ(cod.load_t->rounded(4).to_string(), "4.8384");     // 28 days of 0.1728 t
    EXPECT_EQ(cod.filled_days, 2);
    EXPECT_EQ(cod.filled_load_t->rounded(4).to_string(), "5.3568");  // and two of 0.2592
    EXPECT_FALSE(made.rows[1].now.items.at(1).filled_load_t.has_value());  // of phosphorus there never was one
    ASSERT_TRUE(made.rows[1].base.has_value());
    EXPECT_EQ(made.rows[1].base->items.at(0).filled_days, 0);    // before 20 October there was none to take
    EXPECT_FALSE(made.rows[1].base->items.at(0).filled_load_t.has_value());
    auto const content = outfall_report_content(made, world->standards->parameters(), {.root_url = "http://h"});
    auto const& list = content.lists.at("污染物");
    auto const of = [&](std::string_view column) {
        for (auto const& row : list.rows)
            if (row[*list.column("名称")].text == "厂 b 化学需氧量")
                return row[*list.column(column)].text;
        return std::string{};
    };
    EXPECT_EQ(of("排放量"), "4.838");
    EXPECT_EQ(of("补缺天数"), "2");
    EXPECT_EQ(of("补缺后排放量"), "5.357");
    EXPECT_EQ(of("上期补缺后排放量"), "--");
    EXPECT_EQ(of("排放量变化"), "--");
    EXPECT_EQ(of("上期超标天数"), "0");
    EXPECT_EQ(content.fields.at("比较时段").text, "2025年10月");
    EXPECT_FALSE(content.pictures.at("浓度").is_empty());
}

TEST_F(OutfallReportTest, RefusesWhatIsNoOutlet)
{
    query.sites = {"w"};
    EXPECT_FALSE(make_outfall_report(query, *world, {records, nullptr, marks}).has_value());
}

}  // namespace
}  // namespace yihong
