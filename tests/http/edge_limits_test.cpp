// The rows H01-H17 of the HTTP edge check-list, over real sockets with raw bytes: slow peers, too many connections, no descriptors left.
#include "edge.hpp"

#include "thread_state.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <thread>

namespace yihong::http::test {
namespace {

using namespace std::chrono_literals;

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
    auto const ask = [](Wire& wire) {              // who has said nothing would leave for the sixth
        wire.send("GET /echo HTTP/1.1\r\nHost: a\r\n\r\n");
        return wire.read().status;
    };
    for (int i = 0; i < 4; ++i) {
        idle.push_back(std::make_unique<Wire>(server.port()));
        EXPECT_EQ(ask(*idle.back()), 200);
    }
    auto const wait_for = [&](std::size_t count) {
        for (int i = 0; i < 200 && server.open_connections() != count; ++i)
            std::this_thread::sleep_for(5ms);
        return server.open_connections();
    };
    ASSERT_EQ(wait_for(4), 4U);
    Wire fifth{server.port()};
    EXPECT_EQ(ask(fifth), 200);
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

TEST(HttpEdge, WhoHasAskedForNothingLeavesAFullTableFirst)
{
    ServerOptions options;
    options.connection_limit = 2;
    options.threads = 1;
    TestServer const server{options};
    Wire asks{server.port()};
    asks.send("GET /echo HTTP/1.1\r\nHost: a\r\n\r\n");
    ASSERT_EQ(asks.read().status, 200);
    Wire silent{server.port()};
    Wire comes{server.port()};                     // takes the place of the silent one
    comes.send("GET /echo HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_EQ(comes.read().status, 200);
    EXPECT_TRUE(silent.closed(5s));
    Wire late{server.port()};
    EXPECT_EQ(late.read().status, 503) << "all others are being served";
    asks.send("GET /echo HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_EQ(asks.read().status, 200);
}

TEST(HttpEdge, BodiesOfAllRequestsShareABudget)
{
    ServerOptions options;
    options.bodies_bytes = 8U << 20U;
    std::size_t const large = 3U << 20U;
    Route take{.pattern = "/take", .handler = QuickHandler{[](Request const&) { return Reply{}; }}};
    take.method = Method::post;
    take.body_limit = 4U << 20U;
    TestServer const server{options, {take}};
    auto const post_to = [](std::size_t length) {
        return "POST /take HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(length) + "\r\n\r\n";
    };
    std::vector<std::unique_ptr<Wire>> held;       // uploads whose last byte does not come
    for (int i = 0; i < 4; ++i) {
        held.push_back(std::make_unique<Wire>(server.port()));
        held.back()->send(post_to(large) + std::string(large - 1, 'x'));
    }
    bool refused = false;                          // four of them would hold 12 MB and more
    for (int i = 0; i < 100 && !refused; ++i)
        for (auto const& wire : held)
            refused = refused || wire->read(false, 50ms).status == 503;
    EXPECT_TRUE(refused);
    Wire small{server.port()};
    small.send(post_to(1000) + std::string(1000, 'x'));
    EXPECT_EQ(small.read().status, 200) << "a small one always fits";
    held.clear();
    bool fits = false;                             // what they held is given back when the server has seen them go
    for (int i = 0; i < 100 && !fits; ++i) {
        Wire again{server.port()};
        again.send(post_to(large) + std::string(large, 'x'));
        fits = again.read().status == 200;
    }
    EXPECT_TRUE(fits);
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

/// Nobody in this process gets another descriptor, until the end however the test ends.
class NoDescriptors {
public:
    NoDescriptors()
    {
        ::getrlimit(RLIMIT_NOFILE, &before_);
        // only 0, which is open; from the lowest free one on would not do: an accept() that finds nobody waiting takes one for a moment
        rlimit const none{1, before_.rlim_max};
        ::setrlimit(RLIMIT_NOFILE, &none);
    }
    ~NoDescriptors() { end(); }
    NoDescriptors(NoDescriptors const&) = delete;
    NoDescriptors& operator=(NoDescriptors const&) = delete;
    void end() { ::setrlimit(RLIMIT_NOFILE, &before_); }

private:
    rlimit before_{};
};

TEST(HttpEdge, H10WaitsWhenFileDescriptorsRunOut)
{
    TestServer const server;
    Wire early{server.port()};
    early.send("GET /echo HTTP/1.1\r\nHost: a\r\n\r\n");
    ASSERT_EQ(early.read().status, 200);
    int const socket = ::socket(AF_INET, SOCK_STREAM, 0);  // before there are none left
    NoDescriptors tight;
    Wire late{server.port(), socket};  // the kernel connects it, accept() cannot
    late.send("GET /echo HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_EQ(late.read(false, 150ms).status, 0);
    early.send("GET /echo HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_EQ(early.read().status, 200) << "the others are still served";
    tight.end();
    EXPECT_EQ(late.read().status, 200) << "and the late one as soon as there is room";
}

}  // namespace
}  // namespace yihong::http::test
