// Alerts look at pH as it was measured, whatever the edition rounds.
#include "testing.hpp"

#include "yihong/evaluate/alert_rules.hpp"
#include "yihong/evaluate/judge.hpp"

namespace yihong {
namespace {

using namespace testing;

StandardsBook const& rounding_book()
{
    static StandardsBook const made = [] {
        auto changed = book();
        for (auto& item : changed.water_.at(0).items)
            item.rounds_readings = true;
        return changed;
    }();
    return made;
}

/// What a record with this pH raises.
std::vector<AlertCause> raised_by(std::string_view ph, StandardsBook const& standards, int water_class = 3)
{
    AlertRule rule;
    rule.id = "exceed";
    rule.kind = RuleKind::worse_than_class;
    rule.water_class = water_class;
    AlertPlan plan;
    plan.rules = {rule};
    Site site;
    site.kind = SiteKind::water_section;
    auto newest = record({{"ph", ph}, {"dissolved_oxygen", "8"}});
    newest.verdict = judge(newest, site.kind, standards);
    auto const rules = rules_for(plan, site, {}, standards.parameters());
    return step_record({rules, &site, &standards, {}}, {}, [&](std::size_t i) { return i == 0 ? &newest : nullptr; });
}

TEST(AcidityAlert, RaisesBetweenNineAndNineAndAHalfAndUnderSixInEveryEdition)
{
    for (auto const* standards : {&book(), &rounding_book()}) {
        EXPECT_TRUE(raised_by("9", *standards).empty());
        EXPECT_TRUE(raised_by("6.0", *standards).empty());
        for (auto const* ph : {"9.02", "9.4", "5.97", "5.5"})
            EXPECT_EQ(raised_by(ph, *standards).size(), 1U) << ph;
    }
}

TEST(AcidityAlert, TellsTheValueThatWasMeasured)
{
    for (auto const* standards : {&book(), &rounding_book()}) {
        auto const causes = raised_by("9.8", *standards);
        ASSERT_EQ(causes.size(), 1U);
        EXPECT_EQ(causes[0].items.at(0).value, d("9.8"));
        EXPECT_EQ(causes[0].items.at(0).item_class, 6);
        EXPECT_EQ(causes[0].items.at(0).limit, d("9"));
    }
}

}  // namespace
}  // namespace yihong
