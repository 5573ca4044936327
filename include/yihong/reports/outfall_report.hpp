#pragma once

#include "yihong/evaluate/world.hpp"
#include "yihong/periods/outfall_period.hpp"
#include "yihong/reports/report_content.hpp"
#include "yihong/reports/section_months.hpp"
#include "yihong/reports/settings.hpp"

#include <string>
#include <vector>

/// Outfalls and sewage plants over a period, computed from the hours of the store (排口时段统计).
namespace yihong {

/// Held against its permit or the grade of its plant: an outfall or a sewage plant.
[[nodiscard]] constexpr bool is_outlet(SiteKind kind) noexcept { return kind == SiteKind::outfall || kind == SiteKind::wastewater_plant; }

struct OutfallQuery {
    Period period;
    std::optional<Period> base;  ///< compared with
    UtcTime as_of{};
    std::vector<std::string> sites;  ///< ids; empty: all outfalls and plants
    std::string place;  ///< 考核归属 or county; empty: all
    OutfallRules rules;
    bool fills_loads = true;  ///< of days without one, for which the 60 days before each period are read
};

struct OutfallRow {
    Site const* site = nullptr;  ///< of the world that the report was made from
    std::string place;  ///< whose it is (考核归属), else its county
    OutfallPeriod now;
    PeriodMarks stops;  ///< that stand and touch the period (停运报备): what falls into them is not due
    std::optional<OutfallPeriod> as_measured;  ///< as if nothing had been reported; none: nothing was
    std::optional<OutfallPeriod> base;
};

struct OutfallReport {
    OutfallQuery query;
    std::vector<OutfallRow> rows;  ///< in the order of the registry
    UtcTime provisional_until{};  ///< papers for stops and repairs come up to then: the 10th of the month after the period
    DataState data;
    [[nodiscard]] bool is_provisional() const noexcept { return query.as_of < provisional_until; }
};

/// The limits of an outlet: those of the discharge rules that cover it. A rule that names the site (its permit) goes before all others; of
/// others the strictest upper limit of an item holds.
[[nodiscard]] std::vector<OutfallLimit> limits_of(Site const& site, OverlayFacts const& facts, AlertPlan const& plan,
                                                  ParameterBook const& parameters);

/// \return Errc::bad_value for a site that is no outlet. \throws StoreError
Result<OutfallReport> make_outfall_report(OutfallQuery const& query, World const& world, ReportRecords const& records);

/// All of the report (污水处理厂和排口达标报告). Names and columns are always the same.
ReportContent outfall_report_content(OutfallReport const& report, ParameterBook const& parameters, PrintOptions const& options);
/// That of a report without outlets: the names to ask for.
ReportContent outfall_report_names(ParameterBook const& parameters, Date day);

/// As one page to be printed on A4. The same report and options give the same bytes.
std::string outfall_report_html(OutfallReport const& report, ParameterBook const& parameters, PrintOptions const& options);

}  // namespace yihong
