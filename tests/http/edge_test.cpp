// The rows H01-H17 of the HTTP edge check-list, over real sockets with raw bytes.
#include "harness.hpp"

#include "thread_state.hpp"

#include <gtest/gtest.h>

#include <sys/resource.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include <thread>

namespace yihong::http::test {
namespace {

using namespace std::chrono_literals;

struct Case {
    char const* name;
    std::string bytes;
    std::string expected;
};

std::string post(std::string_view lines, std::string_view body = {})
{
    return "POST /echo HTTP/1.1\r\nHost: a\r\n" + std::string{lines} + "\r\n" + std::string{body};
}

void expect_outcomes(std::vector<Case> const& cases, ServerOptions options = {})
{
    TestServer const server{std::move(options)};
    for (auto const& [name, bytes, expected] : cases)
        EXPECT_EQ(outcome(server.port(), bytes), expected) << name;
}

TEST(HttpEdge, H01RefusesContentLengthBesideTransferEncoding)
{
    expect_outcomes({
        {"length first", post("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"), "400+close"},
        {"coding first", post("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", "0\r\n\r\n"), "400+close"},
        {"gzip coding first", post("Transfer-Encoding: gzip\r\nContent-Length: 5\r\n", "hello"), "400+close"},
        {"gzip coding last", post("Content-Length: 5\r\nTransfer-Encoding: gzip\r\n", "hello"), "400+close"},
    });
}

TEST(HttpEdge, H02RefusesTransferEncodingsOtherThanChunked)
{
    expect_outcomes({
        {"chunked, gzip", post("Transfer-Encoding: chunked, gzip\r\n", "0\r\n\r\n"), "400+close"},
        {"gzip, chunked", post("Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n"), "400+close"},
        {"identity", post("Transfer-Encoding: identity\r\n"), "400+close"},
        {"xchunked", post("Transfer-Encoding: xchunked\r\n", "0\r\n\r\n"), "400+close"},
        {"empty", post("Transfer-Encoding:\r\n", "0\r\n\r\n"), "400+close"},
        {"two lines", post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"), "400+close"},
        {"blank before the colon", post("Transfer-Encoding : chunked\r\n", "0\r\n\r\n"), "400+close"},
        {"tab before the value", post("Transfer-Encoding:\tchunked\r\n", "2\r\nhi\r\n0\r\n\r\n"), "200"},
        {"vertical tab before the value",
         post("Transfer-Encoding:\x0b"
              "chunked\r\n",
              "0\r\n\r\n"),
         "400+close"},
        {"any case", post("transfer-encoding: CHUNKED\r\n", "2\r\nhi\r\n0\r\n\r\n"), "200"},
    });
}

TEST(HttpEdge, H03RefusesMalformedContentLength)
{
    std::vector<Case> cases{{"good", post("Content-Length: 5\r\n", "hello"), "200"},
                            {"zeros in front", post("Content-Length: 0005\r\n", "hello"), "200"}};
    for (char const* const value :
         {"+5", "-5", "0x5", "5,6", "5, 5", "", "5 5", "5.0", "9223372036854775808", "18446744073709551616", "99999999999999999999999"})
        cases.push_back({value, post("Content-Length: " + std::string{value} + "\r\n", "hello"), "400+close"});
    cases.push_back({"two different", post("Content-Length: 5\r\nContent-Length: 6\r\n", "hello"), "400+close"});
    cases.push_back({"two equal", post("Content-Length: 5\r\nContent-Length: 5\r\n", "hello"), "400+close"});
    expect_outcomes(cases);
}

TEST(HttpEdge, H04RefusesChunksInHttp10)
{
    expect_outcomes({{"chunked", "POST /echo HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "400+close"}});
}

TEST(HttpEdge, H05RefusesMalformedChunksAndIgnoresTrailers)
{
    auto const chunked = [](std::string_view body) { return post("Transfer-Encoding: chunked\r\n", body); };
    expect_outcomes({
        {"good", chunked("5\r\nhello\r\n0\r\n\r\n"), "200"},
        {"short extension", chunked("5;a=b\r\nhello\r\n0;c\r\n\r\n"), "200"},
        {"upper-case size", chunked("A\r\n0123456789\r\n0\r\n\r\n"), "200"},
        {"size overflow", chunked("fffffffffffffffff\r\nhello\r\n"), "400+close"},
        {"size beyond the limit", chunked("ffffffff\r\n" + std::string(2000, 'x')), "413+close"},
        {"negative size", chunked("-5\r\nhello\r\n"), "400+close"},
        {"0x size", chunked("0x5\r\nhello\r\n"), "400+close"},
        {"no size", chunked("\r\nhello\r\n"), "400+close"},
        {"blank after the size", chunked("5 \r\nhello\r\n0\r\n\r\n"), "400+close"},
        {"long extension", chunked("5;" + std::string(20'000, 'a') + "\r\nhello\r\n0\r\n\r\n"), "400+close"},
        {"many extensions", chunked([] {
             std::string body;
             for (int i = 0; i < 900; ++i)
                 body += "1;0123456789\r\nx\r\n";
             return body + "0\r\n\r\n";
         }()),
         "400+close"},
        {"control byte in an extension", chunked(std::string_view{"5;a\0b\r\nhello\r\n0\r\n\r\n", 19}), "400+close"},
        {"bare line feed after the size", chunked("5\nhello\r\n0\r\n\r\n"), "400+close"},
        {"bare line feed in an extension", chunked("5;a\nhello\r\n0\r\n\r\n"), "400+close"},
        {"bare line feed after the data", chunked("5\r\nhello\n0\r\n\r\n"), "400+close"},
        {"no line end after the data", chunked("5\r\nhello0\r\n\r\n"), "400+close"},
        {"bare line feed after the trailers", chunked("0\r\nA: b\n\r\n"), "400+close"},
        {"trailers that frame", chunked("0\r\nContent-Length: 7\r\nHost: b\r\nAuthorization: Bearer nobody\r\nConnection: close\r\n\r\n"),
         "200"},
        {"endless trailers", chunked("0\r\n" + std::string(9000, 'a') + ": b\r\n\r\n"), "400+close"},
    });
}

TEST(HttpEdge, H05AfterTrailersTheNextRequestIsRead)
{
    TestServer const server;
    Wire wire{server.port()};
    wire.send(post("Transfer-Encoding: chunked\r\n", "3\r\nabc\r\n2\r\nde\r\n0\r\nConnection: close\r\n\r\n") +
              "GET /echo?second HTTP/1.1\r\nHost: a\r\n\r\n");

    EXPECT_NE(wire.read().body.find("\"body\":\"abcde\""), std::string::npos);
    EXPECT_NE(wire.read().body.find("second"), std::string::npos);
}

TEST(HttpEdge, H06RefusesFoldedLinesControlBytesAndLooseLineEnds)
{
    auto const with = [](std::string_view line) { return "GET /echo HTTP/1.1\r\nHost: a\r\n" + std::string{line} + "\r\n\r\n"; };
    expect_outcomes({
        {"folded line", with("A: b\r\n c"), "400+close"},
        {"folded by a tab", with("A: b\r\n\tc"), "400+close"},
        {"first field folded", "GET /echo HTTP/1.1\r\n Host: a\r\n\r\n", "400+close"},
        {"NUL", with(std::string_view{"A: b\0c", 6}), "400+close"},
        {"bare CR", with("A: b\rc"), "400+close"},
        {"bare CR before the end", with("A: b\r\r\nB: c"), "400+close"},
        {"bare LF", "GET /echo HTTP/1.1\nHost: a\n\n", "400+close"},
        {"bare LF between fields", with("A: b\nB: c"), "400+close"},
        {"control byte",
         with("A: b\x01"
              "c"),
         "400+close"},
        {"delete byte",
         with("A: b\x7f"
              "c"),
         "400+close"},
        {"blank before the colon", with("A : b"), "400+close"},
        {"no name", with(": b"), "400+close"},
        {"no colon", with("Abc"), "400+close"},
        {"name with quotes", with("\"A\": b"), "400+close"},
        {"tab and high bytes in a value", with("A: b\t\xe6\xb0\xb4"), "200"},
        {"two blanks in the request line", "GET  /echo HTTP/1.1\r\nHost: a\r\n\r\n", "400+close"},
        {"tab in the request line", "GET\t/echo HTTP/1.1\r\nHost: a\r\n\r\n", "400+close"},
        {"blank in the target", "GET /ec ho HTTP/1.1\r\nHost: a\r\n\r\n", "400+close"},
        {"no version", "GET /echo\r\nHost: a\r\n\r\n", "400+close"},
        {"version 1.2", "GET /echo HTTP/1.2\r\nHost: a\r\n\r\n", "505+close"},
        {"HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "505+close"},
        {"lower-case version", "GET /echo http/1.1\r\nHost: a\r\n\r\n", "400+close"},
        {"TLS hello", std::string{"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11}, "400+close"},
        {"empty line in front", "\r\nGET /echo HTTP/1.1\r\nHost: a\r\n\r\n", "200"},
        {"two empty lines in front", "\r\n\r\nGET /echo HTTP/1.1\r\nHost: a\r\n\r\n", "400+close"},
    });
}

TEST(HttpEdge, H07ChecksTheHost)
{
    auto const with = [](std::string_view lines, std::string_view target = "/echo") {
        return "GET " + std::string{target} + " HTTP/1.1\r\n" + std::string{lines} + "\r\n";
    };
    expect_outcomes({
        {"none", with(""), "400+close"},
        {"two", with("Host: a\r\nHost: a\r\n"), "400+close"},
        {"empty", with("Host:\r\n"), "400+close"},
        {"with a path", with("Host: a/b\r\n"), "400+close"},
        {"with a user", with("Host: u@a\r\n"), "400+close"},
        {"with a blank", with("Host: a b\r\n"), "400+close"},
        {"with markup", with("Host: a<script>\r\n"), "400+close"},
        {"bad port", with("Host: a:b\r\n"), "400+close"},
        {"list", with("Host: a, b\r\n"), "400+close"},
        {"name and port", with("Host: a-b.example:8080\r\n"), "200"},
        {"IPv6", with("Host: [::1]:8080\r\n"), "200"},
        {"absolute-form", with("Host: a\r\n", "http://a/echo"), "200"},
        {"absolute-form, any case", with("Host: a.Test\r\n", "HTTP://A.test/echo"), "200"},
        {"absolute-form of another host", with("Host: a\r\n", "http://b/echo"), "400+close"},
        {"absolute-form with a user", with("Host: a\r\n", "http://u@a/echo"), "400+close"},
        {"other scheme", with("Host: a\r\n", "ftp://a/echo"), "400+close"},
        {"HTTP/1.0 without", "GET /echo HTTP/1.0\r\n\r\n", "200+close"},
        {"HTTP/1.0 with two", "GET /echo HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n", "400+close"},
    });
}

std::string gzipped(std::string_view text)
{
    z_stream stream{};
    deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY);
    std::string out(deflateBound(&stream, text.size()), '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    stream.avail_in = static_cast<uInt>(text.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    return out;
}

std::string zstd_of(std::string_view text)
{
    std::string out(ZSTD_compressBound(text.size()), '\0');
    out.resize(ZSTD_compress(out.data(), out.size(), text.data(), text.size(), 3));
    return out;
}

std::string coded(std::string_view coding, std::string const& body)
{
    return post("Content-Encoding: " + std::string{coding} + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n", body);
}

TEST(HttpEdge, H08EnforcesSizes)
{
    auto const target = [](std::size_t size) { return "GET /" + std::string(size - 1, 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n"; };
    auto const fields = [](std::size_t count, std::size_t size) {
        std::string lines;
        for (std::size_t i = 0; i < count; ++i)
            lines += "A" + std::to_string(i) + ": " + std::string(size, 'b') + "\r\n";
        return "GET /echo HTTP/1.1\r\nHost: a\r\n" + lines + "\r\n";
    };
    expect_outcomes({
        {"longest target", target(8192), "404"},
        {"target one too long", target(8193), "414+close"},
        {"target without end", "GET /" + std::string(9000, 'a'), "414+close"},
        {"many fields", fields(99, 10), "200"},
        {"one field too many", fields(100, 10), "431+close"},
        {"large fields", fields(15, 1000), "200"},
        {"fields too large", fields(17, 1000), "431+close"},
        {"field without end", "GET /echo HTTP/1.1\r\nHost: a\r\nA: " + std::string(17'000, 'b'), "431+close"},
        {"largest body", post("Content-Length: 1000\r\n", std::string(1000, 'x')), "200"},
        {"body too large, refused before it comes", post("Content-Length: 1001\r\n"), "413+close"},
        {"body where none is taken", "GET /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello", "413"},
        {"gzip", coded("gzip", gzipped("hello")), "200"},
        {"x-gzip", coded("x-gzip", gzipped("hello")), "200"},
        {"two gzip members", coded("gzip", gzipped("hel") + gzipped("lo")), "200"},
        {"zstd", coded("zstd", zstd_of("hello")), "200"},
        {"gzip as large as the limit", coded("gzip", gzipped(std::string(1000, 'x'))), "200"},
        {"gzip bomb", coded("gzip", gzipped(std::string(600'000, 'x'))), "413+close"},
        {"zstd bomb", coded("zstd", zstd_of(std::string(3'000'000, 'x'))), "413+close"},
        {"zstd one byte too large", coded("zstd", zstd_of(std::string(1001, 'x'))), "413+close"},
        {"cut gzip", coded("gzip", gzipped("hello").substr(0, 15)), "400+close"},
        {"cut zstd", coded("zstd", zstd_of("hello").substr(0, 8)), "400+close"},
        {"not gzip", coded("gzip", "hello"), "400+close"},
        {"rubbish after gzip", coded("gzip", gzipped("hello") + "xx"), "400+close"},
        {"not zstd", coded("zstd", "hello"), "400+close"},
        {"unknown coding", coded("br", "hello"), "415"},
        {"twice", coded("gzip, gzip", gzipped(gzipped("hello"))), "415"},
    });
}

TEST(HttpEdge, H08DecompressedBodiesArriveWhole)
{
    TestServer const server;
    EXPECT_NE(server.ask(coded("gzip", gzipped("hel") + gzipped("lo"))).body.find("\"body\":\"hello\""), std::string::npos);
    auto const zst = zstd_of("hello");
    EXPECT_NE(server
                  .ask(post("Content-Encoding: zstd\r\nTransfer-Encoding: chunked\r\n",
                            "4\r\n" + zst.substr(0, 4) + "\r\n" + std::string{"0123456789abcdef"[zst.size() - 4]} + "\r\n" + zst.substr(4) +
                                "\r\n0\r\n\r\n"))
                  .body.find("\"body\":\"hello\""),
              std::string::npos);
}

TEST(HttpEdge, H09ClosesSlowPeers)
{
    ServerOptions options;
    options.header_deadline = 150ms;
    options.idle_deadline = 300ms;
    options.body_grace = 150ms;
    options.body_min_bytes_per_second = 1000;
    options.write_deadline = 200ms;
    auto const large = std::make_shared<Content const>(std::string(20'000'000, 'x'));
    TestServer const server{options, {{.pattern = "/large", .handler = QuickHandler{[large](Request const&) {
                                                                Reply reply;
                                                                reply.content_type = "text/plain";
                                                                reply.body = large;
                                                                return reply;
                                                            }}}}};
    auto const start = std::chrono::steady_clock::now();
    auto const elapsed = [&] { return std::chrono::steady_clock::now() - start; };

    Wire slow_reader{server.port()};
    slow_reader.send("GET /large HTTP/1.1\r\nHost: a\r\n\r\n");
    Wire idle{server.port()};
    Wire slow_body{server.port()};
    slow_body.send(post("Content-Length: 900\r\n"));
    Wire slow_head{server.port()};
    std::string_view const head = "GET /echo HTTP/1.1\r\nHost: a\r\nA: bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\r\n\r\n";
    bool head_open = true;
    bool body_open = true;
    for (std::size_t i = 0; i < head.size() && (head_open || body_open); ++i) {     // each byte in time, the whole too slow
        std::this_thread::sleep_for(10ms);
        head_open = head_open && !slow_head.closed(0ms) && slow_head.send(head.substr(i, 1));
        body_open = body_open && !slow_body.closed(0ms) && slow_body.send("x");
    }
    EXPECT_EQ(slow_head.read().status, 408);
    EXPECT_TRUE(slow_head.closed());
    EXPECT_EQ(slow_body.read().status, 408);
    EXPECT_TRUE(slow_body.closed());
    EXPECT_TRUE(idle.closed(1s));
    EXPECT_GE(elapsed(), 290ms);
    while (server.open_connections() > 0 && elapsed() < 3s)
        std::this_thread::sleep_for(10ms);
    EXPECT_EQ(server.open_connections(), 0U) << "the slow reader is still served";
    EXPECT_LT(elapsed(), 2s);
}

TEST(HttpEdge, H10LimitsConnectionsAndServesTheOthers)
{
    ServerOptions options;
    options.connection_limit = 5;
    TestServer const server{options};
    std::vector<std::unique_ptr<Wire>> idle;
    for (int i = 0; i < 4; ++i)
        idle.push_back(std::make_unique<Wire>(server.port()));
    auto const wait_for = [&](std::size_t count) {
        for (int i = 0; i < 200 && server.open_connections() != count; ++i)
            std::this_thread::sleep_for(5ms);
        return server.open_connections();
    };
    ASSERT_EQ(wait_for(4), 4U);
    Wire fifth{server.port()};
    ASSERT_EQ(wait_for(5), 5U);
    Wire sixth{server.port()};
    auto const refused = sixth.read();
    EXPECT_EQ(refused.status, 503);
    EXPECT_EQ(refused.header("Retry-After"), "10");
    EXPECT_TRUE(sixth.closed());

    fifth.send("GET /echo HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_EQ(fifth.read().status, 200);
    idle.clear();
    EXPECT_EQ(wait_for(1), 1U);
    EXPECT_EQ(server.get("/echo").status, 200);
}

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

TEST(HttpEdge, H10LimitsConnectionsOfOnePeer)
{
    using boost::asio::ip::make_address;
    ServerOptions options;
    options.connections_per_peer_limit = 2;
    options.trusted_proxies = {"10.0.0.0/8"};
    Snapshot<Router> const router{std::make_shared<Router const>(std::vector<Route>{})};
    Shared shared{options, router, {}, {}};
    auto const admitted = [&](char const* address, int times) {
        int count = 0;
        for (int i = 0; i < times; ++i)
            count += shared.admission.admit(make_address(address));
        return count;
    };
    EXPECT_EQ(admitted("203.0.113.1", 5), 2);
    EXPECT_EQ(admitted("203.0.113.2", 5), 2);
    EXPECT_EQ(admitted("2001:db8::1", 1) + admitted("2001:db8::2", 5), 2) << "a /64 is one peer";
    EXPECT_EQ(admitted("2001:db8:0:1::1", 5), 2);
    EXPECT_EQ(admitted("127.0.0.1", 5), 5);
    EXPECT_EQ(admitted("::1", 5), 5);
    EXPECT_EQ(admitted("10.9.8.7", 5), 5);
    EXPECT_EQ(shared.admission.open(), 23U);
    shared.admission.release(make_address("203.0.113.1"));
    EXPECT_EQ(admitted("203.0.113.1", 5), 1);
}

TEST(HttpEdge, H10WaitsWhenFileDescriptorsRunOut)
{
    TestServer const server;
    Wire early{server.port()};
    early.send("GET /echo HTTP/1.1\r\nHost: a\r\n\r\n");
    ASSERT_EQ(early.read().status, 200);
    rlimit before{};
    ::getrlimit(RLIMIT_NOFILE, &before);
    int const lowest = ::dup(0);
    ::close(lowest);
    rlimit const tight{static_cast<rlim_t>(lowest) + 1, before.rlim_max};
    ::setrlimit(RLIMIT_NOFILE, &tight);
    Wire late{server.port()};                          // takes the last descriptor; the kernel connects it, accept() cannot
    late.send("GET /echo HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_EQ(late.read(false, 150ms).status, 0);
    early.send("GET /echo HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_EQ(early.read().status, 200) << "the others are still served";
    ::setrlimit(RLIMIT_NOFILE, &before);
    EXPECT_EQ(late.read().status, 200) << "and the late one as soon as there is room";
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
