#pragma once

#include "yihong/evaluate/alert_rules.hpp"
#include "yihong/evaluate/judge.hpp"
#include "yihong/model/alert.hpp"

/// The values behind an alert (预警的数值): what its items are now, and what they were at their worst. Pure functions.
namespace yihong {

/// The records of a site and interval that a step of its alerts rests on.
struct AlertRecords {
    AlertStepInput const& input;
    RecordsBack const& back;                       ///< `back(0)` is the newest
    bool changed_before = false;                   ///< a record came late or was corrected: what was worst is looked for once more
};

/// An item of a water record, beside the limit of the class.
[[nodiscard]] Exceedance exceedance_of(ItemJudgement const& judged, UtcTime time, int limit_class);

/// Puts an item among the worst of an alert, one a parameter, ascending: by class, then by value.
void keep_worse(std::vector<Exceedance>& worst, Exceedance const& item);

/// Brings an alert that has taken its causes up to what the records say: `present`, `water_class`, `aqi` while it is not over, or a
/// person's word stands against the readings; `worst`, the peaks and their time. A value that was corrected or withdrawn leaves all of
/// them; where nothing is left that the alert ever objected to, its first and last time go too.
/// \param records null: no record is behind the step, and the causes alone are looked at
void take_values(Alert& alert, AlertRecords const* records);

}  // namespace yihong
