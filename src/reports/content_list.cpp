#include "content_list.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace yihong {

std::optional<std::size_t> PrintedList::column(std::string_view name) const noexcept
{
    auto const found = std::ranges::find(columns, name);
    return found == columns.end() ? std::nullopt : std::optional{static_cast<std::size_t>(found - columns.begin())};
}

Printed signed_figure(std::optional<Decimal> const& value)
{
    auto text = figure(value).text;
    if (value && *value < Decimal{})
        text.replace(0, 1, "−");
    return {std::move(text)};
}

std::string chinese_date(Date date)
{
    return fmt::format("{}年{}月{}日", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                       static_cast<unsigned>(date.day()));
}

std::map<std::string, Printed, std::less<>> common_fields(Period const& period, std::optional<Period> const& base, UtcTime as_of,
                                                          PrintOptions const& options, std::string_view title)
{
    return {
        {"标题", {period_label(period) + std::string{title}}},
        {"单位", {options.publisher.empty() ? "（单位名称）" : options.publisher}},
        {"期号", {options.number.empty() ? "　　" : options.number}},
        {"版本", {options.version > 1 ? fmt::format("（第{}版）", options.version) : ""}},
        {"时段", {period_label(period)}},
        {"比较时段", plain(base ? period_label(*base) : std::string{})},
        {"年份", number(static_cast<int>(period.first_day().year()))},
        {"日期", {chinese_date(beijing_date(as_of))}},
    };
}

PrintedList note_list(std::vector<std::string> const& first, std::vector<std::string> rest)
{
    PrintedList list{{"序号", "内容"}, {}};
    rest.insert(rest.begin(), first.begin(), first.end());
    for (auto& text : rest)
        list.rows.push_back({number(std::ssize(list.rows) + 1), {std::move(text)}});
    return list;
}

}  // namespace yihong
