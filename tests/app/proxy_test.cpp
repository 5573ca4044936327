#include "process.hpp"

#include "yihong/base/time.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/streambuf.hpp>
#include <boost/asio/write.hpp>
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <unistd.h>

#include <csignal>

/// nginx as docs/operations.md sets it up, before the service.
namespace yihong::e2e {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

std::uint16_t free_port()
{
    asio::io_context io;
    return tcp::acceptor{io, {asio::ip::address_v4::loopback(), 0}}.local_endpoint().port();
}

/// The examples for nginx in the manual, in order.
std::vector<std::string> examples()
{
    auto const page = read_file(source_dir / "docs/operations.md");
    constexpr std::string_view fence = "```nginx\n";
    std::vector<std::string> all;
    for (auto at = page.find(fence); at != std::string::npos; at = page.find(fence, at)) {
        at += fence.size();
        all.push_back(page.substr(at, page.find("```\n", at) - at));
    }
    return all;
}

void replace(std::string& text, std::string_view from, std::string_view to)
{
    auto const at = text.find(from);
    ASSERT_NE(at, std::string::npos) << "the example has no " << from;
    text.replace(at, from.size(), to);
}

std::string first_line(std::uint16_t port, std::string const& request)
{
    asio::io_context io;
    tcp::socket socket{io};
    socket.connect({asio::ip::address_v4::loopback(), port});
    asio::write(socket, asio::buffer(request));
    asio::streambuf reply;
    boost::system::error_code ignored;
    auto const read = asio::read_until(socket, reply, "\r\n", ignored);
    return {asio::buffers_begin(reply.data()), asio::buffers_begin(reply.data()) + static_cast<std::ptrdiff_t>(read)};
}

std::string opened_socket(std::uint16_t port, std::string const& path)
{
    return first_line(port, "GET " + path + " HTTP/1.1\r\nHost: water.example.cn\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
                                "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
}

/// The header of a proxy that has signed its user in (`[server.sign_on]`).
class SignOn : public ::testing::Test {
protected:
    [[nodiscard]] std::filesystem::path config(std::string_view proxy) const
    {
        return small_config(folder.path(),
                            fmt::format("[server]\ntrusted_proxies = [\"{}\"]\n[server.sign_on]\nheader = \"X-Remote-User\"\n"
                                        "operators = [\"王芳\"]\nadministrators = [\"li\"]\n",
                                        proxy));
    }
    static int silence(Service const& service, http::Headers headers)
    {
        auto const body = fmt::format(R"({{"site":"a","end":"{}","reason":"x"}})", format_rfc3339(utc_now() + 24h));
        return service.post("/api/v1/silences", "application/json", body, std::move(headers)).status;
    }
    TemporaryFolder folder;
};

TEST_F(SignOn, WhomATrustedProxyNamesNeedsNoToken)
{
    Service const service{folder / "data", {.config = config("127.0.0.1")}};
    auto const session = [&](std::string const& user) { return service.json("/api/v1/session", {{"X-Remote-User", user}}); };
    EXPECT_EQ(session("zhao").at("/scopes"), R"(["read"])");
    EXPECT_EQ(session("王芳").at("/name"), "王芳");
    EXPECT_EQ(session("王芳").at("/scopes"), R"(["read","ingest","operate"])");
    EXPECT_EQ(session("li").at("/scopes"), R"(["read","ingest","operate","admin"])");
    EXPECT_EQ(session("li").at("/can_sign_out"), "false");
    auto const page = service.get("/api/v1/session", {{"X-Remote-User", "li"}});
    ASSERT_TRUE(page.header("Vary"));
    EXPECT_NE(page.header("Vary")->find("X-Remote-User"), std::string::npos) << "one user's answer is not another's";

    auto const origin = service.url();
    EXPECT_EQ(silence(service, {{"X-Remote-User", "王芳"}, {"Origin", origin}}), 201);
    EXPECT_EQ(silence(service, {{"X-Remote-User", "zhao"}, {"Origin", origin}}), 403);
    EXPECT_EQ(silence(service, {{"X-Remote-User", "王芳"}, {"Origin", "https://evil.example"}}), 401) << "a page of another site";
    EXPECT_EQ(service.get("/api/v1/session", {{"X-Remote-User", "li"}, {"X-Remote-User", "wang"}}).status, 400);
    EXPECT_EQ(service.get("/api/v1/session", {{"X-Remote-User", "li"}, {"Authorization", "Bearer nonsense"}}).status, 401)
        << "a token counts first";
    EXPECT_EQ(service.json("/api/v1/session", {{"X-Forwarded-For", "203.0.113.7"}}).at("/name"), "null");
}

TEST_F(SignOn, FromAnybodyElseTheHeaderCountsNothing)
{
    Service const service{folder / "data", {.config = config("10.0.0.1")}};
    EXPECT_EQ(service.json("/api/v1/session", {{"X-Remote-User", "li"}}).at("/name"), "null");
}

TEST(Nginx, ServesPagesStreamsAndSocketsAtTheRootAndUnderAPrefixAsTheManualSetsItUp)
{
    TemporaryFolder const folder;
    auto const config = small_config(folder.path(), "[server]\ntrusted_proxies = [\"127.0.0.1\"]\n");
    Service const service{folder / "data", {.config = config}};
    auto const port = free_port();
    auto const all = examples();
    ASSERT_EQ(all.size(), 2U) << "the whole, and the location of a prefix";
    auto site = all[0];
    replace(site, "127.0.0.1:8080", "127.0.0.1:" + std::to_string(service.port()));
    replace(site, "listen 443 ssl;", "listen 127.0.0.1:" + std::to_string(port) + ";");
    replace(site, "    ssl_certificate     /etc/ssl/water.pem;\n    ssl_certificate_key /etc/ssl/private/water.key;\n", "");
    replace(site, "    location / {", all[1] + "    location / {");
    std::string temporary;
    for (auto const* kind : {"client_body", "proxy", "fastcgi", "uwsgi", "scgi"})
        temporary += std::string{kind} + "_temp_path " + (folder / kind).string() + ";\n";
    write_file(folder / "nginx.conf", std::string{"daemon off;\n"} + (::geteuid() == 0 ? "user root;\n" : "") + "pid " +
                                          (folder / "nginx.pid").string() + ";\nevents {}\nhttp {\naccess_log off;\n" + temporary + site +
                                          "}\n");
    Process nginx{{YIHONG_SOURCE_DIR "/.deps/nginx/usr/sbin/nginx", "-e", folder / "nginx.log", "-c", folder / "nginx.conf"},
                  folder / "nginx.out",
                  folder / "nginx.err"};
    auto const get = [&](std::string const& target) { return http::request("127.0.0.1", port, "GET", target, {}); };
    ASSERT_TRUE(eventually([&] {
        try {
            return get("/healthz").status == 200;
        } catch (std::exception const&) {
            return false;
        }
    })) << read_file(folder / "nginx.err")
        << read_file(folder / "nginx.log");

    auto const own = "\"href\":\"http://127.0.0.1:" + std::to_string(port);
    EXPECT_NE(get("/collections?f=json").body.find(own + "/collections"), std::string::npos) << get("/collections?f=json").body;
    EXPECT_NE(get("/water/collections?f=json").body.find(own + "/water/collections"), std::string::npos)
        << get("/water/collections?f=json").body;
    auto const pretended = http::request("127.0.0.1", port, "GET", "/collections?f=json",
                                         {{"X-Forwarded-Host", "evil.example"}, {"X-Forwarded-Prefix", "/evil"}});
    EXPECT_EQ(pretended.body.find("evil"), std::string::npos) << "a client chooses no links";
    for (std::string const prefix : {"", "/water"}) {
        EXPECT_EQ(opened_socket(port, prefix + "/api/v1/ws"), "HTTP/1.1 101 Switching Protocols\r\n") << prefix;
        EXPECT_EQ(first_line(port, "GET " + prefix + "/api/v1/stream HTTP/1.1\r\nHost: water.example.cn\r\n\r\n"), "HTTP/1.1 200 OK\r\n")
            << prefix;
        // what needs a token on the machine of the service is not open through the proxy
        EXPECT_EQ(get(prefix + "/metrics").status, 401) << prefix;
        EXPECT_EQ(get(prefix + "/api/v1/quarantine").status, 401) << prefix;
    }
    nginx.signal(SIGTERM);
    (void)nginx.wait(10s);
}

}  // namespace
}  // namespace yihong::e2e
