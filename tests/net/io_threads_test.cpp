#include "yihong/net/io_threads.hpp"
#include "yihong/net/pool.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <list>
#include <thread>

namespace yihong::net {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using namespace std::chrono_literals;
using Clock = Served::Clock;

struct Counts {
    std::atomic<int> taken{0}, ticks{0}, wakes{0}, stops{0}, closes{0};
};

/// Sends back one byte of each connection and keeps it until it is told to close.
class Echo final : public Served {
public:
    explicit Echo(Counts& counts) : counts_{counts} {}

    void take(tcp::socket socket, tcp::endpoint const&) override
    {
        ++counts_.taken;
        auto const executor = socket.get_executor();
        asio::co_spawn(executor, serve(std::move(socket)), asio::detached);
    }
    void tick(Clock::time_point) override { ++counts_.ticks; }
    void wake() override { ++counts_.wakes; }
    void begin_to_stop() override { ++counts_.stops; }
    [[nodiscard]] bool is_done() const override { return open_.empty(); }
    void close_all() override
    {
        ++counts_.closes;
        for (auto* socket : open_)
            socket->close();
    }

private:
    asio::awaitable<void> serve(tcp::socket socket)
    {
        auto const place = open_.insert(open_.end(), &socket);
        std::array<char, 1> byte;
        boost::system::error_code ec;
        while (!ec) {
            co_await asio::async_read(socket, asio::buffer(byte), asio::redirect_error(asio::use_awaitable, ec));
            if (!ec)
                co_await asio::async_write(socket, asio::buffer(byte), asio::redirect_error(asio::use_awaitable, ec));
        }
        open_.erase(place);
    }

    Counts& counts_;
    std::list<tcp::socket*> open_;
};

tcp::socket connected(asio::io_context& io, std::uint16_t port)
{
    tcp::socket socket{io};
    socket.connect({asio::ip::make_address("127.0.0.1"), port});
    return socket;
}

char echoed(tcp::socket& socket, char byte)
{
    asio::write(socket, asio::buffer(&byte, 1));
    char back = 0;
    asio::read(socket, asio::buffer(&back, 1));
    return back;
}

TEST(IoThreads, ServeOnePortAndWakeAndTick)
{
    Counts counts;
    IoThreads threads;
    threads.start({.threads = 2, .tick = 5ms}, [&](int) { return std::make_unique<Echo>(counts); });
    asio::io_context io;
    auto first = connected(io, threads.port());
    auto second = connected(io, threads.port());

    EXPECT_EQ(echoed(first, 'a'), 'a');
    EXPECT_EQ(echoed(second, 'b'), 'b');
    EXPECT_EQ(counts.taken, 2);
    threads.wake();
    for (int i = 0; i < 1000 && (counts.wakes < 2 || counts.ticks < 4); ++i)
        std::this_thread::sleep_for(1ms);
    EXPECT_EQ(counts.wakes, 2);                        // each thread once
    EXPECT_GE(counts.ticks, 4);
    first.close();
    second.close();
    threads.stop(Clock::now() + 10s);
    EXPECT_EQ(counts.stops, 2);
    EXPECT_EQ(counts.closes, 0);                       // they ended by themselves
}

TEST(IoThreads, CloseWhatIsOpenAtTheDeadline)
{
    Counts counts;
    IoThreads threads;
    threads.start({.tick = 5ms}, [&](int) { return std::make_unique<Echo>(counts); });
    asio::io_context io;
    auto socket = connected(io, threads.port());
    EXPECT_EQ(echoed(socket, 'a'), 'a');

    threads.stop(Clock::now() + 30ms);
    EXPECT_GE(counts.closes, 1);
    threads.stop(Clock::now());                        // again is nothing
}

TEST(IoThreads, SayWhyAPortCannotBeHad)
{
    Counts counts;
    auto const make = [&](int) { return std::make_unique<Echo>(counts); };
    IoThreads first;
    first.start({}, make);
    IoThreads second;

    EXPECT_THROW(second.start({.port = first.port()}, make), std::runtime_error);
    EXPECT_THROW(second.start({.address = "nowhere"}, make), std::runtime_error);
}

TEST(Pool, RunsElsewhereComesHomeAndRefusesWhenFull)
{
    asio::io_context io;
    Pool pool{1, 0};
    std::string story;
    auto const here = std::this_thread::get_id();
    auto const ask = [&](int index) -> asio::awaitable<void> {
        auto job = [&] {
            std::this_thread::sleep_for(20ms);
            return std::this_thread::get_id() != here;
        };
        try {
            bool const elsewhere = co_await pool.run(std::move(job));
            story += std::to_string(index) + (elsewhere && std::this_thread::get_id() == here ? " ran;" : " ran here;");
        } catch (PoolBusy const&) {
            story += std::to_string(index) + " busy;";
        }
    };
    asio::co_spawn(io, ask(1), asio::detached);
    asio::co_spawn(io, ask(2), asio::detached);
    io.run();

    EXPECT_EQ(story, "2 busy;1 ran;");
}

}  // namespace
}  // namespace yihong::net
