#pragma once

#include "yihong/base/snapshot.hpp"
#include "yihong/evaluate/mark_book.hpp"
#include "yihong/evaluate/period_findings.hpp"
#include "yihong/reports/section_months.hpp"
#include "yihong/reports/settings.hpp"

namespace yihong {

/// What a look at periods reads; everything outlives it.
struct PeriodRuleMaterials {
    Records const& records;
    SectionMonths* months;  ///< null: none are kept
    Snapshot<ReportSettings> const& settings;
    Snapshot<MarkBook> const& marks;
    AirMonths* air_months = nullptr;  ///< null: none are kept
};

/// The rules about periods (时段考核规则) by the arithmetic of reports: each site's year so far, its good days, its day before, read from the records that
/// there are and what people have marked. \throws StoreError when it looks
[[nodiscard]] LookAtPeriods look_at_periods(PeriodRuleMaterials const& materials);

}  // namespace yihong
