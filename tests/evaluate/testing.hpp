#pragma once

#include "yihong/model/record.hpp"
#include "yihong/standards/standards_book.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <initializer_list>
#include <stdexcept>
#include <utility>

namespace yihong::testing {

/// The shipped standards, loaded once.
inline StandardsBook const& book()
{
    static StandardsBook const loaded = [] {
        auto result = load_standards(YIHONG_SOURCE_DIR "/config/standards");
        if (!result) {
            for (auto const& failure : result.error())
                ADD_FAILURE() << failure.detail;
            throw std::runtime_error{"the shipped standards do not load"};
        }
        return *std::move(result);
    }();
    return loaded;
}

inline Decimal d(std::string_view text) { return Decimal::parse(text).value(); }
inline Date day(std::string_view text) { return parse_date(text).value(); }
inline ParameterId id(std::string_view name)
{
    auto const* found = book().parameters().find(name);
    if (!found)
        throw std::runtime_error{"no parameter " + std::string{name}};
    return found->id;
}
inline std::string name(ParameterId parameter) { return book().parameters().find(parameter)->name; }

using Values = std::initializer_list<std::pair<std::string_view, std::string_view>>;

/// A record of 2025-11-06 12:00 Beijing time unless told otherwise; readings in ascending parameter.
inline Record record(Values values, IntervalKind interval = IntervalKind::four_hours, std::string_view date = "2025-11-06")
{
    Record made;
    made.site = 1;
    made.interval = interval;
    made.time = beijing_midnight(day(date)) + std::chrono::hours{interval == IntervalKind::day ? 0 : 12};
    for (auto const& [parameter, value] : values) {
        Reading reading;
        reading.parameter = id(parameter);
        reading.value = d(value);
        made.readings.push_back(reading);
    }
    std::ranges::sort(made.readings, {}, &Reading::parameter);
    return made;
}

inline WaterStandard const& gb3838() { return *book().water(day("2025-11-06")); }
inline AqiStandard const& hj633_2012() { return *book().aqi(day("2026-02-28")); }
inline AqiStandard const& hj633_2026() { return *book().aqi(day("2026-03-01")); }
inline WaterEvaluation const& evaluation() { return *book().water_evaluation(day("2025-11-06")); }

}  // namespace yihong::testing
