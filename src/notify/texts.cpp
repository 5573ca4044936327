#include "texts.hpp"

#include "yihong/base/text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

namespace yihong::notify {
namespace {

struct Word {
    std::string_view name, zh, en;
};
constexpr std::array<Word, 17> event_words{{
    {"opened", "新预警", "New alert"},
    {"escalated", "级别升高", "Escalated"},
    {"eased", "级别降低", "Eased"},
    {"updated", "更新", "Updated"},
    {"acknowledged", "已确认", "Acknowledged"},
    {"assigned", "已交办", "Assigned"},
    {"progressed", "有进展", "Progress"},
    {"commented", "有新备注", "Commented"},
    {"silenced", "已静默", "Silenced"},
    {"reminded", "催办", "Reminder"},
    {"overdue", "已超期", "Overdue"},
    {"resolved", "已解除", "Resolved"},
    {"closed", "已销号", "Closed"},
    {"reopened", "重新打开", "Reopened"},
    {"digest", "每日摘要", "Daily digest"},
    {"service", "系统", "Service"},
    {"", "系统", "Service"},
}};

std::string pollutants_text(Event const& event, bool chinese)
{
    std::string out;
    for (auto const& pollutant : event.pollutants) {
        auto const& name = chinese || pollutant.name_en.empty() ? pollutant.name : pollutant.name_en;
        out += fmt::format("{}{} {}{}{}",
                           out.empty() ? ""
                           : chinese   ? "、"
                                       : ", ",
                           name.empty() ? pollutant.parameter : name, pollutant.value, pollutant.unit.empty() ? "" : " ", pollutant.unit);
        if (pollutant.multiple && *pollutant.multiple > 0)
            out += chinese ? fmt::format("（超标 {:g} 倍）", *pollutant.multiple)
                           : fmt::format(" ({:g} times above the limit)", *pollutant.multiple);
    }
    return out;
}

/// The alerting core's texts are whole: they begin with what happened, and name severity, time and link.
std::string default_title(Event const& event, bool chinese, std::string (*escape)(std::string_view))
{
    auto const& own = chinese || event.title_en.empty() ? event.title_zh : event.title_en;
    return escape(own.empty() ? event.type : own);
}

std::string alert_url(Event const& event, std::string_view public_url)
{
    return public_url.empty() || event.alert_id.empty() ? std::string{}
                                                        : fmt::format("{}/api/v1/alerts/{}", public_url, percent_encoded(event.alert_id));
}

std::string one_line(std::string text)
{
    std::ranges::replace_if(text, [](char c) { return c == '\n' || c == '\r' || c == '\t'; }, ' ');
    return text;
}

Text text_of(Event const& event, Channel const& channel, std::string_view public_url, std::string (*escape)(std::string_view))
{
    auto values = template_values(event, public_url);
    for (auto& [name, value] : values)
        if (name != "url")                         // ours, and percent-encoded
            value = escape(value);
    auto const in_languages = [&](std::string_view separator, auto const& make) {
        auto out = channel.language == ChannelLanguage::en ? make(false) : make(true);
        if (channel.language == ChannelLanguage::both)
            out += std::string{separator} + make(false);
        return out;
    };
    Text text;
    text.title = channel.title.empty() ? in_languages(" / ", [&](bool chinese) { return default_title(event, chinese, escape); })
                                       : render_template(channel.title, values).value_or(std::string{});
    text.body =
        channel.body.empty()
            ? in_languages("\n\n", [&](bool chinese) { return escape(chinese || event.body_en.empty() ? event.body_zh : event.body_en); })
            : render_template(channel.body, values).value_or(std::string{});
    text.title = one_line(std::move(text.title));
    return text;
}

}  // namespace

std::string_view event_word(std::string_view kind, bool chinese) noexcept
{
    auto const found = std::ranges::find(event_words, kind, &Word::name);
    auto const& word = found == event_words.end() ? event_words.back() : *found;
    return chinese ? word.zh : word.en;
}

std::string_view severity_word(std::string_view severity, bool chinese)
{
    auto const known = parse_alert_severity(severity);
    if (!known || chinese)
        return known ? label_zh(*known) : std::string_view{};
    return *known == AlertSeverity::notice ? "Notice" : *known == AlertSeverity::alert ? "Alert" : "High";
}

TemplateValues template_values(Event const& event, std::string_view public_url)
{
    return {{"title", event.title_zh},
            {"title_zh", event.title_zh},
            {"title_en", event.title_en},
            {"body", event.body_zh},
            {"body_zh", event.body_zh},
            {"body_en", event.body_en},
            {"alert_id", event.alert_id},
            {"event", event.kind},
            {"event_zh", std::string{event_word(event.kind, true)}},
            {"event_en", std::string{event_word(event.kind, false)}},
            {"severity", event.severity},
            {"severity_zh", std::string{severity_word(event.severity, true)}},
            {"severity_en", std::string{severity_word(event.severity, false)}},
            {"state", event.state},
            {"site_id", event.site},
            {"site_name", event.site_name},
            {"site_name_en", event.site_name_en},
            {"county", event.county},
            {"river", event.river},
            {"rule", event.rule},
            {"class_label", event.class_label},
            {"aqi", event.aqi},
            {"pollutants_zh", pollutants_text(event, true)},
            {"pollutants_en", pollutants_text(event, false)},
            {"time_beijing", format_beijing_minute(event.time)},
            {"assignee", event.assignee},
            {"by", event.by},
            {"note", event.note},
            {"url", alert_url(event, public_url)}};
}

std::vector<Text> sections_of(std::span<Event const> events, Channel const& channel, std::string_view public_url,
                              std::string (*escape)(std::string_view))
{
    std::vector<Text> sections;
    for (auto const& event : events)
        sections.push_back(text_of(event, channel, public_url, escape));
    return sections;
}

std::string common_title(std::span<Event const> events, Channel const& channel, std::string (*escape)(std::string_view))
{
    auto const river = escape(events.front().river);
    auto const zh = fmt::format("{} {} 条预警", river, events.size());
    auto const en = fmt::format("{}: {} alerts", river, events.size());
    return one_line(channel.language == ChannelLanguage::zh ? zh : channel.language == ChannelLanguage::en ? en : zh + " / " + en);
}

Text compose(std::span<Event const> events, Channel const& channel, std::string_view public_url, std::string (*escape)(std::string_view))
{
    auto const sections = sections_of(events, channel, public_url, escape);
    if (sections.size() == 1)
        return sections.front();
    Text text{.title = common_title(events, channel, escape), .body = {}};
    for (auto const& part : sections)
        text.body += fmt::format("{}{}\n{}", text.body.empty() ? "" : "\n\n", part.title, part.body);
    return text;
}

std::string asked_line(std::span<Event const> events, Channel const& channel)
{
    bool const chinese = channel.language != ChannelLanguage::en;
    std::vector<std::string> names;
    for (auto const& event : events)
        for (auto const& one : event.asks_somebody() ? event.recipients : std::vector<Recipient>{}) {
            auto const role = one.role.empty() ? std::string{} : chinese ? "（" + one.role + "）" : " (" + one.role + ")";
            if (auto name = one.name + role; std::ranges::find(names, name) == names.end())
                names.push_back(std::move(name));
        }
    if (names.empty())
        return {};
    return fmt::format("{}{}", chinese ? "请处理：" : "For: ", fmt::join(names, chinese ? "、" : ", "));
}

std::string not_escaped(std::string_view text) { return std::string{text}; }

std::string markdown_escaped(std::string_view text)
{
    constexpr std::array<std::pair<char, std::string_view>, 11> wide{{{'*', "＊"},
                                                                      {'_', "＿"},
                                                                      {'`', "｀"},
                                                                      {'[', "［"},
                                                                      {']', "］"},
                                                                      {'<', "＜"},
                                                                      {'>', "＞"},
                                                                      {'#', "＃"},
                                                                      {'~', "～"},
                                                                      {'\\', "＼"},
                                                                      {'@', "＠"}}};
    // of what an address may have in it, only what no robot takes for a mark
    auto const is_of_address = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               std::string_view{":/?#&=%-._+,;"}.find(c) != std::string_view::npos;
    };
    std::string out;
    bool in_address = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        char const c = text[i];
        in_address = in_address ? is_of_address(c) : text.substr(i).starts_with("https://") || text.substr(i).starts_with("http://");
        auto const found = std::ranges::find(wide, c, &std::pair<char, std::string_view>::first);
        if (found == wide.end() || in_address)
            out += c;
        else
            out += found->second;
    }
    return out;
}

}  // namespace yihong::notify
