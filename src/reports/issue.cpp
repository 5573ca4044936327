#include "yihong/reports/issue.hpp"

#include "yihong/base/json_cursor.hpp"
#include "yihong/base/json_writer.hpp"
#include "yihong/base/text.hpp"

#include "content_list.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <functional>

namespace yihong {
namespace {

/// Columns that say nothing of their own.
bool is_figure(std::string_view column) { return column != "序号" && column != "概述" && column != "说明" && column != "标识"; }

/// By what a row is found again: sections by their id, since names change.
std::optional<std::size_t> key_of(PrintedList const& list)
{
    for (auto const* name : {"标识", "名称", "级别", "类别"})
        if (auto const column = list.column(name))
            return column;
    return std::nullopt;
}

std::string name_of(PrintedList const& list, std::vector<Printed> const& row)
{
    auto const name = list.column("名称");
    return row[name.value_or(*key_of(list))].text;
}

/// A column of the present list, and the one it is held against.
using Pairs = std::vector<std::pair<std::size_t, std::size_t>>;

std::vector<Printed> const* row_of(PrintedList const& list, std::string_view key)
{
    auto const column = *key_of(list);
    auto const found = std::ranges::find_if(list.rows, [&](auto const& row) { return row[column].text == key; });
    return found == list.rows.end() ? nullptr : &*found;
}

std::string row_changes(std::vector<Printed> const& before, std::vector<Printed> const& now, PrintedList const& list, Pairs const& pairs)
{
    std::string out;
    for (auto const& [mine, theirs] : pairs)
        if (now[mine].text != before[theirs].text)
            out += fmt::format("{}{} {}→{}", out.empty() ? "" : "、", list.columns[mine], before[theirs].text, now[mine].text);
    return out;
}

/// \param column_of the column of the old list for one of the new; \param rows whether rows that came or went are told
std::vector<std::string> compare(ReportContent const& before, ReportContent const& now, std::size_t most, bool rows,
                                 std::function<std::string_view(std::string_view)> const& column_of)
{
    std::vector<std::string> all;
    for (auto const& [name, list] : now.lists) {
        auto const found = before.lists.find(name);
        if (found == before.lists.end() || name == "说明" || !key_of(list) || !key_of(found->second))
            continue;
        auto const& old = found->second;
        Pairs pairs;
        for (std::size_t i = 0; i < list.columns.size(); ++i) {
            auto const wanted = column_of(list.columns[i]);
            if (auto const other = wanted.empty() ? std::nullopt : old.column(wanted))
                pairs.emplace_back(i, *other);
        }
        for (auto const& row : list.rows) {
            auto const* then = row_of(old, row[*key_of(list)].text);
            auto const changed = then ? row_changes(*then, row, list, pairs) : rows ? "新列入" : std::string{};
            if (!changed.empty())
                all.push_back(fmt::format("{} {}：{}", name, name_of(list, row), changed));
        }
        for (auto const& row : old.rows)
            if (rows && !row_of(list, row[*key_of(old)].text))
                all.push_back(fmt::format("{} {}：不再列入", name, name_of(old, row)));
    }
    if (all.size() > most) {
        auto const more = all.size() - most;
        all.resize(most);
        all.push_back(fmt::format("另有{}处", more));
    }
    return all;
}

void write_printed(JsonWriter& json, Printed const& shown) { json.value(shown.text); }

class Reader {
public:
    explicit Reader(std::string_view text) : json_{text} {}

    Result<Issue> read()
    {
        Issue issue;
        members([&](std::string const& key) {
            if (key == "fields")
                members([&](std::string const& name) { issue.content.fields[name] = {text()}; });
            else if (key == "lists")
                members([&](std::string const& name) { issue.content.lists[name] = list(); });
            else if (key == "version")
                issue.version = whole();
            else
                take(issue, key, text());
        });
        json_.at_end();
        if (json_.failed())
            return std::unexpected{json_.failure()};
        return broken_.empty() ? Result<Issue>{std::move(issue)} : fail(Errc::bad_value, broken_);
    }

private:
    template <typename Each>
    void members(Each each)
    {
        if (!json_.open())
            return;
        std::string_view key;
        for (bool first = true; json_.next_member(first, key);)
            each(std::string{key});
    }
    template <typename Each>
    void elements(Each each)
    {
        if (!json_.open())
            return;
        for (bool first = true; json_.next_element(first);)
            each();
    }
    std::string text()
    {
        std::string_view value;
        return json_.string(value) ? std::string{value} : std::string{};
    }
    int whole()
    {
        std::string_view digits;
        int value = 0;
        if (json_.number(digits))
            std::from_chars(digits.data(), digits.data() + digits.size(), value);
        return value;
    }
    PrintedList list()
    {
        PrintedList made;
        members([&](std::string const& key) {
            if (key == "columns")
                elements([&] { made.columns.push_back(text()); });
            else
                elements([&] {
                    auto& row = made.rows.emplace_back();
                    elements([&] { row.push_back({text()}); });
                });
        });
        for (auto const& row : made.rows)
            if (row.size() != made.columns.size())
                broken_ = "a row has not as many values as there are columns";
        return made;
    }
    void take(Issue& issue, std::string const& key, std::string value)
    {
        auto const parsed = [&](auto& into, auto const& result) {
            if (result)
                into = *result;
            else
                broken_ = key + ": " + result.error().detail;
        };
        if (key == "kind")
            issue.kind = std::move(value);
        else if (key == "place")
            issue.place = std::move(value);
        else if (key == "number")
            issue.number = std::move(value);
        else if (key == "ending")
            issue.ending = std::move(value);
        else if (key == "period")
            parsed(issue.period, parse_period(value));
        else if (key == "as_of")
            parsed(issue.as_of, parse_rfc3339(value));
        else if (key == "issued")
            parsed(issue.issued, parse_rfc3339(value));
    }

    JsonCursor json_;
    std::string broken_;
};

}  // namespace

std::string issue_id(Issue const& issue)
{
    auto code = period_code(issue.period);
    std::ranges::replace(code, '/', '~');
    return fmt::format("{}_{}{}_v{}", issue.kind, code, issue.place.empty() ? "" : "_" + percent_encoded(issue.place), issue.version);
}

std::string issue_json(Issue const& issue)
{
    std::string out;
    JsonWriter json{out};
    json.begin_object().member("kind", issue.kind).member("period", period_code(issue.period)).member("place", issue.place);
    json.member("number", issue.number).member("version", issue.version).member("as_of", issue.as_of).member("issued", issue.issued);
    json.member("ending", issue.ending).key("fields").begin_object();
    for (auto const& [name, shown] : issue.content.fields)
        write_printed(json.key(name), shown);
    json.end_object().key("lists").begin_object();
    for (auto const& [name, list] : issue.content.lists) {
        json.key(name).begin_object().key("columns").begin_array();
        for (auto const& column : list.columns)
            json.value(column);
        json.end_array().key("rows").begin_array();
        for (auto const& row : list.rows) {
            json.begin_array();
            for (auto const& shown : row)
                write_printed(json, shown);
            json.end_array();
        }
        json.end_array().end_object();
    }
    json.end_object().end_object();
    return out;
}

Result<Issue> read_issue(std::string_view json) { return Reader{json}.read(); }

std::vector<std::string> changes_between(ReportContent const& before, ReportContent const& now, std::size_t most)
{
    return compare(before, now, most, true, [](std::string_view column) { return is_figure(column) ? column : std::string_view{}; });
}

std::vector<std::string> base_changes(ReportContent const& issued_base, ReportContent const& now, std::size_t most)
{
    static constexpr std::string_view base = "上期";
    return compare(issued_base, now, most, false,
                   [](std::string_view column) { return column.starts_with(base) ? column.substr(base.size()) : std::string_view{}; });
}

std::vector<std::string> issue_notes(Issue const* previous, Issue const* base, ReportContent const& now)
{
    std::vector<std::string> notes;
    if (previous) {
        auto const changes = changes_between(previous->content, now);
        notes.push_back(fmt::format("本期为第{}版，第{}版印发于{}。{}", previous->version + 1, previous->version,
                                    format_beijing(previous->issued).substr(0, 10),
                                    changes.empty() ? "数字没有变化。" : fmt::format("与其相比：{}。", fmt::join(changes, "；"))));
    }
    if (base)
        if (auto const changes = base_changes(base->content, now); !changes.empty())
            notes.push_back(fmt::format("{}的数字与当时印发的第{}期（第{}版）不同，比较按现在的数字：{}。", period_label(base->period),
                                        base->number, base->version, fmt::join(changes, "；")));
    return notes;
}

}  // namespace yihong
