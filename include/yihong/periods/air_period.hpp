#pragma once

#include "yihong/evaluate/air_statistics.hpp"
#include "yihong/periods/calendar.hpp"

#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

/// The days of an air station, a county or a city over a period (HJ 633, HJ 663), across the change of editions.
namespace yihong {

/// A day judged by one edition.
struct DayIndex {
    int aqi = 0;
    int level = 0;  ///< 1 to 6
    std::vector<ParameterId> primary;
};
/// A day of the calendar with what is known of it. A day without an index is not valid and leaves the counts.
struct AirDay {
    Date date;
    std::optional<DayIndex> valid_then;  ///< by the edition in force on the day: the legal count
    std::vector<std::optional<DayIndex>> by_edition;  ///< by every edition of the book, in its order: for comparison on one table
    bool dust = false;  ///< marked by people: particles left out, the day stays and is judged by the rest
};
/// \param record of kind `day`; \param dust leaves PM10 and PM2.5 out
[[nodiscard]] AirDay judge_day(Record const& record, StandardsBook const& standards, bool dust = false);

struct AirCounts {
    GoodDays days;
    std::array<int, 7> by_level{};  ///< 1 to 6
    int heavy = 0;  ///< 重度及以上
    std::map<ParameterId, int> primary;  ///< days on which it was the primary pollutant, or one of several
    friend bool operator==(AirCounts const& a, AirCounts const& b)
    {
        return a.days.good == b.days.good && a.days.valid == b.days.valid && a.by_level == b.by_level && a.primary == b.primary;
    }
};
/// The counts of a period that the change of editions may cut: as valid on the day, and by each edition.
struct AirPeriod {
    AirCounts valid_then;
    std::vector<std::pair<std::string, AirCounts>> by_edition;  ///< its label, and the whole period on its table
    int days_due = 0;  ///< by the calendar, up to now
};
[[nodiscard]] AirPeriod count_air_days(Period const& period, std::span<AirDay const> days, StandardsBook const& standards, UtcTime now);

/// The valid daily figures that statistics of a pollutant take: the mean of the day; of O3 the highest 8 h mean, which day records carry under its name.
/// \param records of one place; those that are not of kind `day` are passed over \param dust dates whose particles are left out
[[nodiscard]] std::vector<Decimal> daily_figures(std::span<Record const> records, std::span<Date const> dust, ParameterId parameter,
                                                 ParameterBook const& parameters);
/// What the daily figures of one pollutant are over the period: mean, percentile, limits. Dust days leave the means of particles.
struct AirFigures {
    PollutantPeriod pollutant;
    int valid_days = 0;
};
/// \param records of kind `day`, of one place; \param dust dates whose particles are left out
[[nodiscard]] std::vector<AirFigures> air_figures(std::span<Record const> records, std::span<Date const> dust, Date edition_of,
                                                  StandardsBook const& standards);
/// The composite index of these figures; what is missing is named in it. Limits are those of the edition in force on that date.
[[nodiscard]] CompositeIndex composite_of(std::span<AirFigures const> figures, Date edition_of, StandardsBook const& standards,
                                          IndexRules const& rules = {});

}  // namespace yihong
