#pragma once

#include "yihong/model/batch.hpp"
#include "yihong/standards/standards_book.hpp"

#include <deque>
#include <optional>
#include <span>

namespace yihong {

/// Checks that need no history: physical range, future time (more than `tolerance` ahead), at least one reading or a status,
/// each parameter once. Sorts the readings by parameter. \return why the record is refused, or nothing
[[nodiscard]] std::optional<Failure> check_record(Record& record, StandardsBook const& standards, UtcTime now,
                                                  std::chrono::minutes tolerance = std::chrono::minutes{10});

/// The value in the parameter's canonical unit. Knows mg/L, ug/L (μg/L), ng/L, mg/m3, ug/m3, ng/m3, degC, cm/m, uS/cm, mS/m and the like.
/// \return Errc::unknown_unit naming both units
Result<Decimal> to_canonical_unit(Decimal value, std::string_view unit, Parameter const& parameter);

/// Marks suspicious values by comparing with the records before it (oldest first, same site and interval): a spike is a jump
/// far beyond the recent spread; a flat line is the same number over many records in a row. Marks only; nothing is deleted.
void mark_suspicious(Record& record, std::span<Record const* const> before, ParameterBook const& parameters);

}  // namespace yihong
