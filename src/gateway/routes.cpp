#include "yihong/gateway/routes.hpp"

#include "command_routes.hpp"

#include "yihong/base/json_writer.hpp"
#include "yihong/base/text.hpp"
#include "yihong/gateway/device_book.hpp"
#include "yihong/gateway/status_board.hpp"
#include "yihong/hj212/frame.hpp"
#include "yihong/http/handlers.hpp"
#include "yihong/http/metrics_text.hpp"
#include "yihong/service/completeness.hpp"
#include "yihong/service/site_feature.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace yihong::gateway {
namespace {

namespace asio = boost::asio;
using http::Method;
using http::Reply;
using http::Request;
using http::Scope;

constexpr std::size_t frames_shown = 200;

void write_device(JsonWriter& json, KnownDevice const& known, DeviceStatus const& status)
{
    auto const& device = known.device;
    auto const count = [&](std::string_view name, std::uint64_t n) { json.member(name, static_cast<std::int64_t>(n)); };
    json.begin_object().member("mn", device.mn).member("site", known.site->id).member("name", known.site->name).key("st").begin_array();
    for (auto const& type : device.system_types)
        json.value(type);
    json.end_array().member("crc", to_text(device.crc)).member("encrypted", known.keys != nullptr);
    if (known.keys) {
        auto const keys = known.keys->load();
        json.member_or_null("key_made_at", keys->in_force().made_at);
        json.member("key_pending", keys->pending() != nullptr);
    }
    json.member("connected", status.connected);
    json.text_or_null("peer", status.peer);
    json.member_or_null("connected_at", status.connected_at);
    json.member_or_null("last_frame_at", status.last_frame_at);
    json.member_or_null("last_record_at", status.last_record_at);
    json.text_or_null("edition", status.edition ? to_text(*status.edition) : std::string_view{});
    json.key("clock_drift_s");
    status.clock_drift ? json.value(static_cast<double>(status.clock_drift->count()) / 1000.0) : json.null();
    count("connections", status.connections);
    count("frames", status.frames);
    count("records", status.records);
    count("acknowledged", status.acknowledged);
    count("refused", status.refused);
    count("bad_crc", status.bad_crc);
    count("repeated_refusals", status.repeated_refusals);
    json.text_or_null("last_refusal", status.last_refusal);
    json.key("unknown_factors").begin_array();
    for (auto const& code : status.unknown_factors)
        json.value(code);
    json.end_array().key("incomplete").begin_array();
    for (auto const& split : status.splits) {
        json.begin_object()
            .member("cn", split.cn)
            .member("time", split.data_time)
            .member("parts", split.parts)
            .key("missing")
            .begin_array();
        for (int const number : split.missing())
            json.value(number);
        json.end_array().end_object();
    }
    json.end_array().end_object();
}

Reply devices(RouteServices const& services, Request const& request)
{
    if (auto refused = http::unknown_query(request, {"f"}))
        return std::move(*refused);
    auto const book = services.gateway.devices();
    auto const& board = services.gateway.board();
    std::string out;
    JsonWriter json{out};
    json.begin_object().key("devices").begin_array();
    for (auto const& known : book->all())
        write_device(json, known, board.status(known.device.mn));
    json.end_array().key("turned_away").begin_array();
    for (auto const& event : board.turned_away()) {
        json.begin_object().member("at", event.at).member("peer", event.peer);
        json.text_or_null("mn", event.mn);
        json.member("reason", event.reason).end_object();
    }
    json.end_array().end_object();
    return http::json_reply(std::move(out));
}

Reply device(RouteServices const& services, Request const& request)
{
    if (auto refused = http::unknown_query(request, {"f"}))
        return std::move(*refused);
    auto const book = services.gateway.devices();
    auto const* known = book->find(request.path_parameters.at(0));
    if (!known)
        return unknown_device(request);
    std::string out;
    JsonWriter json{out};
    write_device(json, *known, services.gateway.board().status(known->device.mn));
    return http::json_reply(std::move(out));
}

/// The last seven days, today included, or the days of `datetime` (Beijing time), at most `most_days`.
Result<std::pair<Date, Date>> days_of(Request const& request, UtcTime now)
{
    using std::chrono::days;
    using std::chrono::sys_days;
    constexpr int most_days = 92;
    auto last = beijing_date(now);
    Date first = sys_days{last} - days{6};
    if (auto const* text = request.query_value("datetime")) {
        auto const interval = parse_time_interval(*text);
        if (!interval)
            return fail(interval.error().code, "datetime: " + interval.error().detail);
        last = beijing_date(interval->end.value_or(now));
        first = interval->begin ? beijing_date(*interval->begin) : Date{sys_days{last} - days{6}};
        if (sys_days{last} - sys_days{first} >= days{most_days})
            return fail(Errc::too_large, fmt::format("datetime: more than {} days; ask for fewer at a time", most_days));
    }
    return std::pair{first, last};
}

asio::awaitable<Reply> completeness_of(RouteServices const& services, Request const& request)
{
    if (auto refused = http::unknown_query(request, {"datetime", "f"}))
        co_return std::move(*refused);
    auto const book = services.gateway.devices();
    auto const* known = book->find(request.path_parameters.at(0));
    if (!known)
        co_return unknown_device(request);
    auto const now = utc_now();
    auto const range = days_of(request, now);
    if (!range)
        co_return http::make_problem(range.error());
    auto const kind = known->owed_interval();
    auto const read = [&] { return completeness(services.records, known->site->number, kind, range->first, range->second, now); };
    auto const days = co_await services.readers.run(read);
    int expected = 0, present = 0, late = 0;
    for (auto const& day : days) {
        expected += day.expected;
        present += day.present;
        late += day.late;
    }
    std::string out;
    JsonWriter json{out};
    json.begin_object()
        .member("mn", known->device.mn)
        .member("site", known->site->id)
        .member("interval", to_text(kind))
        .member("expected", expected);
    json.member("present", present).member("late", late).member("missing", expected - present).key("days").begin_array();
    for (auto const& day : days) {
        json.begin_object()
            .member("date", format_date(day.date))
            .member("expected", day.expected)
            .member("present", day.present)
            .member("late", day.late);
        json.key("missing").begin_array();
        for (auto const time : day.missing)
            json.value(time);
        json.end_array().end_object();
    }
    json.end_array().end_object();
    co_return http::json_reply(std::move(out));
}

/// A frame with what it says, so that nobody has to take it apart by hand.
void write_frame(JsonWriter& json, RawFrame const& frame, DeviceBook const& book)
{
    json.begin_object()
        .member("received_at", frame.received_at)
        .member("verdict", to_text(frame.verdict))
        .member("device", frame.device)
        .member("peer", frame.peer);
    json.key("interval");
    frame.interval ? json.value(to_text(*frame.interval)) : json.null();
    json.member("time", frame.time);
    if (is_valid_utf8(frame.bytes))
        json.member("bytes", frame.bytes);
    else
        json.member("bytes_base64", to_base64(frame.bytes));
    hj212::FrameDecoder decoder{9999};
    decoder.feed(frame.bytes);
    auto const cut = decoder.next();
    auto segment = cut ? hj212::parse_segment(cut->segment) : Result<hj212::Segment>{fail(Errc::bad_syntax, "")};
    json.key("decoded");
    if (!segment) {
        json.null().end_object();
        return;
    }
    std::string plain;
    bool const encrypted = hj212::is_encrypted_command(segment->cn) && hj212::looks_encrypted(segment->cp);
    if (auto const* known = book.find(segment->mn); encrypted && known && known->keys) {
        plain = known->keys->load()->open(*cut, segment->cp, known->device.crc, frame.received_at).plain;
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
    json.member("retransmitted", segment->retransmitted)
        .member("encrypted", encrypted)
        .member("crc", fmt::format("{:04X}", cut->crc))
        .key("fields")
        .begin_array();
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

asio::awaitable<Reply> raw_frames(RouteServices const& services, Request const& request)
{
    if (auto refused = http::unknown_query(request, {"interval", "f"}))
        co_return std::move(*refused);
    auto const state = find_site(*services.catalog.load(), request.path_parameters.at(0));
    if (!state)
        co_return http::make_problem(404, "unknown_site", "there is no site '" + request.path_parameters.at(0).substr(0, 80) + "'");
    auto const time = parse_rfc3339(request.path_parameters.at(1));
    if (!time)
        co_return http::make_problem(400, "bad_time", "time: " + time.error().detail);
    std::vector<IntervalKind> intervals{all_interval_kinds.begin(), all_interval_kinds.end()};
    if (auto const* text = request.query_value("interval")) {
        auto const interval = parse_interval_kind(*text);
        if (!interval)
            co_return http::make_problem(interval.error());
        intervals = {*interval};
    }
    auto const read = [&] {
        std::vector<RawFrame> found;
        for (auto const interval : intervals) {
            services.evidence.visit_frames(
                {.site = state->site().number, .interval = interval, .time = {*time, *time}, .limit = frames_shown, .newest_first = false},
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
    json.begin_object().member("site", state->site().id).member("time", *time).key("frames").begin_array();
    for (auto const& frame : frames)
        write_frame(json, frame, *book);
    json.end_array().end_object();
    co_return http::json_reply(std::move(out));
}

/// Where a page of messages goes on: behind `skipped` frames of one moment, towards the older ones. As text `1795905600123.2`.
struct MessageCursor {
    UtcTime time{UtcTime::max()};
    std::uint64_t skipped = 0;
};

Result<MessageCursor> parse_cursor(std::string_view text)
{
    auto const dot = std::min(text.find('.'), text.size());
    auto const time = http::whole_number("after", text.substr(0, dot), 0, INT64_MAX);
    auto const skipped = http::whole_number("after", text.substr(std::min(dot + 1, text.size())), 0, INT64_MAX);
    if (!time || !skipped)
        return fail(Errc::bad_value, "after: is not the cursor of a next link");
    return MessageCursor{UtcTime{std::chrono::milliseconds{static_cast<std::int64_t>(*time)}}, *skipped};
}

struct MessagePage {
    std::vector<RawFrame> frames;
    std::optional<MessageCursor> next;
};

/// The device's frames of which no record came, newest first. Several devices may share the frames of their site, so how many are looked at is bounded too.
MessagePage messages_of(Evidence const& evidence, KnownDevice const& known, MessageCursor const& after, std::size_t limit)
{
    constexpr std::size_t most_looked_at = 20'000;
    MessagePage page;
    MessageCursor at = after;  // behind the last frame looked at
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

asio::awaitable<Reply> messages(RouteServices const& services, Request const& request)
{
    if (auto refused = http::unknown_query(request, {"after", "limit", "f"}))
        co_return std::move(*refused);
    auto const book = services.gateway.devices();
    auto const* known = book->find(request.path_parameters.at(0));
    if (!known)
        co_return unknown_device(request);
    MessageCursor after;
    std::size_t limit = 100;
    if (auto const* text = request.query_value("after")) {
        auto const cursor = parse_cursor(*text);
        if (!cursor)
            co_return http::make_problem(cursor.error());
        after = *cursor;
    }
    if (auto const* text = request.query_value("limit")) {
        auto const value = http::whole_number("limit", *text, 1, UINT64_MAX);
        if (!value)
            co_return http::make_problem(value.error());
        limit = std::min<std::uint64_t>(*value, 1000);
    }
    auto const read = [&] { return messages_of(services.evidence, *known, after, limit); };
    auto const page = co_await services.readers.run(read);
    std::string out;
    JsonWriter json{out};
    json.begin_object().member("mn", known->device.mn).key("messages").begin_array();
    for (auto const& frame : page.frames)
        write_frame(json, frame, *book);
    json.end_array().member("numberReturned", page.frames.size()).key("links").begin_array();
    auto const base = fmt::format("{}/api/v1/devices/{}/messages?limit={}", request.root_url(), percent_encoded(known->device.mn), limit);
    auto const at = [&](MessageCursor const& cursor) {
        return fmt::format("{}&after={}.{}", base, cursor.time.time_since_epoch().count(), cursor.skipped);
    };
    json.begin_object()
        .member("href", request.query_value("after") ? at(after) : base)
        .member("rel", "self")
        .member("type", http::json_type)
        .end_object();
    if (page.next)
        json.begin_object().member("href", at(*page.next)).member("rel", "next").member("type", http::json_type).end_object();
    json.end_array().end_object();
    co_return http::json_reply(std::move(out));
}

}  // namespace

std::string metrics_text(GatewayFigures const& figures)
{
    std::string out;
    auto const line = [&](std::string_view name, std::string_view type, std::string_view help, std::uint64_t value) {
        http::append_metric(out, fmt::format("yihong_hj212_{}", name), type, help, static_cast<double>(value));
    };
    line("connections", "gauge", "Open connections of stations", figures.connections);
    line("accepted_connections_total", "counter", "Connections taken", figures.accepted_connections);
    line("received_bytes_total", "counter", "Bytes received", figures.bytes);
    line("frames_total", "counter", "Frames cut from the streams", figures.frames);
    line("acknowledged_total", "counter", "Frames answered after they were on disk", figures.acknowledged);
    line("bad_crc_total", "counter", "Frames dropped for their CRC", figures.bad_crc);
    line("refused_total", "counter", "Frames refused", figures.refused);
    line("repeated_refusals_total", "counter", "Refused readings like one of the last hour, not written to quarantine",
         figures.repeated_refusals);
    line("skipped_bytes_total", "counter", "Bytes that belonged to no frame", figures.skipped_bytes);
    line("unfinished_frames_total", "counter", "Frames begun whose rest did not come in time", figures.unfinished);
    return out;
}

std::vector<http::Route> make_routes(RouteServices services)
{
    auto const s = std::make_shared<RouteServices const>(services);
    std::vector<http::Route> routes{
        {Method::get, "/api/v1/devices", Scope::operate, http::QuickHandler{[s](Request const& request) { return devices(*s, request); }}},
        {Method::get, "/api/v1/devices/{}", Scope::operate,
         http::QuickHandler{[s](Request const& request) { return device(*s, request); }}},
        {Method::get, "/api/v1/devices/{}/completeness", Scope::operate,
         http::WaitingHandler{[s](Request const& request) { return completeness_of(*s, request); }}},
        {Method::get, "/api/v1/devices/{}/messages", Scope::operate,
         http::WaitingHandler{[s](Request const& request) { return messages(*s, request); }}},
        {Method::get, "/api/v1/sites/{}/readings/{}/raw", Scope::operate,
         http::WaitingHandler{[s](Request const& request) { return raw_frames(*s, request); }}},
    };
    std::ranges::move(make_command_routes(s), std::back_inserter(routes));
    return routes;
}

}  // namespace yihong::gateway
