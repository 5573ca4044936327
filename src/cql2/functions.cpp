#include "function_values.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>

namespace yihong::cql2 {
namespace {

using Arguments = std::span<Datum const>;

Number const& number(Datum const& datum) { return *datum.as<Number>(); }

Datum rounded_down(Number const& value)
{
    Number const one{std::int64_t{1}};
    auto const whole = Arithmetic::divide_whole(value, one);
    if (!whole)
        return {};
    if (*whole <= value)
        return {*whole};
    auto const below = Arithmetic::subtract(*whole, one);
    return below ? Datum{*below} : Datum{};
}

Datum computed(std::optional<Number> const& value) { return value ? Datum{*value} : Datum{}; }

/// The date in Beijing on which a span begins, and the hour.
struct Calendar {
    std::chrono::year_month_day date;
    std::int64_t hour;
};
Calendar calendar_of(Period const& period)
{
    if (period.is_of_days)
        return {std::chrono::sys_days{std::chrono::days{period.begin}}, 0};
    auto const local = UtcTime{std::chrono::milliseconds{period.begin}} + beijing_offset;
    auto const day = std::chrono::floor<std::chrono::days>(local);
    return {day, std::chrono::floor<std::chrono::hours>(local - day).count()};
}
Datum whole(std::int64_t value) { return {Number{value}}; }

/// A part of that date; NULL of a span without a beginning.
template <typename Part>
Datum part_of(Datum const& datum, Part part)
{
    auto const& period = *datum.as<Period>();
    return period.begin == Period::open_begin ? Datum{} : whole(part(calendar_of(period)));
}

struct Entry {
    FunctionInfo info;
    Datum (*value)(Arguments);
};

std::span<Entry const> entries()
{
    static std::array const all{
        Entry{{"abs", "绝对值", "Absolute value", {Type::number}, Type::number},
              [](Arguments a) -> Datum { return number(a[0]) < Number{} ? computed(Arithmetic::subtract(Number{}, number(a[0]))) : a[0]; }},
        Entry{{"floor", "向下取整", "The greatest whole number that is not greater", {Type::number}, Type::number},
              [](Arguments a) { return rounded_down(number(a[0])); }},
        Entry{{"ceil", "向上取整", "The least whole number that is not less", {Type::number}, Type::number},
              [](Arguments a) -> Datum {
                  auto const minus = Arithmetic::subtract(Number{}, number(a[0]));
                  auto const down = minus ? rounded_down(*minus) : Datum{};
                  return down.is_null() ? Datum{} : computed(Arithmetic::subtract(Number{}, number(down)));
              }},
        Entry{{"min", "两数中较小者", "The lesser of two numbers", {Type::number, Type::number}, Type::number},
              [](Arguments a) { return number(a[1]) < number(a[0]) ? a[1] : a[0]; }},
        Entry{{"max", "两数中较大者", "The greater of two numbers", {Type::number, Type::number}, Type::number},
              [](Arguments a) { return number(a[0]) < number(a[1]) ? a[1] : a[0]; }},
        Entry{{"length", "字符数", "Number of characters of a text", {Type::text}, Type::number},
              [](Arguments a) {
                  return whole(std::ranges::count_if(*a[0].as<std::string>(),
                                                     [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
              }},
        Entry{{"year", "年（北京时间）", "Year, in Beijing time", {Type::time}, Type::number},
              [](Arguments a) { return part_of(a[0], [](Calendar const& c) { return static_cast<int>(c.date.year()); }); }},
        Entry{{"month", "月（北京时间）", "Month, in Beijing time", {Type::time}, Type::number},
              [](Arguments a) { return part_of(a[0], [](Calendar const& c) { return static_cast<unsigned>(c.date.month()); }); }},
        Entry{{"day", "日（北京时间）", "Day of the month, in Beijing time", {Type::time}, Type::number},
              [](Arguments a) { return part_of(a[0], [](Calendar const& c) { return static_cast<unsigned>(c.date.day()); }); }},
        Entry{{"hour", "时（北京时间）", "Hour, in Beijing time", {Type::time}, Type::number},
              [](Arguments a) { return part_of(a[0], [](Calendar const& c) { return c.hour; }); }},
    };
    return all;
}

}  // namespace

std::string_view name_of(Type type) noexcept
{
    constexpr std::array<std::string_view, 6> names{"boolean", "number", "string", "datetime", "geometry", "array"};
    return names[static_cast<std::size_t>(type)];
}

std::span<FunctionInfo const> functions() noexcept
{
    static std::vector<FunctionInfo> const all = [] {
        std::vector<FunctionInfo> infos;
        for (auto const& entry : entries())
            infos.push_back(entry.info);
        return infos;
    }();
    return all;
}

FunctionInfo const* find_function(std::string_view name) noexcept
{
    auto const all = functions();
    auto const found = std::ranges::find(all, name, &FunctionInfo::name);
    return found == all.end() ? nullptr : &*found;
}

Datum value_of(FunctionInfo const& function, std::span<Datum const> arguments)
{
    auto const found = std::ranges::find(entries(), function.name, [](Entry const& entry) { return entry.info.name; });
    return found->value(arguments);
}

}  // namespace yihong::cql2
