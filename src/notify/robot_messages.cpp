#include "robot_messages.hpp"

#include "yihong/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

namespace yihong::notify {
namespace {

constexpr std::string_view ellipsis = "…";

/// Bytes of text for a message: the robots take 20,000 (DingTalk), 4,096 (WeCom) and 30 KB (Feishu) of everything, in the form in which it is
/// posted; line ends and names of those who are called come on top.
std::size_t limit_of(ChannelKind kind) noexcept { return kind == ChannelKind::wecom ? 3'500 : 16'000; }

/// The end of the first piece of a text: behind its last whole line that fits, else behind its last whole character.
std::size_t first_piece(std::string_view text, std::size_t limit)
{
    auto const line = text.rfind('\n', limit - 1);
    if (line != std::string_view::npos && line > limit / 2)
        return line + 1;
    auto end = limit - ellipsis.size();
    while (end > 1 && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80U)
        --end;
    return end;
}

std::vector<std::string> pieces_of(std::string_view text, std::size_t limit)
{
    std::vector<std::string> pieces;
    while (text.size() > limit) {
        auto const end = first_piece(text, limit);
        bool const at_line = text[end - 1] == '\n';
        pieces.push_back(std::string{text.substr(0, at_line ? end - 1 : end)} + (at_line ? "" : std::string{ellipsis}));
        text.remove_prefix(end);
    }
    pieces.emplace_back(text);
    return pieces;
}

/// Puts sections together as long as they fit.
class Messages {
public:
    Messages(std::string common_title, std::size_t limit) : common_title_{std::move(common_title)}, limit_{limit} {}

    void add(Event const& event, Text const& section, bool alone)
    {
        if (alone)
            return add_alone(event, section);
        auto const text = section.title + "\n" + section.body;
        if (text.size() > limit_)
            return add_alone(event, section);
        if (!open_ || all_.back().body.size() + text.size() + 2 > limit_) {
            all_.push_back({.title = common_title_, .body = {}, .events = {}});
            open_ = true;
        }
        auto& message = all_.back();
        message.body += (message.body.empty() ? "" : "\n\n") + text;
        message.events.push_back(&event);
    }

    std::vector<RobotMessage> result() &&
    {
        for (std::size_t i = 0; i < all_.size() && all_.size() > 1; ++i)
            all_[i].title += fmt::format("（{}/{}）", i + 1, all_.size());
        return std::move(all_);
    }

private:
    void add_alone(Event const& event, Text const& section)
    {
        for (auto& piece : pieces_of(section.body, limit_))
            all_.push_back({.title = shortened(section.title, 200), .body = std::move(piece), .events = {&event}, .ends_event = false});
        all_.back().ends_event = true;
        open_ = false;
    }

    std::string common_title_;
    std::size_t limit_;
    std::vector<RobotMessage> all_;
    bool open_ = false;  ///< the last message takes more sections
};

}  // namespace

std::string shortened(std::string text, std::size_t limit)
{
    if (text.size() <= limit)
        return text;
    auto end = limit - ellipsis.size();
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80U)
        --end;
    return text.substr(0, end) + std::string{ellipsis};
}

std::vector<RobotMessage> robot_messages(std::span<Event const> events, Channel const& channel, std::string_view public_url)
{
    // what Feishu shows as plain text has no marks
    auto* const escape = channel.kind == ChannelKind::feishu ? not_escaped : markdown_escaped;
    auto const sections = sections_of(events, channel, public_url, escape);
    Messages messages{shortened(common_title(events, channel, escape), 200), limit_of(channel.kind)};
    for (std::size_t i = 0; i < events.size(); ++i)
        messages.add(events[i], sections[i], events.size() == 1);
    return std::move(messages).result();
}

std::vector<Recipient> called_by(RobotMessage const& message)
{
    std::vector<Recipient> called;
    if (!message.ends_event)  // with the last piece
        return called;
    for (auto const* event : message.events)
        for (auto const& one : event->asks_somebody() ? event->recipients : std::vector<Recipient>{})
            if (std::ranges::none_of(called, [&](Recipient const& known) {
                    return std::tie(known.name, known.phone, known.role) == std::tie(one.name, one.phone, one.role);
                }))
                called.push_back(one);
    return called;
}

}  // namespace yihong::notify
