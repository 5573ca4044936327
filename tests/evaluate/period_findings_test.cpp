// What a look at periods makes of the causes that hold.
#include "yihong/evaluate/period_findings.hpp"

#include "testing.hpp"

namespace yihong {
namespace {

AlertCause cause(std::string rule, RuleKind kind, std::string said = {})
{
    AlertCause made;
    made.rule = std::move(rule);
    made.kind = kind;
    made.said = std::move(said);
    return made;
}

TEST(PeriodFindings, ReplaceWhatHoldsOfTheirRulesAndNothingElse)
{
    AlertRule year, days;
    year.id = "year", year.kind = RuleKind::year_mean;
    days.id = "days", days.kind = RuleKind::good_days;
    std::vector<CompiledRule> const rules{{.rule = &year, .parameters = {}, .limits = {}}, {.rule = &days, .parameters = {}, .limits = {}}};
    AlertStepInput input;
    input.rules = rules;
    std::vector const before{cause("once", RuleKind::worse_than_class), cause("year", RuleKind::year_mean, "before"),
                             cause("gone", RuleKind::discharge_day)};
    auto const after = [&](PeriodSays says) { return step_periods(input, before, {{says, cause("year", RuleKind::year_mean, "now")}}); };
    EXPECT_EQ(after(PeriodSays::bad), (std::vector{before[0], cause("year", RuleKind::year_mean, "now")}));
    EXPECT_EQ(after(PeriodSays::unknown), std::vector{before[0]}) << "what was said of this very period has lost its ground";
    PeriodFinding later{PeriodSays::unknown, cause("year", RuleKind::year_mean)};
    later.cause.last += std::chrono::days{30};
    EXPECT_EQ(step_periods(input, before, {later}), (std::vector{before[0], before[1]})) << "of another one there is too little yet";
    EXPECT_EQ(after(PeriodSays::good), std::vector{before[0]});
    EXPECT_EQ(step_periods(input, before, {}), (std::vector{before[0], before[1]})) << "nobody looked";
}

}  // namespace
}  // namespace yihong
