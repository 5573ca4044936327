#include "yihong/readings_io/dust_list.hpp"

#include "csv_rows.hpp"
#include "file_text.hpp"
#include "plain_text.hpp"
#include "read_xlsx.hpp"
#include "yihong/base/text.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace yihong {
namespace {

enum Field : std::size_t { city, date, reason, document, field_count };
constexpr std::size_t no_column = SIZE_MAX;
using Columns = std::array<std::size_t, field_count>;

std::optional<Field> field_of(std::string_view name)
{
    constexpr std::array<std::pair<std::string_view, Field>, 12> names{{{"city", city},
                                                                        {"place", city},
                                                                        {"城市", city},
                                                                        {"城市名称", city},
                                                                        {"区域", city},
                                                                        {"date", date},
                                                                        {"day", date},
                                                                        {"日期", date},
                                                                        {"reason", reason},
                                                                        {"原因", reason},
                                                                        {"document", document},
                                                                        {"文号", document}}};
    auto const found = std::ranges::find(names, name, &std::pair<std::string_view, Field>::first);
    return found == names.end() ? std::nullopt : std::optional{found->second};
}

std::string at(std::size_t line, std::string_view column) { return "line " + std::to_string(line) + ", " + std::string{column} + ": "; }

/// 20260412, or what `read_sheet_time` takes for a midnight.
std::optional<Date> read_date(std::string_view text)
{
    constexpr std::size_t digits = 8;
    auto const is_digit = [](char c) { return '0' <= c && c <= '9'; };
    auto const time =
        text.size() == digits && std::ranges::all_of(text, is_digit) ? read_sheet_time(std::string{text} + "0000") : read_sheet_time(text);
    if (!time)
        return std::nullopt;
    auto const date = beijing_date(*time);
    constexpr std::chrono::year first{1980}, last{2200};
    bool const is_day = beijing_midnight(date) == *time;
    return is_day && first <= date.year() && date.year() <= last ? std::optional{date} : std::nullopt;
}

Result<Columns> read_header(CsvRows const& header)
{
    Columns columns;
    columns.fill(no_column);
    auto const names = header.fields();
    for (std::size_t i = 0; i < names.size(); ++i)
        if (auto const field = field_of(trimmed(names[i]))) {
            if (columns.at(*field) != no_column)
                return fail(Errc::bad_syntax, at(header.line(), trimmed(names[i])) + "stands there twice");
            columns.at(*field) = i;
        }
    for (auto const& [field, name] : {std::pair{city, "city (城市)"}, std::pair{date, "date (日期)"}})
        if (columns.at(field) == no_column)
            return fail(Errc::missing_field, at(header.line(), name) + "the header names no such column");
    return columns;
}

Result<std::vector<DustDay>> read_rows(std::string_view csv)
{
    CsvRows rows{csv};
    if (!rows.next())
        return fail(Errc::bad_syntax, "the list is empty");
    auto const columns = read_header(rows);
    if (!columns)
        return std::unexpected{columns.error()};
    std::vector<DustDay> days;
    while (rows.next()) {
        auto const field = [&](Field one) {
            auto const place = columns->at(one);
            return place < rows.fields().size() ? std::string{trimmed(rows.fields()[place])} : std::string{};
        };
        if (rows.open_quote() || rows.stray_quote() > 0)
            return fail(Errc::bad_syntax, at(rows.line(), "row") + "a quote is not closed, or stands where none may be");
        DustDay day{rows.line(), field(city), {}, field(reason), field(document)};
        if (day.place.empty())
            return fail(Errc::missing_field, at(day.line, "city (城市)") + "is empty");
        auto const read = read_date(field(date));
        if (!read)
            return fail(Errc::bad_time, at(day.line, "date (日期)") + "'" + field(date).substr(0, 40) + "' is no date such as 2026-04-12");
        day.date = *read;
        days.push_back(std::move(day));
    }
    return days;
}

Result<std::vector<DustDay>> read_text_list(std::string_view csv)
{
    if (is_valid_utf8(csv))
        return read_rows(csv);
    auto const converted = from_gb18030(csv);
    return converted ? read_rows(*converted) : fail(Errc::bad_syntax, "the list is neither UTF-8 nor GB18030");
}

}  // namespace

Result<std::vector<DustDay>> read_dust_list(std::string_view body)
{
    if (!is_workbook(body))
        return read_text_list(body);
    auto const sheet = sheet_to_csv(body);
    if (!sheet)
        return std::unexpected{sheet.error()};
    auto days = read_text_list(sheet->csv);                // its XML may hold what is no UTF-8
    return days ? std::move(days) : std::unexpected{in_sheet(sheet->name, std::move(days.error()))};
}

}  // namespace yihong
