#pragma once

#include "yihong/evaluate/alert_rules.hpp"
#include "yihong/evaluate/world.hpp"

#include <cstddef>
#include <functional>
#include <vector>

/// What rules find in periods (时段考核规则、月均值): figures of a day, a month, a year so far, that take more than the records before the newest.
namespace yihong {

enum class PeriodSays : std::uint8_t {
    unknown,  ///< too little is there to say: what holds goes on, unless it was said of this very period
    good,
    bad  ///< or a month that is over, met or missed: its cause is the result
};
/// Of one rule at one site.
struct PeriodFinding {
    PeriodSays says = PeriodSays::unknown;
    AlertCause cause;  ///< of a bad one; else only its rule, and the last time of the period
};

/// Looks at what is known of the days before a midnight in Beijing. \param site index in the registry of the world
using LookAtPeriods = std::function<std::vector<PeriodFinding>(World const& world, std::size_t site, UtcTime midnight)>;

/// Whether a rule of this kind looks at periods, not at records.
[[nodiscard]] bool asks_for_periods(RuleKind kind) noexcept;
/// Whether any of the rules asks for periods.
[[nodiscard]] bool ask_for_periods(std::span<CompiledRule const> rules) noexcept;
/// The causes that hold after a look. Those of other rules stay as they are; those whose rule is gone end.
[[nodiscard]] std::vector<AlertCause> step_periods(AlertStepInput const& input, std::vector<AlertCause> const& causes,
                                                   std::vector<PeriodFinding> const& findings);

}  // namespace yihong
