#pragma once

#include "yihong/model/alert.hpp"

#include "yihong/base/result.hpp"

#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace yihong {

enum class ChannelKind : std::uint8_t { webhook, dingtalk, wecom, feishu, smtp, cap, alertmanager, mqtt, command };
std::string_view to_text(ChannelKind kind) noexcept;
/// \return Errc::bad_value
Result<ChannelKind> parse_channel_kind(std::string_view text);
/// What people read, merged where several alerts of one river come together: chat robots and e-mail.
[[nodiscard]] constexpr bool is_read_by_people(ChannelKind kind) noexcept
{
    return kind >= ChannelKind::dingtalk && kind <= ChannelKind::smtp;
}

enum class ChannelLanguage : std::uint8_t { zh, en, both };

/// Where alerts are sent to (通知渠道), as the configuration has it.
struct Channel {
    std::string id;
    ChannelKind kind = ChannelKind::webhook;
    std::string url;                               ///< empty only for `command`
    std::vector<std::string> secrets;              ///< newest first; never in logs and replies
    std::string username;                          ///< of SMTP and MQTT; the password is the first secret
    bool allow_private = false;                    ///< loopback, private and link-local targets may be connected to
    bool tls = true;                               ///< false: smtp:// goes on in clear where it would need STARTTLS
    std::string ca_file;                           ///< PEM; empty: the system's authorities
    std::string proxy;                             ///< empty: none, whatever the environment says
    std::chrono::milliseconds timeout{10'000};     ///< of one delivery, everything together
    int rate_per_minute = 0;                       ///< 0: no limit
    int max_tries = 200;                           ///< with pauses of up to 15 min, about a day
    std::chrono::milliseconds group_wait{0};       ///< how long to wait for more of the same river
    ChannelLanguage language = ChannelLanguage::zh;
    AlertSeverity min_severity = AlertSeverity::notice;    ///< what is less severe is not sent
    std::string title;                             ///< template; empty: the default
    std::string body;
    std::string from;                              ///< sender of e-mail
    std::vector<std::string> to;
    std::string topic = "yihong/alerts/{site_id}"; ///< template; its values lose / + #
    int qos = 1;
    std::vector<std::string> argv;                 ///< of `command`, run without a shell
    bool operator==(Channel const&) const = default;
};

/// The name of a channel's queue in the outbox.
[[nodiscard]] std::string alert_queue(std::string_view channel);
/// Limits and waiting that suit the kind: robots of DingTalk and WeCom take 20 messages a minute.
[[nodiscard]] Channel default_channel(ChannelKind kind);

/// What all channels share (`[notify]`).
struct NotifySettings {
    std::string public_url;                        ///< that of [alerts], without a slash at its end; empty: no links
    std::string cap_sender = "yihong";             ///< `sender` of CAP messages
    bool allow_commands = false;
    bool operator==(NotifySettings const&) const = default;
};

/// Tells an outside watcher that the service lives (心跳, dead-man's switch). Without `url` nobody is told.
struct HeartbeatSettings {
    std::string url;
    std::chrono::milliseconds interval{60'000};
    bool allow_private = false;
    bool operator==(HeartbeatSettings const&) const = default;
};

/// The names that may stand in braces in a template.
[[nodiscard]] std::span<std::string_view const> template_placeholders() noexcept;
/// Values by name; a name without a value gives an empty text.
using TemplateValues = std::vector<std::pair<std::string_view, std::string>>;
/// `{site_name}：{severity_zh}`; `{{` and `}}` give braces. \return Errc::bad_value naming an unknown placeholder, bad_syntax
Result<std::string> render_template(std::string_view text, TemplateValues const& values);

}  // namespace yihong
