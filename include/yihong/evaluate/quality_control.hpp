#pragma once

#include "yihong/model/batch.hpp"
#include "yihong/model/site.hpp"
#include "yihong/standards/standards_book.hpp"

#include <chrono>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace yihong {

/// What the possible values of a site are (量程): in waste gas 100 mg/m3 of sulfur dioxide are ordinary, in the air of a town they are a fault.
enum class Ranges : std::uint8_t { ambient, emission };
/// `emission` for outfalls (排口) and sewage plants.
[[nodiscard]] Ranges ranges_of(SiteKind kind) noexcept;

/// Which times of a measurement can be.
struct TimeLimits {
    std::chrono::minutes future_tolerance{10};  ///< how far the clock of a station may be ahead
    int earliest_year = 1990;  ///< in Beijing time: nothing was measured before
};

/// Checks that need no history: physical range of valid values (a faulty instrument may say anything, as long as its flag says so too), a time
/// within `limits`, at least one reading or a status, each parameter known and once. Sorts the readings by parameter.
/// \return why the record is refused, or nothing
[[nodiscard]] std::optional<Failure> check_record(Record& record, StandardsBook const& standards, UtcTime now,
                                                  TimeLimits const& limits = {}, Ranges ranges = Ranges::ambient);

/// Whether the instrument could have seen this: a valid value inside the parameter's physical range. Values with another flag than N pass.
[[nodiscard]] std::optional<Failure> check_range(Reading const& reading, Parameter const& parameter, Ranges ranges = Ranges::ambient);

/// Takes the readings out of a record that are outside their range. \return them, each with its failure; nothing where no other reading would be left
[[nodiscard]] std::vector<std::pair<Reading, Failure>> take_impossible(Record& record, ParameterBook const& parameters, Ranges ranges);

/// The power of ten that takes values in `unit` to the parameter's canonical unit; the units known are those of `to_canonical_unit`.
/// \return Errc::unknown_unit naming both units
Result<int> power_to_canonical_unit(std::string_view unit, Parameter const& parameter);

/// The value in the parameter's canonical unit, by exact powers of ten. Knows mass concentrations (mg/L, ug/L, ng/L, g/L, mg/m3, ug/m3, ng/m3, …;
/// micro as u, μ or µ, also m³ and litres in small letters), counts in a volume (cells/L, 个/L, MPN/100mL, …), conductivity, lengths, pressures,
/// speeds, flows, percent, degrees and degC; temperatures in degC only. An empty unit means the canonical one.
/// \return Errc::unknown_unit naming both units; Errc::bad_value when the result leaves the range of numbers
Result<Decimal> to_canonical_unit(Decimal value, std::string_view unit, Parameter const& parameter);

/// Marks suspicious values by comparing with the records before it (oldest first, same site and interval): a spike is a jump
/// far beyond the recent spread; a flat line is the same number over many records in a row. Marks only; nothing is deleted.
void mark_suspicious(Record& record, std::span<Record const* const> before, ParameterBook const& parameters);

}  // namespace yihong
