#include "yihong/evaluate/quality_control.hpp"

#include "yihong/evaluate/exact.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <ranges>
#include <string>

namespace yihong {
namespace {

enum class Quantity {
    mass_in_volume,
    count_in_volume,
    conductivity,
    length,
    pressure,
    speed,
    flow,
    temperature,
    percent,
    angle,
    turbidity,
    none,
    activity,
    colour,
    area
};

struct Unit {
    std::string_view name;     ///< after tidied()
    Quantity quantity;
    int power;                 ///< of ten, against the quantity's own base
};

// Only factors that are powers of ten: everything else (m3/h, degF, ppm) is refused rather than approximated.
constexpr std::array units{
    Unit{"g/l", Quantity::mass_in_volume, 0},
    Unit{"kg/m3", Quantity::mass_in_volume, 0},
    Unit{"mg/ml", Quantity::mass_in_volume, 0},
    Unit{"mg/l", Quantity::mass_in_volume, -3},
    Unit{"g/m3", Quantity::mass_in_volume, -3},
    Unit{"ug/ml", Quantity::mass_in_volume, -3},
    Unit{"ug/l", Quantity::mass_in_volume, -6},
    Unit{"mg/m3", Quantity::mass_in_volume, -6},
    Unit{"ng/l", Quantity::mass_in_volume, -9},
    Unit{"ug/m3", Quantity::mass_in_volume, -9},
    Unit{"pg/l", Quantity::mass_in_volume, -12},
    Unit{"ng/m3", Quantity::mass_in_volume, -12},
    Unit{"count/l", Quantity::count_in_volume, 0},
    Unit{"cells/l", Quantity::count_in_volume, 0},
    Unit{"cell/l", Quantity::count_in_volume, 0},
    Unit{"个/l", Quantity::count_in_volume, 0},
    Unit{"mpn/l", Quantity::count_in_volume, 0},
    Unit{"cfu/l", Quantity::count_in_volume, 0},
    Unit{"count/ml", Quantity::count_in_volume, 3},
    Unit{"cells/ml", Quantity::count_in_volume, 3},
    Unit{"个/ml", Quantity::count_in_volume, 3},
    Unit{"cfu/ml", Quantity::count_in_volume, 3},
    Unit{"mpn/100ml", Quantity::count_in_volume, 1},
    Unit{"cfu/100ml", Quantity::count_in_volume, 1},
    Unit{"个/100ml", Quantity::count_in_volume, 1},
    Unit{"万个/l", Quantity::count_in_volume, 4},
    Unit{"us/cm", Quantity::conductivity, 0},
    Unit{"ms/cm", Quantity::conductivity, 3},
    Unit{"s/cm", Quantity::conductivity, 6},
    Unit{"us/m", Quantity::conductivity, -2},
    Unit{"ms/m", Quantity::conductivity, 1},
    Unit{"s/m", Quantity::conductivity, 4},
    Unit{"mm", Quantity::length, -3},
    Unit{"cm", Quantity::length, -2},
    Unit{"dm", Quantity::length, -1},
    Unit{"m", Quantity::length, 0},
    Unit{"米", Quantity::length, 0},
    Unit{"km", Quantity::length, 3},
    Unit{"pa", Quantity::pressure, -3},
    Unit{"hpa", Quantity::pressure, -1},
    Unit{"mbar", Quantity::pressure, -1},
    Unit{"kpa", Quantity::pressure, 0},
    Unit{"bar", Quantity::pressure, 2},
    Unit{"cm/s", Quantity::speed, -2},
    Unit{"m/s", Quantity::speed, 0},
    Unit{"l/s", Quantity::flow, -3},
    Unit{"m3/s", Quantity::flow, 0},
    Unit{"degc", Quantity::temperature, 0},
    Unit{"℃", Quantity::temperature, 0},
    Unit{"°c", Quantity::temperature, 0},
    Unit{"celsius", Quantity::temperature, 0},
    Unit{"percent", Quantity::percent, 0},
    Unit{"%", Quantity::percent, 0},
    Unit{"％", Quantity::percent, 0},
    Unit{"%rh", Quantity::percent, 0},
    Unit{"degree", Quantity::angle, 0},
    Unit{"deg", Quantity::angle, 0},
    Unit{"°", Quantity::angle, 0},
    Unit{"ntu", Quantity::turbidity, 0},
    Unit{"dimensionless", Quantity::none, 0},
    Unit{"无量纲", Quantity::none, 0},
    Unit{"1", Quantity::none, 0},
    Unit{"-", Quantity::none, 0},
    Unit{"ph", Quantity::none, 0},
    Unit{"bq/l", Quantity::activity, 0},
    Unit{"colourdegree", Quantity::colour, 0},
    Unit{"度", Quantity::colour, 0},
    Unit{"倍", Quantity::colour, 0},
    Unit{"m2", Quantity::area, 0},
};

/// One spelling for many: small letters, no blanks, u for micro, plain digits. Capitals carry no meaning here: MPa, the one
/// unit that would clash with mPa, is not known.
std::string tidied(std::string_view unit)
{
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 8> spellings{
        {{"μ", "u"}, {"µ", "u"}, {"³", "3"}, {"²", "2"}, {"^", ""}, {" ", ""}, {"／", "/"}, {"升", "l"}}};
    std::string tidy;
    while (!unit.empty()) {
        auto const* found = std::ranges::find_if(spellings, [&](auto const& s) { return unit.starts_with(s.first); });
        if (found != spellings.end()) {
            tidy += found->second;
            unit.remove_prefix(found->first.size());
        } else {
            char const c = unit.front();
            tidy += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
            unit.remove_prefix(1);
        }
    }
    return tidy;
}

Unit const* find_unit(std::string_view name)
{
    auto const found = std::ranges::find(units, tidied(name), &Unit::name);
    return found == units.end() ? nullptr : found;
}

constexpr std::size_t history = 24;        // records looked back
constexpr std::size_t history_needed = 8;  // fewer say nothing about the spread
constexpr std::size_t flat_records = 12;   // the same number this many times in a row

double median(std::span<double> values)
{
    auto const middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::ranges::nth_element(values, middle);
    return *middle;
}

}  // namespace

Ranges ranges_of(SiteKind kind) noexcept
{
    return kind == SiteKind::outfall || kind == SiteKind::wastewater_plant ? Ranges::emission : Ranges::ambient;
}

std::optional<Failure> check_range(Reading const& reading, Parameter const& parameter, Ranges ranges)
{
    if (!reading.has_value || !reading.flag.is_normal())
        return std::nullopt;
    auto const& maximum = ranges == Ranges::emission && parameter.emission_maximum ? parameter.emission_maximum : parameter.maximum;
    if ((!parameter.minimum || exact::compare(reading.value, *parameter.minimum) >= 0) &&
        (!maximum || exact::compare(reading.value, *maximum) <= 0))
        return std::nullopt;
    auto const end = [](std::optional<Decimal> const& limit) { return limit ? limit->to_string() : std::string{"any"}; };
    return Failure{Errc::out_of_range, parameter.name + " " + reading.value.to_string() + parameter.unit_suffix() +
                                           " is outside the possible range " + end(parameter.minimum) + " to " + end(maximum)};
}

std::vector<std::pair<Reading, Failure>> take_impossible(Record& record, ParameterBook const& parameters, Ranges ranges)
{
    std::vector<std::pair<Reading, Failure>> taken;
    for (auto const& reading : record.readings)
        if (auto const* parameter = parameters.find(reading.parameter))
            if (auto failure = check_range(reading, *parameter, ranges))
                taken.emplace_back(reading, std::move(*failure));
    if (taken.size() == record.readings.size() && record.status == StationStatus::normal)
        return {};
    for (auto const& [reading, failure] : taken)
        std::erase_if(record.readings, [&](Reading const& r) { return r.parameter == reading.parameter; });
    return taken;
}

std::optional<Failure> check_record(Record& record, StandardsBook const& standards, UtcTime now, TimeLimits const& limits, Ranges ranges)
{
    if (record.time > now + limits.future_tolerance)
        return Failure{Errc::future_time, "time " + format_rfc3339(record.time) + " lies more than " +
                                              std::to_string(limits.future_tolerance.count()) + " minutes after now, " +
                                              format_rfc3339(now)};
    using namespace std::chrono;
    if (record.time < UtcTime{sys_days{year{limits.earliest_year} / January / 1}} - beijing_offset)
        return Failure{Errc::bad_time, "the time lies before " + std::to_string(limits.earliest_year) +
                                           "; the clock is wrong, or [intake] earliest_year has to be changed"};
    auto& readings = record.readings;
    if (readings.empty() && record.status == StationStatus::normal)
        return Failure{Errc::no_value, "the record has no reading and no status"};
    if (!std::ranges::is_sorted(readings, {}, &Reading::parameter))
        std::ranges::sort(readings, {}, &Reading::parameter);
    for (std::size_t i = 0; i < readings.size(); ++i) {
        auto const& reading = readings[i];
        auto const* parameter = standards.parameters().find(reading.parameter);
        if (!parameter)
            return Failure{Errc::unknown_parameter, "parameter number " + std::to_string(reading.parameter) + " is not known"};
        if (i > 0 && readings[i - 1].parameter == reading.parameter)
            return Failure{Errc::bad_value, parameter->name + " is given twice"};
        if (auto failure = check_range(reading, *parameter, ranges))
            return failure;
    }
    return std::nullopt;
}

Result<int> power_to_canonical_unit(std::string_view unit, Parameter const& parameter)
{
    if (unit.empty() || unit == parameter.unit)
        return 0;
    auto const* from = unit.size() <= 32 ? find_unit(unit) : nullptr;
    auto const* to = find_unit(parameter.unit);
    if (!from || !to || from->quantity != to->quantity)
        return fail(Errc::unknown_unit,
                    parameter.name + ": unit '" + std::string{unit.substr(0, 32)} + "' cannot be converted to " + parameter.unit);
    return from->power - to->power;
}

Result<Decimal> to_canonical_unit(Decimal value, std::string_view unit, Parameter const& parameter)
{
    auto const power = power_to_canonical_unit(unit, parameter);
    if (!power)
        return std::unexpected{power.error()};
    return *power == 0 ? Result<Decimal>{value} : value.scaled_by_power_of_ten(*power);
}

namespace {

/// How far back a value still says what to expect of this one: a few times what `history` records of the kind span.
std::chrono::days longest_memory(IntervalKind kind) noexcept
{
    using std::chrono::days;
    switch (kind) {
    case IntervalKind::realtime:
    case IntervalKind::minute: return days{1};
    case IntervalKind::hour: return days{4};
    case IntervalKind::four_hours: return days{16};
    case IntervalKind::day: return days{96};
    case IntervalKind::sample: return days{1500};
    }
    return days{1};
}

}  // namespace

void mark_suspicious(Record& record, std::span<Record const* const> before, ParameterBook const& parameters)
{
    static constexpr std::array<double, Decimal::max_scale + 1> finest{1,    1e-1, 1e-2, 1e-3,  1e-4,  1e-5, 1e-6,
                                                                       1e-7, 1e-8, 1e-9, 1e-10, 1e-11, 1e-12};
    // marks compare with spreads of many units of the last digit: a product is near enough, and quicker than the exact quotient
    auto const number = [](Decimal const& d) { return static_cast<double>(d.mantissa()) * finest[static_cast<std::size_t>(d.scale())]; };
    auto recent = before.last(std::min(before.size(), history));
    while (!recent.empty() && record.time - recent.front()->time > longest_memory(record.interval))
        recent = recent.subspan(1);
    for (std::size_t i = 0; i < record.readings.size(); ++i) {
        auto& reading = record.readings[i];
        auto const* parameter = parameters.find(reading.parameter);
        if (!parameter || !reading.has_value || !reading.flag.is_normal() || has(reading.marks, Mark::below_detection))
            continue;                               // a limit repeats by itself
        auto const valid_in = [&](Record const& earlier) -> Reading const* {
            auto const& readings = earlier.readings;     // a station sends the same parameters every time
            auto const* other =
                i < readings.size() && readings[i].parameter == reading.parameter ? &readings[i] : earlier.find(reading.parameter);
            return other && other->has_value && other->flag.is_normal() ? other : nullptr;
        };
        Reading const* last = nullptr;
        for (std::size_t back = recent.size(); back > 0 && !last; --back)
            last = valid_in(*recent[back - 1]);
        if (!last)
            continue;
        double const value = number(reading.value);
        double const jump = std::abs(value - number(last->value));
        double const least_spread = 2 * finest[static_cast<std::size_t>(std::clamp(parameter->decimals, 0, Decimal::max_scale))];
        bool const is_same = last->value == reading.value;
        // The spread is never less than this, so most values need no look at those before.
        if (!is_same && jump <= 4 * least_spread)
            continue;
        std::array<double, history> values;
        std::size_t count = 0;
        std::size_t same = 1;                       // in a row, this one included
        bool still_same = true;
        double lowest = std::numeric_limits<double>::infinity();
        for (auto const* earlier : recent | std::views::reverse) {       // newest first
            auto const* other = valid_in(*earlier);
            if (!other)
                continue;
            still_same = still_same && other->value == reading.value;
            same += still_same;
            if (is_same && !still_same)
                break;
            values[count] = number(other->value);
            lowest = std::min(lowest, std::abs(values[count++]));
        }
        if (is_same) {
            // A number of one or two digits repeats by itself: half a detection limit (0.025), a pH published as 8, calm air.
            if (same >= flat_records && std::llabs(reading.value.normalized().mantissa()) >= 100)
                reading.marks = reading.marks | Mark::flat_line;
            continue;                               // no jump
        }
        if (count < history_needed || jump <= 4 * 0.05 * lowest)      // the median is one of the values
            continue;
        std::span const past{values.data(), count};
        double const centre = median(past);
        std::array<double, history> deviations;
        std::ranges::transform(past, deviations.begin(), [&](double v) { return std::abs(v - centre); });
        // Spread by the median deviation, which one earlier spike does not widen; never finer than the instrument or 5 % of the level.
        double const spread = std::max({1.4826 * median({deviations.data(), count}), 0.05 * std::abs(centre), least_spread});
        // The second value at a new level is no jump any more.
        if (std::abs(value - centre) > 8 * spread && jump > 4 * spread)
            reading.marks = reading.marks | Mark::spike;
    }
}

}  // namespace yihong
