#include "robots.hpp"

#include "signature.hpp"
#include "texts.hpp"

#include "yihong/base/json_writer.hpp"
#include "yihong/base/text.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <array>

namespace yihong::notify {
namespace {

constexpr std::array<std::int64_t, 8> passing_codes{
    -1,                                            // busy: DingTalk, WeCom
    130101, 410100,                                // DingTalk: too many messages
    45009,  45033,                                  // WeCom: too many messages
    9499,   11232,  99991400,                         // Feishu: too many messages
};
constexpr std::size_t dingtalk_limit = 18'000;     // bytes; the robots take 20,000, 4,096 and 20 KB of everything
constexpr std::size_t wecom_limit = 3'900;
constexpr std::size_t feishu_limit = 18'000;

/// At most so many bytes, ending with a whole character.
std::string shortened(std::string text, std::size_t limit)
{
    constexpr std::string_view rest = "…";
    if (text.size() <= limit)
        return text;
    auto end = limit - rest.size();
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80U)
        --end;
    return text.substr(0, end) + std::string{rest};
}

/// A line end alone means nothing in Markdown.
std::string with_line_breaks(std::string_view text)
{
    std::string out;
    for (auto const line : split(text, '\n'))
        out += (out.empty() ? "" : "\n\n") + std::string{line};
    return out;
}

std::string_view card_colour(std::span<Event const> events)
{
    auto const worst = std::ranges::max(events, {}, [](Event const& e) { return e.has_ended() ? 0 : severity_rank(e.severity); });
    return worst.has_ended() ? "green" : worst.severity == "high" ? "red" : worst.severity == "alert" ? "orange" : "blue";
}

}  // namespace

std::string dingtalk_body(std::span<Event const> events, Channel const& channel, std::string_view public_url)
{
    auto const text = compose(events, channel, public_url, markdown_escaped);
    std::string out;
    JsonWriter json{out};
    json.begin_object().member("msgtype", "markdown").key("markdown").begin_object();
    json.member("title", shortened(text.title, 200));
    json.member("text", shortened("### " + text.title + "\n\n" + with_line_breaks(text.body), dingtalk_limit)).end_object().end_object();
    return out;
}

std::string wecom_body(std::span<Event const> events, Channel const& channel, std::string_view public_url)
{
    auto const text = compose(events, channel, public_url, markdown_escaped);
    std::string out;
    JsonWriter json{out};
    json.begin_object().member("msgtype", "markdown").key("markdown").begin_object();
    json.member("content", shortened("**" + text.title + "**\n" + text.body, wecom_limit)).end_object().end_object();
    return out;
}

std::string feishu_body(std::span<Event const> events, Channel const& channel, std::string_view public_url, std::int64_t unix_seconds)
{
    auto const text = compose(events, channel, public_url, not_escaped);       // plain_text has no marks
    std::string out;
    JsonWriter json{out};
    json.begin_object();
    if (!channel.secrets.empty())
        json.member("timestamp", std::to_string(unix_seconds)).member("sign", feishu_sign(channel.secrets.front(), unix_seconds));
    json.member("msg_type", "interactive").key("card").begin_object();
    json.key("header").begin_object().member("template", card_colour(events)).key("title").begin_object();
    json.member("tag", "plain_text").member("content", shortened(text.title, 200)).end_object().end_object();
    json.key("elements").begin_array().begin_object().member("tag", "div").key("text").begin_object();
    json.member("tag", "plain_text").member("content", shortened(text.body, feishu_limit)).end_object().end_object();
    json.end_array().end_object().end_object();
    return out;
}

Outcome robot_outcome(Curl::Answer const& answer, Channel const& channel)
{
    using Kind = Outcome::Kind;
    if (auto const transport = outcome_of(answer, channel); transport.kind != Kind::delivered)
        return transport;
    simdjson::dom::parser parser;
    simdjson::dom::element root;
    std::int64_t code = 0;
    std::string_view const name = channel.kind == ChannelKind::feishu ? "code" : "errcode";
    if (parser.parse(answer.body.data(), answer.body.size()).get(root) != simdjson::SUCCESS || root[name].get(code) != simdjson::SUCCESS)
        return {Kind::failed, fmt::format("answered 200 without {}: is this the address of a {} robot?", name, to_text(channel.kind)),
                std::nullopt};
    if (code == 0)
        return {};
    std::string_view message;
    (void)root[channel.kind == ChannelKind::feishu ? "msg" : "errmsg"].get(message);
    bool const may_pass = std::ranges::find(passing_codes, code) != passing_codes.end();
    return {may_pass ? Kind::failed : Kind::refused, fmt::format("{} {}: {}", name, code, redacted(message, channel)), std::nullopt};
}

Outcome RobotSender::send(std::span<Event const> events)
{
    Curl::Headers const headers{{"Content-Type", "application/json; charset=utf-8"}};
    auto const now = utc_now();
    std::string url = channel_.url;
    std::string body;
    if (channel_.kind == ChannelKind::dingtalk) {
        if (!channel_.secrets.empty())
            url += (url.find('?') == std::string::npos ? "?" : "&") + dingtalk_query(channel_.secrets.front(), now);
        body = dingtalk_body(events, channel_, public_url_);
    } else if (channel_.kind == ChannelKind::wecom) {
        body = wecom_body(events, channel_, public_url_);
    } else {
        body = feishu_body(events, channel_, public_url_, std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count());
    }
    return robot_outcome(curl_.http(url, headers, body), channel_);
}

}  // namespace yihong::notify
