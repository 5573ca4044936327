#include "robots.hpp"

#include "signature.hpp"
#include "texts.hpp"

#include "yihong/base/json_writer.hpp"
#include "yihong/base/text.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <array>
#include <iterator>

namespace yihong::notify {
namespace {

constexpr std::array<std::int64_t, 8> passing_codes{
    -1,                                            // busy: DingTalk, WeCom
    130101, 410100,                                // DingTalk: too many messages
    45009,  45033,                                  // WeCom: too many messages
    9499,   11232,  99991400,                         // Feishu: too many messages
};
/// The address or the secret of the robot is wrong: WeCom 93000, Feishu 19001 and 19021, DingTalk 300001 and 300005 (no such token), 310000 where it
/// speaks of the sign or the address.
bool is_lock_out(ChannelKind kind, std::int64_t code, std::string_view message) noexcept
{
    switch (kind) {
    case ChannelKind::wecom: return code == 93000;
    case ChannelKind::feishu: return code == 19001 || code == 19021;
    case ChannelKind::dingtalk:
        return code == 300001 || code == 300005 ||
               (code == 310000 && (message.find("sign") != std::string_view::npos || message.find("whitelist") != std::string_view::npos));
    default: return false;
    }
}

/// A line end alone means nothing in Markdown.
std::string with_line_breaks(std::string_view text)
{
    std::string out;
    for (auto const line : split(text, '\n'))
        out += (out.empty() ? "" : "\n\n") + std::string{line};
    return out;
}

std::string_view card_colour(std::span<Event const* const> events)
{
    auto const* worst = std::ranges::max(events, {}, [](Event const* e) { return e->has_ended() ? 0 : severity_rank(e->severity); });
    return worst->has_ended() ? "green" : worst->severity == "high" ? "red" : worst->severity == "alert" ? "orange" : "blue";
}

/// `请处理：王某 @138…、赵某`: names for those who read along, behind each what calls him. \param call may give nothing
template <typename Call>
std::string call_line(RobotMessage const& message, Channel const& channel, std::string (*escape)(std::string_view), Call const& call)
{
    std::string line;
    for (auto const& one : called_by(message)) {
        auto const said = call(one);
        line += (line.empty() ? "" : "、") + escape(one.name) + (said.empty() ? "" : " " + said);
    }
    return line.empty() ? line : (channel.language == ChannelLanguage::en ? "For: " : "请处理：") + line;
}

/// The number alone, as the robots know it: digits, with a `+` and the code of the country where it has one.
std::string dialled(std::string const& phone)
{
    std::string digits;
    std::ranges::copy_if(phone, std::back_inserter(digits), [](char c) { return (c >= '0' && c <= '9') || c == '+'; });
    return digits;
}

void dingtalk(JsonWriter& json, RobotMessage const& message, Channel const& channel)
{
    // it calls nobody whose number or id does not stand in the text behind @
    auto const called = call_line(message, channel, markdown_escaped, [](Recipient const& one) {
        return !one.dingtalk_id.empty() ? "@" + one.dingtalk_id : !one.phone.empty() ? "@" + dialled(one.phone) : std::string{};
    });
    json.member("msgtype", "markdown").key("markdown").begin_object().member("title", message.title);
    json.member("text", "### " + message.title + "\n\n" + with_line_breaks(message.body) + (called.empty() ? "" : "\n\n" + called))
        .end_object();
    auto const people = called_by(message);
    if (people.empty())
        return;
    json.key("at").begin_object().key("atMobiles").begin_array();
    for (auto const& one : people)
        if (one.dingtalk_id.empty() && !one.phone.empty())
            json.value(dialled(one.phone));
    json.end_array().key("atUserIds").begin_array();
    for (auto const& one : people)
        if (!one.dingtalk_id.empty())
            json.value(one.dingtalk_id);
    json.end_array().member("isAtAll", false).end_object();
}

/// Markdown calls by id; the list of telephone numbers is there for messages of plain text only.
void wecom(JsonWriter& json, RobotMessage const& message, Channel const& channel)
{
    auto const called = call_line(message, channel, markdown_escaped,
                                  [](Recipient const& one) { return one.wecom_id.empty() ? std::string{} : "<@" + one.wecom_id + ">"; });
    json.member("msgtype", "markdown").key("markdown").begin_object();
    json.member("content", shortened("**" + message.title + "**\n" + message.body + (called.empty() ? "" : "\n" + called), 4'096))
        .end_object();
}

void feishu(JsonWriter& json, RobotMessage const& message, Channel const& channel)
{
    auto const text = [&](std::string_view tag, std::string const& content) {
        json.begin_object().member("tag", "div").key("text").begin_object();
        json.member("tag", tag).member("content", content).end_object().end_object();
    };
    json.member("msg_type", "interactive").key("card").begin_object();
    json.key("header").begin_object().member("template", card_colour(message.events)).key("title").begin_object();
    json.member("tag", "plain_text").member("content", message.title).end_object().end_object();
    json.key("elements").begin_array();
    text("plain_text", message.body);
    auto const called = call_line(message, channel, markdown_escaped, [](Recipient const& one) {
        return one.feishu_id.empty() ? std::string{} : "<at id=" + one.feishu_id + "></at>";
    });
    if (!called.empty())
        text("lark_md", called);
    json.end_array().end_object();
}

}  // namespace

std::string robot_body(RobotMessage const& message, Channel const& channel, std::int64_t unix_seconds)
{
    std::string out;
    JsonWriter json{out};
    json.begin_object();
    if (channel.kind == ChannelKind::dingtalk) {
        dingtalk(json, message, channel);
    } else if (channel.kind == ChannelKind::wecom) {
        wecom(json, message, channel);
    } else {
        if (!channel.secrets.empty())
            json.member("timestamp", std::to_string(unix_seconds)).member("sign", feishu_sign(channel.secrets.front(), unix_seconds));
        feishu(json, message, channel);
    }
    json.end_object();
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
    bool const is_feishu = channel.kind == ChannelKind::feishu;
    std::string_view const name = is_feishu ? "code" : "errcode";
    bool const is_json = parser.parse(answer.body.data(), answer.body.size()).get(root) == simdjson::SUCCESS;
    // Feishu answers in two forms: {"code": …, "msg": …}, and the one of its first robots, {"StatusCode": …, "StatusMessage": …}
    bool const has_code =
        is_json && (root[name].get(code) == simdjson::SUCCESS || (is_feishu && root["StatusCode"].get(code) == simdjson::SUCCESS));
    if (!has_code)
        return {Kind::failed, fmt::format("answered 200 without {}: is this the address of a {} robot?", name, to_text(channel.kind)),
                std::nullopt};
    if (code == 0)
        return {};
    std::string_view message;
    for (std::string_view const member : {"errmsg", "msg", "StatusMessage"})
        if (root[member].get(message) == simdjson::SUCCESS)
            break;
    bool const may_pass = std::ranges::find(passing_codes, code) != passing_codes.end();
    auto const otherwise = is_lock_out(channel.kind, code, message) ? Kind::locked_out : Kind::refused;
    return {may_pass ? Kind::failed : otherwise, fmt::format("{} {}: {}", name, code, redacted(message, channel)), std::nullopt};
}

Outcome RobotSender::post(RobotMessage const& message)
{
    Curl::Headers const headers{{"Content-Type", "application/json; charset=utf-8"}};
    auto const now = utc_now();
    std::string url = channel_.url;
    if (channel_.kind == ChannelKind::dingtalk && !channel_.secrets.empty())
        url += (url.find('?') == std::string::npos ? "?" : "&") + dingtalk_query(channel_.secrets.front(), now);
    auto const body = robot_body(message, channel_, std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count());
    return robot_outcome(curl_.http(url, headers, body), channel_);
}

Outcome RobotSender::send(std::span<Event const> events)
{
    Outcome all;
    all.messages = 0;
    std::map<std::string, std::size_t> seen;  // messages of each event that needs several
    for (auto const& message : robot_messages(events, channel_, public_url_)) {
        auto const& last = message.events.back()->id;
        bool const is_piece = !message.ends_event || seen.contains(last);
        if (is_piece && seen[last]++ < taken_pieces_[last])
            continue;  // taken at an earlier try
        auto outcome = post(message);
        ++all.messages;
        if (outcome.kind != Outcome::Kind::delivered) {
            outcome.taken = all.taken;
            outcome.messages = all.messages;
            return outcome;
        }
        if (is_piece)
            ++taken_pieces_[last];
        if (message.ends_event) {
            all.taken += message.events.size();
            taken_pieces_.erase(last);
        }
    }
    return all;
}

}  // namespace yihong::notify
