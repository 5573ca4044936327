// What people mark of sections changes the figures of the periods that it touches, and no others; with and without stand side by side.
#include "yihong/reports/report_content.hpp"
#include "yihong/reports/water_html.hpp"

#include "testing.hpp"

#include <fmt/format.h>

#include <random>

namespace yihong {
namespace {

using namespace testing;
using enum PeriodMarkKind;

class MarksTest : public ::testing::Test {
protected:
    void SetUp() override
    {
        world = make_world(std::make_shared<StandardsBook const>(book()),
                           {section(1, "a", "甲断面", 110.5, 3), section(2, "b", "乙断面", 110.5, 3)}, std::make_shared<NoLayers const>());
    }
    void day(SiteNumber site, Date date, std::string_view ammonia, std::string_view fluoride = "0.5")
    {
        auto one = record({{"ph", "8.0"},
                           {"dissolved_oxygen", "8.1"},
                           {"codmn", "3.5"},
                           {"ammonia_nitrogen", ammonia},
                           {"total_phosphorus", "0.15"},
                           {"fluoride", fluoride}},
                          IntervalKind::day);
        one.site = site;
        one.time = beijing_midnight(date);
        records.kept.push_back(one);
    }
    void days(SiteNumber site, std::string_view code, std::string_view ammonia, std::string_view fluoride = "0.5")
    {
        auto const period = parse_period(code).value();
        for (auto at = period.begin; at < period.end; at += std::chrono::days{1})
            day(site, beijing_date(at), ammonia, fluoride);
    }
    WaterReport report(std::string_view code, std::vector<PeriodMark> marks = {}) const
    {
        WaterQuery query;
        query.period = parse_period(code).value();
        query.as_of = parse_rfc3339("2026-04-05T00:00:00Z").value();
        auto made = make_water_report(query, *world, {records, nullptr, marked(std::move(marks))});
        EXPECT_TRUE(made.has_value());
        return std::move(*made);
    }
    static Date on(std::string_view text) { return parse_date(text).value(); }

    KeptRecords records;
    std::shared_ptr<World const> world;
};

TEST_F(MarksTest, DryDaysLeaveWhatIsDueAndWhatWasMeasured)
{
    days(1, "2025-10-01/2025-10-10", "0.4");
    days(1, "2025-10-11/2025-10-31", "3.0");                    // the analyser stands in the mud
    auto const bare = report("2025-10").sections[0];
    EXPECT_EQ(bare.now.judgement.water_class, 6);
    EXPECT_FALSE(bare.as_measured);
    auto const dry = report("2025-10", {mark_of(PeriodMarkKind::dry, "a", on("2025-10-11"), on("2025-10-31"))}).sections[0];
    EXPECT_EQ(dry.now.days_due, 10);
    EXPECT_EQ(dry.now.days_left_out, 21);
    EXPECT_EQ(dry.now.items[0].days_due, 10);
    EXPECT_EQ(dry.now.judgement.water_class, 3);
    EXPECT_EQ(dry.now.target, TargetVerdict::met);
    ASSERT_TRUE(dry.as_measured);
    EXPECT_EQ(dry.as_measured->judgement.water_class, 6);
    EXPECT_FALSE(dry.deducted);
    EXPECT_FALSE(report("2025-09", {mark_of(PeriodMarkKind::dry, "a", on("2025-10-11"), on("2025-10-31"))}).sections[0].as_measured);
}

TEST_F(MarksTest, ADrySectionIsNotMissing)
{
    days(2, "2025-10", "0.4");
    auto open = mark_of(PeriodMarkKind::dry, "a", on("2025-09-20"), on("2025-09-20"));
    open.end.reset();                                           // until further notice
    open.reason = "河道无水";
    open.document = "运环函〔2025〕12号";
    auto const made = report("2025-10", {open});
    EXPECT_TRUE(made.sections[0].now.is_left_out());
    EXPECT_TRUE(made.sections[0].now.missing.empty());
    EXPECT_EQ(explain(made.sections[0].now, book().parameters()),
              "2025年10月断流，2025-09-20起，河道无水，运环函〔2025〕12号，登记：李，不参评。");
    auto const html = water_report_html(made, *world, {});
    for (auto const text : {"断流、停测不参评断面1个：甲断面。",
                            "甲断面 断流，2025-09-20起，河道无水，运环函〔2025〕12号，登记：李。不计31天：未参评；计入则未参评。"})
        EXPECT_NE(html.find(text), std::string::npos) << text << '\n' << html;
    EXPECT_EQ(html.find("未参评断面1个（有效数据不足）"), std::string::npos);
    auto const whole_river = report("2025-10", {open, mark_of(PeriodMarkKind::dry, "b", on("2025-10-01"), on("2025-10-31"))});
    EXPECT_NE(water_report_html(whole_river, *world, {}).find("汾河：断流、停测，不参评。"), std::string::npos);
    EXPECT_FALSE(report("2025-10").sections[0].now.missing.empty());
}

TEST_F(MarksTest, NaturalBackgroundIsNamedWithBothVerdicts)
{
    days(1, "2025-10", "0.4", "1.8");
    days(2, "2025-10", "0.4");
    auto mark = mark_of(background, "a", on("2025-01-01"), on("2025-12-31"), {"fluoride"});
    mark.document = "环办〔2025〕3号";
    auto const made = report("2025-10", {mark});
    auto const& row = made.sections[0];
    EXPECT_EQ(row.now.judgement.water_class, 6);                // what was measured stands
    ASSERT_TRUE(row.deducted);
    EXPECT_EQ(row.deducted->judgement.water_class, 3);
    EXPECT_EQ(row.deducted->target, TargetVerdict::met);
    EXPECT_EQ(made.all.now.met.size(), 1U);
    ASSERT_TRUE(made.all.deducted);
    EXPECT_EQ(made.all.deducted->met.size(), 2U);
    auto const content = water_report_content(made, *world->standards, nullptr, {});
    auto const& list = content.lists.at("标记");
    ASSERT_EQ(list.rows.size(), 1U);
    EXPECT_EQ(list.rows[0][*list.column("项目")].text, "氟化物");
    EXPECT_EQ(list.rows[0][*list.column("计入时")].text, "劣Ⅴ类、未达标");
    EXPECT_EQ(list.rows[0][*list.column("扣除后")].text, "Ⅲ类、达标");
    auto const html = water_report_html(made, *world, {});
    for (auto const text :
         {"扣除自然本底、上游来水后，参评2个，优良2个，占100.0%；劣Ⅴ类0个；达标率100.0%。",
          "甲断面 自然本底（氟化物），2025-01-01至2025-12-31，原因，环办〔2025〕3号，登记：李。实测劣Ⅴ类、未达标；扣除后Ⅲ类、达标。"})
        EXPECT_NE(html.find(text), std::string::npos) << text << '\n' << html;
}

TEST_F(MarksTest, AnItemThatIsOwedIsNotMissingWhereItIsDeducted)
{
    days(1, "2025-10", "3.0");
    auto const one = report("2025-10", {mark_of(upstream, "a", on("2025-10-01"), on("2025-10-31"), {"ammonia_nitrogen"})}).sections[0];
    ASSERT_TRUE(one.deducted);
    EXPECT_TRUE(one.deducted->missing.empty());
    EXPECT_EQ(one.deducted->target, TargetVerdict::met);
    auto const all = report("2025-10", {mark_of(upstream, "a", on("2025-10-01"), on("2025-10-31"))});   // the whole section
    ASSERT_TRUE(all.sections[0].deducted);
    EXPECT_EQ(all.sections[0].deducted->judgement.water_class, 0);
    EXPECT_EQ(all.all.deducted->classes.total(), 0);
    EXPECT_EQ(all.all.now.classes.total(), 1);
}

TEST_F(MarksTest, AMonthOfAYearIsDeductedAlone)
{
    days(1, "2025-10", "0.4", "1.8");
    days(1, "2025-11", "0.4", "0.4");
    auto const made = report("2025-10/2025-11", {mark_of(background, "a", on("2025-10-05"), on("2025-10-06"), {"fluoride"})}).sections[0];
    auto const* fluoride = made.deducted->find(book().parameters().find("fluoride")->id);
    EXPECT_EQ(made.now.find(fluoride->parameter)->shown.to_string(), "1.100");
    EXPECT_EQ(fluoride->shown.to_string(), "0.400");
    EXPECT_EQ(fluoride->months, 1);
}

/// Everything that a report says of the sections, in one text.
std::string text_of(WaterReport const& made)
{
    std::string text;
    auto const add = [&](SectionPeriod const& one) {
        text += fmt::format("{} {} {} ", one.days_due, one.judgement.water_class, to_text(one.target));
        for (auto const& item : one.items)
            text += fmt::format("{}:{}:{}:{} ", item.parameter, item.exact.to_string(), item.days, item.days_due);
    };
    for (auto const& row : made.sections) {
        add(row.now);
        for (auto const& other : {row.as_measured, row.deducted})
            if (other)
                add(*other);
        text += "\n";
    }
    return text;
}

TEST_F(MarksTest, ChangeExactlyThePeriodsThatTheyTouch)
{
    std::minstd_rand random{20251127};
    auto const below = [&](unsigned limit) { return static_cast<int>(random() % limit); };
    for (SiteNumber const site : {1U, 2U})
        for (auto at = beijing_midnight(on("2025-01-01")); at < beijing_midnight(on("2026-01-01")); at += std::chrono::days{1})
            if (below(10) > 0)
                day(site, beijing_date(at), fmt::format("0.{}", 2 + below(8)), fmt::format("{}.{}", below(2), 1 + below(8)));
    std::vector<std::string> codes{"2025", "2025-H1", "2025-Q3", "2025-02", "2025-10-X2", "2025-W27", "2025-07-03", "2025-05/2025-08"};
    for (int month = 1; month <= 12; ++month)
        codes.push_back(fmt::format("2025-{:02}", month));
    for (int round = 0; round < 20; ++round) {
        auto const first = beijing_midnight(on("2025-01-01")) + std::chrono::days{below(360)};
        auto const last = first + std::chrono::days{below(60)};
        auto const kind = all_period_mark_kinds.at(static_cast<std::size_t>(below(4)));
        auto const has_items = kind == background || kind == upstream;
        auto const mark = mark_of(kind, below(2) == 0 ? "a" : "b", beijing_date(first), beijing_date(last),
                                  has_items ? std::vector<std::string>{"fluoride"} : std::vector<std::string>{});
        for (auto const& code : codes) {
            auto const period = parse_period(code).value();
            bool const is_other = text_of(report(code)) != text_of(report(code, {mark}));
            EXPECT_EQ(is_other, mark.touches(period.begin, period.end))
                << code << ' ' << to_text(kind) << ' ' << mark_time_text(mark) << " of " << mark.site;
        }
        auto taken_back = mark;
        taken_back.state = PeriodMarkState::withdrawn;
        EXPECT_EQ(text_of(report("2025", {taken_back})), text_of(report("2025")));
    }
}

}  // namespace
}  // namespace yihong
