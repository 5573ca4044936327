#include "yihong/hj212/meaning.hpp"

#include "yihong/base/text.hpp"
#include "yihong/evaluate/quality_control.hpp"
#include "yihong/model/value_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>

namespace yihong::hj212 {
namespace {

/// The parts that the editions have beside value and flag (数据区字段). A factor may well come with these alone.
constexpr std::array<std::string_view, 15> other_parts{"Min",   "Max",    "Cou",        "ZsMin", "ZsAvg", "ZsMax", "ZsRtd", "ZsCou",
                                                       "EFlag", "Sample", "SampleTime", "Info",  "SN",    "RS",    "RT"};

/// A part that is neither value nor flag, and none that an edition has.
bool is_strange(Field const& field)
{
    return !field.part.empty() && !same_name(field.part, "Flag") &&
           std::ranges::none_of(other_parts, [&](std::string_view other) { return same_name(field.part, other); });
}

/// HJ/T 212-2005 has codes of two or three characters (`011`, `B01`); the later ones have six.
std::string_view code_for(Parameter const& parameter, Edition edition)
{
    if (edition == Edition::hjt212_2005) {
        auto const old = std::ranges::find_if(parameter.other_codes, [](std::string const& code) { return code.size() <= 3; });
        if (old != parameter.other_codes.end())
            return *old;
    }
    return parameter.code;
}

std::string_view flag_to_send(Reading const& reading, StationStatus status) noexcept
{
    if (reading.flag == Flag{'U'})
        return {};
    if (reading.flag.is_normal()) {
        switch (status) {
        case StationStatus::normal: break;
        case StationStatus::maintenance: return "M";
        case StationStatus::calibration: return "C";
        case StationStatus::fault: return "D";
        case StationStatus::stopped: return "F";
        }
    }
    return reading.flag.text();
}

Result<UtcTime> phenomenon_time(Segment const& segment, std::vector<Field> const& fields, IntervalKind interval, Dialect const& dialect)
{
    auto text = find_value(fields, "DataTime");
    std::string_view name = "DataTime";
    if (text.empty() && interval == IntervalKind::realtime) {
        text = segment.qn;
        name = "QN";
    }
    if (text.empty())
        return fail(Errc::missing_field, "CP has no DataTime");
    auto time = parse_station_time(text);
    if (!time)
        return fail(time.error().code, fmt::format("{}: {}", name, time.error().detail));
    if (segment.st == "21" && segment.cn == cn::hour)
        time = std::chrono::round<std::chrono::hours>(*time);      // seen with seconds, as the test began
    if (dialect.time_is_end)
        *time -= period_length(interval, dialect.minute_interval);
    return time;
}

}  // namespace

Result<FactorTable> FactorTable::make(StandardsBook const& standards, std::vector<std::pair<std::string, std::string>> const& units,
                                      bool by_appendix)
{
    FactorTable table;
    auto const& parameters = standards.parameters();
    auto const* appendix = by_appendix && !standards.factor_units_.empty() ? &standards.factor_units_.back() : nullptr;
    auto const unit_in_appendix = [&](std::string_view code) -> std::string_view {
        auto const* factor = appendix ? appendix->find(code) : nullptr;
        return factor ? std::string_view{factor->unit} : std::string_view{};
    };
    for (auto const& parameter : parameters.all()) {
        auto const add = [&](std::string_view code) {
            // an old code is sent in the unit of the current one
            auto const own = unit_in_appendix(code);
            auto const power = power_to_canonical_unit(own.empty() ? unit_in_appendix(parameter.code) : own, parameter);
            Factor const factor{&parameter, power.value_or(0)};
            table.factors_.try_emplace(std::string{code}, factor);
            if (code.size() == 6)      // w01018 as 01018
                table.factors_.try_emplace(std::string{code.substr(1)}, factor);
        };
        if (!parameter.code.empty())
            add(parameter.code);
        for (auto const& code : parameter.other_codes)
            add(code);
    }
    for (auto const& [name, unit] : units) {
        auto const* parameter = parameters.find(name);
        if (!parameter)
            return fail(Errc::unknown_parameter, fmt::format("units: '{}' is neither the name nor the code of a parameter", name));
        auto const power = power_to_canonical_unit(unit, *parameter);
        if (!power)
            return fail(power.error().code, "units: " + power.error().detail);
        for (auto& [code, factor] : table.factors_)
            if (factor.parameter == parameter && (name == parameter->name || code == name || (name.size() == 6 && code == name.substr(1))))
                factor.power = *power;
    }
    return table;
}

Factor const* FactorTable::find(std::string_view code) const noexcept
{
    auto found = factors_.find(code);
    if (found == factors_.end() && !code.empty() && code.size() <= 8) {        // W01018 and b01: the codes differ by more than case
        std::string other{code};
        std::ranges::transform(other, other.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
        found = factors_.find(other);
        if (found == factors_.end()) {
            std::ranges::transform(other, other.begin(), [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
            found = factors_.find(other);
        }
    }
    return found == factors_.end() ? nullptr : &found->second;
}

CommonUnits CommonUnits::make(StandardsBook const& standards)
{
    auto const table = [&](bool by_appendix) {
        return std::make_shared<FactorTable const>(FactorTable::make(standards, {}, by_appendix).value());
    };
    return {table(false), table(true)};
}

Result<Dialect> make_dialect(Device const& device, CommonUnits const& common, StandardsBook const& standards)
{
    Dialect dialect{device.time_is_end, device.hour_data, device.minute_interval, device.missing_flag, common};
    if (device.units.empty())
        return dialect;
    for (auto* table : {&dialect.units.ours, &dialect.units.appendix_b}) {
        auto made = FactorTable::make(standards, device.units, table == &dialect.units.appendix_b);
        if (!made)
            return std::unexpected{std::move(made.error())};
        *table = std::make_shared<FactorTable const>(std::move(*made));
    }
    return dialect;
}

std::optional<IntervalKind> interval_of(Segment const& segment, Dialect const& dialect) noexcept
{
    switch (segment.cn) {
    case cn::real_time: return IntervalKind::realtime;
    case cn::minute: return IntervalKind::minute;
    case cn::hour: return dialect.hour_data.value_or(segment.st == "21" ? IntervalKind::four_hours : IntervalKind::hour);
    case cn::day: return IntervalKind::day;
    default: return std::nullopt;
    }
}

Result<Meaning> read_data(Segment const& segment, std::vector<Field> const& fields, Dialect const& dialect)
{
    Meaning meaning;
    auto& record = meaning.record;
    record.interval = *interval_of(segment, dialect);
    auto const time = phenomenon_time(segment, fields, record.interval, dialect);
    if (!time)
        return std::unexpected{time.error()};
    record.time = *time;
    auto const& table = segment.st == "21" || segment.st == "22" ? *dialect.units.ours : *dialect.units.appendix_b;
    std::string_view const wanted = record.interval == IntervalKind::realtime ? "Rtd" : "Avg";
    std::string_view const second = record.interval == IntervalKind::realtime ? "Avg" : "Rtd";

    record.readings.reserve(fields.size() / 2);
    for (std::size_t i = 0; i < fields.size();) {
        auto const code = fields[i].code;
        Field const* value = nullptr;
        Field const* flag = nullptr;
        auto const first = i;
        for (; i < fields.size() && same_name(fields[i].code, code); ++i) {
            auto const& part = fields[i].part;
            if (same_name(part, wanted) || (!value && same_name(part, second)))
                value = &fields[i];
            else if (same_name(part, "Flag"))
                flag = &fields[i];
        }
        if (!value) {                  // DataTime, equipment, amounts alone
            auto const group = std::span{fields}.subspan(first, i - first);
            if (auto const strange = std::ranges::find_if(group, is_strange); strange != group.end() && table.find(code))
                meaning.unknown.push_back(to_valid_utf8(fmt::format("{}-{}", code, strange->part.substr(0, 12))));
            continue;
        }
        auto const* factor = table.find(code);
        if (!factor) {
            meaning.unknown.push_back(to_valid_utf8(code.substr(0, 24)));
            continue;
        }
        auto const refuse = [&](Errc why, std::string_view detail) {
            meaning.refused.push_back(
                {why, fmt::format("CP {}-{}: {}", to_valid_utf8(code.substr(0, 24)), value->part.substr(0, 12), detail)});
        };
        Reading reading;
        reading.parameter = factor->parameter->id;
        reading.flag = dialect.missing_flag;
        if (flag && !flag->value.empty()) {
            auto const parsed = Flag::parse(flag->value);
            if (!parsed) {
                refuse(parsed.error().code, "Flag " + to_valid_utf8(parsed.error().detail));
                continue;
            }
            reading.flag = *parsed;
        }
        auto written = read_value_text(value->value);
        if (written && written->has_number && factor->power != 0) {
            if (auto const scaled = written->number.scaled_by_power_of_ten(factor->power))
                written->number = *scaled;
            else
                written = std::unexpected{scaled.error()};
        }
        if (!written) {
            refuse(Errc::bad_value, to_valid_utf8(written.error().detail));
            continue;
        }
        set_value(reading, *written, *factor->parameter);
        if (auto const impossible = check_range(reading, *factor->parameter, dialect.ranges)) {
            refuse(impossible->code, impossible->detail);
            continue;
        }
        auto const at = std::ranges::lower_bound(record.readings, reading.parameter, {}, &Reading::parameter);
        if (at == record.readings.end() || at->parameter != reading.parameter)
            record.readings.insert(at, reading);
    }
    return meaning;
}

int command_of(IntervalKind interval) noexcept
{
    switch (interval) {
    case IntervalKind::realtime: return cn::real_time;
    case IntervalKind::minute: return cn::minute;
    case IntervalKind::hour:
    case IntervalKind::four_hours: return cn::hour;
    case IntervalKind::day: return cn::day;
    case IntervalKind::sample: break;
    }
    return 0;
}

std::vector<std::string> to_items(Record const& record, ParameterBook const& parameters, Edition edition, FactorTable const* factors)
{
    std::string_view const part = record.interval == IntervalKind::realtime ? "-Rtd=" : "-Avg=";
    std::vector<std::string> items;
    for (auto const& reading : record.readings) {
        auto const* parameter = parameters.find(reading.parameter);
        if (!parameter || parameter->code.empty())
            continue;
        auto const code = code_for(*parameter, edition);
        std::string item;
        item.append(code).append(part);
        if (reading.has_value) {
            auto const* factor = factors ? factors->find(code) : nullptr;
            auto const value = reading.value.scaled_by_power_of_ten(factor ? -factor->power : 0);
            if (!value)
                continue;              // too large a number in that unit
            value->append_to(item);
        } else {
            item += "--";
        }
        if (auto const flag = flag_to_send(reading, record.status); !flag.empty())
            item.append(",").append(code).append("-Flag=").append(flag);
        items.push_back(std::move(item));
    }
    return items;
}

}  // namespace yihong::hj212
