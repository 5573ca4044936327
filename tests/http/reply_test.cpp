// What the connection adds to replies: coding, validators, CORS, credentials, and how it ends.
#include "harness.hpp"

#include "yihong/http/client.hpp"

#include <gtest/gtest.h>

#include <zlib.h>
#include <zstd.h>

#include <thread>

namespace yihong::http::test {
namespace {

using namespace std::chrono_literals;

std::string gunzipped(std::string const& bytes)
{
    z_stream stream{};
    inflateInit2(&stream, 15 + 16);
    std::string out(1'000'000, '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream.avail_in = static_cast<uInt>(bytes.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
    out.resize(stream.total_out);
    inflateEnd(&stream);
    return out;
}

TEST(HttpReply, CarriesTheHeadersOfTheHouse)
{
    TestServer const server;
    auto const reply = server.get("/page");
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(reply.body, std::string(100'000, 'x'));
    EXPECT_EQ(reply.header("Server"), "yihong");
    EXPECT_TRUE(reply.header("Date").ends_with(" GMT"));
    EXPECT_EQ(reply.header("Date").size(), 29U);
    EXPECT_EQ(reply.header("Content-Type"), "application/geo+json");
    EXPECT_EQ(reply.header("ETag"), "\"v1\"");
    EXPECT_EQ(reply.header("Cache-Control"), "no-cache");
    EXPECT_EQ(reply.header("Vary"), "Accept-Encoding, Accept");
    EXPECT_EQ(reply.header("Link"), "</x>; rel=\"next\"");
    EXPECT_EQ(reply.header("X-Content-Type-Options"), "nosniff");
    EXPECT_EQ(reply.header("Access-Control-Allow-Origin"), "*");
    EXPECT_NE(reply.header("Access-Control-Expose-Headers").find("Link"), std::string::npos);
    EXPECT_EQ(reply.header("Content-Security-Policy"), "(none)");
    EXPECT_NE(server.get("/html").header("Content-Security-Policy").find("default-src 'self'"), std::string::npos);
}

TEST(HttpReply, IsCodedAsTheClientPrefers)
{
    TestServer const server;
    struct Row {
        char const* accept;
        char const* coding;
        char const* etag;
    };
    for (auto const& [accept, coding, etag] : {
             Row{"gzip", "gzip", "\"v1-gz\""},
             Row{"gzip, deflate, br", "gzip", "\"v1-gz\""},
             Row{"gzip, deflate, br, zstd", "zstd", "\"v1-zst\""},
             Row{"zstd;q=0.5, gzip", "gzip", "\"v1-gz\""},
             Row{"gzip;q=0", "(none)", "\"v1\""},
             Row{"br", "(none)", "\"v1\""},
             Row{"*", "zstd", "\"v1-zst\""},
             Row{"*;q=0.5, gzip;q=0", "zstd", "\"v1-zst\""},
             Row{"identity, gzip;q=0.5", "(none)", "\"v1\""},
             Row{"GZIP ; q=1.0", "gzip", "\"v1-gz\""},
             Row{"gzip;q=rubbish", "(none)", "\"v1\""},
             Row{"", "(none)", "\"v1\""},
         }) {
        auto const reply = server.get("/page", "Accept-Encoding: " + std::string{accept} + "\r\n");
        EXPECT_EQ(reply.header("Content-Encoding"), coding) << accept;
        EXPECT_EQ(reply.header("ETag"), etag) << accept;
        EXPECT_EQ(reply.header("Vary"), "Accept-Encoding, Accept") << accept;
        if (std::string_view{coding} == "gzip") {
            EXPECT_EQ(gunzipped(reply.body), std::string(100'000, 'x'));
        } else if (std::string_view{coding} == "zstd") {
            std::string out(100'000, '\0');
            EXPECT_EQ(ZSTD_decompress(out.data(), out.size(), reply.body.data(), reply.body.size()), out.size());
            EXPECT_EQ(out, std::string(100'000, 'x'));
        } else {
            EXPECT_EQ(reply.body.size(), 100'000U);
        }
    }
    EXPECT_EQ(server.get("/html", "Accept-Encoding: gzip\r\n").header("Content-Encoding"), "(none)") << "too small to gain";
}

TEST(HttpReply, Answers304ToTheTagOfTheSameCoding)
{
    TestServer const server;
    struct Row {
        std::string lines;
        int status;
    };
    for (auto const& [lines, status] : {
             Row{"If-None-Match: \"v1\"\r\n", 304},
             Row{"If-None-Match: W/\"v1\"\r\n", 304},
             Row{"If-None-Match: *\r\n", 304},
             Row{"If-None-Match: \"v0\", \"a,b\" , W/\"v1\"\r\n", 304},
             Row{"If-None-Match: \"v0\"\r\nIf-None-Match: \"v1\"\r\n", 304},
             Row{"If-None-Match: \"v2\"\r\n", 200},
             Row{"If-None-Match: v1\r\n", 200},
             Row{"If-None-Match: \"v1-gz\"\r\n", 200},
             Row{"If-None-Match: \"v1\r\n", 200},
             Row{"If-None-Match: \"v1-gz\"\r\nAccept-Encoding: gzip\r\n", 304},
         }) {
        auto const reply = server.get("/page", lines);
        EXPECT_EQ(reply.status, status) << lines;
        if (status == 304) {
            EXPECT_EQ(reply.body, "");
            EXPECT_EQ(reply.header("Content-Length"), "(none)");
            EXPECT_TRUE(reply.header("ETag").starts_with("\"v1")) << lines;
            EXPECT_EQ(reply.header("Cache-Control"), "no-cache");
            EXPECT_EQ(reply.header("Vary"), "Accept-Encoding, Accept");
        }
    }
    Wire wire{server.port()};                          // a 304 frames itself
    wire.send("GET /page HTTP/1.1\r\nHost: a\r\nIf-None-Match: *\r\n\r\nGET /echo HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_EQ(wire.read().status, 304);
    EXPECT_EQ(wire.read().status, 200);
}

TEST(HttpReply, HeadHasTheHeadersOfGetWithoutTheBody)
{
    TestServer const server;
    for (std::string const coding : {"", "Accept-Encoding: gzip\r\n"}) {
        Wire wire{server.port()};
        wire.send("HEAD /page HTTP/1.1\r\nHost: a\r\n" + coding + "\r\n");
        auto const head = wire.read(true);
        wire.send("GET /page HTTP/1.1\r\nHost: a\r\n" + coding + "\r\n");
        auto const get = wire.read();
        EXPECT_EQ(head.status, 200);
        for (char const* const name : {"Content-Length", "Content-Type", "Content-Encoding", "ETag", "Vary", "Cache-Control", "Link"})
            EXPECT_EQ(head.header(name), get.header(name)) << name;
    }
    EXPECT_EQ(server.seen(1).front().method, Method::head);
    EXPECT_LT(server.seen(1).front().bytes_sent, 1000U);
}

TEST(HttpReply, TellsTheMethodsAndAnswersPreflights)
{
    TestServer const server;
    auto const options = server.ask("OPTIONS /echo HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_EQ(options.status, 204);
    EXPECT_EQ(options.header("Allow"), "GET, HEAD, POST, OPTIONS");
    EXPECT_EQ(options.header("Content-Length"), "(none)");
    EXPECT_EQ(options.header("Access-Control-Allow-Methods"), "(none)");
    auto const preflight =
        server.ask("OPTIONS /ingest HTTP/1.1\r\nHost: a\r\nOrigin: https://map.example\r\nAccess-Control-Request-Method: POST\r\n"
                   "Access-Control-Request-Headers: authorization\r\n\r\n");
    EXPECT_EQ(preflight.status, 204) << "a preflight carries no credentials";
    EXPECT_EQ(preflight.header("Access-Control-Allow-Origin"), "*");
    EXPECT_EQ(preflight.header("Access-Control-Allow-Methods"), "GET, HEAD, OPTIONS") << "pages from elsewhere may read, not write";
    EXPECT_NE(preflight.header("Access-Control-Allow-Headers").find("Authorization"), std::string::npos);
    EXPECT_EQ(preflight.header("Access-Control-Max-Age"), "86400");
    EXPECT_EQ(server.ask("DELETE /echo HTTP/1.1\r\nHost: a\r\n\r\n").header("Allow"), "GET, HEAD, POST, OPTIONS");
}

TEST(HttpReply, NamesOnlyConfiguredOrigins)
{
    ServerOptions options;
    options.cors_origins = {"https://map.example"};
    TestServer const server{options};
    auto const known = server.get("/page", "Origin: https://map.example\r\n");
    EXPECT_EQ(known.header("Access-Control-Allow-Origin"), "https://map.example");
    EXPECT_EQ(known.header("Vary"), "Accept-Encoding, Accept, Origin");
    auto const other = server.get("/page", "Origin: https://evil.example\r\n");
    EXPECT_EQ(other.header("Access-Control-Allow-Origin"), "(none)");
    EXPECT_EQ(other.header("Vary"), "Accept-Encoding, Accept, Origin");
}

TEST(HttpReply, ErrorsAreProblemDocuments)
{
    TestServer const server;
    for (auto const& [bytes, status, code] : {
             std::tuple{"GET /nothing HTTP/1.1\r\nHost: a\r\n\r\n", 404, "not_found"},
             std::tuple{"DELETE /echo HTTP/1.1\r\nHost: a\r\n\r\n", 405, "method_not_allowed"},
             std::tuple{"rubbish\r\n\r\n", 400, "bad_syntax"},
             std::tuple{"GET /echo HTTP/3.0\r\n\r\n", 505, "version_not_supported"},
             std::tuple{"GET /throws HTTP/1.1\r\nHost: a\r\n\r\n", 500, "internal"},
         }) {
        auto const reply = server.ask(bytes);
        EXPECT_EQ(reply.status, status);
        EXPECT_EQ(reply.header("Content-Type"), "application/problem+json");
        EXPECT_NE(reply.body.find("\"status\":" + std::to_string(status)), std::string::npos) << reply.body;
        EXPECT_NE(reply.body.find("\"code\":\"" + std::string{code} + "\""), std::string::npos) << reply.body;
        EXPECT_EQ(reply.body.find("secret"), std::string::npos);
    }
}

TEST(HttpReply, AFullPoolAnswers503)
{
    TestServer const server;                           // the pool has two threads and a queue of one
    std::vector<std::unique_ptr<Wire>> wires;
    for (int i = 0; i < 6; ++i) {
        wires.push_back(std::make_unique<Wire>(server.port()));
        wires.back()->send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
    }
    int fine = 0;
    int busy = 0;
    for (auto& wire : wires) {
        auto const reply = wire->read();
        fine += reply.status == 200;
        if (reply.status == 503) {
            ++busy;
            EXPECT_EQ(reply.header("Retry-After"), "1");
        }
    }
    EXPECT_EQ(fine, 3);
    EXPECT_EQ(busy, 3);
}

TEST(HttpReply, LargePagesStayTheSameHoweverOftenAndSlowlyTheyAreRead)
{
    std::string bytes;
    for (int i = 0; bytes.size() < 6'000'000; ++i)
        bytes += std::to_string(i) + ",";
    auto const large = std::make_shared<Content const>(bytes, "v1");
    TestServer const server{{}, {{.pattern = "/large", .handler = QuickHandler{[large](Request const&) {
                                                           Reply reply;
                                                           reply.content_type = "image/png";
                                                           reply.body = large;
                                                           return reply;
                                                       }}}}};
    Wire wire{server.port()};
    for (int i = 0; i < 4; ++i) {
        wire.send("GET /large HTTP/1.1\r\nHost: a\r\n\r\n");
        if (i == 2)
            std::this_thread::sleep_for(50ms);         // the send buffer fills and the rest waits
        auto const reply = wire.read();
        EXPECT_EQ(reply.status, 200);
        EXPECT_TRUE(reply.body == bytes) << i;
    }
    EXPECT_GE(large->file(Encoding::identity), 0) << "a wanted page is sent from a file";
    EXPECT_EQ(large->memory(), large->plain().capacity() + large->plain().size());
    Content const small{"x"};
    EXPECT_FALSE(small.wants_file(Encoding::identity));
    EXPECT_FALSE(small.wants_file(Encoding::identity));
    EXPECT_EQ(small.file(Encoding::identity), -1);
}

TEST(HttpAuth, FollowsScopesAndTokens)
{
    struct Row {
        std::string method;
        std::string target;
        std::string token;
        bool public_reads;
        int status;
    };
    std::vector<Row> const rows{
        {"GET", "/echo", "", true, 200},          {"GET", "/echo", "", false, 401},          {"GET", "/echo", "reader", false, 200},
        {"GET", "/echo", "station", false, 403},  {"GET", "/echo", "chief", false, 200},     {"GET", "/echo", "nobody", true, 401},
        {"GET", "/free", "", false, 200},         {"GET", "/free", "nobody", false, 401},    {"POST", "/ingest", "", true, 401},
        {"POST", "/ingest", "reader", true, 403}, {"POST", "/ingest", "station", true, 200}, {"POST", "/ingest", "chief", true, 200},
        {"POST", "/admin", "station", true, 403}, {"POST", "/admin", "chief", true, 200},    {"GET", "/nothing", "", false, 404},
        {"HEAD", "/echo", "", false, 401},
    };
    for (bool const public_reads : {true, false}) {
        ServerOptions options;
        options.public_reads = public_reads;
        TestServer const server{options};
        for (auto const& row : rows) {
            if (row.public_reads != public_reads)
                continue;
            auto const label = row.method + " " + row.target + " as " + row.token;
            auto const authorization = row.token.empty() ? "" : "Authorization: Bearer " + row.token + "\r\n";
            auto const by_header =
                server.ask(row.method + " " + row.target + " HTTP/1.1\r\nHost: a\r\n" + authorization + "\r\n", row.method == "HEAD");
            EXPECT_EQ(by_header.status, row.status) << label;
            EXPECT_EQ(by_header.header("WWW-Authenticate") == "(none)", row.status != 401 && row.status != 403) << label;
            auto const key = row.token.empty() ? "" : "?access_token=" + row.token;
            EXPECT_EQ(server.ask(row.method + " " + row.target + key + " HTTP/1.1\r\nHost: a\r\n\r\n", row.method == "HEAD").status,
                      row.status)
                << label;
        }
    }
}

TEST(HttpAuth, TheAccessKeyNeverReachesHandlers)
{
    TestServer const server;
    auto const body = server.get("/echo?a=1&access_token=reader&b=%E6%B0%B4+x&access%5Ftoken=other").body;
    EXPECT_NE(body.find("\"query_text\":\"a=1&b=%E6%B0%B4+x\""), std::string::npos) << body;
    EXPECT_NE(body.find("\"query\":[\"a=1\",\"b=水 x\"]"), std::string::npos) << body;
    EXPECT_NE(body.find("\"principal\":\"r\""), std::string::npos) << body;
    EXPECT_EQ(server.seen(1).back().principal, "r");
    EXPECT_EQ(server.get("/page?access_token=reader").header("Cache-Control"), "private, no-cache");
    EXPECT_EQ(server.get("/echo", "Authorization: bearer   reader  \r\n").status, 200);
    EXPECT_EQ(server.get("/echo", "Authorization: Bearer reader\r\nAuthorization: Bearer chief\r\n").status, 400);
    EXPECT_EQ(server.get("/echo", "Authorization: Basic cjpy\r\n").status, 200) << "other schemes are no credentials here";
}

TEST(HttpObserve, TellsOfEveryRequestByItsPattern)
{
    ServerOptions options;
    options.threads = 1;                               // two would tell in any order
    TestServer const server{options};
    server.get("/collections/rivers/items?token=secret");
    server.get("/nothing");
    server.ask("rubbish\r\n\r\n");
    auto const seen = server.seen(3);
    ASSERT_EQ(seen.size(), 3U);
    EXPECT_EQ(seen[0].route, "/collections/{}/items");
    EXPECT_EQ(seen[0].status, 200);
    EXPECT_GT(seen[0].bytes_sent, 100U);
    EXPECT_EQ(seen[1].route, "");
    EXPECT_EQ(seen[1].status, 404);
    EXPECT_EQ(seen[2].method, Method::other);
    EXPECT_EQ(seen[2].status, 400);
}

TEST(HttpServer, FinishesRequestsBeforeItStops)
{
    TestServer server;
    Wire busy{server.port()};
    Wire idle{server.port()};
    busy.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
    for (int i = 0; i < 100 && server.open_connections() < 2; ++i)
        std::this_thread::sleep_for(2ms);
    std::this_thread::sleep_for(30ms);
    auto const start = std::chrono::steady_clock::now();
    std::jthread const stopper{[&] { server.server().stop(); }};
    EXPECT_TRUE(idle.closed(150ms)) << "idle connections need not be waited for";
    auto const reply = busy.read();
    EXPECT_EQ(reply.body, "slow");
    EXPECT_EQ(reply.header("Connection"), "close");
    EXPECT_TRUE(busy.closed());
    EXPECT_LT(std::chrono::steady_clock::now() - start, 1s);
    EXPECT_THROW(Wire{server.port()}, std::runtime_error);
}

TEST(HttpServer, GivesUpPeersThatDoNotReadAtTheDeadline)
{
    ServerOptions options;
    options.shutdown_deadline = 200ms;
    auto const large = std::make_shared<Content const>(std::string(20'000'000, 'x'));
    TestServer server{options, {{.pattern = "/large", .handler = QuickHandler{[large](Request const&) {
                                                          Reply reply;
                                                          reply.content_type = "text/plain";
                                                          reply.body = large;
                                                          return reply;
                                                      }}}}};
    Wire wire{server.port()};
    wire.send("GET /large HTTP/1.1\r\nHost: a\r\n\r\n");
    std::this_thread::sleep_for(50ms);
    auto const start = std::chrono::steady_clock::now();
    server.server().stop();
    auto const took = std::chrono::steady_clock::now() - start;
    EXPECT_GE(took, 190ms);
    EXPECT_LT(took, 1s);
}

TEST(HttpServer, RefusesAPortInUse)
{
    TestServer const first;
    Snapshot<Router> const router{std::make_shared<Router const>(std::vector<Route>{})};
    ServerOptions options;
    options.port = first.port();
    Server second{options, router, {}, {}};
    try {
        second.start();
        FAIL() << "two servers share a port";
    } catch (std::runtime_error const& error) {
        EXPECT_NE(std::string{error.what()}.find("127.0.0.1:" + std::to_string(first.port())), std::string::npos) << error.what();
    }
}

TEST(HttpServer, ServesTheRouterThatWasPublishedLast)
{
    TestServer server;
    EXPECT_EQ(server.get("/new").status, 404);
    server.router().publish(std::make_shared<Router const>(std::vector<Route>{
        {.pattern = "/new", .handler = QuickHandler{[](Request const&) { return make_reply(200, "text/plain", "new"); }}}}));
    EXPECT_EQ(server.get("/new").body, "new");
    EXPECT_EQ(server.get("/echo").status, 404);
}

TEST(HttpClient, AsksAndReportsFailure)
{
    std::uint16_t port = 0;
    {
        TestServer const server;
        port = server.port();
        auto const reply = request("127.0.0.1", port, "POST", "/ingest", {{"Authorization", "Bearer station"}}, "hello");
        EXPECT_EQ(reply.status, 200);
        EXPECT_NE(reply.body.find("\"body\":\"hello\""), std::string::npos);
        ASSERT_NE(reply.header("content-type"), nullptr);
        EXPECT_EQ(*reply.header("content-type"), "application/json");
        EXPECT_EQ(request("127.0.0.1", port, "HEAD", "/page").status, 200);
        EXPECT_EQ(request("127.0.0.1", port, "GET", "/page").body.size(), 100'000U);
        EXPECT_EQ(request("127.0.0.1", port, "OPTIONS", "*").status, 204);
        EXPECT_THROW(request("127.0.0.1", port, "GET", "/slow", {}, {}, 50ms), std::runtime_error);
    }
    EXPECT_THROW(request("127.0.0.1", port, "GET", "/"), std::runtime_error);
}

TEST(HttpRouter, PrefersStaticSegmentsAndFallsBack)
{
    auto const handler = QuickHandler{[](Request const&) { return Reply{}; }};
    Router const router{{
        {.pattern = "/", .handler = handler},
        {.pattern = "/a/{}", .handler = handler},
        {.pattern = "/a/b", .handler = handler},
        {.pattern = "/a/b/c", .handler = handler},
        {.pattern = "/a/{}/d/{}", .handler = handler},
        {.method = Method::del, .pattern = "/a/{}", .handler = handler},
    }};
    auto const found = [&](std::string_view path) {
        auto const match = router.find(Method::get, path);
        std::string text = match.route == nullptr ? "none" : match.route->pattern;
        for (auto const& parameter : match.parameters)
            text += " " + parameter;
        return text;
    };
    EXPECT_EQ(found("/"), "/");
    EXPECT_EQ(found("/a/b"), "/a/b");
    EXPECT_EQ(found("/a/x"), "/a/{} x");
    EXPECT_EQ(found("/a/b/c"), "/a/b/c");
    EXPECT_EQ(found("/a/b/d/e"), "/a/{}/d/{} b e");
    EXPECT_EQ(found("/a"), "none");
    EXPECT_EQ(found("/a/b/c/d"), "none");
    EXPECT_EQ(router.find(Method::get, "/a").allowed, std::vector<Method>{});
    EXPECT_EQ(router.find(Method::post, "/a/x").allowed, (std::vector{Method::get, Method::head, Method::del, Method::options}));
    EXPECT_EQ(router.find(Method::del, "/a/x").route->method, Method::del);
    EXPECT_THROW((Router{{{.pattern = "/a", .handler = handler}, {.pattern = "/a", .handler = handler}}}), std::logic_error);
}

}  // namespace
}  // namespace yihong::http::test
