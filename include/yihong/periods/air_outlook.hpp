#pragma once

#include "yihong/periods/air_period.hpp"
#include "yihong/periods/allowance.hpp"

#include <optional>
#include <span>
#include <vector>

/// What the rest of a year may have so that its air meets the limits (空气质量年度余量): the mean of PM2.5, and the days above those that percentiles allow.
namespace yihong {

struct AirOutlook {
    /// PM2.5: the mean that the days left may have.
    struct Mean {
        ParameterId parameter = 0;
        Decimal target;
        bool is_limit = false;  ///< no target was given: it is the limit of the standard
        int valid_days = 0;
        Decimal so_far;  ///< as it is printed
        std::optional<RemainingMean> rest;  ///< none: no day is left
        [[nodiscard]] bool is_met_so_far() const noexcept { return so_far <= target; }
        /// Not even with nothing in the air on the days left.
        [[nodiscard]] bool is_out_of_reach() const noexcept { return rest ? rest->with_margin < Decimal{} : !is_met_so_far(); }
    };
    /// O3 and CO: days above the limit that their percentile is held against.
    struct Percentile {
        ParameterId parameter = 0;
        Decimal percentile;  ///< such as 0.90
        Decimal limit;
        int days = 0;  ///< of the year: those with a value, and those that are left
        int over = 0;  ///< above the limit so far
        DaysOver allowed;
        /// Days that may still exceed with the percentile surely met; negative: already more.
        [[nodiscard]] int may_still_exceed() const noexcept { return allowed.surely_met_up_to - over; }
        [[nodiscard]] bool is_missed() const noexcept { return over >= allowed.surely_missed_from; }
    };
    int days_left = 0;
    std::optional<Mean> pm25;  ///< none: no day has a value
    std::vector<Percentile> percentiles;
};

/// \param records of kind `day` of one place, of the year so far \param dust dates whose particles are left out
/// \param pm25_target of the year; none: the limit of the edition in force on `edition_of` (GB 3095, second class)
/// \return nothing where no edition is in force then
[[nodiscard]] std::optional<AirOutlook> air_outlook(std::span<Record const> records, std::span<Date const> dust, Date edition_of,
                                                    std::optional<Decimal> const& pm25_target, int days_left,
                                                    StandardsBook const& standards);

}  // namespace yihong
