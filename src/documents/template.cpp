#include "yihong/documents/template.hpp"

#include "yihong/base/file.hpp"

#include "pictures.hpp"
#include "placeholders.hpp"
#include "shipped_parts.hpp"
#include "yihong/compress/zip.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <set>
#include <sstream>

namespace yihong::documents {
namespace {

constexpr std::size_t template_limit_bytes = 32U << 20U;
constexpr unsigned parse_everything =
    pugi::parse_default | pugi::parse_ws_pcdata | pugi::parse_comments | pugi::parse_pi | pugi::parse_declaration;

/// Text, headers and footers.
bool has_text(std::string_view part) noexcept
{
    return part.ends_with(".xml") && (part == "word/document.xml" || part.starts_with("word/header") || part.starts_with("word/footer"));
}

pugi::xml_node ancestor(pugi::xml_node node, char const* name) noexcept
{
    while (node && !is_named(node, name))
        node = node.parent();
    return node;
}

/// What is repeated for each row of a list: the row of the table, else the paragraph.
pugi::xml_node unit_of(pugi::xml_node run) noexcept
{
    auto const row = ancestor(run, "w:tr");
    return row ? row : ancestor(run, "w:p");
}

/// Word opens no file that holds control characters.
std::string writable(std::string_view text)
{
    std::string out;
    std::ranges::copy_if(text, std::back_inserter(out),
                         [](char c) { return static_cast<unsigned char>(c) >= 0x20 || c == '\t' || c == '\n'; });
    return out;
}

/// Text into a run, in the format that it has.
void write_text(pugi::xml_node run, std::string_view text)
{
    for (auto child = run.first_child(); child;) {
        auto const next = child.next_sibling();
        if (!is_named(child, "w:rPr"))
            run.remove_child(child);
        child = next;
    }
    auto const value = writable(text);
    for (std::size_t begin = 0; begin <= value.size();) {
        auto const end = std::min(value.find('\n', begin), value.size());
        if (begin > 0)
            run.append_child("w:br");
        auto line = run.append_child("w:t");
        line.append_attribute("xml:space").set_value("preserve");
        line.text().set(value.substr(begin, end - begin).c_str());
        begin = end + 1;
    }
}

/// The colour of the cell that the run stands in. Word wants the properties of a cell in their order.
void fill_cell(pugi::xml_node run, std::string const& colour)
{
    auto cell = ancestor(run, "w:tc");
    if (!cell)
        return;
    auto properties = cell.child("w:tcPr");
    if (!properties)
        properties = cell.prepend_child("w:tcPr");
    properties.remove_child("w:shd");
    pugi::xml_node later;
    for (auto const* name : {"w:noWrap", "w:tcMar", "w:textDirection", "w:tcFitText", "w:vAlign", "w:hideMark"})
        if (later = properties.child(name); later)
            break;
    auto shade = later ? properties.insert_child_before("w:shd", later) : properties.append_child("w:shd");
    shade.append_attribute("w:val").set_value("clear");
    shade.append_attribute("w:color").set_value("auto");
    shade.append_attribute("w:fill").set_value(colour.c_str() + 1);
}

void fill(pugi::xml_node run, Printed const& shown)
{
    unmark(run);
    write_text(run, shown.text);
    if (!shown.fill.empty())
        fill_cell(run, shown.fill);
    if (shown.link.empty())
        return;
    auto link = run.parent().insert_child_before("w:fldSimple", run);
    link.append_attribute("w:instr").set_value((" HYPERLINK \"" + shown.link + "\" ").c_str());
    link.append_move(run);
}

/// `{{图.类别}}` asks for a picture; the others with a dot ask for lists.
bool is_picture(Placeholder const& one) noexcept { return one.list() == "图"; }

/// Fills the text of one part.
class Filling {
public:
    Filling(ReportContent const& content, ShownPictures& pictures, std::vector<std::string>& problems)
        : content_{content}, pictures_{pictures}, problems_{problems}
    {}

    void run(pugi::xml_node root)
    {
        struct Unit {
            pugi::xml_node node;
            std::string list;
        };
        std::vector<Unit> units;
        std::vector<Placeholder> alone;
        for (auto& one : isolate_placeholders(root, problems_)) {
            if (!is_known(one))
                continue;
            if (one.list().empty() || is_picture(one)) {
                alone.push_back(std::move(one));
                continue;
            }
            auto const node = unit_of(one.run);
            auto const known = std::ranges::find(units, node, &Unit::node);
            if (known == units.end())
                units.push_back({node, std::string{one.list()}});
            else if (known->list != one.list())
                problems_.push_back(
                    fmt::format("同一行里既有“{}”又有“{}”，一行只能取自一个列表 one row takes from one list", known->list, one.list()));
        }
        if (!problems_.empty())
            return;
        for (auto const& one : alone)
            if (std::ranges::find(units, unit_of(one.run), &Unit::node) == units.end())  // fields in a repeated row are filled with it
                fill_alone(one);
        for (auto const& unit : units)
            repeat(unit.node, content_.lists.find(unit.list)->second);
    }

private:
    bool is_known(Placeholder const& one)
    {
        auto const list = content_.lists.find(one.list());
        bool const known = is_picture(one)                ? content_.pictures.contains(one.column())
                           : one.list().empty()           ? content_.fields.contains(one.name)
                           : list == content_.lists.end() ? false
                                                          : list->second.column(one.column()).has_value();
        if (known || !told_.insert(one.name).second)
            return known;
        std::vector<std::string> there;
        if (list != content_.lists.end()) {
            there = list->second.columns;
        } else if (is_picture(one)) {
            for (auto const& [name, value] : content_.pictures)
                there.push_back("图." + name);
        } else if (one.list().empty()) {
            for (auto const& [name, value] : content_.fields)
                there.push_back(name);
        } else {
            for (auto const& [name, value] : content_.lists)
                there.push_back(name + ".…");
        }
        problems_.push_back(fmt::format("没有 {{{{{}}}}}，{}可用 there is no such name; there are: {}", one.name,
                                        list != content_.lists.end() ? "“" + list->first + "”中" : "", fmt::join(there, "、")));
        return false;
    }

    void fill_alone(Placeholder const& one)
    {
        if (is_picture(one)) {
            unmark(one.run);
            pictures_.show(one.run, std::string{one.column()});
        } else {
            fill(one.run, content_.fields.find(one.name)->second);
        }
    }

    void fill_row(pugi::xml_node unit, PrintedList const& list, std::vector<Printed> const* row)
    {
        static Printed const nothing{"--"};
        for (auto const& one : marked_placeholders(unit))
            if (one.list().empty() || is_picture(one))
                fill_alone(one);
            else
                fill(one.run, row ? (*row)[*list.column(one.column())] : nothing);
    }

    void repeat(pugi::xml_node unit, PrintedList const& list)
    {
        auto parent = unit.parent();
        for (auto const& row : list.rows)
            fill_row(parent.insert_copy_before(unit, unit), list, &row);
        if (!list.rows.empty()) {
            parent.remove_child(unit);
        } else if (is_named(unit, "w:tr")) {
            fill_row(unit, list, nullptr);
        } else if (unit.previous_sibling("w:p") || unit.next_sibling("w:p")) {
            parent.remove_child(unit);
        } else {                                           // a header, a text box: it has to hold a paragraph
            for (auto const& one : marked_placeholders(unit))
                fill(one.run, {});
        }
    }

    ReportContent const& content_;
    ShownPictures& pictures_;
    std::vector<std::string>& problems_;
    std::set<std::string> told_;
};

std::string text_of(pugi::xml_document const& document)
{
    std::ostringstream out;
    document.save(out, "", pugi::format_raw | pugi::format_no_declaration, pugi::encoding_utf8);
    return std::move(out).str();
}

}  // namespace

std::string shipped_template(Kind kind) { return pack(shipped_parts(kind)); }

Result<std::string> read_template(Kind kind, std::filesystem::path const& file)
{
    if (file.empty())
        return shipped_template(kind);
    auto bytes = read_file(file, template_limit_bytes);
    if (!bytes || bytes->empty())
        return fail(Errc::broken_file, "读不出，或超过 32 MB it cannot be read, or is larger than 32 MB");
    return bytes;
}

Result<std::string> fill_template(std::string_view docx, ReportContent const& content)
{
    auto parts = unpack(docx);
    if (!parts)
        return std::unexpected{parts.error()};
    if (std::ranges::find(*parts, "word/document.xml", &ZipPart::name) == parts->end())
        return fail(Errc::broken_file, "不是 Word 文档（.docx） it is no Word document");
    std::vector<std::string> problems;
    ShownPictures pictures{content};
    std::vector<std::string> texts;
    for (auto const& part : *parts)
        if (has_text(part.name))
            texts.push_back(part.name);
    for (auto const& name : texts) {
        auto& part = *std::ranges::find(*parts, name, &ZipPart::name);
        pugi::xml_document document;
        if (auto const read = document.load_buffer(part.content.data(), part.content.size(), parse_everything); !read)
            return fail(Errc::broken_file, fmt::format("{}: {}", part.name, read.description()));
        Filling{content, pictures, problems}.run(document);
        part.content = text_of(document);
        if (auto done = pictures.end_part(name, *parts); !done)
            return std::unexpected{std::move(done.error())};
    }
    if (auto done = pictures.end_document(*parts); !done)
        return std::unexpected{std::move(done.error())};
    if (!problems.empty())
        return fail(Errc::bad_value, fmt::format("{}", fmt::join(problems, "\n")));
    return pack(*parts);
}

}  // namespace yihong::documents
