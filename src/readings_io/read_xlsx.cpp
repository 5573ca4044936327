#include "read_xlsx.hpp"

#include "record_fields.hpp"
#include "yihong/base/text.hpp"
#include "yihong/compress/zip.hpp"

#include <pugixml.hpp>

#include <algorithm>
#include <charconv>

namespace yihong {
namespace {

constexpr std::size_t limit_bytes = 64U << 20U;
constexpr std::size_t most_rows = 1'048'576, most_columns = 16'384;    // of a sheet

std::unexpected<Failure> broken(std::string_view why)
{
    return fail(Errc::broken_file, "不是完整的 .xlsx it is no whole .xlsx: " + std::string{why});
}

std::unexpected<Failure> too_large() { return fail(Errc::too_large, "工作表超过 64 MB the sheet takes more than 64 MB"); }

/// Without its namespace prefix, which writers choose.
std::string_view local_name(pugi::xml_node node)
{
    std::string_view const name = node.name();
    return name.substr(name.find(':') + 1);
}

pugi::xml_node child(pugi::xml_node node, std::string_view name)
{
    for (auto const one : node.children())
        if (local_name(one) == name)
            return one;
    return {};
}

/// The parts of a workbook.
class Workbook {
public:
    static Result<Workbook> open(std::string_view xlsx)
    {
        auto parts = unpack(xlsx, limit_bytes);
        if (!parts)
            return std::unexpected{parts.error()};
        return Workbook{*std::move(parts)};
    }

    /// \return Errc::broken_file for one that is not there, or is no XML
    Result<void> load(std::string_view name, pugi::xml_document& into) const
    {
        auto const part = std::ranges::find(parts_, name, &ZipPart::name);
        if (part == parts_.end())
            return broken(std::string{name} + " is missing");
        auto const parsed = into.load_buffer(part->content.data(), part->content.size(), pugi::parse_default | pugi::parse_ws_pcdata);
        return parsed ? Result<void>{} : Result<void>{broken(std::string{name} + ": " + parsed.description())};
    }
    [[nodiscard]] bool has(std::string_view name) const { return std::ranges::find(parts_, name, &ZipPart::name) != parts_.end(); }

private:
    explicit Workbook(std::vector<ZipPart> parts) : parts_{std::move(parts)} {}
    std::vector<ZipPart> parts_;
};

struct SheetPlace {
    std::string name;
    std::string part;
};

/// The first sheet that is not hidden.
Result<SheetPlace> first_sheet(Workbook const& book)
{
    pugi::xml_document workbook, relations;
    if (auto loaded = book.load("xl/workbook.xml", workbook); !loaded)
        return std::unexpected{loaded.error()};
    if (auto loaded = book.load("xl/_rels/workbook.xml.rels", relations); !loaded)
        return std::unexpected{loaded.error()};
    for (auto const sheet : child(workbook.document_element(), "sheets").children()) {
        if (local_name(sheet) != "sheet" || std::string_view{sheet.attribute("state").value()}.ends_with("idden"))
            continue;
        std::string_view id;
        for (auto const attribute : sheet.attributes())
            if (std::string_view{attribute.name()}.ends_with(":id"))
                id = attribute.value();
        for (auto const relation : relations.document_element().children()) {
            if (relation.attribute("Id").value() != id)
                continue;
            std::string const target = relation.attribute("Target").value();
            return SheetPlace{sheet.attribute("name").value(), target.starts_with('/') ? target.substr(1) : "xl/" + target};
        }
    }
    return broken("it has no sheet");
}

/// The letters of a text, whatever their format; not how they are read aloud.
void append_text(std::string& out, pugi::xml_node node)
{
    for (auto const one : node.children()) {
        if (local_name(one) == "t")
            out += one.child_value();
        else if (local_name(one) == "r")
            out += child(one, "t").child_value();
    }
}

Result<std::vector<std::string>> shared_texts(Workbook const& book)
{
    constexpr std::string_view part = "xl/sharedStrings.xml";
    std::vector<std::string> texts;
    if (!book.has(part))
        return texts;
    pugi::xml_document document;
    if (auto loaded = book.load(part, document); !loaded)
        return std::unexpected{loaded.error()};
    for (auto const text : document.document_element().children())
        if (local_name(text) == "si")
            append_text(texts.emplace_back(), text);
    return texts;
}

std::optional<std::size_t> whole(std::string_view text)
{
    std::size_t number = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc{} && end == text.data() + text.size() ? std::optional{number} : std::nullopt;
}

/// Excel keeps 0.1 as 0.10000000000000001: the shortest number that is the same.
std::string number_text(std::string_view written)
{
    double number = 0;
    auto const [end, error] = std::from_chars(written.data(), written.data() + written.size(), number);
    auto const decimal =
        error == std::errc{} && end == written.data() + written.size() ? Decimal::from_double(number) : fail(Errc::bad_value, {});
    return decimal ? decimal->to_string() : std::string{written};
}

std::string cell_text(pugi::xml_node cell, std::vector<std::string> const& shared)
{
    std::string_view const type = cell.attribute("t").value();
    std::string_view const value = child(cell, "v").child_value();
    if (type == "s") {
        auto const place = whole(value);
        return place && *place < shared.size() ? shared[*place] : std::string{};
    }
    if (type == "inlineStr") {
        std::string text;
        append_text(text, child(cell, "is"));
        return text;
    }
    if (type == "b")
        return value == "1" ? "TRUE" : "FALSE";
    return type.empty() || type == "n" ? number_text(trimmed(value)) : std::string{value};
}

/// The column of `BC12`, from 0.
std::optional<std::size_t> column_of(std::string_view reference)
{
    std::size_t column = 0;
    for (char const c : reference) {
        if (c < 'A' || c > 'Z' || column > most_columns)
            break;
        column = column * 26 + static_cast<std::size_t>(c - 'A') + 1;
    }
    return column > 0 && column <= most_columns ? std::optional{column - 1} : std::nullopt;
}

std::string letters_of(std::size_t column)
{
    std::string letters;
    for (; column > 0; column = (column - 1) / 26)
        letters.insert(letters.begin(), static_cast<char>('A' + (column - 1) % 26));
    return letters;
}

/// 2025-10 typed into a cell becomes a day of that month, which is kept as its number since 1899-12-30.
std::string month_text(std::string text)
{
    constexpr std::size_t first = 36'526, last = 73'050;  // of this century; 202510 is none
    auto const number = whole(std::string_view{text}.substr(0, text.find('.')));
    if (!number || *number < first || *number > last)
        return text;
    using namespace std::chrono;
    auto const date = format_date(year_month_day{sys_days{year{1899} / December / 30} + days{*number}});
    return date.substr(0, date.rfind('-'));
}

/// Cells by their column, blank ones behind the last cut off; in one line.
Result<std::vector<std::string>> cells_of(pugi::xml_node row, std::vector<std::string> const& shared)
{
    std::vector<std::string> cells;
    std::size_t next = 0, bytes = 0;
    for (auto const cell : row.children()) {
        if (local_name(cell) != "c")
            continue;
        auto const column = column_of(cell.attribute("r").value()).value_or(next);
        next = column + 1;
        auto text = cell_text(cell, shared);
        std::ranges::replace_if(text, [](char c) { return static_cast<unsigned char>(c) < 0x20; }, ' ');
        if (trimmed(text).empty() || column >= most_columns)
            continue;
        bytes += text.size();                             // a long text may be shared by every cell of the row
        if (bytes > limit_bytes)
            return too_large();
        cells.resize(std::max(cells.size(), column + 1));
        cells[column] = std::move(text);
    }
    return cells;
}

}  // namespace

bool is_workbook(std::string_view bytes) noexcept { return bytes.starts_with("PK\x03\x04"); }

Result<SheetText> sheet_to_csv(std::string_view xlsx)
{
    auto const book = Workbook::open(xlsx);
    if (!book)
        return std::unexpected{book.error()};
    auto const place = first_sheet(*book);
    if (!place)
        return std::unexpected{place.error()};
    auto const shared = shared_texts(*book);
    if (!shared)
        return std::unexpected{shared.error()};
    pugi::xml_document sheet;
    if (auto loaded = book->load(place->part, sheet); !loaded)
        return std::unexpected{loaded.error()};
    SheetText made{place->name, {}};
    std::size_t line = 0, width = 0;
    std::optional<std::size_t> plan_month;
    for (auto const row : child(sheet.document_element(), "sheetData").children()) {
        if (local_name(row) != "row")
            continue;
        auto const number = whole(row.attribute("r").value()).value_or(line + 1);
        if (number <= line || number > most_rows)
            return broken("its rows are out of order");
        auto read = cells_of(row, *shared);
        if (!read)
            return std::unexpected{read.error()};
        auto& cells = *read;
        made.csv.append(number - line - 1, '\n');
        line = number;
        if (width == 0) {                                 // the head
            width = cells.size();
            if (auto const found = std::ranges::find(cells, "plan_month", trimmed); found != cells.end())
                plan_month = static_cast<std::size_t>(found - cells.begin());
        }
        if (!cells.empty())
            cells.resize(std::max(cells.size(), width));
        for (std::size_t i = 0; i < cells.size(); ++i) {
            if (plan_month && *plan_month == i)
                cells[i] = month_text(std::move(cells[i]));
            if (i > 0)
                made.csv += ',';
            append_csv_field(made.csv, cells[i]);
        }
        made.csv += '\n';
        if (made.csv.size() > limit_bytes)
            return too_large();
    }
    return made;
}

Failure in_sheet(std::string_view sheet, Failure failure)
{
    constexpr std::string_view line = "line ", column = ", column ";
    auto& detail = failure.detail;
    if (!detail.starts_with(line))
        return failure;
    auto const end = std::min(detail.find_first_not_of("0123456789", line.size()), detail.size());
    auto place = "sheet " + quote(sheet) + ", row " + detail.substr(line.size(), end - line.size());
    auto rest = detail.substr(end);
    if (rest.starts_with(column)) {
        auto const behind = std::min(rest.find_first_not_of("0123456789", column.size()), rest.size());
        auto const number = whole(std::string_view{rest}.substr(column.size(), behind - column.size()));
        place += std::string{column} + (number ? letters_of(*number) : std::string{});
        rest.erase(0, behind);
    }
    detail = place + rest;
    return failure;
}

Result<ParsedBatch> read_xlsx(std::string_view body, NameBook const& names)
{
    auto sheet = sheet_to_csv(body);
    if (!sheet)
        return std::unexpected{sheet.error()};
    std::deque<std::string> kept;
    kept.push_back(std::move(sheet->csv));
    auto batch = read_csv(kept.front(), names);
    if (!batch)
        return std::unexpected{in_sheet(sheet->name, std::move(batch.error()))};
    for (auto& refusal : batch->refused)
        refusal.failure = in_sheet(sheet->name, std::move(refusal.failure));
    batch->kept.push_back(std::move(kept.front()));       // where it holds records it is longer than a short string: its bytes stay
    return batch;
}

}  // namespace yihong
