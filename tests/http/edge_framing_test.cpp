// The rows H01-H17 of the HTTP edge check-list, over real sockets with raw bytes: where a message begins and ends, and what it may hold.
#include "edge.hpp"

#include <zlib.h>
#include <zstd.h>

namespace yihong::http::test {
namespace {

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

}  // namespace
}  // namespace yihong::http::test
