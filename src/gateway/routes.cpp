#include "yihong/gateway/routes.hpp"

#include "command_routes.hpp"
#include "frame_routes.hpp"

#include "yihong/base/json_writer.hpp"
#include "yihong/base/text.hpp"
#include "yihong/gateway/device_book.hpp"
#include "yihong/gateway/status_board.hpp"
#include "yihong/http/handlers.hpp"
#include "yihong/http/metrics_text.hpp"
#include "yihong/state/completeness.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace yihong::gateway {
namespace {

namespace asio = boost::asio;
using http::Reply;
using http::Request;

/// A device as `write_device` writes it.
constexpr http::Component device_component{
    "device",
    R"({"type":"object","properties":{"mn":{"type":"string"},"site":{"type":"string"},"name":{"type":"string"},"st":{"type":"array","items":{"type":"string"}},"connected":{"type":"boolean"},"last_frame_at":{"type":"string","format":"date-time","nullable":true},"last_record_at":{"type":"string","format":"date-time","nullable":true},"frames":{"type":"integer"},"records":{"type":"integer"},"refused":{"type":"integer"}},"additionalProperties":true})"};

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
    count("skipped", status.skipped);
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

Reply devices(RouteServices const& services)
{
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

Reply device(RouteServices const& services, DeviceName const& name)
{
    auto const book = services.gateway.devices();
    auto const* known = book->find(name.mn);
    if (!known)
        return unknown_device(name.mn);
    std::string out;
    JsonWriter json{out};
    write_device(json, *known, services.gateway.board().status(known->device.mn));
    return http::json_reply(std::move(out));
}

struct CompletenessQuery {
    std::string mn;
    std::optional<TimeInterval> days;
};

/// The last seven days, today included, or those that are asked for (Beijing time), at most `most_days`.
Result<std::pair<Date, Date>> days_of(std::optional<TimeInterval> const& wanted, UtcTime now)
{
    using std::chrono::days;
    using std::chrono::sys_days;
    constexpr int most_days = 92;
    if (!wanted)
        return std::pair{Date{sys_days{beijing_date(now)} - days{6}}, beijing_date(now)};
    auto const last = beijing_date(wanted->end.value_or(now));
    auto const first = wanted->begin ? beijing_date(*wanted->begin) : Date{sys_days{last} - days{6}};
    if (sys_days{last} - sys_days{first} >= days{most_days})
        return fail(Errc::too_large, fmt::format("datetime: more than {} days; ask for fewer at a time", most_days));
    return std::pair{first, last};
}

asio::awaitable<Reply> completeness_of(RouteServices const& services, CompletenessQuery const& wanted)
{
    auto const book = services.gateway.devices();
    auto const* known = book->find(wanted.mn);
    if (!known)
        co_return unknown_device(wanted.mn);
    auto const now = utc_now();
    auto const range = days_of(wanted.days, now);
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
    line("left_out_frames_total", "counter", "Frames that were not kept: their device has had its share of the day",
         figures.left_out_frames);
    line("refused_connections_total", "counter", "Connections not let in: too many at once", figures.refused_connections);
    return out;
}

std::vector<http::Route> make_routes(RouteServices services)
{
    auto const s = std::make_shared<RouteServices const>(services);
    auto const device_answer = reference_to(device_component);
    auto const devices_answer = R"({"type":"object","properties":{"devices":{"type":"array","items":)" + device_answer +
                                R"(},"turned_away":{"type":"array","items":{"type":"object"}}}})";
    std::vector<http::Route> routes{
        http::declare<http::NoArguments>({.path = "/api/v1/devices",
                                          .scope = http::Scope::operate,
                                          .id = "getDevices",
                                          .tag = "Devices",
                                          .summary = {"已登记的 HJ 212 数采仪及其状况，以及被拒之门外的连接",
                                                      "registered HJ 212 loggers and how they are doing; who was turned away"},
                                          .responses = {{200, {}, {{"application/json", devices_answer}}}},
                                          .components = {&device_component}},
                                         {http::only_json<http::NoArguments>()},
                                         [s](Request const&, http::NoArguments const&) { return devices(*s); }),
        http::declare<DeviceName>({.path = "/api/v1/devices/{mn}",
                                   .scope = http::Scope::operate,
                                   .id = "getDevice",
                                   .tag = "Devices",
                                   .summary = {"一台数采仪", "one logger"},
                                   .responses = {{200, {}, {{"application/json", device_answer}}}},
                                   .components = {&device_component}},
                                  {mn_parameter<DeviceName>(), http::only_json<DeviceName>()},
                                  [s](Request const&, DeviceName const& name) { return device(*s, name); }),
        http::declare<CompletenessQuery>(
            {.path = "/api/v1/devices/{mn}/completeness",
             .scope = http::Scope::operate,
             .id = "getCompleteness",
             .tag = "Devices",
             .summary = {"数据完整性：按北京时间逐日，应有、实有、迟到、缺失的时段",
                         "which periods of the last days the station owes, by day of Beijing time: expected, present, late, missing"},
             .responses = {{200, {}, {{}}}, {413, {"超过 92 天", "More than 92 days."}}}},
            {mn_parameter<CompletenessQuery>(),
             http::datetime({"哪些天，至多 92 天；不写则最近七天", "which days, at most 92; without: the last seven"},
                            &CompletenessQuery::days),
             http::only_json<CompletenessQuery>()},
            [s](Request const&, CompletenessQuery const& wanted) { return completeness_of(*s, wanted); }),
    };
    std::ranges::move(make_frame_routes(s), std::back_inserter(routes));
    std::ranges::move(make_command_routes(s), std::back_inserter(routes));
    return routes;
}

}  // namespace yihong::gateway
