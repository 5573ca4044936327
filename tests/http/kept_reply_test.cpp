// Replies that are kept and requests that come again: quicker, and not to be told from the first.
#include "harness.hpp"

#include "yihong/http/kept_reply.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace yihong::http::test {
namespace {

Reply page()
{
    auto reply = make_reply(200, "application/geo+json", "");
    reply.body = std::make_shared<Content const>(std::string(100'000, 'x'), "v1");
    reply.headers = {{"Vary", "Accept"}, {"Link", "</x>; rel=\"next\""}, {"Access-Control-Expose-Headers", "X-More"}};
    return reply;
}

/// `/made` makes its reply each time, `/kept` answers with one that it keeps.
std::vector<Route> both_ways()
{
    return {{.pattern = "/made", .handler = QuickHandler{[](Request const&) { return page(); }}},
            {.pattern = "/kept", .handler = QuickHandler{[kept = keep(page())](Request const&) { return again(kept); }}}};
}

/// The head without what time does to it.
std::string without_date(std::string head)
{
    auto const at = head.find("Date: ");
    return at == std::string::npos ? head : head.erase(at, head.find("\r\n", at) + 2 - at);
}

std::string request_for(std::string_view method, std::string_view path, std::string_view version, std::string_view lines)
{
    std::string bytes{method};
    return bytes.append(" ").append(path).append(" ").append(version).append("\r\nHost: a\r\n").append(lines).append("\r\n");
}

TEST(KeptReply, GoesOutLikeOneThatIsMadeForTheRequest)
{
    for (auto const& origins :
         {std::vector<std::string>{"*"}, std::vector<std::string>{"http://page.example"}, std::vector<std::string>{}}) {
        ServerOptions options;
        options.cors_origins = origins;
        TestServer const server{options, both_ways()};
        for (auto const* const method : {"GET", "HEAD"}) {
            for (auto const* const version : {"HTTP/1.1", "HTTP/1.0"}) {
                for (std::string const lines :
                     {"", "Accept-Encoding: gzip\r\n", "Accept-Encoding: zstd\r\n", "Connection: close\r\n", "Connection: keep-alive\r\n",
                      "If-None-Match: \"v1\"\r\n", "If-None-Match: \"v1-gz\"\r\nAccept-Encoding: gzip\r\n", "If-None-Match: \"v0\"\r\n",
                      "Origin: http://page.example\r\n", "Origin: http://other.example\r\n", "Authorization: Bearer reader\r\n",
                      "Authorization: Bearer reader\r\nIf-None-Match: \"v1\"\r\n", "Authorization: Bearer wrong\r\n",
                      "Cookie: yihong=reader\r\n", "Range: bytes=0-9\r\n"}) {
                    bool const head_only = std::string_view{method} == "HEAD";
                    auto const made = server.ask(request_for(method, "/made", version, lines), head_only);
                    for (int time = 0; time < 3; ++time) {
                        auto const kept = server.ask(request_for(method, "/kept", version, lines), head_only);
                        EXPECT_EQ(without_date(kept.head), without_date(made.head)) << method << " " << version << " " << lines << time;
                        EXPECT_EQ(kept.body, made.body) << method << " " << version << " " << lines << time;
                        EXPECT_EQ(kept.header("Date").size(), made.header("Date").size());
                    }
                }
            }
        }
    }
}

TEST(KeptReply, TellsTheDateOfItsRequest)
{
    TestServer const server{{}, both_ways()};
    auto const first = server.get("/kept").header("Date");
    auto const deadline = std::chrono::steady_clock::now() + std::chrono::seconds{20};
    auto later = first;
    while (later == first && std::chrono::steady_clock::now() < deadline)
        later = server.get("/kept").header("Date");
    EXPECT_NE(later, first);
}

TEST(KeptReply, CountsItsLinesInTheMemoryOfItsCache)
{
    auto const kept = keep(page());
    auto const before = kept->lines->memory();
    EXPECT_EQ(kept->lines->of(Encoding::gzip, false, [] { return std::string(1000, 'x'); }).size(), 1000U);
    EXPECT_GE(kept->lines->memory(), before + 1000);
    EXPECT_EQ(kept->lines->of(Encoding::gzip, false, [] { return std::string{"others"}; }).size(), 1000U);
    EXPECT_EQ(kept->lines->of(Encoding::gzip, true, [] { return std::string{"of 304"}; }), "of 304");
}

TEST(KnownRequest, IsOfWhoeverSendsItNow)
{
    TestServer const server;
    std::string const bytes{"GET /echo HTTP/1.1\r\nHost: a\r\n\r\n"};
    std::size_t count = 0;
    for (auto const* const from : {"127.0.0.1", "127.0.0.2", "127.0.0.1", "127.0.0.3"}) {
        Wire wire{server.port(), from};
        wire.send(bytes);
        EXPECT_EQ(wire.read().status, 200);
        EXPECT_EQ(server.seen(++count).back().peer, from);     // one after the other: threads report in no order
    }
}

TEST(KnownRequest, IsAnsweredByTheRoutesOfNow)
{
    TestServer server{{.threads = 1}};
    std::string const bytes{"GET /turns HTTP/1.1\r\nHost: a\r\n\r\n"};
    auto const publish = [&](std::vector<Route> routes) { server.router().publish(std::make_shared<Router const>(std::move(routes))); };
    auto const says = [](char const* text) { return QuickHandler{[text](Request const&) { return make_reply(200, "text/plain", text); }}; };
    Wire wire{server.port()};
    auto const asked = [&] {
        wire.send(bytes);
        auto const reply = wire.read();
        return std::to_string(reply.status) + " " + (reply.status == 200 ? reply.body : "");
    };
    EXPECT_EQ(asked(), "404 ");
    publish({{.pattern = "/turns", .handler = says("one")}});
    EXPECT_EQ(asked(), "200 one");
    EXPECT_EQ(asked(), "200 one");
    publish({{.pattern = "/turns", .handler = says("two")}});
    EXPECT_EQ(asked(), "200 two");
    publish({{.pattern = "/other", .handler = says("other")}});
    EXPECT_EQ(asked(), "404 ");
    EXPECT_EQ(asked(), "404 ");
    publish({{.pattern = "/{*}", .handler = says("all")}});
    EXPECT_EQ(asked(), "200 all");
}

TEST(KnownRequest, IsAllowedWhatItsSenderMayNow)
{
    std::atomic<bool> open{true};
    Snapshot<Router> const router{std::make_shared<Router const>(std::vector<Route>{
        {.pattern = "/read", .handler = QuickHandler{[](Request const& r) { return make_reply(200, "text/plain", r.principal.name); }}}})};
    auto const authenticate = [&](std::string_view token) -> std::optional<Principal> {
        return token.empty() && open ? std::optional{Principal{"", {Scope::read}}} : std::nullopt;
    };
    ServerOptions options;
    options.port = 0;
    options.public_reads = false;
    Server server{options, router, authenticate, {}};
    server.start();
    Wire wire{server.port()};
    std::string const bytes{"GET /read HTTP/1.1\r\nHost: localhost\r\n\r\n"};
    for (bool const may : {true, true, false, false, true}) {
        open = may;
        wire.send(bytes);
        EXPECT_EQ(wire.read().status, may ? 200 : 401);
    }
    server.stop();
}

TEST(KnownRequest, MayBeUnderWayOnSeveralConnectionsAtOnce)
{
    TestServer const server{{.threads = 1}};
    std::string const bytes{"GET /slow HTTP/1.1\r\nHost: a\r\n\r\n"};
    std::vector<std::unique_ptr<Wire>> wires;
    for (int i = 0; i < 3; ++i)
        wires.push_back(std::make_unique<Wire>(server.port()));
    for (int round = 0; round < 2; ++round) {
        for (auto const& wire : wires)
            wire->send(bytes);
        for (auto const& wire : wires) {
            auto const status = wire->read().status;
            EXPECT_TRUE(status == 200 || status == 503) << status;     // the pool of the harness takes few
        }
    }
}

}  // namespace
}  // namespace yihong::http::test
