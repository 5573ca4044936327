#include "yihong/base/beijing_text.hpp"
#include "yihong/base/json_cursor.hpp"
#include "yihong/evaluate/mark_book.hpp"

#include <algorithm>
#include <charconv>
#include <ranges>

namespace yihong {
namespace {

template <typename T, typename Values>
std::optional<T> one_of(std::string_view text, Values const& values)
{
    auto const found = std::ranges::find(values, text, [](T one) { return to_text(one); });
    return found == values.end() ? std::nullopt : std::optional{*found};
}

bool is_midnight(UtcTime time) { return beijing_midnight(beijing_date(time)) == time; }

/// The first and the last time of a mark as they are written: whole days as days, the last of them part of it.
std::pair<std::string, std::string> times_of(PeriodMark const& mark)
{
    bool const days = is_midnight(mark.begin) && (!mark.end || is_midnight(*mark.end));
    auto const text = [&](UtcTime time) { return days ? format_date(beijing_date(time)) : format_beijing_minute(time); };
    return {text(mark.begin), mark.end ? text(days ? *mark.end - std::chrono::milliseconds{1} : *mark.end) : std::string{}};
}

/// All of it but who says so.
std::string matter_of(PeriodMark const& mark, ParameterBook const& parameters)
{
    std::string out{period_mark_label(mark.kind)};
    if (auto const items = mark_items_text(mark, parameters); !items.empty())
        out += "（" + items + "）";
    out += "，" + mark_time_text(mark) + "，" + mark.reason;
    return mark.document.empty() ? out : out + "，" + mark.document;
}

std::string matter_of_en(PeriodMark const& mark, ParameterBook const& parameters)
{
    std::string items;
    for (auto const& name : mark.parameters) {
        auto const* parameter = parameters.find(name);
        items += (items.empty() ? "" : ", ") + (parameter && !parameter->name_en.empty() ? parameter->name_en : name);
    }
    auto const [begin, end] = times_of(mark);
    return std::string{to_text(mark.kind)} + (items.empty() ? "" : " (" + items + ")") + ", " + begin +
           (end.empty()    ? " on"
            : end == begin ? ""
                           : " to " + end);
}

/// What this version of the mark has made of it.
std::pair<std::string_view, std::string_view> deed_of(PeriodMark const& mark) noexcept
{
    if (mark.state == PeriodMarkState::withdrawn)
        return {"撤销", "withdrew"};
    if (mark.state == PeriodMarkState::rejected)
        return {"不采纳", "turned down"};
    return mark.version == 1 ? std::pair<std::string_view, std::string_view>{"登记", "made"}
                             : std::pair<std::string_view, std::string_view>{"更正", "corrected"};
}

constexpr std::size_t most_deeds = 3;

/// Reads the members of a document; what it does not know it passes over.
class MarkReader {
public:
    explicit MarkReader(std::string_view document) : json_{document} {}

    Result<PeriodMark> read()
    {
        if (json_.peek() != '{')
            return fail(Errc::bad_syntax, "a mark is a JSON object");
        json_.open();
        std::string_view key;
        for (bool first = true; json_.next_member(first, key);)
            if (!member(std::string{key}))
                return json_.failed() ? std::unexpected{json_.failure()} : fail(Errc::bad_value, "a mark with a value that is none");
        if (json_.failed())
            return std::unexpected{json_.failure()};
        return std::move(mark_);
    }

private:
    bool member(std::string_view key)
    {
        for (auto const& [name, into] : {std::pair{"id", &mark_.id}, std::pair{"site", &mark_.site}, std::pair{"place", &mark_.place},
                                         std::pair{"reason", &mark_.reason}, std::pair{"document", &mark_.document},
                                         std::pair{"by", &mark_.by}, std::pair{"note", &mark_.note}})
            if (key == name)
                return text(*into);
        if (key == "kind")
            return word(mark_.kind, all_period_mark_kinds);
        if (key == "state")
            return word(mark_.state, all_period_mark_states);
        if (key == "begin")
            return time(mark_.begin);
        if (key == "at")
            return time(mark_.at);
        if (key == "end")
            return end();
        if (key == "version")
            return whole(mark_.version);
        if (key == "parameters")
            return texts(mark_.parameters);
        return json_.skip_value();
    }
    bool text(std::string& into)
    {
        std::string_view given;
        if (json_.peek() == 'n')
            return json_.literal("null");
        if (!json_.string(given))
            return false;
        into = given;
        return true;
    }
    template <typename T, typename Values>
    bool word(T& into, Values const& values)
    {
        std::string given;
        auto const found = text(given) ? one_of<T>(given, values) : std::nullopt;
        if (found)
            into = *found;
        return found.has_value();
    }
    bool time(UtcTime& into)
    {
        std::string given;
        auto const found = text(given) ? parse_rfc3339(given) : fail(Errc::bad_time, {});
        if (found)
            into = *found;
        return found.has_value();
    }
    bool end()
    {
        if (json_.peek() == 'n')
            return json_.literal("null");
        UtcTime at{};
        bool const is_time = time(at);
        if (is_time)
            mark_.end = at;
        return is_time;
    }
    bool whole(int& into)
    {
        std::string_view given;
        return json_.number(given) && std::from_chars(given.data(), given.data() + given.size(), into).ec == std::errc{};
    }
    bool texts(std::vector<std::string>& into)
    {
        if (json_.peek() != '[')
            return false;
        json_.open();
        for (bool first = true; json_.next_element(first);)
            if (!text(into.emplace_back()))
                return false;
        return !json_.failed();
    }

    JsonCursor json_;
    PeriodMark mark_;
};

}  // namespace

void write_mark(JsonWriter& json, PeriodMark const& mark)
{
    json.begin_object().member("id", mark.id).member("kind", to_text(mark.kind)).member("label", period_mark_label(mark.kind));
    json.member("state", to_text(mark.state)).text_or_null("site", mark.site).text_or_null("place", mark.place);
    json.key("parameters").begin_array();
    for (auto const& name : mark.parameters)
        json.value(name);
    json.end_array();
    write_with_beijing(json, "begin", mark.begin);
    write_with_beijing(json, "end", mark.end);
    json.member("time_label", mark_time_text(mark)).member("reason", mark.reason).text_or_null("document", mark.document);
    json.member("by", mark.by).text_or_null("note", mark.note);
    write_with_beijing(json, "at", mark.at);
    json.member("version", mark.version).end_object();
}

std::string mark_document(PeriodMark const& mark)
{
    std::string out;
    JsonWriter json{out};
    write_mark(json, mark);
    return out;
}

Result<PeriodMark> read_mark(std::string_view document) { return MarkReader{document}.read(); }

std::string mark_time_text(PeriodMark const& mark)
{
    auto const [begin, end] = times_of(mark);
    if (!mark.end)
        return begin + "起";
    return begin == end ? begin : begin + "至" + end;
}

std::string mark_items_text(PeriodMark const& mark, ParameterBook const& parameters)
{
    std::string out;
    for (auto const& name : mark.parameters) {
        auto const* parameter = parameters.find(name);
        out += (out.empty() ? "" : "、") + (parameter ? parameter->name_zh : name);
    }
    return out;
}

std::string mark_text(PeriodMark const& mark, ParameterBook const& parameters)
{
    return matter_of(mark, parameters) + "，登记：" + mark.by;
}

std::string mark_deeds_text(PeriodMarks const& marks, ParameterBook const& parameters)
{
    std::string out;
    for (auto const& mark : marks | std::views::take(most_deeds)) {
        out += (out.empty() ? "" : "；") + mark->by + std::string{deed_of(*mark).first} + "人工标记：" + matter_of(*mark, parameters);
        if (!mark->note.empty())
            out += "（" + mark->note + "）";
    }
    return marks.size() > most_deeds ? out + "；等" + std::to_string(marks.size()) + "条" : out;
}

std::string mark_deeds_text_en(PeriodMarks const& marks, ParameterBook const& parameters)
{
    std::string out;
    for (auto const& mark : marks | std::views::take(most_deeds))
        out += (out.empty() ? "" : "; ") + mark->by + " " + std::string{deed_of(*mark).second} + " mark " + mark->id + ": " +
               matter_of_en(*mark, parameters);
    return marks.size() > most_deeds ? out + "; and " + std::to_string(marks.size() - most_deeds) + " more" : out;
}

}  // namespace yihong
