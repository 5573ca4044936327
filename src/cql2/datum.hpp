#pragma once

#include "yihong/base/time.hpp"
#include "yihong/cql2/number.hpp"
#include "yihong/features/value.hpp"
#include "yihong/geometry/geometry.hpp"

#include <compare>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace yihong::cql2 {

/// A span of time, both ends in it: days since 1970, or milliseconds. A date is one day, a moment one millisecond.
struct Period {
    static constexpr std::int64_t open_begin = std::numeric_limits<std::int64_t>::min();
    static constexpr std::int64_t open_end = std::numeric_limits<std::int64_t>::max();
    std::int64_t begin = open_begin;
    std::int64_t end = open_end;
    bool is_of_days = true;
    bool operator==(Period const&) const = default;
};
[[nodiscard]] Period period_of(Date day) noexcept;
[[nodiscard]] Period period_of(UtcTime time) noexcept;
/// Days as milliseconds, by their midnights in Beijing.
[[nodiscard]] Period in_milliseconds(Period period) noexcept;
/// From the beginning of the first to the end of the last.
[[nodiscard]] Period joined(Period first, Period last) noexcept;

struct Datum;
struct List {
    std::vector<Datum> elements;
    bool operator==(List const&) const;
};

/// What a piece of a filter comes to for one feature; `monostate` is NULL. A geometry belongs to the feature or to the filter.
struct Datum {
    std::variant<std::monostate, bool, Number, std::string, Period, Geometry const*, List> is = {};
    [[nodiscard]] bool is_null() const noexcept { return std::holds_alternative<std::monostate>(is); }
    template <typename T>
    [[nodiscard]] T const* as() const noexcept
    {
        return std::get_if<T>(&is);
    }
    bool operator==(Datum const&) const = default;
};

/// The value of a property. \param type text that stands for a time or a date is read as one
[[nodiscard]] Datum datum_of(Value const& value, bool is_temporal);

/// The order of two values of one type; none: one is NULL, or they have no order.
[[nodiscard]] std::optional<std::weak_ordering> order_of(Datum const& a, Datum const& b);

}  // namespace yihong::cql2
