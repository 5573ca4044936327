#include "yihong/model/channel.hpp"

#include <fmt/args.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

namespace yihong {
namespace {

constexpr std::array<std::string_view, 9> kinds{"webhook", "dingtalk", "wecom", "feishu", "smtp", "cap", "alertmanager", "mqtt", "command"};
constexpr std::array<std::string_view, 29> placeholders{
    "title",        "title_zh", "title_en", "body",        "body_zh",     "body_en", "alert_id",      "event",
    "event_zh",     "event_en", "severity", "severity_zh", "severity_en", "state",   "site_id",       "site_name",
    "site_name_en", "county",   "river",    "rule",        "class_label", "aqi",     "pollutants_zh", "pollutants_en",
    "time_beijing", "assignee", "by",       "note",        "url"};

/// The first name in braces that is none of ours, which may be empty.
std::optional<std::string_view> unknown_placeholder(std::string_view text)
{
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text.substr(i, 2) == "{{" || text.substr(i, 2) == "}}") {
            ++i;
        } else if (text[i] == '{') {
            auto const name = text.substr(i + 1, text.find('}', i) - i - 1);
            if (std::ranges::find(placeholders, name) == placeholders.end())
                return name;
        }
    }
    return std::nullopt;
}

}  // namespace

std::string_view to_text(ChannelKind kind) noexcept { return kinds[static_cast<std::size_t>(kind)]; }

Result<ChannelKind> parse_channel_kind(std::string_view text)
{
    auto const found = std::ranges::find(kinds, text);
    if (found == kinds.end())
        return fail(Errc::bad_value, fmt::format("\"{}\" is not one of {}", text.substr(0, 40), fmt::join(kinds, ", ")));
    return static_cast<ChannelKind>(found - kinds.begin());
}

Channel default_channel(ChannelKind kind)
{
    Channel made;
    made.kind = kind;
    if (is_read_by_people(kind))
        made.group_wait = std::chrono::seconds{10};
    if (kind == ChannelKind::dingtalk || kind == ChannelKind::wecom)
        made.rate_per_minute = 20;
    if (kind == ChannelKind::feishu)
        made.rate_per_minute = 100;
    return made;
}

std::span<std::string_view const> template_placeholders() noexcept { return placeholders; }

Result<std::string> render_template(std::string_view text, TemplateValues const& values)
{
    if (auto const unknown = unknown_placeholder(text))
        return fail(Errc::bad_value,
                    fmt::format("{{{}}} is no placeholder; there are {}", unknown->substr(0, 40), fmt::join(placeholders, ", ")));
    fmt::dynamic_format_arg_store<fmt::format_context> store;
    for (auto const name : placeholders) {
        auto const value = std::ranges::find(values, name, &std::pair<std::string_view, std::string>::first);
        store.push_back(fmt::arg(name.data(), value == values.end() ? std::string{} : value->second));
    }
    try {
        return fmt::vformat(text, store);
    } catch (fmt::format_error const& problem) {
        return fail(Errc::bad_syntax, fmt::format("braces do not match ({}); a brace itself is written {{{{ or }}}}", problem.what()));
    }
}

std::string alert_queue(std::string_view channel) { return "alert:" + std::string{channel}; }

}  // namespace yihong
