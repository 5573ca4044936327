#pragma once

#include "../evaluate/testing.hpp"
#include "yihong/periods/section_period.hpp"

#include <initializer_list>
#include <string>
#include <vector>

namespace yihong::testing {

inline Period period(std::string_view text) { return parse_period(text).value(); }
inline UtcTime time(std::string_view text) { return parse_rfc3339(text).value(); }
inline std::vector<Decimal> numbers(std::initializer_list<std::string_view> texts)
{
    std::vector<Decimal> all;
    for (auto const text : texts)
        all.push_back(d(text));
    return all;
}
/// The five items of the national network.
inline std::vector<ParameterId> five() { return gb3838().owed; }

/// A record of a kind at a time of Beijing, such as `2025-11-06T08:00`.
inline Record at(std::string_view beijing, IntervalKind interval, Values values)
{
    auto made = record(values, interval);
    made.time = time(std::string{beijing} + ":00+08:00");
    return made;
}

}  // namespace yihong::testing
