#pragma once

#include "yihong/periods/air_outlook.hpp"
#include "yihong/reports/air_point.hpp"
#include "yihong/reports/water_report.hpp"

#include <functional>
#include <string>
#include <vector>

/// Air over a period, computed from the hours and days of the store (空气质量时段统计).
namespace yihong {

struct AirQuery {
    Period period;
    std::optional<Period> base;
    UtcTime as_of{};
    std::vector<std::string> sites;  ///< ids; empty: all air stations
    std::optional<Decimal> good_days_target;  ///< percent of the year
    bool outlook = false;  ///< also what the rest of the year may have
    std::optional<Decimal> pm25_target = {};  ///< of the year's mean, which the outlook is about; none: the limit of the second class
    IndexRules index;
    std::vector<AirPoint> points;  ///< stations that were points of evaluation for some time only
};

/// A station, a county or all stations together.
struct AirRow {
    std::string id;  ///< of a station
    std::string name;
    std::string place;  ///< county of a station
    AirPeriod now, base;  ///< `base` is empty where nothing is compared
    std::vector<AirFigures> figures, base_figures;
    CompositeIndex index;
    std::optional<CompositeIndex> base_index;  ///< by the limits of the period's edition, so that the two can be compared
    /// As measured, with the particles of the days that people marked as dust.
    struct AsMeasured {
        AirPeriod now;
        std::vector<AirFigures> figures;
        CompositeIndex index;
    };
    std::vector<Date> dust;  ///< days of the period marked so; of a place those of any of its stations
    std::optional<AsMeasured> as_measured;  ///< none: no such day
    /// Days that exceed for dust alone: exceeding as measured, not without the particles. Percent of the valid days, one decimal; none without them.
    [[nodiscard]] int exceeded_by_dust() const noexcept;
    [[nodiscard]] int heavy_by_dust() const noexcept;
    [[nodiscard]] std::optional<Decimal> share_by_dust() const;
    int rank = 0;  ///< of a place by its shown index; 0: too few days, or a pollutant without a value
    std::optional<GoodDaysNeeded> needed;  ///< in the year of the period; none: no target
    std::optional<AirOutlook> outlook;  ///< of that year; none: not asked for, or there is no standard then
};

struct AirReport {
    AirQuery query;
    std::string edition;  ///< of HJ 663 and the limits of the figures
    std::vector<AirRow> stations, places;
    AirRow all;
    std::vector<std::string> not_points;  ///< names of stations that are no point of evaluation on any day of the period
    int days_needed = 0;  ///< valid days without which a place has no rank
    PeriodMarks marks;  ///< of dust, that stand and touch the period at a station of the report; the earliest first
    DataState data;
};

/// The daily records of one station, made from its hours (HJ 663); whole months are those that are kept, where somebody keeps them. \throws StoreError
[[nodiscard]] std::vector<Record> read_air_days(ReportRecords const& records, Site const& site, Period const& period,
                                                StandardsBook const& standards, DataState& data);
/// The mean of points day by day; a pollutant counts where 75 % of those that are points on that day have it.
/// \param stations daily records of each \param counts whether one of them, by its place, is a point on a day
[[nodiscard]] std::vector<Record> mean_days(std::vector<std::vector<Record>> const& stations,
                                            std::function<bool(std::size_t, Date)> const& counts, StandardsBook const& standards);

/// \return Errc::bad_value for an unknown site. \throws StoreError
Result<AirReport> make_air_report(AirQuery const& query, World const& world, ReportRecords const& records);

}  // namespace yihong
