#include "yihong/evaluate/air_statistics.hpp"

#include "yihong/evaluate/exact.hpp"

#include <algorithm>
#include <numeric>

namespace yihong {
namespace {

/// \return nothing with fewer than `fewest` values, or none
std::optional<Decimal> mean_of_valid(std::span<std::optional<Decimal> const> values, int fewest, int decimals)
{
    exact::Int sum = 0;
    int count = 0;
    for (auto const& value : values)
        if (value) {
            sum += exact::raised(*value, Decimal::max_scale);
            ++count;
        }
    if (count < std::max(fewest, 1))
        return std::nullopt;
    return exact::to_decimal(exact::divided_half_even(sum, count * exact::power_of_ten(Decimal::max_scale - decimals)), decimals);
}

}  // namespace

std::optional<Decimal> daily_mean(std::span<std::optional<Decimal> const> hours, AirStatistics const& statistics, int decimals)
{
    return mean_of_valid(hours, statistics.hours_a_day, decimals);
}

std::optional<Decimal> eight_hour_mean(std::span<std::optional<Decimal> const> hours, AirStatistics const& statistics, int decimals)
{
    return mean_of_valid(hours, statistics.hours_in_8h, decimals);
}

std::optional<Decimal> daily_highest_8h(std::span<std::optional<Decimal> const> hours, AirStatistics const& statistics,
                                        Decimal const& limit, int decimals)
{
    std::optional<Decimal> highest;
    int means = 0;
    for (auto end = static_cast<std::size_t>(std::max(statistics.first_8h_ends_at, 8)); end <= hours.size(); ++end)
        if (auto const mean = eight_hour_mean(hours.subspan(end - 8, 8), statistics, decimals)) {
            ++means;
            highest = highest ? std::max(*highest, *mean) : *mean;
        }
    return highest && (means >= statistics.means_8h_a_day || *highest > limit) ? highest : std::nullopt;
}

bool month_is_valid(int valid_days, std::chrono::month month, AirStatistics const& statistics) noexcept
{
    return valid_days >= (month == std::chrono::February ? statistics.days_in_february : statistics.days_a_month);
}

bool year_is_valid(std::array<int, 12> const& days_by_month, AirStatistics const& statistics) noexcept
{
    for (unsigned month = 1; month <= 12; ++month)
        if (!month_is_valid(days_by_month[month - 1], std::chrono::month{month}, statistics))
            return false;
    return std::accumulate(days_by_month.begin(), days_by_month.end(), 0) >= statistics.days_a_year;
}

std::optional<Decimal> city_mean(std::span<std::optional<Decimal> const> points, AirStatistics const& statistics, int decimals)
{
    auto const needed = (static_cast<int>(points.size()) * statistics.points_percent + 99) / 100;
    return mean_of_valid(points, needed, decimals);
}

std::optional<Decimal> percentile(std::span<Decimal const> values, Decimal const& p)
{
    if (values.empty() || values.size() > 1'000'000 || p < Decimal{} || p > Decimal{1, 0})
        return std::nullopt;
    std::vector<Decimal> sorted(values.begin(), values.end());
    std::ranges::sort(sorted);
    auto const place = exact::product(Decimal{static_cast<std::int64_t>(sorted.size() - 1), 0}, p);       // k - 1
    auto const whole = static_cast<std::int64_t>(exact::raised(place, place.scale()) / exact::power_of_ten(place.scale()));
    auto const s = static_cast<std::size_t>(whole);
    if (s + 1 == sorted.size())
        return sorted[s];
    auto const step = exact::product(exact::minus(sorted[s + 1], sorted[s]), exact::minus(place, Decimal{whole, 0}));
    return exact::plus(sorted[s], step).normalized();
}

GoodDays good_days(std::span<std::optional<int> const> indices)
{
    GoodDays days;
    for (auto const& index : indices) {
        days.valid += index.has_value();
        days.good += index && *index <= 100;
    }
    if (days.valid > 0)
        days.percent = exact::quotient(Decimal{days.good * 100LL, 0}, Decimal{days.valid, 0}, 1);
    return days;
}

LimitCheck check_limit(Decimal const& value, Decimal const& limit)
{
    if (value <= limit)
        return {};
    return {false, exact::quotient(exact::minus(value, limit), limit, 2)};
}

PollutantPeriod evaluate_pollutant(AirStatistics::Item const& item, std::span<Decimal const> daily, AirLimits const& limits, int decimals)
{
    PollutantPeriod period;
    period.parameter = item.parameter;
    period.days = daily.size();
    auto const check = [&](std::optional<Decimal> const& value, Averaging averaging, LimitCheck& into) {
        auto const* limit = limits.find(item.parameter, averaging);
        if (value && limit)
            into = check_limit(*value, limit->class2);
        period.met = period.met && into.met;
    };
    if (item.mean) {
        std::vector<std::optional<Decimal>> const values(daily.begin(), daily.end());
        period.mean = mean_of_valid(values, 1, decimals);
        check(period.mean, Averaging::year, period.mean_check);
    }
    if (auto const exact_value = percentile(daily, item.percentile))
        period.percentile = exact_value->rounded(decimals);
    check(period.percentile, item.averaging, period.percentile_check);
    return period;
}

std::optional<Decimal> CompositeIndex::share(ParameterId parameter) const
{
    Decimal sum, of;
    for (auto const& [id, part] : parts) {
        sum = exact::plus(sum, part);
        if (id == parameter)
            of = part;
    }
    if (sum == Decimal{} || std::ranges::find(parts, parameter, &std::pair<ParameterId, Decimal>::first) == parts.end())
        return std::nullopt;
    return exact::quotient(exact::product(of, Decimal{100, 0}), sum, 1);
}

CompositeIndex composite_index(std::span<std::pair<ParameterId, Decimal> const> values, AirStatistics const& statistics,
                               std::span<std::pair<ParameterId, int> const> weights, int decimals)
{
    CompositeIndex index;
    Decimal most{-1, 0};
    for (auto const& [parameter, limit] : statistics.composite_limits) {
        auto const value = std::ranges::find(values, parameter, &std::pair<ParameterId, Decimal>::first);
        if (value == values.end()) {
            index.missing.push_back(parameter);
            continue;
        }
        auto part = exact::quotient(value->second, limit, 9);
        if (decimals > 2)
            part = part.rounded(decimals);
        if (auto const weight = std::ranges::find(weights, parameter, &std::pair<ParameterId, int>::first); weight != weights.end())
            part = exact::to_decimal(exact::raised(part, 9) * weight->second, 9);
        if (part > most) {
            most = part;
            index.largest = parameter;
        }
        index.total = exact::plus(index.total, part);
        index.parts.emplace_back(parameter, part.rounded(4));
    }
    index.total = index.total.rounded(decimals);
    return index;
}

}  // namespace yihong
