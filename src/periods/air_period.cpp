#include "yihong/periods/air_period.hpp"

#include <algorithm>

namespace yihong {
namespace {

bool is_particle(ParameterId id, ParameterBook const& parameters)
{
    auto const* parameter = parameters.find(id);
    return parameter && (parameter->name.starts_with("pm10") || parameter->name.starts_with("pm25"));
}

/// \param as_it_is also where the edition would publish no index because a pollutant is missing: a dust day has none of its particles
std::optional<DayIndex> index_of(Record const& record, AqiStandard const& standard, ParameterBook const& parameters, bool as_it_is)
{
    auto const judged = judge_air(record, standard, parameters);
    if (judged.published || !as_it_is)
        return judged.published && judged.aqi > 0 ? std::optional{DayIndex{judged.aqi, judged.level, judged.primary}} : std::nullopt;
    DayIndex rest;                                   // of the pollutants that are there
    for (auto const& item : judged.items)
        if (item.counted && item.iaqi > 0 && item.iaqi >= rest.aqi) {
            if (item.iaqi > rest.aqi)
                rest.primary.clear();
            rest.aqi = item.iaqi;
            rest.primary.push_back(item.reading.parameter);
        }
    constexpr int no_primary_up_to = 50;
    if (rest.aqi <= no_primary_up_to)
        rest.primary.clear();
    rest.level = aqi_level(rest.aqi);
    return rest.aqi > 0 ? std::optional{rest} : std::nullopt;
}

void count(AirCounts& counts, std::vector<std::optional<int>>& indices, std::optional<DayIndex> const& day)
{
    indices.push_back(day ? std::optional{day->aqi} : std::nullopt);
    if (!day)
        return;
    ++counts.by_level.at(static_cast<std::size_t>(day->level));
    counts.heavy += day->level >= 5;
    for (auto const id : day->primary)
        ++counts.primary[id];
}

}  // namespace

AirDay judge_day(Record const& record, StandardsBook const& standards, bool dust)
{
    auto const& parameters = standards.parameters();
    AirDay made;
    made.date = beijing_date(record.time);
    made.dust = dust;
    auto judged = record;
    if (dust)
        std::erase_if(judged.readings, [&](Reading const& reading) { return is_particle(reading.parameter, parameters); });
    if (auto const* standard = standards.aqi(made.date))
        made.valid_then = index_of(judged, *standard, parameters, dust);
    for (auto const& standard : standards.aqi_)
        made.by_edition.push_back(index_of(judged, standard, parameters, dust));
    return made;
}

AirPeriod count_air_days(Period const& period, std::span<AirDay const> days, StandardsBook const& standards, UtcTime now)
{
    AirPeriod made;
    std::vector<std::optional<int>> then;
    std::vector<std::vector<std::optional<int>>> on_table(standards.aqi_.size());
    for (auto const& standard : standards.aqi_)
        made.by_edition.emplace_back(standard.edition.label, AirCounts{});
    for (auto const& one : days) {
        if (!period.contains(beijing_midnight(one.date)))
            continue;
        count(made.valid_then, then, one.valid_then);
        for (std::size_t i = 0; i < on_table.size() && i < one.by_edition.size(); ++i)
            count(made.by_edition[i].second, on_table[i], one.by_edition[i]);
    }
    made.valid_then.days = good_days(then);
    for (std::size_t i = 0; i < on_table.size(); ++i)
        made.by_edition[i].second.days = good_days(on_table[i]);
    made.days_due = days_in(until(period, now));
    return made;
}

std::vector<Decimal> daily_figures(std::span<Record const> records, std::span<Date const> dust, ParameterId parameter,
                                   ParameterBook const& parameters)
{
    bool const particle = is_particle(parameter, parameters);
    std::vector<Decimal> daily;
    for (auto const& record : records) {
        if (record.interval != IntervalKind::day || (particle && std::ranges::find(dust, beijing_date(record.time)) != dust.end()))
            continue;
        auto const* reading = record.find(parameter);
        if (reading && is_valid(*reading))
            daily.push_back(reading->value);
    }
    return daily;
}

std::vector<AirFigures> air_figures(std::span<Record const> records, std::span<Date const> dust, Date edition_of,
                                    StandardsBook const& standards)
{
    std::vector<AirFigures> all;
    auto const* statistics = standards.air_statistics(edition_of);
    auto const* limits = standards.air_limits(edition_of);
    if (!statistics || !limits)
        return all;
    for (auto const& item : statistics->items) {
        auto const* parameter = standards.parameters().find(item.parameter);
        auto const daily = daily_figures(records, dust, item.parameter, standards.parameters());
        all.push_back({evaluate_pollutant(item, daily, *limits, parameter ? parameter->decimals : 0), static_cast<int>(daily.size())});
    }
    return all;
}

CompositeIndex composite_of(std::span<AirFigures const> figures, Date edition_of, StandardsBook const& standards, IndexRules const& rules)
{
    std::vector<std::pair<ParameterId, Decimal>> values;
    for (auto const& one : figures)
        if (auto const& value = one.pollutant.mean ? one.pollutant.mean : one.pollutant.percentile)
            values.emplace_back(one.pollutant.parameter, *value);
    auto const* statistics = standards.air_statistics(edition_of);
    std::vector<std::pair<ParameterId, int>> weights;
    for (auto const& [name, weight] : rules.weights)
        if (auto const* parameter = standards.parameters().find(name))
            weights.emplace_back(parameter->id, weight);
    return statistics ? composite_index(values, *statistics, weights, rules.decimals) : CompositeIndex{};
}

}  // namespace yihong
