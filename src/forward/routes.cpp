#include "yihong/forward/routes.hpp"

#include "yihong/base/json_writer.hpp"
#include "yihong/http/handlers.hpp"
#include "yihong/http/metrics_text.hpp"
#include "yihong/http/parameters.hpp"

#include <fmt/format.h>

namespace yihong::forward {
namespace {

namespace asio = boost::asio;
using http::Reply;
using http::Request;

constexpr http::Component forwards_component{
    "forwards",
    R"({"type":"object","properties":{"forwards":{"type":"array","items":{"type":"object","properties":{"id":{"type":"string"},"address":{"type":"string"},"connected":{"type":"boolean"},"waiting":{"type":"integer"},"sent":{"type":"integer"},"repeated":{"type":"integer"},"oldest_waiting_since":{"type":"string","format":"date-time","nullable":true},"last_answer_at":{"type":"string","format":"date-time","nullable":true},"last_error":{"type":"string","nullable":true}}}}}})"};

asio::awaitable<Reply> forwards(RouteServices const& services)
{
    auto const all = services.forwarder.status();
    auto const read = [&] {
        std::vector<std::optional<UtcTime>> oldest;
        for (auto const& forward : all) {
            auto const first = services.outbox.outbox(queue_of(forward.id), 0, 1);
            auto const ticket = first.empty() ? Result<Ticket>{fail(Errc::not_found, "")} : parse_payload(first.front().payload);
            oldest.push_back(ticket ? std::optional{ticket->accepted_at} : std::nullopt);
        }
        return oldest;
    };
    auto const oldest = co_await services.readers.run(read);
    std::string out;
    JsonWriter json{out};
    auto const time_or_null = [&](std::string_view name, std::optional<UtcTime> time) {
        json.key(name);
        time ? json.value(*time) : json.null();
    };
    json.begin_object().key("forwards").begin_array();
    for (std::size_t i = 0; i < all.size(); ++i) {
        auto const& forward = all[i];
        json.begin_object().member("id", forward.id).member("address", forward.address).member("connected", forward.connected);
        json.member("waiting", static_cast<std::int64_t>(forward.waiting)).member("sent", static_cast<std::int64_t>(forward.sent));
        json.member("repeated", static_cast<std::int64_t>(forward.repeated));
        time_or_null("oldest_waiting_since", oldest[i]);
        time_or_null("last_answer_at", forward.last_answer_at);
        json.key("last_error");
        forward.last_error.empty() ? json.null() : json.value(forward.last_error);
        json.end_object();
    }
    json.end_array().end_object();
    co_return http::json_reply(std::move(out));
}

}  // namespace

std::string metrics_text(std::vector<ForwardStatus> const& forwards)
{
    std::string out;
    auto const family = [&](std::string_view name, std::string_view type, std::string_view help, auto value) {
        std::vector<http::MetricSample> samples;
        for (auto const& forward : forwards)
            samples.push_back({fmt::format("forward=\"{}\"", forward.id), static_cast<double>(value(forward))});
        http::append_metric(out, fmt::format("yihong_forward_{}", name), type, help, samples);
    };
    if (forwards.empty())
        return out;
    family("waiting", "gauge", "Records that the receiver has not answered yet", [](ForwardStatus const& f) { return f.waiting; });
    family("sent_total", "counter", "Records answered by the receiver", [](ForwardStatus const& f) { return f.sent; });
    family("repeated_total", "counter", "Frames sent again", [](ForwardStatus const& f) { return f.repeated; });
    family("connected", "gauge", "1 while connected", [](ForwardStatus const& f) { return f.connected ? 1 : 0; });
    return out;
}

std::vector<http::Route> make_routes(RouteServices services)
{
    auto const s = std::make_shared<RouteServices const>(services);
    return {http::declare<http::NoArguments>(
        {.path = "/api/v1/forwards",
         .scope = http::Scope::operate,
         .id = "getForwards",
         .tag = "Forwards",
         .summary = {"上级平台转发：待发数、最后应答、最后错误",
                     "higher platforms that data are passed on to: what waits, the last answer, the last error"},
         .responses = {{200, {}, {{"application/json", reference_to(forwards_component)}}}},
         .components = {&forwards_component}},
        {http::only_json<http::NoArguments>()}, [s](Request const&, http::NoArguments const&) { return forwards(*s); })};
}

}  // namespace yihong::forward
