#include "yihong/evaluate/period_findings.hpp"

#include <algorithm>

namespace yihong {
namespace {

/// Nothing bad was found now. Of another period too little is there yet; of the same one what was said has lost its ground.
bool goes_on(AlertCause const& known, PeriodFinding const* found) noexcept
{
    return !found || (found->says == PeriodSays::unknown && found->cause.last != known.last);
}

}  // namespace

bool asks_for_periods(RuleKind kind) noexcept { return family_of(kind) == AlertFamily::period || kind == RuleKind::month_mean; }

bool ask_for_periods(std::span<CompiledRule const> rules) noexcept
{
    return std::ranges::any_of(rules, [](CompiledRule const& rule) { return asks_for_periods(rule.rule->kind); });
}

std::vector<AlertCause> step_periods(AlertStepInput const& input, std::vector<AlertCause> const& causes,
                                     std::vector<PeriodFinding> const& findings)
{
    std::vector<AlertCause> after;
    std::ranges::copy_if(causes, std::back_inserter(after), [](AlertCause const& cause) { return !asks_for_periods(cause.kind); });
    for (auto const& compiled : input.rules) {
        if (!asks_for_periods(compiled.rule->kind))
            continue;
        auto const& id = compiled.rule->id;
        auto const found = std::ranges::find(findings, id, [](PeriodFinding const& one) { return one.cause.rule; });
        auto const known = std::ranges::find(causes, id, &AlertCause::rule);
        if (found != findings.end() && found->says == PeriodSays::bad)
            after.push_back(found->cause);
        else if (known != causes.end() && goes_on(*known, found == findings.end() ? nullptr : &*found))
            after.push_back(*known);
    }
    return after;
}

}  // namespace yihong
