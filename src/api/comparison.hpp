#pragma once

#include "yihong/http/parameters.hpp"
#include "yihong/reports/settings.hpp"

#include <cstdint>
#include <optional>
#include <utility>

/// With what a period is compared: the same one of last year (同比), the one before (环比), the same one of a base year (与基准年比).
namespace yihong::api {

enum class CompareWith : std::uint8_t { year, previous, base, none, named };
struct Comparison {
    CompareWith with = CompareWith::year;
    int named_year = 0;  ///< of `named`
};
/// `year`, `previous`, `base`, `none`, or a year. \return Errc::bad_value naming these
Result<Comparison> parse_comparison(std::string_view text);

/// The period to compare with; none: nothing, or last year has no such week.
/// \return Errc::bad_value where no base year is configured, or the one named is not before the period or has no such week
Result<std::optional<Period>> base_of(Comparison const& comparison, Period const& period, ReportSettings const& settings);

/// `compare`. \param what it says when nothing is given
template <typename Into>
http::Parameter<Into> compare_parameter(http::Text usual)
{
    return http::query(
        "compare",
        {"与什么比较：year 上年同期、previous 上一时段、base 基准年（[reports] base_year）同期、某年同期（如 2020）、none 不比较；" +
             usual.zh,
         "compared with year: the same period of last year, previous: the one before, base: the same of the base year "
         "([reports] base_year), a year such as 2020: the same of that year, or none; " +
             usual.en},
        http::Reader<Comparison>{{}, parse_comparison}, &Into::compare);
}

}  // namespace yihong::api
