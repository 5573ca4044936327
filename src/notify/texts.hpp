#pragma once

#include "event.hpp"

#include "yihong/model/channel.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace yihong::notify {

struct Text {
    std::string title;                             ///< one line
    std::string body;                              ///< several
    bool operator==(Text const&) const = default;
};

/// The words for people: `opened` → 新预警, New alert.
[[nodiscard]] std::string_view event_word(std::string_view kind, bool chinese) noexcept;
[[nodiscard]] std::string_view severity_word(std::string_view severity, bool chinese);

/// What templates may show of an event. \param public_url of the service; empty: `{url}` is empty
[[nodiscard]] TemplateValues template_values(Event const& event, std::string_view public_url);

/// What a channel says about events: for each its own title and body.
[[nodiscard]] std::vector<Text> sections_of(std::span<Event const> events, Channel const& channel, std::string_view public_url,
                                            std::string (*escape)(std::string_view));
/// The title over several of one river.
[[nodiscard]] std::string common_title(std::span<Event const> events, Channel const& channel, std::string (*escape)(std::string_view));
/// What a channel says about events that go out as one message: the templates of the channel, else the defaults in its language.
/// Several events become sections under one title. \param escape is applied to every value before it is put in
[[nodiscard]] Text compose(std::span<Event const> events, Channel const& channel, std::string_view public_url,
                           std::string (*escape)(std::string_view));

/// Whose turn it is (`请处理：王某（河津市河长办）`), each once; empty where the events ask nobody for anything.
[[nodiscard]] std::string asked_line(std::span<Event const> events, Channel const& channel);

[[nodiscard]] std::string not_escaped(std::string_view text);
/// Marks of Markdown become their full-width forms: the dialects of the chat robots have no escape in common, and none is needed
/// to read ［ for [. Addresses that begin with http:// or https:// stay as they are, or nobody could follow them.
[[nodiscard]] std::string markdown_escaped(std::string_view text);

}  // namespace yihong::notify
