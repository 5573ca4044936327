#include "prints.hpp"

#include "yihong/sheets/workbook.hpp"

#include <algorithm>
#include <array>

namespace yihong::api {
namespace {

/// Columns that hold no numbers, however they look.
constexpr std::array<std::string_view, 8> texts{"名称", "所在区域", "内容", "企业", "污染物", "限值", "排放标准", "日期"};

/// A list of the report: what is printed as a number is one, with the decimals that it is printed with.
sheets::Sheet sheet_of(std::string_view name, PrintedList const& list)
{
    sheets::Sheet sheet{std::string{name}, {}, {}};
    for (auto const& column : list.columns)
        sheet.columns.push_back({column, column == "内容" || column == "首要污染物" ? 80.0 : 16.0});
    for (auto const& row : list.rows) {
        auto& cells = sheet.rows.emplace_back();
        for (std::size_t i = 0; i < row.size(); ++i) {
            auto text = row[i].text;
            if (text.starts_with("−"))
                text.replace(0, std::string_view{"−"}.size(), "-");
            bool const is_text = std::ranges::find(texts, list.columns[i]) != texts.end();
            auto const number = is_text ? fail(Errc::bad_value, {}) : Decimal::parse(text);
            auto const linked = [&](auto shown) {
                return row[i].link.empty() ? sheets::Cell{shown} : sheets::Cell{sheets::Linked{shown, row[i].link}};
            };
            cells.push_back(text == "--" ? sheets::Cell{} : number ? linked(*number) : linked(row[i].text));
        }
    }
    return sheet;
}

}  // namespace

std::string content_xlsx(ReportContent const& content, std::initializer_list<std::string_view> lists, UtcTime as_of)
{
    std::vector<sheets::Sheet> all;
    for (auto const name : lists)
        if (auto const& list = content.lists.find(name)->second; !list.rows.empty())
            all.push_back(sheet_of(name, list));
    return sheets::to_xlsx(all, as_of);
}

}  // namespace yihong::api
