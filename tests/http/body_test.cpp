#include "file_form.hpp"
#include "harness.hpp"
#include "temporary_folder.hpp"

#include "yihong/compress/inflate.hpp"
#include "yihong/http/static_files.hpp"

#include <gtest/gtest.h>

#include <sys/socket.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <thread>

namespace yihong::http::test {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t piece = 32 * 1024;

/// What has become of the sources of a test.
struct Sources {
    std::atomic<int> open{0};
    std::atomic<int> made{0};
    std::atomic<std::uint64_t> pulled{0};

    [[nodiscard]] bool all_gone() const
    {
        for (int i = 0; i < 3000 && open > 0; ++i)
            std::this_thread::sleep_for(1ms);
        return made > 0 && open == 0;
    }
};

/// `size` bytes, the same ones each time; fails after `fails_after` of them.
class Letters final : public BodySource {
public:
    Letters(Sources& sources, std::uint64_t size, std::uint64_t fails_after) : sources_{sources}, left_{size}, good_{fails_after}
    {
        ++sources_.open;
        ++sources_.made;
    }
    ~Letters() override { --sources_.open; }
    bool next(std::string& out) override
    {
        if (good_ == 0)
            throw std::runtime_error{"the disk is gone"};
        auto const size = std::min<std::uint64_t>({piece, left_, good_});
        for (std::uint64_t i = 0; i < size; ++i)
            out += static_cast<char>('a' + (at_++ % 23));
        left_ -= size;
        good_ -= size;
        sources_.pulled += size;
        return left_ > 0;
    }

private:
    Sources& sources_;
    std::uint64_t left_;
    std::uint64_t good_;
    std::uint64_t at_ = 0;
};

std::string letters(std::size_t size)
{
    std::string text(size, ' ');
    for (std::size_t i = 0; i < size; ++i)
        text[i] = static_cast<char>('a' + i % 23);
    return text;
}

struct Streaming {
    Sources sources;
    net::Pool pool{2, 16};
    std::unique_ptr<TestServer> server;

    explicit Streaming(std::uint64_t size, std::string type = "application/zip", std::uint64_t fails_after = UINT64_MAX, bool pooled = true,
                       ServerOptions options = {})
    {
        QuickHandler const handler{[this, size, type, fails_after, pooled](Request const&) {
            Reply reply;
            reply.content_type = type;
            reply.body = StreamBody{.open = [this, size, fails_after] { return std::make_unique<Letters>(sources, size, fails_after); },
                                    .pool = pooled ? &pool : nullptr,
                                    .etag = "v7"};
            return reply;
        }};
        server = std::make_unique<TestServer>(options, std::vector<Route>{{.pattern = "/export", .handler = handler}});
    }
    ~Streaming() { server.reset(); }

    static std::string get(std::string_view lines = {}) { return request("GET", "1.1", lines); }
    static std::string request(std::string_view method, std::string_view version, std::string_view lines = {})
    {
        std::string text{method};
        return text.append(" /export HTTP/").append(version).append("\r\nHost: example.test\r\n").append(lines).append("\r\n");
    }
};

/// The chunks of a body put together. "(broken)" where the last one is missing.
std::string read_chunks(Wire& wire)
{
    std::string body;
    for (;;) {
        auto const line = wire.read_until("\r\n");
        if (!line.ends_with("\r\n"))
            return "(broken)";
        auto const size = std::stoul(line, nullptr, 16);
        std::string chunk;
        while (chunk.size() < size + 2) {
            auto more = wire.read_some(size + 2 - chunk.size());
            if (more.empty())
                return "(broken)";
            chunk += more;
        }
        if (size == 0)
            return body;
        body.append(chunk, 0, size);
    }
}

std::size_t resident_bytes()
{
    std::size_t all = 0;
    std::size_t resident = 0;
    std::ifstream{"/proc/self/statm"} >> all >> resident;
    return resident * 4096;
}

TEST(StreamBodies, GoOutInChunksAndTheConnectionGoesOn)
{
    for (bool const pooled : {true, false}) {
        Streaming streaming{200'000, "application/zip", UINT64_MAX, pooled};
        Wire wire{streaming.server->port()};
        for (int i = 0; i < 2; ++i) {
            wire.send(Streaming::get("Accept-Encoding: gzip\r\n"));
            auto const head = wire.read(true);
            EXPECT_EQ(head.status, 200);
            EXPECT_EQ(head.header("Transfer-Encoding"), "chunked");
            EXPECT_EQ(head.header("Content-Length"), "(none)");
            EXPECT_EQ(head.header("Content-Encoding"), "(none)");
            EXPECT_EQ(head.header("ETag"), "\"v7\"");
            EXPECT_EQ(read_chunks(wire), letters(200'000));
        }
        EXPECT_TRUE(streaming.sources.all_gone());
        EXPECT_EQ(streaming.sources.made, 2);
    }
}

TEST(StreamBodies, AreCompressedOnTheirWay)
{
    Streaming streaming{3'000'000, "text/csv"};
    for (auto const encoding : {Encoding::gzip, Encoding::zstd}) {
        Wire wire{streaming.server->port()};
        wire.send(Streaming::get("Accept-Encoding: " + std::string{to_text(encoding)} + "\r\n"));
        auto const head = wire.read(true);
        EXPECT_EQ(head.header("Content-Encoding"), to_text(encoding));
        EXPECT_EQ(head.header("Vary"), "Accept-Encoding");
        auto const body = read_chunks(wire);
        EXPECT_LT(body.size(), 100'000U);
        EXPECT_EQ(decompress(body, encoding, 3'000'000), letters(3'000'000));
    }
}

TEST(StreamBodies, EndWithTheConnectionForHttp10)
{
    Streaming streaming{100'000};
    Wire wire{streaming.server->port()};
    wire.send(Streaming::request("GET", "1.0", "Connection: keep-alive\r\n"));
    auto const head = wire.read(true);
    EXPECT_EQ(head.header("Transfer-Encoding"), "(none)");
    EXPECT_EQ(head.header("Connection"), "close");
    EXPECT_EQ(wire.read_until("(never)"), letters(100'000));
}

TEST(StreamBodies, AreNotOpenedForHeadOrForWhoHasThem)
{
    Streaming streaming{100'000};
    Wire wire{streaming.server->port()};
    wire.send(Streaming::request("HEAD", "1.1"));
    EXPECT_EQ(wire.read(true).status, 200);
    wire.send(Streaming::get("If-None-Match: \"v7\"\r\n"));
    EXPECT_EQ(wire.read().status, 304);
    EXPECT_EQ(streaming.sources.made, 0);
}

TEST(StreamBodies, OfAnyLengthTakeBoundedMemory)
{
    constexpr std::uint64_t size = 200'000'000;
    Streaming streaming{size};
    Wire wire{streaming.server->port()};
    auto const before = resident_bytes();
    wire.send(Streaming::get());
    wire.read(true);
    std::uint64_t received = 0;
    std::size_t most = 0;
    for (std::string bytes; !(bytes = wire.read_some(1 << 20)).empty();) {
        received += bytes.size();
        most = std::max(most, resident_bytes());
        if (bytes.ends_with("\r\n0\r\n\r\n"))
            break;
    }
    EXPECT_GT(received, size);
    EXPECT_EQ(streaming.sources.pulled, size);
#if !__has_feature(address_sanitizer) && !__has_feature(thread_sanitizer)    // they keep what was freed
    EXPECT_LT(most, before + 32'000'000);
#endif
}

TEST(StreamBodies, WaitForASlowClientAndEndWithOneThatLeaves)
{
    Streaming streaming{200'000'000};
    {
        Wire wire{streaming.server->port()};
        wire.send(Streaming::get());
        EXPECT_EQ(wire.read(true).status, 200);
        std::uint64_t pulled = 0;
        do {                                           // until nothing moves any more
            pulled = streaming.sources.pulled;
            std::this_thread::sleep_for(200ms);
        } while (streaming.sources.pulled != pulled);
        EXPECT_LT(pulled, 32'000'000U);                // what the two sockets hold
        EXPECT_EQ(streaming.sources.open, 1);
    }
    EXPECT_TRUE(streaming.sources.all_gone());
    EXPECT_LT(streaming.sources.pulled, 64'000'000U);
}

TEST(StreamBodies, GiveUpAClientThatTakesNothing)
{
    ServerOptions options;
    options.write_deadline = 100ms;
    Streaming streaming{200'000'000, "application/zip", UINT64_MAX, true, options};
    Wire wire{streaming.server->port()};
    wire.send(Streaming::get());
    EXPECT_EQ(wire.read(true).status, 200);
    EXPECT_TRUE(streaming.sources.all_gone());
}

TEST(StreamBodies, ThatFailMidwayEndSoThatTheClientNotices)
{
    Streaming streaming{1'000'000, "application/zip", 300'000};
    Wire wire{streaming.server->port()};
    wire.send(Streaming::get());
    EXPECT_EQ(wire.read(true).status, 200);
    EXPECT_EQ(read_chunks(wire), "(broken)");
    EXPECT_TRUE(wire.closed());

    Wire old{streaming.server->port()};
    old.send(Streaming::request("GET", "1.0"));
    EXPECT_EQ(old.read(true).status, 200);
    while (!old.read_some(1 << 20).empty()) {
    }
    EXPECT_EQ(errno, ECONNRESET);
    EXPECT_TRUE(streaming.sources.all_gone());
}

TEST(StreamBodies, ThatFailAtOnceAreAnsweredWith500)
{
    Streaming streaming{1'000'000, "application/zip", 0};
    EXPECT_EQ(outcome(streaming.server->port(), Streaming::get()), "500");
    EXPECT_TRUE(streaming.sources.all_gone());
}

TEST(FileRanges, AreReadAsTheStandardHasIt)
{
    auto const part = [](std::string_view range) -> std::string {
        auto const read = read_range(range, 1000);
        if (auto const* found = std::get_if<FileRange>(&read))
            return std::to_string(found->offset) + "+" + std::to_string(found->size);
        return std::holds_alternative<NotSatisfiable>(read) ? "416" : "whole";
    };
    EXPECT_EQ(part("bytes=0-0"), "0+1");
    EXPECT_EQ(part("bytes=0-499"), "0+500");
    EXPECT_EQ(part("bytes=990-2000"), "990+10");
    EXPECT_EQ(part("bytes=500-"), "500+500");
    EXPECT_EQ(part("bytes=-100"), "900+100");
    EXPECT_EQ(part("Bytes=-5000"), "0+1000");
    EXPECT_EQ(part("bytes=1000-"), "416");
    EXPECT_EQ(part("bytes=-0"), "416");
    for (auto const* range : {"", "bytes=", "bytes=-", "bytes=5-4", "bytes=a-b", "bytes=0-1,5-6", "lines=0-1", "bytes 0-1",
                              "bytes=0-18446744073709551616", "bytes=+1-2", "bytes=1-2-3"})
        EXPECT_EQ(part(range), "whole") << range;
    EXPECT_TRUE(std::holds_alternative<NotSatisfiable>(read_range("bytes=0-0", 0)));
}

struct Site {
    TemporaryFolder folder;
    net::Pool pool{1, 16};
    std::unique_ptr<TestServer> server;

    Site()
    {
        folder.write("site/index.html", "<p>console</p>");
        folder.write("site/app-3f9a1c2b.js", "let plain;");
        folder.write("site/app-3f9a1c2b.js.br", "(br)");
        folder.write("site/app-3f9a1c2b.js.gz", "(gz)");
        folder.write("site/notes.txt", letters(2'000'000));
        folder.write("site/.secret", "secret");
        folder.write("site/deep/index.html", "<p>deep</p>");
        folder.write("site/deep/水.json", "{}");
        folder.write("site/empty/nothing.txt", "");
        folder.write("outside.txt", "secret");
        std::filesystem::create_symlink(folder / "outside.txt", folder / "site/link.txt");
        std::filesystem::create_directory_symlink(folder.path(), folder / "site/up");
        server =
            std::make_unique<TestServer>(ServerOptions{}, static_files({.folder = folder / "site", .prefix = "/console", .pool = &pool}));
    }
    ~Site() { server.reset(); }
    WireReply get(std::string_view path, std::string_view lines = {}) { return server->get("/console" + std::string{path}, lines); }
};

TEST(StaticFiles, AreServedWithTypeTagAndDate)
{
    Site site;
    auto const page = site.get("");
    EXPECT_EQ(page.status, 200);
    EXPECT_EQ(page.body, "<p>console</p>");
    EXPECT_EQ(page.header("Content-Type"), "text/html; charset=utf-8");
    EXPECT_NE(page.header("Content-Security-Policy"), "(none)");
    EXPECT_EQ(page.header("Cache-Control"), "no-cache");
    EXPECT_EQ(page.header("Accept-Ranges"), "bytes");
    EXPECT_TRUE(page.header("Last-Modified").ends_with(" GMT"));
    EXPECT_EQ(site.get("/deep").body, "<p>deep</p>");
    EXPECT_EQ(site.get("/deep/%E6%B0%B4.json").header("Content-Type"), "application/json");
    EXPECT_EQ(site.get("/notes.txt").body, letters(2'000'000));
    auto const nothing = site.get("/empty/nothing.txt");
    EXPECT_EQ(std::to_string(nothing.status) + nothing.body + nothing.header("Content-Length"), "2000");

    EXPECT_EQ(site.get("", "If-None-Match: " + page.header("ETag") + "\r\n").status, 304);
    EXPECT_EQ(site.get("", "If-Modified-Since: " + page.header("Last-Modified") + "\r\n").status, 304);
    EXPECT_EQ(site.get("", "If-None-Match: \"other\"\r\nIf-Modified-Since: " + page.header("Last-Modified") + "\r\n").status, 200);
    auto const head = site.server->ask("HEAD /console/notes.txt HTTP/1.1\r\nHost: a\r\nRange: bytes=0-1\r\n\r\n", true);
    EXPECT_EQ(head.status, 200);
    EXPECT_EQ(head.header("Content-Length"), "2000000");
}

TEST(StaticFiles, GiveOnePageAtEveryPathThatItShowsAndItsHeadersWithIt)
{
    Site site;
    site.server =
        std::make_unique<TestServer>(ServerOptions{}, static_files({.folder = site.folder / "site",
                                                                    .prefix = "/console",
                                                                    .pool = &site.pool,
                                                                    .fallback = "index.html",
                                                                    .headers = {{"Content-Security-Policy", "script-src 'self'"}}}));
    for (auto const* path : {"", "/alerts", "/sites/xiaohancun"}) {
        auto const page = site.get(path);
        EXPECT_EQ(std::to_string(page.status) + page.body, "200<p>console</p>") << path;
        EXPECT_EQ(page.header("Content-Security-Policy"), "script-src 'self'") << path;
    }
    EXPECT_EQ(site.get("/app-00000000.js").status, 404) << "a script that is gone is not the page";
    EXPECT_EQ(site.get("/notes.txt").body, letters(2'000'000));
}

TEST(StaticFiles, GiveTheVariantThatIsTakenBest)
{
    Site site;
    auto const variant = [&](std::string_view accept) {
        auto const reply = site.get("/app-3f9a1c2b.js", "Accept-Encoding: " + std::string{accept} + "\r\n");
        EXPECT_EQ(reply.header("Vary"), "Accept-Encoding");
        EXPECT_EQ(reply.header("Content-Type"), "text/javascript; charset=utf-8");
        EXPECT_EQ(reply.header("Cache-Control"), "max-age=31536000, immutable");
        return reply.header("Content-Encoding") + " " + reply.body;
    };
    EXPECT_EQ(variant("gzip, deflate, br, zstd"), "br (br)");
    EXPECT_EQ(variant("gzip, deflate"), "gzip (gz)");
    EXPECT_EQ(variant("br;q=0.5, gzip"), "gzip (gz)");
    EXPECT_EQ(variant("zstd"), "(none) let plain;");       // there is none
    EXPECT_EQ(variant("br;q=0"), "(none) let plain;");
    EXPECT_NE(site.get("/app-3f9a1c2b.js").header("ETag"), site.get("/app-3f9a1c2b.js", "Accept-Encoding: br\r\n").header("ETag"));
}

TEST(StaticFiles, AreServedInParts)
{
    Site site;
    auto const all = letters(2'000'000);
    auto const first = site.get("/notes.txt", "Range: bytes=5-9\r\n");
    EXPECT_EQ(first.status, 206);
    EXPECT_EQ(first.body, all.substr(5, 5));
    EXPECT_EQ(first.header("Content-Range"), "bytes 5-9/2000000");
    auto const rest = site.get("/notes.txt", "Range: bytes=600000-\r\n");
    EXPECT_EQ(rest.status, 206);
    EXPECT_EQ(rest.body, all.substr(600'000));
    auto const beyond = site.get("/notes.txt", "Range: bytes=2000000-\r\n");
    EXPECT_EQ(beyond.status, 416);
    EXPECT_EQ(beyond.header("Content-Range"), "bytes */2000000");

    auto const tag = first.header("ETag");
    auto const status = [&](std::string const& lines) { return site.get("/notes.txt", "Range: bytes=0-1\r\n" + lines).status; };
    EXPECT_EQ(status("If-Range: " + tag + "\r\n"), 206);
    EXPECT_EQ(status("If-Range: " + first.header("Last-Modified") + "\r\n"), 206);
    EXPECT_EQ(status("If-Range: \"older\"\r\n"), 200);
    EXPECT_EQ(status("If-Range: W/" + tag + "\r\n"), 200);
    EXPECT_EQ(status("If-None-Match: " + tag + "\r\n"), 304);
}

TEST(StaticFiles, AreNotWhatLiesBesideThem)
{
    Site site;
    for (auto const* path : {"/.secret", "/link.txt", "/up", "/up/outside.txt", "/empty", "/missing", "/notes.txt/x", "/deep/.", "/..",
                             "/../outside.txt", "/%2e%2e/outside.txt", "/..%2foutside.txt", "/deep/..%5c..%5coutside.txt", "//etc/passwd",
                             "/deep//index.html", "/notes.txt%00.js", "/app-3f9a1c2b.js/"}) {
        auto const reply = site.get(path);
        bool const last_slash = std::string_view{path}.ends_with(".js/");      // one slash at the end is passed over everywhere
        EXPECT_TRUE(last_slash ? reply.status == 200 : reply.status == 404 || reply.status == 400) << path << " " << reply.status;
        EXPECT_EQ(reply.body.find("secret"), std::string::npos) << path;
    }
    EXPECT_THROW(static_files({.folder = "/nowhere/at/all"}), std::runtime_error);
}

TEST(StaticFiles, TellHashedNamesFromOthers)
{
    for (auto const* name : {"app-3f9a1c2b.js", "index.BXk3j2aF.css", "a-b.0123456789abcdef.woff2"})
        EXPECT_TRUE(is_hashed_name(name)) << name;
    for (auto const* name : {"app.js", "map-20240101.png", "water-sections.json", "app-3f9a1c2b", "3f9a1c2b.js", "x-3f9a1c2.js"})
        EXPECT_FALSE(is_hashed_name(name)) << name;
}

}  // namespace
}  // namespace yihong::http::test
