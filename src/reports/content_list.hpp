#pragma once

#include "yihong/periods/calendar.hpp"
#include "yihong/reports/report_content.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace yihong {

/// `--` where there is nothing.
inline Printed plain(std::string_view text) { return {std::string{text.empty() ? std::string_view{"--"} : text}}; }
inline Printed number(std::ptrdiff_t value) { return {std::to_string(value)}; }
inline Printed figure(std::optional<Decimal> const& value) { return {value ? value->to_string() : "--"}; }

/// `−4.1`, with the sign of tables.
Printed signed_figure(std::optional<Decimal> const& value);

/// 2025年11月5日
std::string chinese_date(Date date);

/// Fields that every report has: 标题, 单位, 期号, 版本, 时段, 比较时段, 年份, 日期. \param title behind the period
std::map<std::string, Printed, std::less<>> common_fields(Period const& period, std::optional<Period> const& base, UtcTime as_of,
                                                          PrintOptions const& options, std::string_view title);

/// 说明: those of the print first, numbered.
PrintedList note_list(std::vector<std::string> const& first, std::vector<std::string> rest);

/// A column of a list: its name, and what stands in it.
template <typename Row, typename Sources>
struct ContentColumn {
    std::string_view name;
    Printed (*show)(Row const& row, Sources const& from);
};

template <typename Row, typename Sources, std::size_t n>
PrintedList list_of(ContentColumn<Row, Sources> const (&columns)[n], std::vector<Row const*> const& rows, Sources const& from)
{
    PrintedList list;
    for (auto const& column : columns)
        list.columns.emplace_back(column.name);
    for (auto const* row : rows) {
        auto& cells = list.rows.emplace_back();
        for (auto const& column : columns)
            cells.push_back(column.show(*row, from));
    }
    return list;
}

template <typename Row>
std::vector<Row const*> all_of(std::vector<Row> const& rows)
{
    std::vector<Row const*> all;
    for (auto const& row : rows)
        all.push_back(&row);
    return all;
}

}  // namespace yihong
