#pragma once

#include "yihong/readings_io/readings.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace yihong {

/// Reads the fields that every record has. Senders repeat themselves, so the last text of each is remembered with its meaning.
class RecordFields {
public:
    explicit RecordFields(NameBook const& names) : names_{names} {}

    /// Each sets its part of `record`, or returns why not, without a place.
    std::optional<Failure> site(std::string_view text, ParsedRecord& record);
    std::optional<Failure> time(std::string_view text, ParsedRecord& record);
    std::optional<Failure> interval(std::string_view text, ParsedRecord& record);
    std::optional<Failure> status(std::string_view text, ParsedRecord& record);

private:
    NameBook names_;
    std::string site_text_;
    std::string time_text_;
    std::string interval_text_;
    Site const* site_ = nullptr;
    UtcTime time_{};
    IntervalKind interval_{};
};

/// RFC 3339, or as a spreadsheet writes it (read_sheet_time). \return bad_time, in the words of RFC 3339
Result<UtcTime> read_any_time(std::string_view text);

/// A value as `read_value_text` understands it, in the parameter's canonical unit. \param unit that it is written in; empty: the canonical one
/// \return bad_value, unknown_unit
std::optional<Failure> read_reading(std::string_view text, std::string_view unit, Parameter const& parameter, Reading& reading);
/// \return bad_value
std::optional<Failure> read_flag(std::string_view text, Reading& reading);

/// Puts the readings in order of parameter. \return the parameter that is there twice, if any
std::optional<ParameterId> sort_readings(Record& record);

/// A posted body with more refusals than this is refused as a whole: `[1,1,1,…]` must not grow a hundredfold in memory and quarantine.
inline constexpr std::size_t max_refusals = 10'000;
Failure too_many_refusals(ParsedBatch const& batch);

/// `text` cut to a length that a message can carry.
std::string quote(std::string_view text);

/// The same failure with its place in front.
Failure at_place(std::string const& place, Failure failure);

}  // namespace yihong
