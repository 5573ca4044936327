#include "datum.hpp"

#include <cmath>

namespace yihong::cql2 {
namespace {

Datum text_datum(std::string const& text, bool is_temporal)
{
    if (!is_temporal)
        return {text};
    if (auto const time = parse_rfc3339(text))
        return {period_of(*time)};
    if (auto const day = parse_date(text))
        return {period_of(*day)};
    return {};
}

std::weak_ordering order_of(Period a, Period b)
{
    if (a.is_of_days != b.is_of_days) {                    // a moment is on a day, before or after it
        a = in_milliseconds(a);
        b = in_milliseconds(b);
    }
    if (a.end < b.begin)
        return std::weak_ordering::less;
    return a.begin > b.end ? std::weak_ordering::greater : std::weak_ordering::equivalent;
}

}  // namespace

bool List::operator==(List const& other) const { return elements == other.elements; }

Period period_of(Date day) noexcept
{
    auto const number = std::chrono::sys_days{day}.time_since_epoch().count();
    return {number, number, true};
}

Period period_of(UtcTime time) noexcept
{
    auto const number = time.time_since_epoch().count();
    return {number, number, false};
}

Period in_milliseconds(Period period) noexcept
{
    if (!period.is_of_days)
        return period;
    auto const midnight = [](std::int64_t day) {
        std::chrono::sys_days const date{std::chrono::days{day}};
        return beijing_midnight(Date{date}).time_since_epoch().count();
    };
    return {period.begin == Period::open_begin ? Period::open_begin : midnight(period.begin),
            period.end == Period::open_end ? Period::open_end : midnight(period.end + 1) - 1, false};
}

Period joined(Period first, Period last) noexcept
{
    if (first.is_of_days != last.is_of_days) {
        first = in_milliseconds(first);
        last = in_milliseconds(last);
    }
    return {first.begin, last.end, first.is_of_days};
}

Datum datum_of(Value const& value, bool is_temporal)
{
    return std::visit(
        [&]<typename T>(T const& v) -> Datum {
            if constexpr (std::is_same_v<T, std::string>)
                return text_datum(v, is_temporal);
            else if constexpr (std::is_same_v<T, UtcTime> || std::is_same_v<T, Date>)
                return {period_of(v)};
            else if constexpr (std::is_same_v<T, bool>)
                return {v};
            else if constexpr (std::is_same_v<T, double>)
                return std::isfinite(v) ? Datum{Number{v}} : Datum{};
            else if constexpr (std::is_same_v<T, std::int64_t> || std::is_same_v<T, Decimal>)
                return {Number{v}};
            else if constexpr (std::is_same_v<T, std::vector<std::string>>) {
                List list;
                for (auto const& text : v)
                    list.elements.push_back({text});
                return {std::move(list)};
            } else {
                return {};
            }
        },
        value);
}

std::optional<std::weak_ordering> order_of(Datum const& a, Datum const& b)
{
    if (auto const* x = a.as<Number>(); x && b.as<Number>()) {
        auto const order = *x <=> *b.as<Number>();
        return order < 0 ? std::weak_ordering::less : order > 0 ? std::weak_ordering::greater : std::weak_ordering::equivalent;
    }
    if (auto const* x = a.as<std::string>(); x && b.as<std::string>())
        return *x <=> *b.as<std::string>();
    if (auto const* x = a.as<Period>(); x && b.as<Period>())
        return order_of(*x, *b.as<Period>());
    if (auto const* x = a.as<bool>(); x && b.as<bool>())
        return *x <=> *b.as<bool>();
    return std::nullopt;
}

}  // namespace yihong::cql2
