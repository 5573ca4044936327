#include "process.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <gtest/gtest.h>

#include <array>

namespace yihong::e2e {
namespace {

constexpr std::string_view record = R"([{"site":"a","time":"2025-11-06T00:00:00Z","interval":"4h","values":{"ph":7}}])";

http::Headers bearer(std::string const& secret) { return {{"Authorization", "Bearer " + secret}}; }

/// The status line of a GET that names this host.
std::string status_for_host(Service const& service, std::string_view host, std::string const& target = "/api/v1/quarantine")
{
    boost::asio::io_context io;
    boost::asio::ip::tcp::socket socket{io};
    socket.connect({boost::asio::ip::address_v4::loopback(), service.port()});
    boost::asio::write(socket,
                       boost::asio::buffer("GET " + target + " HTTP/1.1\r\nConnection: close\r\nHost: " + std::string{host} + "\r\n\r\n"));
    std::string status(12, ' ');
    boost::asio::read(socket, boost::asio::buffer(status));
    return status;
}

class Tokens : public testing::Test {
protected:
    [[nodiscard]] Outcome token(std::vector<std::string> arguments) const
    {
        arguments.insert(arguments.begin(), "token");
        arguments.insert(arguments.end(), {"--config", config, "--data", data});
        return yihong(arguments);
    }
    /// Makes a token. \return its secret
    [[nodiscard]] std::string created(std::string const& name, std::string const& scopes) const
    {
        auto const made = token({"create", name, "--scope", scopes});
        EXPECT_EQ(made.code, 0) << made.err;
        return made.last_line();
    }
    [[nodiscard]] static int posted(Service const& service, http::Headers const& headers = {})
    {
        return service.post("/api/v1/readings", "application/json", record, headers).status;
    }

    TemporaryFolder const folder;
    std::string const data = folder / "data";
    std::string const config = small_config(folder.path());
};

TEST_F(Tokens, AreNeededToWriteThroughAProxyOrFromAPageOfElsewhere)
{
    Service const service{data, {.config = config}};
    auto const port = std::to_string(service.port());
    EXPECT_EQ(posted(service), 200) << "a command on this machine";
    EXPECT_EQ(posted(service, {{"Origin", "http://127.0.0.1:" + port}}), 200) << "a page of the service itself";
    EXPECT_EQ(posted(service, {{"Origin", "https://elsewhere.example"}}), 401);
    EXPECT_EQ(posted(service, {{"Origin", "null"}}), 401);
    for (auto const* mark : {"X-Forwarded-For", "X-Forwarded-Port", "X-Real-IP", "Forwarded", "Via"})
        EXPECT_EQ(posted(service, {{mark, "203.0.113.7"}}), 401) << mark;
    EXPECT_EQ(service.get("/collections", {{"Origin", "https://elsewhere.example"}}).status, 200) << "reads stay open";
}

TEST_F(Tokens, AreNeededToListenBeyondThisMachine)
{
    auto const refused = yihong({"serve", "--config", config, "--data", data, "--listen", "0.0.0.0:0"});
    EXPECT_EQ(refused.code, 1);
    EXPECT_EQ(refused.out, "");
    EXPECT_NE(refused.err.find("without an access token the service listens on loopback only, not on 0.0.0.0"), std::string::npos)
        << refused.err;
    EXPECT_NE(refused.err.find("yihong token create NAME --scope ingest"), std::string::npos);

    auto const secret = created("station", "ingest");
    Service service{data, {.config = config, .listen = "0.0.0.0:0"}};
    EXPECT_EQ(posted(service), 401);
    EXPECT_EQ(posted(service, bearer(secret)), 200);
    // when the last one goes, the doors stay shut: others can reach this service
    EXPECT_EQ(token({"revoke", "station"}).code, 0);
    EXPECT_TRUE(eventually([&] { return posted(service, bearer(secret)) == 401; }, 3s));
    EXPECT_EQ(posted(service), 401);
    EXPECT_EQ(service.get("/collections").status, 200);
    EXPECT_EQ(service.get("/api/v1/quarantine").status, 401);
    EXPECT_EQ(service.stop(), 0);
}

TEST_F(Tokens, AreShownOnceAndKeptHashed)
{
    auto const made = token({"create", "station-1", "--scope", "ingest,read", "--days", "30"});
    ASSERT_EQ(made.code, 0) << made.err;
    auto const secret = made.last_line();
    EXPECT_EQ(secret.size(), 46U) << secret;
    EXPECT_TRUE(secret.starts_with("yh_"));
    EXPECT_NE(made.err.find("shown only once"), std::string::npos);
    auto const file = read_file(data + "/tokens.json");
    EXPECT_NE(file.find("station-1"), std::string::npos) << file;
    EXPECT_EQ(file.find(secret), std::string::npos);
    EXPECT_EQ(file.find(secret.substr(3)), std::string::npos);
    EXPECT_EQ(std::filesystem::status(data + "/tokens.json").permissions() & std::filesystem::perms::mask, std::filesystem::perms{0600});

    EXPECT_EQ(token({"create", "station-1", "--scope", "read"}).code, 1);          // the name is taken
    auto const list = token({"list"});
    EXPECT_EQ(list.code, 0);
    EXPECT_TRUE(list.out.starts_with("station-1\tingest,read\t")) << list.out;
    EXPECT_EQ(list.out.find(secret), std::string::npos);
    EXPECT_EQ(token({"revoke", "nobody"}).code, 1);
    EXPECT_EQ(token({"revoke", "station-1"}).code, 0);
    EXPECT_EQ(token({"list"}).out, "");
}

TEST_F(Tokens, OpenWhatTheirScopeSays)
{
    Service service{data, {.config = config}};
    EXPECT_EQ(posted(service), 200);                   // no token yet, and loopback: everybody here
    auto const ingest = created("station", "ingest");
    auto const read = created("map", "read");
    auto const operate = created("duty", "operate");
    ASSERT_TRUE(eventually([&] { return posted(service) == 401; }, 3s));
    auto const anonymous = service.post("/api/v1/readings", "application/json", record);
    ASSERT_NE(anonymous.header("WWW-Authenticate"), nullptr);
    EXPECT_TRUE(anonymous.header("WWW-Authenticate")->starts_with("Bearer"));

    EXPECT_EQ(posted(service, bearer(ingest)), 200);
    EXPECT_EQ(posted(service, bearer(operate)), 200);
    EXPECT_EQ(posted(service, bearer(read)), 403);
    EXPECT_EQ(posted(service, bearer("yh_nonsense")), 401);
    EXPECT_EQ(service.get("/api/v1/quarantine", bearer(ingest)).status, 403);
    EXPECT_EQ(service.get("/api/v1/quarantine", bearer(operate)).status, 200);
    EXPECT_EQ(service.post("/api/v1/admin/reload", {}, {}, bearer(operate)).status, 403);
    EXPECT_EQ(service.get("/collections").status, 200);            // reads are public unless the config says otherwise

    EXPECT_EQ(token({"revoke", "station"}).code, 0);
    EXPECT_TRUE(eventually([&] { return posted(service, bearer(ingest)) == 401; }, 3s));
    EXPECT_EQ(posted(service, bearer(operate)), 200);
    EXPECT_EQ(service.stop(), 0);
    auto const log = service.log();
    EXPECT_NE(log.find("who=station"), std::string::npos);
    for (auto const& secret : {ingest, read, operate})
        EXPECT_EQ(log.find(secret), std::string::npos);
}

TEST_F(Tokens, GuardTheFiguresAlsoWhereReadsArePublic)
{
    Service const service{data, {.config = config}};
    EXPECT_EQ(service.get("/metrics").status, 200) << "on this machine, as long as there is no token";
    EXPECT_EQ(service.get("/metrics", {{"X-Forwarded-For", "203.0.113.7"}}).status, 401) << "not through a proxy";
    EXPECT_EQ(service.get("/metrics", {{"Origin", "https://elsewhere.example"}}).status, 401) << "nor to a page of elsewhere";
    auto const figures = created("prometheus", "metrics");
    auto const ingest = created("station", "ingest");
    ASSERT_TRUE(eventually([&] { return service.get("/metrics").status == 401; }, 3s));
    EXPECT_EQ(service.get("/metrics", bearer(figures)).status, 200);
    EXPECT_EQ(service.get("/metrics", bearer(ingest)).status, 403);
    EXPECT_EQ(service.get("/collections").status, 200) << "reads are public";
    EXPECT_EQ(service.get("/api/v1/quarantine", bearer(figures)).status, 403) << "it opens nothing else";
    EXPECT_EQ(posted(service, bearer(figures)), 403);
}

TEST_F(Tokens, GuardReadsWhereTheConfigSaysSo)
{
    auto const closed = small_config(folder.path(), "[server]\npublic_reads = false\n");
    auto const read = created("map", "read");
    auto const ingest = created("station", "ingest");
    Service const service{data, {.config = closed}};
    EXPECT_EQ(posted(service, bearer(ingest)), 200);
    for (std::string const target :
         {"/", "/api", "/collections", "/collections/water-sections/items", "/collections/water-sections/items/a",
          "/api/v1/sites/a/readings", "/api/v1/sites/a/judgement", "/api/v1/parameters", "/metrics"}) {
        EXPECT_EQ(service.get(target).status, 401) << target;
        EXPECT_EQ(service.get(target, bearer(read)).status, 200) << target;
    }
    EXPECT_EQ(service.get("/healthz").status, 200);
    EXPECT_EQ(service.get("/readyz").status, 200);
    // GIS software that cannot set headers puts the key into the address
    auto const keyed = service.get("/collections/water-sections/items?access_token=" + read);
    EXPECT_EQ(keyed.status, 200);
    EXPECT_EQ(service.get("/collections/water-sections/items?access_token=wrong").status, 401);
    EXPECT_EQ(service.log().find(read), std::string::npos);
}

TEST_F(Tokens, EndTheirStreamsWhenTheyAreRevoked)
{
    auto const read = created("map", "read");
    auto const other = created("wall", "read");
    Service const service{data, {.config = small_config(folder.path(), "[server]\npublic_reads = false\n")}};
    boost::asio::io_context io;
    auto const opened = [&](std::string const& target, std::string const& lines) {
        boost::asio::ip::tcp::socket socket{io};
        socket.connect({boost::asio::ip::address_v4::loopback(), service.port()});
        boost::asio::write(socket, boost::asio::buffer("GET " + target + " HTTP/1.1\r\nHost: water.test\r\n" + lines + "\r\n"));
        std::string status(10, ' ');
        boost::asio::read(socket, boost::asio::buffer(status));
        EXPECT_TRUE(status == "HTTP/1.1 2" || status == "HTTP/1.1 1") << status;
        return socket;
    };
    std::string const upgrade = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: "
                                "dGhlIHNhbXBsZSBub25jZQ==\r\n";
    auto events = opened("/api/v1/stream", "Authorization: Bearer " + read + "\r\n");
    auto cookie = opened("/api/v1/stream", "Cookie: yihong_token=" + read + "\r\n");
    auto websocket = opened("/api/v1/ws?access_token=" + read, upgrade);
    auto others = opened("/api/v1/stream?access_token=" + other, "");
    EXPECT_EQ(token({"revoke", "map"}).code, 0);
    auto const ends = [&](boost::asio::ip::tcp::socket& socket) {
        return eventually([&] {
            std::array<char, 4096> bytes;
            boost::system::error_code ec;
            socket.non_blocking(true);
            (void)socket.read_some(boost::asio::buffer(bytes), ec);
            return ec && ec != boost::asio::error::would_block;
        });
    };
    EXPECT_TRUE(ends(events));
    EXPECT_TRUE(ends(cookie));
    EXPECT_TRUE(ends(websocket));
    EXPECT_NE(service.get("/metrics", bearer(other)).body.find("yihong_stream_clients 1\n"), std::string::npos) << "the other goes on";
}

TEST_F(Tokens, OfReadsThatAreNotPublicAreMissedByThoseOfElsewhereBeforeThereIsOne)
{
    Service const service{data, {.config = small_config(folder.path(), "[server]\npublic_reads = false\n")}};
    for (auto const* target : {"/collections/water-sections/items", "/api/v1/alerts", "/api/v1/sites/a/readings", "/api/v1/stream"}) {
        EXPECT_EQ(service.get(target, {{"X-Forwarded-For", "203.0.113.7"}}).status, 401) << target;
        EXPECT_EQ(service.get(target, {{"Origin", "https://elsewhere.example"}}).status, 401) << target;
        EXPECT_EQ(status_for_host(service, "evil.example", target), "HTTP/1.1 401") << target;
        EXPECT_EQ(status_for_host(service, "localhost", target), "HTTP/1.1 200") << target;
    }
}

TEST_F(Tokens, AFileThatVanishesWhereOnlyTokensAskedOpensNothing)
{
    Service const service{data, {.config = config}};
    auto const secret = created("station", "ingest");
    ASSERT_TRUE(eventually([&] { return posted(service, bearer(secret)) == 200; }, 3s));
    std::filesystem::remove(data + "/tokens.json");
    EXPECT_TRUE(eventually([&] { return posted(service, bearer(secret)) == 401; }, 5s));
    EXPECT_EQ(posted(service), 401);
}

TEST_F(Tokens, AFileThatVanishesOpensNothing)
{
    Service const service{data, {.config = config}};
    auto const secret = created("station", "ingest");
    ASSERT_TRUE(eventually([&] { return posted(service) == 401; }, 3s));
    std::filesystem::remove(data + "/tokens.json");
    EXPECT_TRUE(eventually([&] { return posted(service, bearer(secret)) == 401; }, 5s));       // it has been noticed
    EXPECT_EQ(posted(service), 401);
    EXPECT_EQ(service.get("/api/v1/quarantine").status, 401);
}

TEST_F(Tokens, ANameThatLooksLikeLoopbackOpensNothing)
{
    Service const service{data, {.config = config}};
    for (auto const* host : {"127.evil.example", "127.0.0.1.evil.example", "127.0.0.1x", "localhost.evil.example", "10.0.0.1"})
        EXPECT_EQ(status_for_host(service, host), "HTTP/1.1 401") << host;
    for (auto const* host : {"127.0.0.1", "127.0.0.1:80", "127.7.7.7", "localhost", "LOCALHOST:8080", "[::1]", "[::1]:80"})
        EXPECT_EQ(status_for_host(service, host), "HTTP/1.1 200") << host;
}

TEST_F(Tokens, TheDataFolderIsForItsOwnerAlone)
{
    namespace fs = std::filesystem;
    fs::create_directories(data + "/store");
    fs::permissions(data, fs::perms{0755});
    write_file(data + "/left-behind", "x");
    fs::permissions(data + "/left-behind", fs::perms{0644});
    Service const service{data, {.config = config}};
    EXPECT_EQ(posted(service), 200);
    EXPECT_EQ(fs::status(data).permissions() & fs::perms::mask, fs::perms{0700});
    std::size_t files = 0;
    for (auto const& entry : fs::recursive_directory_iterator{data, fs::directory_options::skip_permission_denied}) {
        std::error_code gone;
        auto const open_to_others = entry.status(gone).permissions() & (fs::perms::group_all | fs::perms::others_all);
        EXPECT_TRUE(gone || open_to_others == fs::perms::none) << entry.path();
        ++files;
    }
    EXPECT_GT(files, 3U);
}

}  // namespace
}  // namespace yihong::e2e
