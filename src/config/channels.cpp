#include "channels.hpp"

#include "yihong/base/file.hpp"
#include "yihong/base/text.hpp"

#include "values.hpp"

#include <algorithm>
#include <set>

namespace yihong {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t secret_limit_bytes = 4096;
constexpr std::array languages{std::pair{std::string_view{"zh"}, ChannelLanguage::zh},
                               std::pair{std::string_view{"en"}, ChannelLanguage::en},
                               std::pair{std::string_view{"both"}, ChannelLanguage::both}};

bool is_plain(std::string_view text) noexcept
{
    return !text.empty() && std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) > ' ' && c != '\x7f'; });
}

/// A URL of one of the schemes, with a host and without a user in it: what is secret has keys of its own. The message does not
/// repeat the URL, which of chat robots is a secret itself.
auto url_from(std::vector<std::string_view> schemes)
{
    return [schemes = std::move(schemes)](std::string_view text) -> Result<std::string> {
        for (auto const scheme : schemes) {
            if (!text.starts_with(scheme) || !text.substr(scheme.size()).starts_with("://"))
                continue;
            auto const rest = text.substr(scheme.size() + 3);
            auto const authority = rest.substr(0, rest.find_first_of("/?#"));
            if (is_plain(text) && !authority.empty() && authority.front() != ':' && authority.find('@') == std::string_view::npos)
                return std::string{text};
        }
        return fail(Errc::bad_value,
                    fmt::format("must be a URL with a host and without user and blanks, {}://…", fmt::join(schemes, ":// or ")));
    };
}

std::vector<std::string_view> schemes_of(ChannelKind kind)
{
    switch (kind) {
    case ChannelKind::smtp: return {"smtp", "smtps"};
    case ChannelKind::mqtt: return {"mqtt", "mqtts"};
    default: return {"https", "http"};
    }
}

void add_secret(Channel& to, std::string_view secret, TableReader& channel, std::string_view key)
{
    if (secret.empty() || secret.size() > 512 || has_control_characters(secret) || secret.find_first_of("\r\n\t") != std::string_view::npos)
        channel.problem(key, Errc::bad_value, "holds secrets of 1 to 512 characters without control characters");
    else
        to.secrets.emplace_back(secret);
}

/// One text, or several of which the first is the newest; in the file itself or, one a line, in a file of its own.
void read_secrets(TableReader& channel, std::filesystem::path const& folder, Channel& to)
{
    if (auto const* node = channel.take("secret")) {
        auto const add = [&](toml::node const& from) {
            auto const* value = from.as_string();
            add_secret(to, value == nullptr ? std::string_view{} : std::string_view{value->get()}, channel, "secret");
        };
        if (auto const* array = node->as_array())
            for (auto const& element : *array)
                add(element);
        else
            add(*node);
    }
    std::filesystem::path file;
    channel.parsed("secret_file", file, path_from(folder));
    if (file.empty())
        return;
    if (!to.secrets.empty())
        channel.problem("secret_file", Errc::duplicate_id, "stands beside secret; one of them only");
    auto const text = read_file(file, secret_limit_bytes);
    if (!text) {
        channel.problem("secret_file", text.error().code, text.error().detail);
        return;
    }
    for (auto const line : split(*text, '\n'))
        if (auto const secret = trimmed(line); !secret.empty())
            add_secret(to, secret, channel, "secret_file");
    if (to.secrets.empty())
        channel.problem("secret_file", Errc::missing_field, "holds no secret");
}

void check_template(TableReader& channel, std::string_view key, std::string const& text)
{
    if (auto const rendered = render_template(text, {}); !rendered)
        channel.problem(key, rendered.error().code, rendered.error().detail);
}

void check_secrets(TableReader& channel, Channel const& to)
{
    if (to.kind != ChannelKind::webhook)
        return;
    for (auto const& secret : to.secrets) {
        auto const encoded = std::string_view{secret}.substr(secret.starts_with("whsec_") ? 6 : 0);
        auto const bytes = from_base64(encoded);
        if (!bytes || bytes->size() < 16 || bytes->size() > 128)
            channel.problem(channel.has("secret") ? "secret" : "secret_file", Errc::bad_value,
                            "of a webhook is whsec_ and 16 to 128 bytes in Base64, as Standard Webhooks has it: openssl rand -base64 32");
    }
}

Channel read_channel(TableReader& channel, NotifySettings const& notify, std::filesystem::path const& folder)
{
    auto kind = ChannelKind::webhook;
    channel.require("kind");
    channel.parsed("kind", kind, parse_channel_kind);
    auto to = default_channel(kind);
    channel.require("id");
    channel.parsed("id", to.id, identifier_from);
    if (kind != ChannelKind::command)
        channel.require("url");
    channel.parsed("url", to.url, url_from(schemes_of(kind)));
    read_secrets(channel, folder, to);
    check_secrets(channel, to);
    channel.text("username", to.username);
    channel.flag("allow_private", to.allow_private);
    channel.flag("tls", to.tls);
    std::filesystem::path ca_file;
    channel.parsed("ca_file", ca_file, path_from(folder));
    to.ca_file = ca_file.string();
    channel.parsed("proxy", to.proxy, url_from({"http", "https", "socks5h"}));
    channel.parsed("timeout", to.timeout, duration_between<std::chrono::milliseconds>(100ms, 10min));
    channel.whole("rate_per_minute", to.rate_per_minute, 0, 100'000);
    channel.whole("max_tries", to.max_tries, 1, 1'000'000);
    channel.parsed("group_wait", to.group_wait, duration_between<std::chrono::milliseconds>(0ms, 1h));
    if (channel.has("group_wait") && !is_read_by_people(kind))
        channel.problem("group_wait", Errc::bad_value, "is for chat robots and smtp only; other channels get every event by itself");
    channel.parsed("language", to.language, one_of(languages));
    channel.parsed("min_severity", to.min_severity, parse_alert_severity);
    channel.text("title", to.title);
    channel.text("body", to.body);
    check_template(channel, "title", to.title);
    check_template(channel, "body", to.body);
    if (kind == ChannelKind::smtp) {
        channel.require("from");
        channel.require("to");
    }
    channel.parsed("from", to.from, email_from);
    channel.texts("to", to.to);
    for (auto const& address : to.to)
        if (auto const email = email_from(address); !email)
            channel.problem("to", email.error().code, email.error().detail);
    channel.text("topic", to.topic);
    check_template(channel, "topic", to.topic);
    channel.whole("qos", to.qos, 0, 2);
    channel.texts("argv", to.argv);
    if (kind == ChannelKind::command) {
        channel.require("argv");
        if (!notify.allow_commands)
            channel.problem("kind", Errc::forbidden, "commands are off; [notify] allow_commands = true turns them on");
        if (!to.argv.empty() && !to.argv.front().starts_with('/'))
            channel.problem("argv", Errc::bad_value, "begins with the absolute path of a program");
    }
    return to;
}

}  // namespace

void read_notify(TableReader notify, NotifySettings& to)
{
    notify.text("cap_sender", to.cap_sender);
    if (!is_plain(to.cap_sender) || to.cap_sender.find_first_of(",<&") != std::string::npos)
        notify.problem("cap_sender", Errc::bad_value, "must not be empty or hold blanks, commas, < and & (CAP 1.2)");
    notify.flag("allow_commands", to.allow_commands);
    notify.finish();
}

void read_heartbeat(TableReader heartbeat, HeartbeatSettings& to)
{
    heartbeat.text("url", to.url);
    if (!to.url.empty())
        heartbeat.parsed("url", to.url, url_from({"https", "http"}));
    heartbeat.parsed("interval", to.interval, duration_between<std::chrono::milliseconds>(1s, 24h));
    heartbeat.flag("allow_private", to.allow_private);
    heartbeat.finish();
}

std::vector<Channel> read_channels(TableReader& root, NotifySettings const& notify, std::filesystem::path const& folder)
{
    std::vector<Channel> channels;
    std::set<std::string> ids;
    root.tables("channels", [&](TableReader& reader) {
        auto channel = read_channel(reader, notify, folder);
        if (!channel.id.empty() && !ids.insert(channel.id).second)
            reader.problem("id", Errc::duplicate_id, fmt::format("\"{}\" is the id of another channel too", channel.id));
        channels.push_back(std::move(channel));
    });
    return channels;
}

}  // namespace yihong
