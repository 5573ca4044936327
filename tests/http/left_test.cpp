// Clients that leave while something is made for them.
#include "harness.hpp"

#include <gtest/gtest.h>

#include <future>
#include <thread>

namespace yihong::http::test {
namespace {

using namespace std::chrono_literals;

/// What a handler at work sees of its client: `left` once it has gone, `stayed` where it is there for `patience`.
class AtWork {
public:
    explicit AtWork(std::chrono::milliseconds patience) : patience_{patience} {}

    Route route()
    {
        return {.pattern = "/work", .scope = Scope::none, .handler = WaitingHandler{[this](Request const& request) {
                                                              return answer(request);
                                                          }}};
    }
    void wait_until_begun() { begun_.get_future().wait(); }
    /// Of the first request.
    bool has_left() { return left_.get_future().get(); }

private:
    boost::asio::awaitable<Reply> answer(Request const& request)
    {
        auto const job = [&] {
            if (asked_++ == 0)
                begun_.set_value();
            auto const end = std::chrono::steady_clock::now() + patience_;
            while (!*request.client_left && std::chrono::steady_clock::now() < end)
                std::this_thread::sleep_for(1ms);
            if (asked_ == 1)
                left_.set_value(*request.client_left);
            if (*request.client_left)
                throw ClientLeft{};
            return 0;
        };
        (void)co_await pool_.run(job);
        co_return make_reply(200, "text/plain", "done");
    }

    std::chrono::milliseconds patience_;
    net::Pool pool_{1, 4};
    std::promise<void> begun_;
    std::promise<bool> left_;
    int asked_ = 0;
};

TEST(ClientThatLeaves, IsSeenByWhatIsAtWorkForIt)
{
    AtWork work{60s};
    TestServer server{{}, {work.route()}};
    {
        Wire wire{server.port()};
        wire.send("GET /work HTTP/1.1\r\nHost: a\r\n\r\n");
        work.wait_until_begun();
    }
    EXPECT_TRUE(work.has_left());
    EXPECT_EQ(server.seen(1).front().status, 499);
}

TEST(ClientThatLeaves, IsOneThatClosesItsHalfToo)
{
    AtWork work{60s};
    TestServer server{{}, {work.route()}};
    Wire wire{server.port()};
    wire.send("GET /work HTTP/1.1\r\nHost: a\r\n\r\n");
    work.wait_until_begun();
    wire.end_sending();
    EXPECT_TRUE(work.has_left()) << "nobody can tell it from one that has gone";
    EXPECT_TRUE(wire.closed());
}

TEST(ClientThatLeaves, IsNoneThatHasAskedForMoreMeanwhile)
{
    ServerOptions options;
    options.header_deadline = 400ms;               // connections are looked at four times as often
    AtWork work{300ms};
    TestServer server{options, {work.route()}};
    Wire wire{server.port()};
    wire.send("GET /work HTTP/1.1\r\nHost: a\r\n\r\nGET /work HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_FALSE(work.has_left());
    EXPECT_EQ(wire.read().status, 200);
    EXPECT_EQ(wire.read().status, 200);
}

}  // namespace
}  // namespace yihong::http::test
