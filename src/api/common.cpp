#include "common.hpp"

#include "yihong/net/answer_of.hpp"

namespace yihong::api {

Reply tagged_reply(std::string body)
{
    Reply reply;
    reply.content_type = json_type;
    auto tag = http::tag_of(body);
    reply.body = std::make_shared<http::Content const>(std::move(body), std::move(tag));
    return reply;
}

asio::awaitable<Reply> computed(Services const& services, std::string type, std::function<Result<std::string>()> make)
{
    auto made = co_await services.heavy.run(std::move(make));
    if (!made)
        co_return http::make_problem(400, code_name(made.error().code), made.error().detail);
    co_return http::make_reply(200, std::move(type), *std::move(made));
}

asio::awaitable<std::optional<IngestReport>> commit(Intake& intake, PreparedBatch batch)
{
    auto const start = [&intake, &batch](std::function<void(std::optional<IngestReport>)> done) {
        if (!intake.submit(std::move(batch), done)) {
            IngestReport busy;
            busy.rejected.push_back({0, {Errc::busy, "the intake queue is full; send the same body again in a moment"}, {}, {}});
            done(std::move(busy));
        }
    };
    co_return co_await net::answer_of<std::optional<IngestReport>>(start);
}

std::shared_ptr<SiteState const> site_of(Services const& services, std::string const& id)
{
    return find_site(*services.catalog.load(), id);
}

Reply no_such_site(std::string const& id) { return http::make_problem(404, "unknown_site", "there is no site '" + id.substr(0, 80) + "'"); }

std::string source_of(Request const& request)
{
    return "http " + request.peer + (request.principal.name.empty() ? "" : " token=" + request.principal.name);
}

bool is_busy(IngestReport const& report) { return !report.rejected.empty() && report.rejected.front().failure.code == Errc::busy; }

}  // namespace yihong::api
