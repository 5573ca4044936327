#include "yihong/evaluate/water_statistics.hpp"

#include "yihong/evaluate/exact.hpp"
#include "yihong/evaluate/period_sums.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <numeric>

namespace yihong {
namespace {

Reading const* valid_reading(Record const& record, ParameterId parameter) noexcept
{
    auto const* reading = record.find(parameter);
    return reading && is_valid(*reading) ? reading : nullptr;
}

Decimal percent_of(int part, int total) { return total > 0 ? exact::quotient(Decimal{part * 100LL, 0}, Decimal{total, 0}, 1) : Decimal{}; }

std::optional<Decimal> mean(std::span<Sample const> samples, bool ph, int decimals)
{
    ValueSum sum{ph};
    for (auto const& sample : samples)
        sum.add(sample);
    return sum.mean(decimals);
}

/// Items that are worse than class III, with the number of sections where they are.
std::vector<BasinPollutant> over_in(std::span<WaterJudgement const* const> sections)
{
    std::vector<BasinPollutant> over;
    for (auto const* section : sections)
        for (auto const& item : section->items) {
            if (!item.counted || item.item_class <= 3)
                continue;
            auto const known = std::ranges::find(over, item.reading.parameter, &BasinPollutant::parameter);
            if (known == over.end())
                over.push_back({item.reading.parameter, 1, std::nullopt, std::nullopt});
            else
                ++known->sections_over;
        }
    return over;
}

template <std::size_t N>
std::string_view label_of(std::array<std::string_view, N> const& labels, int place) noexcept
{
    return place > 0 && static_cast<std::size_t>(place) <= N ? labels[static_cast<std::size_t>(place) - 1] : std::string_view{};
}

}  // namespace

std::optional<Decimal> mean_of(std::span<Sample const> samples, int decimals) { return mean(samples, false, decimals); }
std::optional<Decimal> ph_mean_of(std::span<Sample const> samples, int decimals) { return mean(samples, true, decimals); }

Record mean_record(std::span<Record const> records, StandardsBook const& standards)
{
    Record mean;
    if (records.empty())
        return mean;
    mean.site = records[0].site;
    mean.interval = records[0].interval;
    mean.time = records[0].time;
    PeriodSums sums{standards.parameters()};
    for (auto const& record : records)
        sums.add(record);
    mean.readings = sums.means(standards.parameters());
    return mean;
}

WaterJudgement judge_period(std::span<Record const> records, bool lake, WaterStandard const& standard, StandardsBook const& standards)
{
    return judge_water(mean_record(records, standards), lake, standard, standards.parameters());
}

std::vector<DrinkingWaterJudgement> judge_drinking_water(Record const& record, WaterStandard const& standard)
{
    std::vector<DrinkingWaterJudgement> all;
    for (auto const& item : standard.drinking_water)
        if (auto const* reading = valid_reading(record, item.parameter)) {
            auto const assessed = reading->value.rounded_keeping_nonzero(item.decimals);
            bool const met = assessed <= item.limit;
            all.push_back({*reading, assessed, &item, met, met ? std::nullopt : std::optional{multiple_over(assessed, item.limit)}});
        }
    return all;
}

std::optional<Decimal> dissolved_oxygen_saturation(Decimal const& water_temperature)
{
    if (water_temperature < Decimal{} || water_temperature > Decimal{60, 0})
        return std::nullopt;
    return exact::quotient(Decimal{468, 0}, exact::plus(Decimal{316, 1}, water_temperature), 2);
}

std::optional<bool> temperature_change_is_permitted(WaterItem const& item, Decimal const& natural_mean, Decimal const& observed_mean)
{
    if (item.rule != LimitRule::change)
        return std::nullopt;
    auto const change = exact::minus(observed_mean, natural_mean);
    return item.range_low <= change && change <= item.range_high;
}

Decimal ClassCounts::good_share() const { return percent_of(good, total()); }
Decimal ClassCounts::bad_share() const { return percent_of(bad, total()); }

int basin_grade(ClassCounts const& counts, WaterEvaluation const& evaluation) noexcept
{
    std::int64_t const total = counts.total();
    auto const at_least = [&](std::int64_t part, int percent) { return part * 100 >= percent * total; };
    if (total == 0)
        return 0;
    if (at_least(counts.good, evaluation.excellent_good))
        return 1;
    if (at_least(counts.good, evaluation.fine_good))
        return 2;
    return !at_least(counts.bad, evaluation.moderate_bad) ? 3 : !at_least(counts.bad, evaluation.heavy_bad) ? 4 : 5;
}

BasinJudgement judge_basin(std::span<Record const> sections, WaterStandard const& standard, WaterEvaluation const& evaluation,
                           StandardsBook const& standards)
{
    std::vector<WaterJudgement> judged;
    judged.reserve(sections.size());
    for (auto const& section : sections)
        judged.push_back(judge_water(section, false, standard, standards.parameters()));
    std::vector<WaterJudgement const*> all;
    all.reserve(judged.size());
    for (auto const& one : judged)
        all.push_back(&one);
    auto basin = judge_basin(all, evaluation);
    if (basin.counts.total() >= evaluation.sections_for_shares)
        return basin;
    basin.mean = judge_period(sections, false, standard, standards);
    basin.grade = water_grade(basin.mean->water_class);
    auto const over = over_in(all);
    for (auto const& main : basin.mean->main_pollutants) {
        auto const known = std::ranges::find(over, main.parameter, &BasinPollutant::parameter);
        if (basin.main_pollutants.size() < static_cast<std::size_t>(evaluation.main_pollutants))
            basin.main_pollutants.push_back({main.parameter, known == over.end() ? 0 : known->sections_over, std::nullopt, main.multiple});
    }
    return basin;
}

BasinJudgement judge_basin(std::span<WaterJudgement const* const> sections, WaterEvaluation const& evaluation)
{
    BasinJudgement basin;
    for (auto const* section : sections)
        if (int const one = section->water_class; one > 0)
            ++(one <= 3 ? basin.counts.good : one <= 5 ? basin.counts.middle : basin.counts.bad);
    if (basin.counts.total() < evaluation.sections_for_shares)
        return basin;
    basin.grade = basin_grade(basin.counts, evaluation);
    auto over = over_in(sections);
    std::ranges::sort(over, [](BasinPollutant const& a, BasinPollutant const& b) {
        return a.sections_over != b.sections_over ? a.sections_over > b.sections_over : a.parameter < b.parameter;
    });
    over.resize(std::min(over.size(), static_cast<std::size_t>(evaluation.main_pollutants)));
    for (auto& pollutant : over)
        pollutant.exceed_rate = percent_of(pollutant.sections_over, basin.counts.total());
    basin.main_pollutants = std::move(over);
    return basin;
}

int change_of_grade(int before, int now) noexcept { return std::clamp(before - now, -2, 2); }

int change_of_shares(Decimal const& good_before, Decimal const& bad_before, Decimal const& good_now, Decimal const& bad_now,
                     WaterEvaluation const& evaluation)
{
    auto const x = exact::minus(exact::minus(good_now, good_before), exact::minus(bad_now, bad_before));
    Decimal const size{std::llabs(x.mantissa()), x.scale()};
    int const strength = size <= Decimal{evaluation.change_some, 0} ? 0 : size <= Decimal{evaluation.change_clear, 0} ? 1 : 2;
    return x < Decimal{} ? -strength : strength;
}

int larger_change(int by_grade, int by_shares) noexcept { return std::abs(by_grade) > std::abs(by_shares) ? by_grade : by_shares; }

std::string_view change_label(int change) noexcept
{
    static constexpr std::array<std::string_view, 5> labels{"明显变差", "有所变差", "无明显变化", "有所好转", "明显好转"};
    return label_of(labels, change + 3);
}

namespace {

constexpr std::int64_t most_means = 1000;
constexpr std::int64_t places = 1024;                // of a value in time, behind it in its key

/// The sum of the squares of twice the differences between a value's rank and its place: equal values share their mean rank, which may be a half.
/// \param keys each a value times `places`, and its place
template <typename Key>
std::int64_t squared_differences(std::vector<Key> keys)
{
    std::ranges::sort(keys);
    std::int64_t squares = 0;
    for (std::size_t first = 0; first < keys.size();) {
        std::size_t last = first;
        while (last + 1 < keys.size() && keys[last + 1] / places == keys[first] / places)
            ++last;
        auto const twice_rank = static_cast<std::int64_t>(first + last + 2);
        for (; first <= last; ++first) {
            auto const d = twice_rank - 2 * (static_cast<std::int64_t>(keys[first] % places) + 1);
            squares += d * d;
        }
    }
    return squares;
}

std::int64_t squared_differences(std::span<Decimal const> values)
{
    constexpr Decimal offset{Decimal::max_mantissa, 0};  // so that no key is negative
    int scale = 0;
    for (auto const& value : values)
        scale = std::max(scale, value.scale());
    if (std::ranges::all_of(values, [&](Decimal const& value) { return value.scale() == scale; })) {
        std::vector<std::int64_t> keys;
        keys.reserve(values.size());
        for (auto const& value : values)
            keys.push_back((value.mantissa() + offset.mantissa()) * places + static_cast<std::int64_t>(keys.size()));
        return squared_differences(std::move(keys));
    }
    std::vector<exact::Int> keys;
    for (auto const& value : values)
        keys.push_back((exact::raised(value, scale) + exact::raised(offset, scale)) * places + static_cast<exact::Int>(keys.size()));
    return squared_differences(std::move(keys));
}

}  // namespace

std::optional<Trend> trend_of(std::span<Decimal const> values, WaterEvaluation const& evaluation)
{
    auto const n = static_cast<std::int64_t>(values.size());
    WaterEvaluation::Critical const* critical = nullptr;
    for (auto const& row : evaluation.critical)
        if (row.n <= n)
            critical = &row;
    if (!critical || n > most_means)
        return std::nullopt;
    auto const squares = squared_differences(values);
    // rs = 1 - 6 Σd² / (n³ - n), as a fraction
    exact::Int const below = 4 * static_cast<exact::Int>(n * n * n - n);
    exact::Int const above = below - 6 * static_cast<exact::Int>(squares);
    Trend trend{exact::to_decimal(exact::divided_half_even(above * 1000, below), 3), critical->p05, 0};
    exact::Int const size = above < 0 ? -above : above;
    if (size * exact::power_of_ten(critical->p05.scale()) > below * critical->p05.mantissa())
        trend.direction = above < 0 ? -1 : 1;
    return trend;
}

std::optional<TrophicState> trophic_state(Record const& means, WaterEvaluation const& evaluation)
{
    TrophicState state;
    double weights = 0;
    double sum = 0;
    for (auto const& item : evaluation.tli) {
        auto const* reading = valid_reading(means, item.parameter);
        if (!reading || reading->value <= Decimal{})
            return std::nullopt;
        double const part = 10 * (item.a + item.b * std::log(reading->value.to_double()));
        auto const shown = Decimal::from_double(part);
        if (!shown)
            return std::nullopt;
        state.parts.emplace_back(item.parameter, shown->rounded(2));
        weights += item.r * item.r;
        sum += item.r * item.r * part;
    }
    auto const tli = weights > 0 ? Decimal::from_double(sum / weights) : fail(Errc::missing_field, "the index has no items");
    if (!tli || evaluation.tli_bounds.size() != 4)
        return std::nullopt;
    state.tli = tli->rounded(2);
    state.shown = tli->rounded(1);
    auto const& bounds = evaluation.tli_bounds;
    state.grade = state.tli < bounds[0] ? 1 : state.tli <= bounds[1] ? 2 : state.tli <= bounds[2] ? 3 : state.tli <= bounds[3] ? 4 : 5;
    return state;
}

std::string_view trophic_label(int grade) noexcept
{
    static constexpr std::array<std::string_view, 5> labels{"贫营养", "中营养", "轻度富营养", "中度富营养", "重度富营养"};
    return label_of(labels, grade);
}

CityWaterIndex city_water_index(Record const& means, bool lake, WaterStandard const& standard, WaterEvaluation const& evaluation)
{
    CityWaterIndex index;
    constexpr int digits = 9;
    for (auto const id : evaluation.cwqi) {
        auto const* reading = valid_reading(means, id);
        auto const* item = standard.find(id);
        Decimal const neutral{7, 0};  // pH counts by its distance from here
        bool const usable =
            reading && item && item->rule != LimitRule::change && (item->rule != LimitRule::minimum || reading->value > Decimal{}) &&
            (item->rule != LimitRule::range || (item->range_low < neutral && neutral < item->range_high)) && (lake || item->river_limits);
        if (!usable) {
            index.missing.push_back(id);
            continue;
        }
        auto const& value = reading->value;
        Decimal part;
        if (item->rule == LimitRule::range) {
            part = value <= neutral ? exact::quotient(exact::minus(neutral, value), exact::minus(neutral, item->range_low), digits)
                                    : exact::quotient(exact::minus(value, neutral), exact::minus(item->range_high, neutral), digits);
        } else {
            auto const& limit = item->limits(lake)[2];
            part = item->rule == LimitRule::minimum ? exact::quotient(limit, value, digits) : exact::quotient(value, limit, digits);
        }
        index.total = exact::plus(index.total, part);
        index.parts.emplace_back(id, part.rounded(4));
    }
    index.total = index.total.rounded(4);
    return index;
}

Decimal relative_change(Decimal const& now, Decimal const& base, int decimals)
{
    return exact::quotient(exact::product(exact::minus(now, base), Decimal{100, 0}), base, decimals);
}

}  // namespace yihong
