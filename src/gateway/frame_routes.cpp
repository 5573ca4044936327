#include "frame_routes.hpp"
#include "command_routes.hpp"

#include "yihong/base/json_writer.hpp"
#include "yihong/base/text.hpp"
#include "yihong/gateway/device_book.hpp"
#include "yihong/hj212/frame.hpp"
#include "yihong/http/handlers.hpp"
#include "yihong/http/parameters.hpp"
#include "yihong/http/secrets.hpp"
#include "yihong/http/time_cursor.hpp"
#include "yihong/model/frame_text.hpp"
#include "yihong/state/site_feature.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace yihong::gateway {
namespace {

namespace asio = boost::asio;
using http::Reply;
using http::Request;

constexpr std::size_t frames_shown = 200;

/// A frame as `write_frame` writes it.
constexpr http::Component frame_component{
    "frame",
    R"({"type":"object","properties":{"received_at":{"type":"string","format":"date-time"},"verdict":{"type":"string"},"device":{"type":"string"},"peer":{"type":"string"},"interval":{"type":"string","nullable":true},"time":{"type":"string","format":"date-time"},"bytes":{"type":"string"},"bytes_base64":{"type":"string"},"decoded":{"type":"object","nullable":true}}})"};

/// A frame with what it says, so that nobody has to take it apart by hand. \param secrets whether passwords are written out
void write_frame(JsonWriter& json, RawFrame const& frame, DeviceBook const& book, bool secrets)
{
    json.begin_object()
        .member("received_at", frame.received_at)
        .member("verdict", to_text(frame.verdict))
        .member("device", frame.device)
        .member("peer", frame.peer);
    json.key("interval");
    frame.interval ? json.value(to_text(*frame.interval)) : json.null();
    json.member("time", frame.time);
    auto const bytes = secrets ? frame.bytes : without_secrets(frame.bytes);
    if (is_valid_utf8(bytes))
        json.member("bytes", bytes);
    else
        json.member("bytes_base64", to_base64(bytes));
    hj212::FrameDecoder decoder{9999};
    decoder.feed(frame.bytes);
    auto cut = decoder.next();
    if (!cut)
        cut = decoder.without_end();
    auto segment = cut ? hj212::parse_segment(cut->segment) : Result<hj212::Segment>{fail(Errc::bad_syntax, "")};
    json.key("decoded");
    if (!segment) {
        json.null().end_object();
        return;
    }
    std::string plain;
    bool const encrypted = hj212::is_encrypted_command(segment->cn) && hj212::looks_encrypted(segment->cp);
    if (auto const* known = book.find(segment->mn); encrypted && known && known->keys) {
        auto const keys = known->keys->load();
        plain = keys->open(*cut, segment->cp, known->device.crc, frame.received_at).plain;
        for (auto const form : known->device.other_crc)
            if (hj212::looks_encrypted(plain))
                plain = keys->open(*cut, segment->cp, form, frame.received_at).plain;
        segment->cp = plain;
    }
    json.begin_object()
        .member("edition", to_text(segment->edition()))
        .member("qn", segment->qn)
        .member("st", segment->st)
        .member("cn", segment->cn);
    json.member("mn", segment->mn).key("flag");
    segment->flag ? json.value(*segment->flag) : json.null();
    if (segment->pnum)
        json.member("pnum", *segment->pnum);
    if (segment->pno)
        json.member("pno", *segment->pno);
    json.member("retransmitted", segment->retransmitted).member("encrypted", encrypted);
    if (secrets)
        json.member("crc", fmt::format("{:04X}", cut->crc));
    json.key("fields").begin_array();
    std::vector<hj212::Field> fields;
    hj212::parse_data_area(segment->cp, fields);
    for (auto const& field : fields) {
        json.begin_object().member("code", field.code);
        if (!field.part.empty())
            json.member("part", field.part);
        json.member("value", is_secret_field(field.code) ? "******" : field.value).end_object();
    }
    json.end_array().end_object().end_object();
}

/// The frames of one record.
struct RecordName {
    std::string site;
    UtcTime time{};
    std::optional<IntervalKind> interval;
    bool secrets = false;
};

asio::awaitable<Reply> raw_frames(RouteServices const& services, Request const& request, RecordName const& wanted)
{
    if (auto refused = http::refuse_secrets(request, wanted.secrets))
        co_return std::move(*refused);
    auto const state = find_site(*services.catalog.load(), wanted.site);
    if (!state)
        co_return http::make_problem(404, "unknown_site", "there is no site '" + wanted.site.substr(0, 80) + "'");
    auto const time = wanted.time;
    std::vector<IntervalKind> intervals{all_interval_kinds.begin(), all_interval_kinds.end()};
    if (wanted.interval)
        intervals = {*wanted.interval};
    auto const read = [&] {
        std::vector<RawFrame> found;
        for (auto const interval : intervals) {
            services.evidence.visit_frames(
                {.site = state->site().number, .interval = interval, .time = {time, time}, .limit = frames_shown, .newest_first = false},
                [&](RawFrame const& frame) {
                    found.push_back(frame);
                    return true;
                });
        }
        return found;
    };
    auto const frames = co_await services.readers.run(read);
    if (frames.empty())
        co_return http::make_problem(404, "not_found",
                                     "no frame of this record is kept: it came another way, or its frames are older than [store] "
                                     "frames_max_age or frames_max_mb allow");
    auto const book = services.gateway.devices();
    std::string out;
    JsonWriter json{out};
    json.begin_object().member("site", state->site().id).member("time", time).key("frames").begin_array();
    for (auto const& frame : frames)
        write_frame(json, frame, *book, wanted.secrets);
    json.end_array().end_object();
    co_return http::json_reply(std::move(out));
}

struct MessageQuery {
    std::string mn;
    std::optional<http::TimeCursor> after;
    std::size_t limit = 100;
    bool secrets = false;
};

struct MessagePage {
    std::vector<RawFrame> frames;
    std::optional<http::TimeCursor> next;
};

/// The device's frames of which no record came, newest first. Several devices may share the frames of their site, so how many are looked at is bounded too.
MessagePage messages_of(Evidence const& evidence, KnownDevice const& known, http::TimeCursor const& after, std::size_t limit)
{
    constexpr std::size_t most_looked_at = 20'000;
    MessagePage page;
    http::TimeCursor at = after;  // behind the last frame looked at
    std::uint64_t to_skip = after.skipped;
    std::size_t looked_at = 0;
    at.skipped = 0;
    evidence.visit_frames(
        {.site = known.site->number, .interval = std::nullopt, .time = {std::nullopt, after.time}, .limit = SIZE_MAX, .newest_first = true},
        [&](RawFrame const& frame) {
            if (page.frames.size() == limit || looked_at == most_looked_at) {
                page.next = at;
                return false;
            }
            at = {frame.time, frame.time == at.time ? at.skipped + 1 : 1};
            if (to_skip > 0 && frame.time == after.time) {
                --to_skip;
                return true;
            }
            ++looked_at;
            if (frame.device == known.device.mn)
                page.frames.push_back(frame);
            return true;
        });
    return page;
}

asio::awaitable<Reply> messages(RouteServices const& services, Request const& request, MessageQuery const& wanted)
{
    if (auto refused = http::refuse_secrets(request, wanted.secrets))
        co_return std::move(*refused);
    auto const book = services.gateway.devices();
    auto const* known = book->find(wanted.mn);
    if (!known)
        co_return unknown_device(wanted.mn);
    auto const after = wanted.after.value_or(http::TimeCursor{.time = UtcTime::max()});
    auto const limit = wanted.limit;
    auto const read = [&] { return messages_of(services.evidence, *known, after, limit); };
    auto const page = co_await services.readers.run(read);
    std::string out;
    JsonWriter json{out};
    json.begin_object().member("mn", known->device.mn).key("messages").begin_array();
    for (auto const& frame : page.frames)
        write_frame(json, frame, *book, wanted.secrets);
    json.end_array().member("numberReturned", page.frames.size()).key("links").begin_array();
    auto const base = fmt::format("{}/api/v1/devices/{}/messages?limit={}{}", request.root_url(), percent_encoded(known->device.mn), limit,
                                  wanted.secrets ? "&secrets=true" : "");
    auto const at = [&](http::TimeCursor const& cursor) { return base + "&after=" + to_text(cursor); };
    json.begin_object().member("href", wanted.after ? at(after) : base).member("rel", "self").member("type", http::json_type).end_object();
    if (page.next)
        json.begin_object().member("href", at(*page.next)).member("rel", "next").member("type", http::json_type).end_object();
    json.end_array().end_object();
    co_return http::json_reply(std::move(out));
}

}  // namespace

std::vector<http::Route> make_frame_routes(std::shared_ptr<RouteServices const> const& s)
{
    auto const list_of_frames = [](std::string_view name, std::string_view more) {
        return fmt::format(R"({{"type":"object","properties":{{"{}":{{"type":"array","items":{}}}{}}}}})", name,
                           reference_to(frame_component), more);
    };
    return {
        http::declare<MessageQuery>(
            {.path = "/api/v1/devices/{mn}/messages",
             .scope = http::Scope::operate,
             .id = "getMessages",
             .tag = "Devices",
             .summary = {"数采仪未成数据记录的报文，最新的在前：设备状态、开机、超标、质控、心跳、应答、被拒的报文",
                         "the frames of a logger of which no record came, newest first: equipment state, start-up, over-limit, quality "
                         "control, heartbeats, answers, refused ones"},
             .responses =
                 {{200,
                   {},
                   {{"application/json",
                     list_of_frames(
                         "messages",
                         R"(,"mn":{"type":"string"},"numberReturned":{"type":"integer"},"links":{"type":"array","items":{"$ref":"#/components/schemas/link"}})")}}}},
             .components = {&frame_component}},
            {mn_parameter<MessageQuery>(),
             http::query("after", {"next 链接的游标", "cursor of a next link"}, http::time_cursor(), &MessageQuery::after),
             http::limit({"报文数", "frames"}, 100, 1000, &MessageQuery::limit), http::secrets(&MessageQuery::secrets),
             http::only_json<MessageQuery>()},
            [s](Request const& request, MessageQuery const& wanted) { return messages(*s, request, wanted); }),
        http::declare<RecordName>(
            {.path = "/api/v1/sites/{id}/readings/{time}/raw",
             .scope = http::Scope::operate,
             .id = "getRawFrames",
             .tag = "Devices",
             .summary = {"一条记录背后的 HJ 212 报文：原文与解码", "the HJ 212 frames behind a record, byte by byte and decoded"},
             .responses = {{200,
                            {},
                            {{"application/json",
                              list_of_frames("frames", R"(,"site":{"type":"string"},"time":{"type":"string","format":"date-time"})")}}}},
             .components = {&frame_component}},
            {http::path("id", {"站点标识", "id of a site"}, http::text(), &RecordName::site),
             http::path("time", {"记录的时间，RFC 3339，带时差", "time of the record, RFC 3339 with an offset"}, http::instant(),
                        &RecordName::time),
             http::query("interval", {"记录的类型；不写则全部", "of the record; without: all"},
                         http::one_of_all<IntervalKind>(all_interval_kinds), &RecordName::interval),
             http::secrets(&RecordName::secrets), http::only_json<RecordName>()},
            [s](Request const& request, RecordName const& wanted) { return raw_frames(*s, request, wanted); }),
    };
}

}  // namespace yihong::gateway
