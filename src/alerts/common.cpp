#include "common.hpp"

#include "yihong/net/answer_of.hpp"

namespace yihong::alerts {

constinit http::Component const alert_component{
    "alert",
    R"({"type":"object","properties":{"id":{"type":"string"},"family":{"type":"string","enum":["water","month","air","discharge","operation","service","period"]},"site":{"type":"string"},"severity":{"type":"string","enum":["notice","alert","high"]},"state":{"type":"string","enum":["open","acknowledged","resolved","closed"]},"opened_at":{"type":"string","format":"date-time"},"opened_at_beijing":{"type":"string"},"updated_at":{"type":"string","format":"date-time"},"updated_at_beijing":{"type":"string"},"water_class":{"type":"integer","nullable":true},"aqi":{"type":"integer","nullable":true},"peak_class":{"type":"integer","nullable":true},"peak_aqi":{"type":"integer","nullable":true},"peak_time":{"type":"string","format":"date-time","nullable":true},"peak_time_beijing":{"type":"string","nullable":true},"present":{"type":"array","items":{"type":"object"}},"worst":{"type":"array","items":{"type":"object"}},"pollutants":{"type":"array","items":{"type":"object"}},"assessed_for":{"type":"string","nullable":true},"deadlines":{"type":"object","nullable":true},"steps":{"type":"integer"},"messages":{"type":"integer"},"reminders":{"type":"integer"}},"additionalProperties":true})"};

std::string version_of(Services const& services)
{
    auto const collection = services.catalog.load()->find("alerts");
    return collection ? collection->metadata().version : std::string{};
}

std::string source_of(Request const& request)
{
    return request.peer + (request.principal.name.empty() ? "" : " token=" + request.principal.name);
}

Reply tagged(std::string body, std::string type)
{
    Reply reply;
    reply.content_type = std::move(type);
    auto tag = http::tag_of(body);
    reply.body = std::make_shared<http::Content const>(std::move(body), std::move(tag));
    return reply;
}

asio::awaitable<std::optional<AlertOutcome>> carry_out(Writer& writer, AlertCommand command)
{
    auto const start = [&writer, &command](std::function<void(std::optional<AlertOutcome>)> done) {
        if (!writer.submit(AlertJob{std::move(command), done}))
            done(AlertOutcome{fail(Errc::busy, "too much waits to be written; send the same again in a moment")});
    };
    co_return co_await net::answer_of<std::optional<AlertOutcome>>(start);
}

Reply not_kept() { return http::make_problem(503, "store_unavailable", "the store could not write; nothing was changed, try again later"); }

}  // namespace yihong::alerts
