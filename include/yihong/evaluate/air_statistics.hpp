#pragma once

#include "yihong/evaluate/judge.hpp"

#include <functional>
#include <map>
#include <span>
#include <string>

/// Days, months and years of ambient air (环境空气质量评价技术规范, HJ 663). Values in, values out; hours without a valid value are empty.
namespace yihong {

/// Mean of the valid hours of a day, half to even. \return nothing with fewer valid hours than the day needs (20)
[[nodiscard]] std::optional<Decimal> daily_mean(std::span<std::optional<Decimal> const> hours, AirStatistics const& statistics,
                                                int decimals);
/// Mean of eight hours. \return nothing with fewer than six valid ones
[[nodiscard]] std::optional<Decimal> eight_hour_mean(std::span<std::optional<Decimal> const> hours, AirStatistics const& statistics,
                                                     int decimals);
/// The highest 8 h mean of a day (日最大8小时平均). \param hours the day's 24 hours; the mean that ends at 08:00 is that of the first eight
/// \return nothing with fewer than 14 means, unless their highest exceeds `limit`
[[nodiscard]] std::optional<Decimal> daily_highest_8h(std::span<std::optional<Decimal> const> hours, AirStatistics const& statistics,
                                                      Decimal const& limit, int decimals);

[[nodiscard]] bool month_is_valid(int valid_days, std::chrono::month month, AirStatistics const& statistics) noexcept;
/// \param days_by_month valid days of January to December
[[nodiscard]] bool year_is_valid(std::array<int, 12> const& days_by_month, AirStatistics const& statistics) noexcept;
/// The mean over a city's points. \return nothing when fewer than 75 % of them are valid
[[nodiscard]] std::optional<Decimal> city_mean(std::span<std::optional<Decimal> const> points, AirStatistics const& statistics,
                                               int decimals);

/// x[s] + (x[s+1] - x[s]) (k - s) with k = 1 + (n - 1) p, s = floor(k), over ascending values; exact. \param p 0 to 1. \return nothing without values
[[nodiscard]] std::optional<Decimal> percentile(std::span<Decimal const> values, Decimal const& p);

/// Good days (优良天数): days with AQI up to 100 among the valid days.
struct GoodDays {
    int good = 0;
    int valid = 0;
    Decimal percent;  ///< one decimal; 0 without valid days
};
/// \param indices one a day; empty where the day has no valid index
[[nodiscard]] GoodDays good_days(std::span<std::optional<int> const> indices);

/// A value against a limit of GB 3095.
struct LimitCheck {
    bool met = true;  ///< value <= limit
    std::optional<Decimal> multiple;  ///< (C - S) / S, two decimals, where the limit is exceeded
};
/// \pre limit > 0
[[nodiscard]] LimitCheck check_limit(Decimal const& value, Decimal const& limit);

/// One pollutant over a period: its mean and its percentile against the class 2 limits.
struct PollutantPeriod {
    ParameterId parameter = 0;
    std::size_t days = 0;
    std::optional<Decimal> mean;  ///< only where it is assessed; decimals of the parameter
    std::optional<Decimal> percentile;  ///< decimals of the parameter
    LimitCheck mean_check, percentile_check;
    bool met = true;  ///< all that is assessed
};
/// \param daily the valid daily figures (means; for O3 the highest 8 h mean)
[[nodiscard]] PollutantPeriod evaluate_pollutant(AirStatistics::Item const& item, std::span<Decimal const> daily, AirLimits const& limits,
                                                 int decimals);

/// How a composite index is formed where a bureau does not take the plain sum. Which form is the national one after 2026-03-01 was not found.
struct IndexRules {
    std::map<std::string, int, std::less<>> weights = {};  ///< by our names of pollutants; 1 for those that are not named
    int decimals = 2;  ///< of the index; with three the sub-indices are rounded to three before they are added
    bool operator==(IndexRules const&) const = default;
};

/// Composite index (环境空气质量综合指数): the sum of C / S, smaller is better.
struct CompositeIndex {
    std::vector<std::pair<ParameterId, Decimal>> parts;  ///< four decimals
    Decimal total;  ///< with the decimals of its rules
    ParameterId largest = 0;  ///< 最大单项
    std::vector<ParameterId> missing;
    /// Of a pollutant in the sum of all (分担率): percent, one decimal. \return nothing where it has no part
    [[nodiscard]] std::optional<Decimal> share(ParameterId parameter) const;
};
/// \param weights by pollutant; 1 for those that are not named \param decimals of IndexRules
/// \param values period means of SO2, NO2, PM10, PM2.5, the 95th percentile of CO, the 90th of O3 8 h
[[nodiscard]] CompositeIndex composite_index(std::span<std::pair<ParameterId, Decimal> const> values, AirStatistics const& statistics,
                                             std::span<std::pair<ParameterId, int> const> weights = {}, int decimals = 2);

}  // namespace yihong
