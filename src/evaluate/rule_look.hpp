#pragma once

#include "valid_values.hpp"

#include <vector>

namespace yihong {

inline constexpr Flag over_range_flag{'T'};

/// What a rule says to one value.
struct Look {
    bool counts = false;                           ///< false: the value is passed over
    bool fulfils = false;
    Exceedance item;
    explicit operator bool() const noexcept { return counts; }
};

/// What a rule says to the value of record `i`.
/// \param known the item of the cause that holds already; null where it does not. `jump` and `frozen` compare with it
[[nodiscard]] Look look_at(RecordSeries& series, CompiledRule const& compiled, std::size_t i, ParameterId parameter,
                           Exceedance const* known);

/// Whether the newest record can fulfil the rule at all: nearly every record ends here, without being judged in detail.
[[nodiscard]] bool is_worth_a_look(AlertRule const& rule, RecordSeries& series);

/// Which values of the newest record a rule may object to.
[[nodiscard]] std::vector<ParameterId> candidates(CompiledRule const& compiled, Record const& newest);

}  // namespace yihong
