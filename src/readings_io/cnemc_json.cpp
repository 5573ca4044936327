#include "cnemc.hpp"

#include "record_fields.hpp"
#include "yihong/base/json_cursor.hpp"
#include "yihong/base/text.hpp"

#include <simdjson.h>

#include <algorithm>

namespace yihong {
namespace {

/// The few HTML entities that the system uses.
std::string without_entities(std::string_view text)
{
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 7> entities{
        {{"&#10;", "\n"}, {"&nbsp;", " "}, {"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&#39;", "'"}, {"&amp;", "&"}}};
    std::string out;
    while (!text.empty()) {
        auto const at = std::min(text.find('&'), text.size());
        out += text.substr(0, at);
        text.remove_prefix(at);
        auto const known = std::ranges::find_if(entities, [&](auto const& entity) { return text.starts_with(entity.first); });
        if (known != entities.end()) {
            out += known->second;
            text.remove_prefix(known->first.size());
        } else if (!text.empty()) {
            out += '&';
            text.remove_prefix(1);
        }
    }
    return out;
}

/// A cell: `<span … title='原始值：4.124'>4.12</span>` → content `4.12`, title `原始值：4.124`.
struct Cell {
    std::string content;
    std::string title;
};

Cell read_cell(std::string_view html)
{
    Cell cell;
    while (!html.empty()) {
        auto const open = html.find('<');
        cell.content += html.substr(0, open);
        if (open == std::string_view::npos)
            break;
        auto const close = html.find('>', open);
        if (close == std::string_view::npos)
            break;
        std::string_view const tag = html.substr(open, close - open);
        if (auto const at = tag.find("title='"); at != std::string_view::npos && cell.title.empty())
            cell.title = tag.substr(at + 7, tag.find('\'', at + 7) - at - 7);
        html.remove_prefix(close + 1);
    }
    cell.content = without_entities(cell.content);
    cell.title = without_entities(cell.title);
    return cell;
}

/// What stands behind `label` and its colon, up to the line's end.
std::string_view labelled(std::string_view title, std::string_view label)
{
    auto const at = title.find(label);
    if (at == std::string_view::npos)
        return {};
    title.remove_prefix(at + label.size());
    for (std::string_view const colon : {":", "："}) {
        if (title.starts_with(colon))
            title.remove_prefix(colon.size());
    }
    return trimmed(title.substr(0, title.find('\n')));
}

/// An array of texts and nulls.
bool read_texts(JsonCursor& json, std::vector<std::string>& texts)
{
    texts.clear();
    if (json.peek() != '[')
        return json.skip_value(2);
    json.open();
    for (bool first = true; json.next_element(first);) {
        std::string& text = texts.emplace_back();
        std::string_view view;
        if (json.peek() == '"') {
            if (!json.string(view))
                return false;
            text = view;
        } else if (!json.skip_value(3)) {
            return false;
        }
    }
    return !json.failed();
}

void append_row(std::string& csv, std::span<std::string_view const> cells)
{
    for (std::size_t i = 0; i < cells.size(); ++i) {
        if (i > 0)
            csv += ',';
        append_csv_field(csv, cells[i]);
    }
    csv += '\n';
}

}  // namespace

Result<std::string> water_json_to_csv(std::string_view json_text)
{
    if (!simdjson::validate_utf8(json_text.data(), json_text.size()))
        return fail(Errc::bad_syntax, "the text is not UTF-8");
    JsonCursor json{json_text};
    std::vector<std::string> head;
    std::optional<JsonCursor> body;                    // wherever it stands: the head must be known first
    if (json.peek() != '{')
        return fail(Errc::bad_syntax, "line 1, column 1: an object with thead and tbody should stand here");
    json.open();
    std::string_view key;
    for (bool first = true; json.next_member(first, key);) {
        if (key == "thead") {
            if (!read_texts(json, head))
                break;
            continue;
        }
        if (key == "tbody" && json.peek() == '[')
            body = json;
        if (!json.skip_value(1))
            break;
    }
    if (json.failed() || !json.at_end())
        return std::unexpected{json.failure()};
    if (head.empty() || !body)
        return fail(Errc::missing_field, "thead or tbody is missing");

    std::string csv;
    std::vector<std::string_view> out;
    std::vector<std::string> names;
    std::size_t section = SIZE_MAX;
    names.reserve(head.size() * 2 + 2);                // views into it are taken
    std::vector<bool> is_value(head.size());
    for (std::size_t i = 0; i < head.size(); ++i) {
        names.push_back(read_cell(head[i]).content);
        out.push_back(names.back());
        is_value[i] = CnemcTable::is_water_value(names.back());
        if (names.back() == "断面名称") {
            section = i;
            out.insert(out.end(), {"所在地市", "所属河流"});
        } else if (is_value[i]) {
            out.push_back(names.emplace_back(names.back() + "_raw"));
        }
    }
    append_row(csv, out);

    std::vector<std::string> texts;
    std::vector<Cell> cells;
    std::string_view const no_cell;
    body->open();
    for (bool first = true; body->next_element(first);) {
        if (!read_texts(*body, texts))
            return std::unexpected{body->failure()};
        cells.clear();
        std::ranges::transform(texts, std::back_inserter(cells), read_cell);
        out.clear();
        for (std::size_t i = 0; i < cells.size(); ++i) {
            out.push_back(cells[i].content);
            if (i == section)
                out.insert(out.end(), {labelled(cells[i].title, "所在地市"), labelled(cells[i].title, "所属河流")});
            else if (i < is_value.size() && is_value[i])
                out.push_back(cells[i].title.empty() ? no_cell : labelled(cells[i].title, "原始值"));
        }
        append_row(csv, out);
    }
    return csv;
}

}  // namespace yihong
