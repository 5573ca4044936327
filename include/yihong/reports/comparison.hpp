#pragma once

#include "yihong/base/result.hpp"
#include "yihong/periods/calendar.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

/// With what a period is compared: the same one of last year (同比), the one before (环比), the same one of a base year (与基准年比).
namespace yihong {

enum class CompareWith : std::uint8_t { year, previous, base, none, named };
struct PeriodComparison {
    CompareWith with = CompareWith::year;
    int named_year = 0;  ///< of `named`
};
/// `year`, `previous`, `base`, `none`, or a year. \return Errc::bad_value naming these
Result<PeriodComparison> parse_comparison(std::string_view text);

/// The period to compare with; none: nothing, or last year has no such week.
/// \param base_year of the configuration
/// \return Errc::bad_value where `base` is asked for and there is none, or the year is not before the period's or has no such week
Result<std::optional<Period>> compared_period(PeriodComparison const& comparison, Period const& period, std::optional<int> base_year);

}  // namespace yihong
