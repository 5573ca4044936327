#include "placeholders.hpp"

#include "yihong/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

namespace yihong::documents {
namespace {

constexpr auto mark = "yihong-placeholder";

/// The text of a paragraph, and where it stands. What a text box inside holds is of paragraphs of its own.
struct ParagraphText {
    struct Piece {
        pugi::xml_node text;                               ///< w:t
        std::size_t begin = 0;
        std::size_t end = 0;
    };
    std::string all;
    std::vector<Piece> pieces;

    void gather(pugi::xml_node node)
    {
        for (auto const child : node.children()) {
            if (is_named(child, "w:p") || (is_named(child, "w:r") && child.attribute(mark)))
                continue;
            if (is_named(child, "w:t") && is_named(child.parent(), "w:r")) {
                std::string_view const text = child.text().get();
                pieces.push_back({child, all.size(), all.size() + text.size()});
                all += text;
            } else {
                gather(child);
            }
        }
    }
};

void set_text(pugi::xml_node text, std::string_view value)
{
    text.text().set(std::string{value}.c_str());
    auto space = text.attribute("xml:space");
    (space ? space : text.append_attribute("xml:space")).set_value("preserve");
}

/// Cuts the run of a text into what stands before [begin, end), that itself, and what comes after. \return the run in the middle
pugi::xml_node cut(pugi::xml_node text, std::size_t begin, std::size_t end, std::string_view middle)
{
    std::string const all = text.text().get();
    auto before = text.parent();
    auto const place = std::distance(before.begin(), pugi::xml_node_iterator{text});
    auto const copy_after = [](pugi::xml_node run) { return run.parent().insert_copy_after(run, run); };
    auto after = copy_after(before);
    auto made = copy_after(before);
    auto const nth = [place](pugi::xml_node run) { return *std::next(run.begin(), place); };
    auto const keep = [place](pugi::xml_node run, auto wanted) {
        std::ptrdiff_t at = 0;
        for (auto child = run.first_child(); child; ++at) {
            auto const next = child.next_sibling();
            if (!is_named(child, "w:rPr") && !wanted(at <=> place))
                run.remove_child(child);
            child = next;
        }
    };
    set_text(nth(before), std::string_view{all}.substr(0, begin));
    set_text(nth(made), middle);
    set_text(nth(after), std::string_view{all}.substr(end));
    keep(before, [](auto where) { return where <= 0; });
    keep(made, [](auto where) { return where == 0; });
    keep(after, [](auto where) { return where >= 0; });
    return made;
}

/// The first placeholder that is not marked. \return an empty name for none
Placeholder isolate_one(pugi::xml_node paragraph, std::vector<std::string>& problems)
{
    ParagraphText text;
    text.gather(paragraph);
    auto const open = text.all.find("{{");
    auto const close = text.all.find("}}");
    if (open == std::string::npos && close == std::string::npos)
        return {};
    if (open == std::string::npos || close == std::string::npos || close < open || text.all.find("{{", open + 2) < close) {
        problems.push_back(fmt::format("“{}”中的 {{{{ 与 }}}} 不成对 braces without their counterpart", text.all));
        return {};
    }
    auto const end = close + 2;
    auto const first = std::ranges::find_if(text.pieces, [&](auto const& piece) { return open < piece.end; });
    for (auto piece = std::next(first); piece != text.pieces.end() && piece->begin < end; ++piece) {
        std::string_view const all = piece->text.text().get();
        set_text(piece->text, std::string{all.substr(std::min(end, piece->end) - piece->begin)});
    }
    std::string name{trimmed(std::string_view{text.all}.substr(open + 2, close - open - 2))};
    if (name.empty()) {
        problems.push_back(fmt::format("“{}”中的 {{{{}}}} 没有名称 braces without a name", text.all));
        return {};
    }
    auto run = cut(first->text, open - first->begin, std::min(end, first->end) - first->begin, "{{" + name + "}}");
    run.append_attribute(mark).set_value(name.c_str());
    return {run, std::move(name)};
}

void collect(pugi::xml_node node, char const* name, std::vector<pugi::xml_node>& found)
{
    if (is_named(node, name))
        found.push_back(node);
    for (auto const child : node.children())
        collect(child, name, found);
}

}  // namespace

bool is_named(pugi::xml_node node, char const* name) noexcept { return std::strcmp(node.name(), name) == 0; }

std::string_view Placeholder::list() const noexcept
{
    auto const dot = name.find('.');
    return dot == std::string::npos ? std::string_view{} : std::string_view{name}.substr(0, dot);
}

std::string_view Placeholder::column() const noexcept
{
    auto const dot = name.find('.');
    return dot == std::string::npos ? std::string_view{name} : std::string_view{name}.substr(dot + 1);
}

std::vector<Placeholder> isolate_placeholders(pugi::xml_node root, std::vector<std::string>& problems)
{
    std::vector<pugi::xml_node> paragraphs;
    collect(root, "w:p", paragraphs);
    std::vector<Placeholder> all;
    for (auto const paragraph : paragraphs)
        for (auto one = isolate_one(paragraph, problems); !one.name.empty(); one = isolate_one(paragraph, problems))
            all.push_back(std::move(one));
    return all;
}

std::vector<Placeholder> marked_placeholders(pugi::xml_node node)
{
    std::vector<pugi::xml_node> runs;
    collect(node, "w:r", runs);
    std::vector<Placeholder> all;
    for (auto const run : runs)
        if (auto const name = run.attribute(mark))
            all.push_back({run, name.value()});
    return all;
}

std::string unmark(pugi::xml_node run)
{
    std::string name = run.attribute(mark).value();
    run.remove_attribute(mark);
    return name;
}

}  // namespace yihong::documents
