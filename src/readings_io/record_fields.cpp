#include "record_fields.hpp"

#include "plain_text.hpp"
#include "yihong/base/text.hpp"
#include "yihong/evaluate/quality_control.hpp"
#include "yihong/model/value_text.hpp"

#include <algorithm>
#include <iterator>

namespace yihong {

std::string quote(std::string_view text) { return "'" + to_valid_utf8(text.substr(0, 60)) + "'"; }

Failure too_many_refusals(ParsedBatch const& batch)
{
    return {Errc::too_large,
            "more than " + std::to_string(max_refusals) + " records would be refused; the first: " + batch.refused.front().failure.detail};
}

Failure at_place(std::string const& place, Failure failure)
{
    failure.detail = place + ": " + failure.detail;
    return failure;
}

std::optional<Failure> RecordFields::site(std::string_view text, ParsedRecord& record)
{
    if (site_ == nullptr || text != site_text_) {
        Site const* const found = names_.sites.find(without_blanks(text));
        if (found == nullptr)
            return text.empty() ? Failure{Errc::missing_field, "site is empty"}
                                : Failure{Errc::unknown_site, "site " + quote(text) + " is neither the id nor the MN of a site"};
        site_ = found;
        site_text_ = text;
    }
    record.site = site_;
    record.record.site = site_->number;
    return std::nullopt;
}

std::optional<Failure> RecordFields::time(std::string_view text, ParsedRecord& record)
{
    if (text != time_text_ || text.empty()) {
        if (!read_plain_time(text, time_)) {
            time_text_.clear();
            auto const parsed = read_any_time(text);
            if (!parsed)
                return Failure{parsed.error().code, "time: " + to_valid_utf8(parsed.error().detail)};
            time_ = *parsed;
        }
        time_text_ = text;
    }
    record.record.time = time_;
    return std::nullopt;
}

std::optional<Failure> RecordFields::interval(std::string_view text, ParsedRecord& record)
{
    if (text != interval_text_ || text.empty()) {
        auto const parsed = parse_interval_kind(without_blanks(text));
        if (!parsed)
            return Failure{parsed.error().code, to_valid_utf8(parsed.error().detail)};
        interval_ = *parsed;
        interval_text_ = text;
    }
    record.record.interval = interval_;
    return std::nullopt;
}

std::optional<Failure> RecordFields::status(std::string_view text, ParsedRecord& record)
{
    auto const parsed = parse_station_status(without_blanks(text));
    if (!parsed)
        return Failure{parsed.error().code, to_valid_utf8(parsed.error().detail)};
    record.record.status = *parsed;
    return std::nullopt;
}

Result<UtcTime> read_any_time(std::string_view text)
{
    text = without_blanks(text);
    auto parsed = parse_rfc3339(text);
    if (!parsed)
        if (auto const written = read_sheet_time(text))
            return *written;
    return parsed;
}

namespace {

/// `2025-10`, `2025/10` or `2025年10月`, kept as the number 202510.
std::optional<Failure> read_plan_month(std::string_view text, Reading& reading)
{
    std::string digits;
    std::ranges::copy_if(text, std::back_inserter(digits), [](char c) { return '0' <= c && c <= '9'; });
    auto rest = std::string{without_blanks(text)};
    for (auto const* sign : {"-", "/", "年", "月"})
        if (auto const at = rest.find(sign); at != std::string::npos)
            rest.erase(at, std::string_view{sign}.size());
    constexpr std::size_t letters = 6;
    auto const month = digits.size() == letters ? digits.substr(4) : std::string{};
    if (rest != digits || month < "01" || month > "12")
        return Failure{Errc::bad_value, quote(text) + " is no month such as 2025-10"};
    reading.has_value = read_plain_decimal(digits, reading.value);
    return std::nullopt;
}

}  // namespace

std::optional<Failure> read_reading(std::string_view text, std::string_view unit, Parameter const& parameter, Reading& reading)
{
    if (unit.empty() && read_plain_decimal(text, reading.value)) {         // nearly always
        reading.has_value = true;
        return std::nullopt;
    }
    if (parameter.name == "plan_month")
        return read_plan_month(text, reading);
    ValueText value{.has_number = true};
    if (!read_plain_decimal(text, value.number)) {
        auto const read = read_value_text(text);
        if (!read)
            return read.error();
        value = *read;
    }
    if (unit = without_blanks(unit); value.has_number && !unit.empty()) {
        auto const converted = to_canonical_unit(value.number, unit, parameter);
        if (!converted)
            return Failure{converted.error().code, to_valid_utf8(converted.error().detail)};
        value.number = *converted;
    }
    set_value(reading, value, parameter);
    return std::nullopt;
}

std::optional<Failure> read_flag(std::string_view text, Reading& reading)
{
    auto const parsed = Flag::parse(without_blanks(text));
    if (!parsed)
        return Failure{parsed.error().code, to_valid_utf8(parsed.error().detail)};
    reading.flag = *parsed;
    return std::nullopt;
}

std::optional<ParameterId> sort_readings(Record& record)
{
    if (!std::ranges::is_sorted(record.readings, {}, &Reading::parameter))
        std::ranges::sort(record.readings, {}, &Reading::parameter);
    auto const twice = std::ranges::adjacent_find(record.readings, {}, &Reading::parameter);
    return twice == record.readings.end() ? std::nullopt : std::optional{twice->parameter};
}

}  // namespace yihong
