#pragma once

#include "yihong/http/parameters.hpp"
#include "yihong/reports/comparison.hpp"
#include "yihong/reports/settings.hpp"

#include <optional>

namespace yihong::api {

/// What `compare` asks for of a period (`compared_period`), its failures by the name of the parameter.
inline Result<std::optional<Period>> base_of(PeriodComparison const& comparison, Period const& period, ReportSettings const& settings)
{
    auto base = compared_period(comparison, period, settings.base_year);
    return base ? base : fail(base.error().code, "compare: " + base.error().detail);
}

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
        http::Reader<PeriodComparison>{{}, parse_comparison}, &Into::compare);
}

}  // namespace yihong::api
