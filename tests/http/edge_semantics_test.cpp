// The rows H01-H17 of the HTTP edge check-list, over real sockets with raw bytes: methods, versions, targets, expectations, proxies.
#include "edge.hpp"

namespace yihong::http::test {
namespace {

TEST(HttpEdge, H11AnswersPipelinedRequestsInOrder)
{
    TestServer const server;
    Wire wire{server.port()};
    std::string text;
    for (int i = 0; i < 100; ++i)                      // one waiting handler in between must not be overtaken
        text += "GET /" + std::string{i == 50 ? "slow" : "echo"} + "?n=" + std::to_string(i) + " HTTP/1.1\r\nHost: a\r\n\r\n";
    wire.send(text);
    for (int i = 0; i < 100; ++i) {
        auto const reply = wire.read();
        ASSERT_EQ(reply.status, 200) << i;
        if (i == 50)
            EXPECT_EQ(reply.body, "slow");
        else
            EXPECT_NE(reply.body.find("\"query_text\":\"n=" + std::to_string(i) + "\""), std::string::npos) << i;
    }
}

TEST(HttpEdge, H11KnowsTheMethods)
{
    expect_outcomes({
        {"HEAD", "HEAD /echo HTTP/1.1\r\nHost: a\r\n\r\n", "200"},
        {"OPTIONS *", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", "204"},
        {"GET *", "GET * HTTP/1.1\r\nHost: a\r\n\r\n", "400"},
        {"OPTIONS of nothing", "OPTIONS /nothing HTTP/1.1\r\nHost: a\r\n\r\n", "404"},
        {"TRACE", "TRACE /echo HTTP/1.1\r\nHost: a\r\n\r\n", "405"},
        {"CONNECT", "CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n", "405"},
        {"unknown", "BREW /echo HTTP/1.1\r\nHost: a\r\n\r\n", "501"},
        {"lower case is another method", "get /echo HTTP/1.1\r\nHost: a\r\n\r\n", "501"},
        {"not here", "DELETE /echo HTTP/1.1\r\nHost: a\r\n\r\n", "405"},
    });
}

TEST(HttpEdge, H11KeepsConnectionsByVersion)
{
    expect_outcomes({
        {"1.1", "GET /echo HTTP/1.1\r\nHost: a\r\n\r\n", "200"},
        {"1.1 close", "GET /echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", "200+close"},
        {"1.1 close in a list", "GET /echo HTTP/1.1\r\nHost: a\r\nConnection: te, Close\r\n\r\n", "200+close"},
        {"1.0", "GET /echo HTTP/1.0\r\nHost: a\r\n\r\n", "200+close"},
        {"1.0 keep-alive", "GET /echo HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n\r\n", "200"},
    });
    TestServer const server;
    Wire wire{server.port()};
    for (int i = 0; i < 3; ++i) {
        wire.send("GET /echo HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n\r\n");
        EXPECT_EQ(wire.read().header("Connection"), "keep-alive");
    }
}

TEST(HttpEdge, H12RefusesHostileTargets)
{
    auto const get = [](std::string_view target) { return "GET " + std::string{target} + " HTTP/1.1\r\nHost: a\r\n\r\n"; };
    std::vector<Case> cases;
    for (char const* const target : {"/%00",       "/echo?a=%00", "/%2e%2e%2fecho",
                                     "/a/%2E./b",  "/a/../echo",  "/./echo",
                                     "/a/..",      "/%c0%af",     "/%e0%80%af",
                                     "/%ed%a0%80", "/%ff",        "/echo?a=%ff",
                                     "//",         "//echo",      "/collections//items",
                                     "/echo//",    "/a%2fb",      "/a%5cb",
                                     "/a%0d%0ab",  "/%",          "/%4",
                                     "/%zz",       "/echo?a=%",   "echo",
                                     "/echo#x",    "?a=b"})
        cases.push_back({target, get(target), "400+close"});
    for (char const* const target : {"/;", "/echo;a=b", "/nothing", "/Echo", "/%65cho/more"})
        cases.push_back({target, get(target), "404"});
    for (char const* const target :
         {"/echo", "/echo/", "/%65cho", "/echo?", "/echo?&&", "/echo?a", "/echo?=", "/echo?a=b=c", "/echo?a=%E6%B0%B4",
          "/echo?a=\xe6\xb0\xb4", "/echo?a=%0A", "/collections/%E6%B2%B3/items", "/collections/a;b/items/"})
        cases.push_back({target, get(target), "200"});
    std::string many = "/echo?";
    for (int i = 0; i < 257; ++i)
        many += "a&";
    cases.push_back({"257 parameters", get(many), "400+close"});
    expect_outcomes(cases);
}

TEST(HttpEdge, H14AnswersExpectations)
{
    TestServer const server;
    Wire wire{server.port()};
    wire.send(post("Content-Length: 5\r\nExpect: 100-continue\r\n"));
    EXPECT_EQ(wire.read().status, 100);
    wire.send("hello");
    EXPECT_EQ(wire.read().status, 200);

    EXPECT_EQ(outcome(server.port(), post("Content-Length: 5\r\nExpect: 100-continue\r\n", "hello")), "200") << "the body came along";
    EXPECT_EQ(outcome(server.port(), post("Content-Length: 5\r\nExpect: 200-maybe\r\n")), "417+close");
    EXPECT_EQ(outcome(server.port(), post("Content-Length: 5000\r\nExpect: 100-continue\r\n")), "413+close")
        << "no body is asked for in vain";
    EXPECT_EQ(outcome(server.port(), "POST /ingest HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n"), "401+close");
    EXPECT_EQ(outcome(server.port(), "POST /echo HTTP/1.0\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\nhello"),
              "200+close");
}

TEST(HttpEdge, H14IgnoresRanges)
{
    TestServer const server;
    for (char const* const range : {"bytes=0-1", "bytes=-5", "bytes=0-1,0-1,5-", "rubbish"}) {
        auto const reply = server.get("/page", "Range: " + std::string{range} + "\r\n");
        EXPECT_EQ(reply.status, 200) << range;
        EXPECT_EQ(reply.body.size(), 100'000U) << range;
    }
}

TEST(HttpEdge, H15BelievesOnlyTrustedProxies)
{
    std::string const lines =
        "X-Forwarded-For: 6.6.6.6, 203.0.113.7, 10.1.2.3\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Host: water.example\r\n"
        "X-Forwarded-Prefix: /gis/\r\n";
    TestServer const plain;
    auto const ignored = plain.get("/echo", lines).body;
    EXPECT_NE(ignored.find("\"peer\":\"127.0.0.1\""), std::string::npos) << ignored;
    EXPECT_NE(ignored.find("\"root\":\"http://example.test\""), std::string::npos) << ignored;

    ServerOptions options;
    options.trusted_proxies = {"127.0.0.1", "10.0.0.0/8"};
    TestServer const behind{options};
    auto const believed = behind.get("/echo", lines).body;
    EXPECT_NE(believed.find("\"peer\":\"203.0.113.7\""), std::string::npos) << believed;
    EXPECT_NE(believed.find("\"root\":\"https://water.example/gis\""), std::string::npos) << believed;
    EXPECT_EQ(behind.seen(1).back().peer, "203.0.113.7");

    auto const two_lines = behind.get("/echo", "X-Forwarded-For: 6.6.6.6\r\nX-Forwarded-For: 203.0.113.8\r\n").body;
    EXPECT_NE(two_lines.find("\"peer\":\"203.0.113.8\""), std::string::npos) << two_lines;
    auto const rubbish =
        behind
            .get("/echo", "X-Forwarded-For: 203.0.113.8, <script>\r\nX-Forwarded-Host: a/b\r\nX-Forwarded-Prefix: //evil\r\n"
                          "X-Forwarded-Proto: javascript\r\n")
            .body;
    EXPECT_NE(rubbish.find("\"peer\":\"127.0.0.1\""), std::string::npos) << rubbish;
    EXPECT_NE(rubbish.find("\"root\":\"http://example.test\""), std::string::npos) << rubbish;

    auto const two_proxies =
        behind
            .get("/echo", "X-Forwarded-Proto: https, http\r\nX-Forwarded-Host: w.example.cn, inner:8080\r\nX-Forwarded-Prefix: /gis, /\r\n")
            .body;
    EXPECT_NE(two_proxies.find("\"root\":\"https://w.example.cn/gis\""), std::string::npos) << two_proxies;
    auto const two_fields = behind.get("/echo", "X-Forwarded-Proto: https\r\nX-Forwarded-Proto: http\r\n").body;
    EXPECT_NE(two_fields.find("\"root\":\"https://example.test\""), std::string::npos) << two_fields;

    options.trusted_proxies = {"127.0.0.1", "10.0.0.0/33"};
    EXPECT_THROW((TestServer{options}), std::invalid_argument);
}

TEST(HttpEdge, H17HeadersFromHandlersCannotBeSplit)
{
    TestServer const server;
    EXPECT_EQ(server.get("/split?to=/ok").header("Location"), "/ok");
    auto const reply = server.get("/split?to=/x%0D%0ASet-Cookie:%20a=b");
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(reply.header("Location"), "(none)");
    EXPECT_EQ(reply.header("Set-Cookie"), "(none)");
}

}  // namespace
}  // namespace yihong::http::test
