#pragma once

#include "yihong/hj212/cipher.hpp"
#include "yihong/hj212/frame.hpp"
#include "yihong/hj212/segment.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace yihong::testing {

/// One frame that a higher platform received.
struct Got {
    std::string qn, st, pw, mn, cp;
    int cn = 0, flag = 0, pnum = 0, pno = 0;
    bool retransmitted = false;
    [[nodiscard]] std::string time() const { return cp.substr(9, 14); }
};

/// A higher platform by script, on a real socket: for every frame it answers, keeps silent, or closes the connection.
class Receiver {
public:
    enum class Does { answer, silence, close };
    using Script = std::function<Does(Got const&, std::size_t count)>;

    /// \param greeting is sent at the beginning of every connection
    explicit Receiver(Script script, std::uint16_t port = 0, std::string greeting = {})
        : script_{std::move(script)}, greeting_{std::move(greeting)}, acceptor_{io_, {boost::asio::ip::address_v4::loopback(), port}},
          socket_{io_}
    {
        boost::asio::co_spawn(io_, run(), boost::asio::detached);
        thread_ = std::thread{[this] { io_.run(); }};
    }
    ~Receiver()
    {
        boost::asio::post(io_, [this] {
            boost::system::error_code ignored;
            acceptor_.close(ignored);
            socket_.close(ignored);
        });
        thread_.join();
    }
    [[nodiscard]] std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

    [[nodiscard]] std::vector<Got> got() const
    {
        std::lock_guard const lock{mutex_};
        return got_;
    }
    bool wait_for(std::function<bool(std::vector<Got> const&)> const& enough) const
    {
        std::unique_lock lock{mutex_};
        return arrived_.wait_for(lock, std::chrono::seconds{20}, [&] { return enough(got_); });
    }

private:
    boost::asio::awaitable<void> run()
    {
        namespace asio = boost::asio;
        for (;;) {
            boost::system::error_code ec;
            socket_ = co_await acceptor_.async_accept(asio::redirect_error(asio::use_awaitable, ec));
            if (ec)
                co_return;
            if (!greeting_.empty())
                co_await asio::async_write(socket_, asio::buffer(greeting_), asio::redirect_error(asio::use_awaitable, ec));
            hj212::FrameDecoder decoder;
            std::array<char, 4096> bytes;
            while (!ec) {
                auto const n = co_await socket_.async_read_some(asio::buffer(bytes), asio::redirect_error(asio::use_awaitable, ec));
                if (ec)
                    break;
                std::string out;
                bool closing = false;
                decoder.feed({bytes.data(), n});
                while (auto const frame = decoder.next()) {
                    auto const segment = hj212::parse_segment(frame->segment);
                    if (!segment || closing)
                        continue;
                    auto const does = take(*segment);
                    closing = does == Does::close;
                    if (does == Does::answer && segment->cn < 9000)
                        out += hj212::to_frame(hj212::Outgoing{.qn = std::string{segment->qn},
                                                               .st = "91",
                                                               .cn = 9014,
                                                               .pw = std::string{segment->pw},
                                                               .mn = std::string{segment->mn},
                                                               .flag = 4});
                }
                decoder.settle();
                if (!out.empty())
                    co_await asio::async_write(socket_, asio::buffer(out), asio::redirect_error(asio::use_awaitable, ec));
                if (closing)
                    break;
            }
            socket_.close(ec);
        }
    }
    Does take(hj212::Segment const& s)
    {
        std::lock_guard const lock{mutex_};
        got_.push_back({std::string{s.qn}, std::string{s.st}, std::string{s.pw}, std::string{s.mn}, std::string{s.cp}, s.cn,
                        s.flag.value_or(0), s.pnum.value_or(0), s.pno.value_or(0), s.retransmitted});
        arrived_.notify_all();
        return script_(got_.back(), got_.size());
    }

    Script script_;
    std::string greeting_;
    boost::asio::io_context io_{1};
    boost::asio::ip::tcp::acceptor acceptor_;
    boost::asio::ip::tcp::socket socket_;
    mutable std::mutex mutex_;
    mutable std::condition_variable arrived_;
    std::vector<Got> got_;
    std::thread thread_;
};

}  // namespace yihong::testing
