#include "yihong/reports/comparison.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>

namespace yihong {
namespace {

constexpr std::array words{std::pair{std::string_view{"year"}, CompareWith::year},
                           std::pair{std::string_view{"previous"}, CompareWith::previous},
                           std::pair{std::string_view{"base"}, CompareWith::base}, std::pair{std::string_view{"none"}, CompareWith::none}};

/// The same period of a year before it.
Result<std::optional<Period>> in_base_year(Period const& period, int year)
{
    if (year >= year_of(period))
        return fail(Errc::bad_value,
                    std::to_string(year) + " is not before " + std::to_string(year_of(period)) + ", the year of the period");
    auto const base = in_year(period, year);
    if (!base)
        return fail(Errc::bad_value, std::to_string(year) + " has no such week as " + period_code(period));
    return base;
}

}  // namespace

Result<PeriodComparison> parse_comparison(std::string_view text)
{
    if (auto const* const word = std::ranges::find(words, text, [](auto const& one) { return one.first; }); word != words.end())
        return PeriodComparison{word->second};
    int year = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), year);
    if (text.size() == 4 && error == std::errc{} && end == text.data() + text.size() && year >= 1900 && year <= 2999)
        return PeriodComparison{CompareWith::named, year};
    return fail(Errc::bad_value,
                "'" + std::string{text.substr(0, 80)} + "' is none of year, previous, base, none, and not a year such as 2020");
}

Result<std::optional<Period>> compared_period(PeriodComparison const& comparison, Period const& period, std::optional<int> base_year)
{
    switch (comparison.with) {
    case CompareWith::year: return year_before(period);
    case CompareWith::previous: return previous(period);
    case CompareWith::named: return in_base_year(period, comparison.named_year);
    case CompareWith::base:
        if (!base_year)
            return fail(Errc::bad_value,
                        "'base' needs [reports] base_year in the configuration, which has none; or name the year, such as 2020");
        return in_base_year(period, *base_year);
    case CompareWith::none: break;
    }
    return std::optional<Period>{};
}

}  // namespace yihong
