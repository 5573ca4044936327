#include "record_fields.hpp"

#include "plain_text.hpp"
#include "yihong/base/text.hpp"

#include <algorithm>

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
        Site const* const found = names_.sites.find(trimmed(text));
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
            auto parsed = parse_rfc3339(trimmed(text));
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
        auto const parsed = parse_interval_kind(trimmed(text));
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
    auto const parsed = parse_station_status(trimmed(text));
    if (!parsed)
        return Failure{parsed.error().code, to_valid_utf8(parsed.error().detail)};
    record.record.status = *parsed;
    return std::nullopt;
}

std::optional<Failure> read_value(std::string_view text, Decimal& value)
{
    if (read_plain_decimal(text, value))
        return std::nullopt;
    auto const parsed = Decimal::parse(trimmed(text));
    if (!parsed)
        return Failure{Errc::bad_value, to_valid_utf8(parsed.error().detail)};
    value = *parsed;
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
