#include "yihong/readings_io/dust_list.hpp"

#include "csv_rows.hpp"
#include "file_text.hpp"
#include "yihong/base/text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
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

/// 2026-04-12, 2026/4/12, 20260412
std::optional<Date> read_date(std::string_view text)
{
    auto const number = [](std::string_view digits) {
        int value = -1;
        auto const [end, wrong] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
        return wrong == std::errc{} && end == digits.data() + digits.size() ? value : -1;
    };
    std::array<int, 3> parts{-1, -1, -1};
    constexpr std::size_t digits = 8;
    if (text.size() == digits && std::ranges::all_of(text, [](char c) { return '0' <= c && c <= '9'; })) {
        parts = {number(text.substr(0, 4)), number(text.substr(4, 2)), number(text.substr(6))};
    } else {
        auto const first = text.find_first_of("-/");
        auto const second = first == std::string_view::npos ? first : text.find(text[first], first + 1);
        if (second == std::string_view::npos)
            return std::nullopt;
        parts = {number(text.substr(0, first)), number(text.substr(first + 1, second - first - 1)), number(text.substr(second + 1))};
    }
    if (parts[0] < 1980 || parts[0] > 2200 || parts[1] < 1 || parts[2] < 1)
        return std::nullopt;
    Date const made{std::chrono::year{parts[0]}, std::chrono::month{static_cast<unsigned>(parts[1])},
                    std::chrono::day{static_cast<unsigned>(parts[2])}};
    return made.ok() ? std::optional{made} : std::nullopt;
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

}  // namespace

Result<std::vector<DustDay>> read_dust_list(std::string_view body)
{
    std::optional<std::string> converted;
    if (!is_valid_utf8(body)) {
        converted = from_gb18030(body);
        if (!converted)
            return fail(Errc::bad_syntax, "the list is neither UTF-8 nor GB18030");
        body = *converted;
    }
    CsvRows rows{body};
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

}  // namespace yihong
