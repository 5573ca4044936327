#pragma once

#include "yihong/evaluate/world.hpp"
#include "yihong/periods/allowance.hpp"
#include "yihong/periods/changes.hpp"
#include "yihong/periods/lake_period.hpp"
#include "yihong/periods/trend.hpp"
#include "yihong/reports/section_months.hpp"

#include <string>
#include <utility>
#include <vector>

/// Water over a period, computed from the records of the store (水质时段统计).
namespace yihong {

/// What is asked for. The ends of the period are those of the calendar; `as_of` says what was due by then and whether the period is over.
struct WaterQuery {
    Period period;
    std::optional<Period> base;  ///< compared with: the same period of the year before, the one before, …
    UtcTime as_of{};
    std::vector<std::string> sites;  ///< ids; empty: all sections
    std::string place;  ///< 考核归属 or county; empty: all
    bool outlook = false;  ///< also what the rest of the year may have
    bool trend = false;  ///< also the trend of the means: within the period, or of the same period since a year
    std::optional<int> trend_since = {};  ///< the first of those years; none: within the period
    WaterValidity validity;
    RankingRules ranking;
};

/// A section of the report.
struct SectionRow {
    Site const* site = nullptr;  ///< of the world that the report was made from
    std::string river;
    std::string place;  ///< whose it is (考核归属), else its county
    bool lake = false;
    SectionPeriod now;
    std::optional<SectionPeriod> base;
    std::optional<SectionPeriod> as_measured;  ///< with the days of 断流 and 停测; none: none is left out
    std::optional<SectionPeriod> deducted;  ///< without the items of 自然本底 and 上游来水; none: nothing is marked so
    std::optional<SectionOutlook> outlook;  ///< none: not asked for, no target, or nothing to say
    std::vector<ParameterId> owed_now, owed_then;  ///< 应测项目 that only the period, or only the base, owes by the lists of their years
    std::optional<SectionTrend> trend;  ///< none: not asked for, or the period has fewer parts than a trend needs
    std::optional<FigureChange> index_change;  ///< of its own 水质指数; none: nothing to compare with
    /// By grade, -2 to 2 (change_label); none: it was not evaluated in both periods.
    [[nodiscard]] std::optional<int> change() const noexcept;
};

/// A river or a place with its sections.
struct GroupRow {
    std::string name;
    std::vector<std::size_t> sections;  ///< in the report's, ascending
    bool lakes_only = false;  ///< all of its sections are points of lakes: printed among the lakes
    SectionCounts now, base;  ///< `base` of all its sections
    std::optional<SectionCounts> as_measured, deducted;  ///< as of its sections; none: all of them are as in `now`
    SectionComparison compared;  ///< of those in both
    int grade = 0;  ///< 1 优 to 5 重度污染, 0: nothing to judge
    std::vector<BasinPollutant> main_pollutants;
    std::optional<PlaceIndex> index;  ///< 城市水质指数, smaller is better
    std::optional<Decimal> ranked_by;  ///< the figure of the ranking, as it is shown; none: not ranked
    int rank = 0;  ///< by it, an index only among those over the same items; 0: none
    std::optional<int> change;  ///< -2 to 2 (change_label); none: nothing to compare
    std::optional<FigureTrend> share_trend;  ///< of the share of class I to III; none: not asked for, or too few parts
    std::optional<FigureChange> figure_change;  ///< of a place, of the figure of the ranking; none: nothing to compare with
};

/// A lake or reservoir with its points.
struct LakeRow {
    std::string name;  ///< as of `World::lakes`
    std::vector<std::size_t> points;  ///< in the report's sections
    LakePeriod now;
    std::optional<LakePeriod> base;
    std::optional<int> change;  ///< by grade, -2 to 2 (change_label)
    std::optional<FigureTrend> tli_trend;  ///< of the trophic state index; none: not asked for, or too few parts
};

struct WaterReport {
    WaterQuery query;
    Edition const* edition = nullptr;  ///< of GB 3838
    std::vector<SectionRow> sections;  ///< in the order of the registry
    GroupRow all;
    std::vector<GroupRow> rivers, places;  ///< by name
    std::vector<LakeRow> lakes;  ///< by name
    DataState data;
};

/// Evaluates one section by its months, or by its records where the period is no whole months, without the days of 断流 and 停测. \throws StoreError
[[nodiscard]] SectionPeriod read_section(ReportRecords const& records, Site const& site, SectionFacts const& facts, Period const& period,
                                         WaterValidity const& validity, StandardsBook const& standards, UtcTime as_of, DataState& data);
/// The same with those days. \return nothing where none of them is in the period. \throws StoreError
[[nodiscard]] std::optional<SectionPeriod> read_as_measured(ReportRecords const& records, Site const& site, SectionFacts const& facts,
                                                            SectionPeriod const& section, WaterValidity const& validity,
                                                            StandardsBook const& standards, UtcTime as_of);
/// A section as `read_section` gives it, without the items of 自然本底 and 上游来水 in the months (or in the period, where it is no whole months) that
/// their marks touch. \return nothing where nothing is marked so
[[nodiscard]] std::optional<SectionPeriod> deducted(SectionPeriod const& section, SectionFacts const& facts, WaterValidity const& validity,
                                                    StandardsBook const& standards, UtcTime as_of);
/// What holds of a section over a period: edition and kind of its last day, and what its years owe.
[[nodiscard]] SectionFacts facts_of(Site const& site, StandardsBook const& standards, Period const& period);

/// \return Errc::bad_value for an unknown site, a place without sections, a day without a standard or a trend since a year that is not before the
/// period's. \throws StoreError
Result<WaterReport> make_water_report(WaterQuery const& query, World const& world, ReportRecords const& records);

}  // namespace yihong
