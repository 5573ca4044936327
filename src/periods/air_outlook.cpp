#include "yihong/periods/air_outlook.hpp"

#include <algorithm>

namespace yihong {
namespace {

AirOutlook::Percentile percentile_of(AirStatistics::Item const& item, std::span<Decimal const> daily, Decimal const& limit, int days_left)
{
    AirOutlook::Percentile made{.parameter = item.parameter, .percentile = item.percentile, .limit = limit};
    made.days = static_cast<int>(daily.size()) + days_left;
    made.over = static_cast<int>(std::ranges::count_if(daily, [&](Decimal const& value) { return value > limit; }));
    made.allowed = days_over(made.days, item.percentile);
    return made;
}

std::optional<AirOutlook::Mean> mean_of(AirFigures const& figures, std::optional<Decimal> const& wanted, AirLimits const& limits,
                                        int days_left, ParameterBook const& parameters)
{
    auto const* parameter = parameters.find(figures.pollutant.parameter);
    auto const* limit = limits.find(figures.pollutant.parameter, Averaging::year);
    if (!parameter || !figures.pollutant.mean || (!wanted && !limit))
        return std::nullopt;
    AirOutlook::Mean made{.parameter = parameter->id,
                          .target = wanted ? *wanted : limit->class2,
                          .is_limit = !wanted,
                          .valid_days = figures.valid_days,
                          .so_far = *figures.pollutant.mean,
                          .rest = {}};
    if (days_left > 0)
        made.rest = remaining_mean(made.target, parameter->decimals, made.valid_days, made.so_far, days_left);
    return made;
}

}  // namespace

std::optional<AirOutlook> air_outlook(std::span<Record const> records, std::span<Date const> dust, Date edition_of,
                                      std::optional<Decimal> const& pm25_target, int days_left, StandardsBook const& standards)
{
    auto const* statistics = standards.air_statistics(edition_of);
    auto const* limits = standards.air_limits(edition_of);
    if (!statistics || !limits)
        return std::nullopt;
    auto const& parameters = standards.parameters();
    AirOutlook made;
    made.days_left = days_left;
    auto const figures = air_figures(records, dust, edition_of, standards);
    for (std::size_t i = 0; i < figures.size(); ++i) {
        auto const& item = statistics->items[i];
        auto const* parameter = parameters.find(item.parameter);
        if (parameter && parameter->name == "pm25")
            made.pm25 = mean_of(figures[i], pm25_target, *limits, days_left, parameters);
        auto const* limit = limits->find(item.parameter, item.averaging);
        if (!item.mean && limit && figures[i].valid_days > 0)
            made.percentiles.push_back(
                percentile_of(item, daily_figures(records, dust, item.parameter, parameters), limit->class2, days_left));
    }
    return made;
}

}  // namespace yihong
