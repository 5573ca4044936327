#include "sender.hpp"

#include "alertmanager.hpp"
#include "cap.hpp"
#include "command.hpp"
#include "mail.hpp"
#include "mqtt.hpp"
#include "robots.hpp"
#include "webhook.hpp"

#include "yihong/base/text.hpp"

#include <algorithm>
#include <stdexcept>

namespace yihong::notify {

std::unique_ptr<Sender> make_sender(Channel const& channel, SenderContext context)
{
    switch (channel.kind) {
    case ChannelKind::webhook: return std::make_unique<WebhookSender>(channel, context);
    case ChannelKind::dingtalk:
    case ChannelKind::wecom:
    case ChannelKind::feishu: return std::make_unique<RobotSender>(channel, context);
    case ChannelKind::smtp: return std::make_unique<MailSender>(channel, context);
    case ChannelKind::cap: return std::make_unique<CapSender>(channel, context);
    case ChannelKind::alertmanager: return std::make_unique<AlertmanagerSender>(channel, context);
    case ChannelKind::mqtt: return std::make_unique<MqttSender>(channel, context);
    case ChannelKind::command: return std::make_unique<CommandSender>(channel, context);
    }
    throw std::invalid_argument{"there is no such kind of channel"};
}

std::string shown_target(Channel const& channel)
{
    if (channel.kind == ChannelKind::command)
        return channel.argv.empty() ? std::string{} : channel.argv.front();
    auto const host = channel.url.find("://");
    return channel.url.substr(0, channel.url.find_first_of("/?#", host == std::string::npos ? 0 : host + 3));
}

std::string redacted(std::string_view text, Channel const& channel)
{
    std::string out = to_valid_utf8(trimmed(text));
    std::ranges::replace_if(out, [](char c) { return static_cast<unsigned char>(c) < ' '; }, ' ');
    auto const hide = [&out](std::string_view secret) {
        for (auto at = secret.size() < 4 ? std::string::npos : out.find(secret); at != std::string::npos; at = out.find(secret, at + 1))
            out.replace(at, secret.size(), "…");
    };
    for (auto const& secret : channel.secrets)
        hide(secret);
    auto const shown = shown_target(channel).size();
    if (channel.url.size() > shown) {
        hide(std::string_view{channel.url}.substr(shown));
        auto rest = std::string_view{channel.url}.substr(shown);
        if (auto const query = rest.find('?'); query != std::string_view::npos)
            hide(rest.substr(query + 1));
        constexpr std::size_t shortest_key = 16;       // shorter pieces are words: `robot`, `access_token`
        while (!rest.empty()) {
            auto const piece = rest.substr(0, rest.find_first_of("/?&=#"));
            if (piece.size() >= shortest_key)
                hide(piece);
            rest.remove_prefix(std::min(piece.size() + 1, rest.size()));
        }
    }
    constexpr std::size_t longest = 300;
    if (out.size() > longest)
        out = to_valid_utf8(out.substr(0, longest)) + "…";
    return out;
}

}  // namespace yihong::notify
