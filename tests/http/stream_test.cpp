#include "harness.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket/stream.hpp>

#include <gtest/gtest.h>

#include <sys/socket.h>

#include <atomic>
#include <optional>
#include <thread>

namespace yihong::http::test {
namespace {

namespace asio = boost::asio;
namespace websocket = boost::beast::websocket;
using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

/// What all clients of a test are sent, from the beginning.
struct Script {
    std::mutex mutex;
    std::vector<std::shared_ptr<std::string const>> pieces;
    bool ended = false;
    std::atomic<int> open{0};
    std::atomic<int> overdue{0};

    void add(std::string piece)
    {
        std::lock_guard const lock{mutex};
        pieces.push_back(std::make_shared<std::string const>(std::move(piece)));
    }
    void end()
    {
        std::lock_guard const lock{mutex};
        ended = true;
    }
};

class ScriptSource final : public StreamSource {
public:
    explicit ScriptSource(Script& script) : script_{script} { ++script_.open; }
    ~ScriptSource() override { --script_.open; }
    Piece next() override
    {
        std::lock_guard const lock{script_.mutex};
        if (next_ < script_.pieces.size())
            return {.bytes = script_.pieces[next_++], .end = false};
        return {.bytes = nullptr, .end = script_.ended};
    }
    std::shared_ptr<std::string const> heartbeat() override { return std::make_shared<std::string const>(":beat\n\n"); }
    void overdue() noexcept override { ++script_.overdue; }

private:
    Script& script_;
    std::size_t next_ = 0;
};

struct Streams : ::testing::Test {
    Script script;
    std::optional<TestServer> server;

    void start(std::function<void(ServerOptions&)> change = {})
    {
        ServerOptions options;
        if (change)
            change(options);
        auto const open = [this](Request const& request) -> std::expected<std::unique_ptr<StreamSource>, Reply> {
            if (request.query_value("bad") != nullptr)
                return std::unexpected{make_problem(400, "bad_value", "no")};
            if (request.query_value("from") != nullptr)
                script.add(request.last_event_id);
            return std::make_unique<ScriptSource>(script);
        };
        server.emplace(std::move(options), std::vector<Route>{{.pattern = "/events", .handler = EventStreamHandler{open}},
                                                              {.pattern = "/ws", .handler = WebSocketHandler{open}}});
    }
    void send(std::string piece)
    {
        script.add(std::move(piece));
        server->server().wake_streams();
    }
    template <typename Ready>
    static bool eventually(Ready ready)
    {
        for (int i = 0; i < 1000 && !ready(); ++i)
            std::this_thread::sleep_for(5ms);
        return ready();
    }
    static std::string get(std::string_view target, std::string_view lines = {})
    {
        return "GET " + std::string{target} + " HTTP/1.1\r\nHost: example.test\r\n" + std::string{lines} + "\r\n";
    }
    static std::string upgrade(std::string_view lines = {})
    {
        return get("/ws", "Connection: keep-alive, Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: "
                          "dGhlIHNhbXBsZSBub25jZQ==\r\n" +
                              std::string{lines});
    }
};

/// A WebSocket client by Beast.
struct Client {
    asio::io_context io;
    websocket::stream<asio::ip::tcp::socket> stream{io};

    explicit Client(std::uint16_t port)
    {
        stream.next_layer().connect({asio::ip::address_v4::loopback(), port});
        stream.handshake("example.test", "/ws");
    }
    std::string read()
    {
        boost::beast::flat_buffer buffer;
        boost::system::error_code ec;
        stream.read(buffer, ec);
        return ec ? "error: " + ec.message() : boost::beast::buffers_to_string(buffer.data());
    }
};

TEST_F(Streams, AnEventStreamIsChunkedAndNeitherCachedNorCompressed)
{
    start();
    Wire wire{server->port()};
    wire.send(get("/events", "Accept-Encoding: gzip, zstd\r\nOrigin: https://page.test\r\n"));
    auto const head = wire.read(true);
    EXPECT_EQ(head.status, 200);
    EXPECT_EQ(head.header("Content-Type"), "text/event-stream");
    EXPECT_EQ(head.header("Cache-Control"), "no-store");
    EXPECT_EQ(head.header("X-Accel-Buffering"), "no");
    EXPECT_EQ(head.header("Transfer-Encoding"), "chunked");
    EXPECT_EQ(head.header("Content-Length"), "(none)");
    EXPECT_EQ(head.header("Content-Encoding"), "(none)");
    EXPECT_EQ(head.header("Access-Control-Allow-Origin"), "*");
    send("data: 1\n\n");
    EXPECT_EQ(wire.read_until("\n\n\r\n"), "9\r\ndata: 1\n\n\r\n");
    send("data: " + std::string(100'000, 'x') + "\n\n");
    EXPECT_EQ(wire.read_until("\n\n\r\n").size(), std::string{"186a8\r\n"}.size() + 100'008 + 2);
    script.end();
    server->server().wake_streams();
    EXPECT_EQ(wire.read_until("0\r\n\r\n"), "0\r\n\r\n");
    EXPECT_TRUE(wire.closed());
    ASSERT_EQ(server->seen(1).size(), 1U);
    EXPECT_EQ(server->seen(1).front().route, "/events");
}

TEST_F(Streams, HeadHasNoBodyAndHttp10NoChunks)
{
    start();
    EXPECT_EQ(outcome(server->port(), "HEAD /events HTTP/1.1\r\nHost: a\r\n\r\n"), "200+close");
    EXPECT_EQ(script.open, 0);
    Wire old{server->port()};
    old.send("GET /events HTTP/1.0\r\n\r\n");
    EXPECT_EQ(old.read(true).header("Transfer-Encoding"), "(none)");
    send("data: 1\n\n");
    EXPECT_EQ(old.read_until("\n\n"), "data: 1\n\n");
}

TEST_F(Streams, TheHandlerSeesTheLastEventIdAndMayRefuse)
{
    start();
    Wire wire{server->port()};
    wire.send(get("/events?from=header", "Last-Event-ID: run-7\r\n"));
    EXPECT_EQ(wire.read(true).status, 200);
    EXPECT_EQ(wire.read_until("run-7\r\n"), "5\r\nrun-7\r\n");
    EXPECT_EQ(server->get("/events?bad=1").status, 400);
    EXPECT_EQ(server->get("/events", "Last-Event-ID: a\r\nLast-Event-ID: b\r\n").status, 400);
    EXPECT_EQ(server->ask("POST /events HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n").status, 405);
    EXPECT_EQ(server->ask("GET /events HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx").status, 413);
}

TEST_F(Streams, ReadsNeedTheSameTokenAsOthers)
{
    start([](ServerOptions& o) { o.public_reads = false; });
    EXPECT_EQ(server->get("/events").status, 401);
    EXPECT_EQ(server->ask(upgrade()).status, 401);
    Wire wire{server->port()};
    wire.send(get("/events?access_token=reader"));
    EXPECT_EQ(wire.read(true).status, 200);
}

TEST_F(Streams, SilenceIsBrokenByHeartbeats)
{
    start([](ServerOptions& o) { o.stream_heartbeat = 60ms; });
    Wire wire{server->port()};
    wire.send(get("/events"));
    EXPECT_EQ(wire.read(true).status, 200);
    for (int i = 0; i < 3; ++i)
        EXPECT_EQ(wire.read_until("\r\n:beat\n\n\r\n"), "7\r\n:beat\n\n\r\n");
}

TEST_F(Streams, AStreamEndsWithItsPeerAndCountsAgainstTheLimits)
{
    start([](ServerOptions& o) { o.connection_limit = 2; });
    {
        Wire events{server->port()};
        events.send(get("/events"));
        EXPECT_EQ(events.read(true).status, 200);
        Client client{server->port()};
        EXPECT_EQ(script.open, 2);
        EXPECT_EQ(outcome(server->port(), get("/echo")), "503+close");
    }
    EXPECT_TRUE(eventually([&] { return script.open == 0 && server->open_connections() == 0; }));
    EXPECT_EQ(server->get("/echo").status, 200);
    Wire chatty{server->port()};
    chatty.send(get("/events") + std::string(500, 'x'));
    EXPECT_EQ(chatty.read(true).status, 200);
    chatty.send(std::string(5000, 'x'));
    EXPECT_TRUE(eventually([&] { return script.open == 0; }));
}

TEST_F(Streams, WhoTakesNothingIsDroppedAndTheOthersGoOn)
{
    start([](ServerOptions& o) {
        o.threads = 1;
        o.write_deadline = 200ms;
    });
    Wire slow{server->port()};
    int const small = 4096;
    ::setsockopt(slow.handle(), SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
    slow.send(get("/events"));
    EXPECT_EQ(slow.read(true).status, 200);
    Wire slow_socket{server->port()};
    ::setsockopt(slow_socket.handle(), SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
    slow_socket.send(upgrade());
    EXPECT_EQ(slow_socket.read(true).status, 101);
    Client quick{server->port()};
    std::string const piece(50'000, 'x');
    for (int i = 0; i < 40; ++i) {
        send(piece);
        ASSERT_EQ(quick.read(), piece);
    }
    EXPECT_TRUE(eventually([&] { return script.overdue == 2 && script.open == 1; }));
    send("after");
    EXPECT_EQ(quick.read(), "after");
}

TEST_F(Streams, AWebSocketSendsTextAndAnswersPings)
{
    start();
    Client client{server->port()};
    std::string pong;
    client.stream.control_callback([&](websocket::frame_type type, boost::beast::string_view text) {
        pong = (type == websocket::frame_type::pong ? "pong " : "") + std::string{text};
    });
    client.stream.ping("hello");
    for (int i = 0; i == 0 || (pong.empty() && i < 100); ++i) {       // a pong shows while something else is read
        auto const text = "{\"a\":" + std::to_string(i) + "}";
        send(text);
        EXPECT_EQ(client.read(), text);
        EXPECT_TRUE(client.stream.got_text());
        std::this_thread::sleep_for(10ms);
    }
    EXPECT_EQ(pong, "pong hello");
    for (int i = 0; i < 30; ++i)
        script.add(std::to_string(i));
    server->server().wake_streams();
    for (int i = 0; i < 30; ++i)
        EXPECT_EQ(client.read(), std::to_string(i));
    script.end();
    server->server().wake_streams();
    EXPECT_EQ(client.read(), "error: " + make_error_code(websocket::error::closed).message());
    EXPECT_EQ(client.stream.reason().code, websocket::close_code::going_away);
    EXPECT_TRUE(eventually([&] { return script.open == 0; }));
    EXPECT_EQ(script.overdue, 0);
}

TEST_F(Streams, WhatIsNoUpgradeIsToldSo)
{
    start();
    for (auto const& request : {get("/ws"), get("/ws", "Upgrade: websocket\r\n"), get("/ws", "Connection: Upgrade\r\nUpgrade: h2c\r\n"),
                                get("/ws", "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 8\r\nSec-WebSocket-Key: "
                                           "dGhlIHNhbXBsZSBub25jZQ==\r\n")}) {
        auto const reply = server->ask(request);
        EXPECT_EQ(reply.status, 426) << request;
        EXPECT_EQ(reply.header("Upgrade"), "websocket");
    }
    EXPECT_EQ(server->ask(get("/ws", "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n")).status, 400);
    EXPECT_EQ(server->ask(upgrade() + "\x81").status, 400);
    auto const reply = server->ask(upgrade());
    EXPECT_EQ(reply.status, 101);
    EXPECT_EQ(reply.header("Sec-WebSocket-Accept"), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    EXPECT_EQ(reply.header("Sec-WebSocket-Extensions"), "(none)");
    EXPECT_TRUE(eventually([&] { return script.open == 0; }));
}

TEST_F(Streams, PagesOfForeignOriginsMayNotConnect)
{
    start([](ServerOptions& o) { o.cors_origins = {"https://river.test"}; });
    EXPECT_EQ(server->ask(upgrade("Origin: https://evil.test\r\n")).status, 403);
    EXPECT_EQ(server->ask(upgrade("Origin: null\r\n")).status, 403);
    EXPECT_EQ(server->ask(upgrade("Origin: https://river.test\r\n")).status, 101);
    EXPECT_EQ(server->ask(upgrade("Origin: http://example.test\r\n")).status, 101);    // the service's own
    EXPECT_EQ(server->ask(upgrade()).status, 101);                                     // no browser
}

TEST_F(Streams, AWebSocketTakesNothing)
{
    start();
    Client client{server->port()};
    client.stream.write(asio::buffer(std::string{"{}"}));
    EXPECT_EQ(client.read(), "error: " + make_error_code(websocket::error::closed).message());
    EXPECT_EQ(client.stream.reason().code, websocket::close_code::policy_error);
    Client talker{server->port()};
    boost::system::error_code ignored;
    talker.stream.write(asio::buffer(std::string(5000, 'x')), ignored);
    EXPECT_TRUE(talker.read().starts_with("error: "));
    Wire garbage{server->port()};
    garbage.send(upgrade());
    EXPECT_EQ(garbage.read(true).status, 101);
    garbage.send("this is no frame at all");           // not masked
    EXPECT_TRUE(eventually([&] { return script.open == 0; }));
}

TEST_F(Streams, WhoAnswersNoPingIsGone)
{
    // a client that answers may not be asked to be quicker than a loaded machine lets it be
    constexpr auto heartbeat = 1s;
    start([&](ServerOptions& o) { o.stream_heartbeat = heartbeat; });
    Wire deaf{server->port()};
    deaf.send(upgrade());
    EXPECT_EQ(deaf.read(true).status, 101);
    Client client{server->port()};
    std::thread reader{[&] { EXPECT_EQ(client.read(), "at last"); }};
    EXPECT_TRUE(eventually([&] { return script.overdue == 1 && script.open == 1; }));
    std::this_thread::sleep_for(heartbeat * 3 / 2);
    EXPECT_EQ(script.open, 1);                         // who answers stays, the next ping too
    send("at last");
    reader.join();
}

TEST_F(Streams, StoppingEndsThemAtOnce)
{
    start([](ServerOptions& o) { o.shutdown_deadline = 30s; });
    Wire events{server->port()};
    events.send(get("/events"));
    EXPECT_EQ(events.read(true).status, 200);
    Client client{server->port()};
    std::string ended;
    std::thread reader{[&] { ended = client.read(); }};
    Wire deaf{server->port()};                         // never answers the close
    deaf.send(upgrade());
    EXPECT_EQ(deaf.read(true).status, 101);
    auto const begin = Clock::now();
    server->server().stop();
    EXPECT_LT(Clock::now() - begin, 3s);
    reader.join();
    EXPECT_EQ(ended, "error: " + make_error_code(websocket::error::closed).message());
    EXPECT_EQ(client.stream.reason().code, websocket::close_code::going_away);
    EXPECT_EQ(events.read_until("0\r\n\r\n"), "0\r\n\r\n");
    EXPECT_TRUE(events.closed());
    EXPECT_EQ(script.open, 0);
    server->server().wake_streams();                   // harmless
}

TEST_F(Streams, ComingGoingAndWakingAtOnceIsSafe)
{
    start();
    std::atomic<bool> done{false};
    std::thread publisher{[&] {
        while (!done) {
            send("data: x\n\n");
            std::this_thread::sleep_for(1ms);
        }
    }};
    std::vector<std::thread> clients;
    for (int c = 0; c < 4; ++c)
        clients.emplace_back([&, c] {
            for (int i = 0; i < 25; ++i) {
                Wire wire{server->port()};
                wire.send(c % 2 == 0 ? get("/events") : upgrade());
                EXPECT_NE(wire.read_until("data: x\n\n").find("data: x"), std::string::npos);
            }
        });
    for (auto& client : clients)
        client.join();
    server->server().stop();
    done = true;
    publisher.join();
    EXPECT_EQ(script.open, 0);
}

}  // namespace
}  // namespace yihong::http::test
