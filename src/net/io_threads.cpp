#include "yihong/net/io_threads.hpp"

#include "yihong/net/listen.hpp"

#include "tls_tunnel.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <atomic>
#include <list>
#include <optional>
#include <thread>

namespace yihong::net {

namespace asio = boost::asio;
using asio::ip::tcp;
using error_code = boost::system::error_code;
using Clock = Served::Clock;

class IoThreads::Thread {
public:
    Thread(tcp::endpoint const& endpoint, std::optional<tcp::endpoint> const& encrypted, ListenOptions const& options)
        : acceptor_{shared_acceptor(io_, endpoint)}, tick_{options.tick}, accept_event_{options.accept_event}
    {
        if (encrypted) {
            encrypted_.emplace(shared_acceptor(io_, *encrypted));
            tls_ = options.encrypted->tls;
            most_handshakes_ = options.encrypted->handshakes;
        }
    }

    [[nodiscard]] tcp::endpoint endpoint() const { return acceptor_.local_endpoint(); }
    [[nodiscard]] std::optional<tcp::endpoint> tls_endpoint() const
    {
        return encrypted_ ? std::optional{encrypted_->local_endpoint()} : std::nullopt;
    }

    void start(MakeServed const& make, int index)
    {
        served_ = make(index);
        auto const taker = [this](tcp::socket socket, tcp::endpoint const& remote) { served_->take(std::move(socket), remote); };
        asio::co_spawn(io_, accept_each(acceptor_, accept_event_, taker), asio::detached);
        auto const tunnel = [this](tcp::socket socket, tcp::endpoint const& remote) { dig(std::move(socket), remote); };
        if (encrypted_)
            asio::co_spawn(io_, accept_each(*encrypted_, accept_event_, tunnel), asio::detached);
        asio::co_spawn(io_, watch(), asio::detached);
        thread_ = std::thread{[this] { io_.run(); }};
    }
    void begin_to_stop(Clock::time_point deadline)
    {
        asio::post(io_, [this, deadline] {
            error_code ignored;
            acceptor_.close(ignored);
            if (encrypted_)
                encrypted_->close(ignored);
            stopping_ = true;
            close_at_ = deadline;
            served_->begin_to_stop();
            timer_.cancel();                           // the watch looks at once
        });
    }
    void wake()
    {
        if (waking_.exchange(true))
            return;
        asio::post(io_, [this] {
            waking_ = false;
            served_->wake();
        });
    }
    void join()
    {
        if (thread_.joinable())
            thread_.join();
    }

private:
    /// A connection that comes over TLS is served when its handshake is done. Until then it counts nowhere, so these have a limit of their own.
    void dig(tcp::socket socket, tcp::endpoint const& remote)
    {
        if (handshakes_.size() >= most_handshakes_)
            if (auto const oldest = std::ranges::find_if(handshakes_, &TlsTunnel::is_open); oldest != handshakes_.end())
                (*oldest)->close();
        watch_peer(socket);
        auto const tunnel = std::make_shared<TlsTunnel>(std::move(socket), tls_);
        auto const place = handshakes_.insert(handshakes_.end(), tunnel);
        auto const serve = [this, place, remote](tcp::socket plain) {
            tunnels_.splice(tunnels_.end(), handshakes_, place);
            if (!stopping_)
                served_->take_encrypted(std::move(plain), remote);
        };
        asio::co_spawn(io_, tunnel->run(remote.address().to_string(), serve),
                       [this, place](std::exception_ptr const&) { ((*place)->has_shaken_hands() ? tunnels_ : handshakes_).erase(place); });
    }

    void for_each_tunnel(auto const& act)
    {
        for (auto const* list : {&handshakes_, &tunnels_})
            std::ranges::for_each(*list, act);
    }

    asio::awaitable<void> watch()
    {
        while (!stopping_ || !served_->is_done() || !handshakes_.empty() || !tunnels_.empty()) {
            error_code ec;
            timer_.expires_after(tick_);
            co_await timer_.async_wait(asio::redirect_error(asio::use_awaitable, ec));
            auto const now = Clock::now();
            served_->tick(now);
            for_each_tunnel([&](auto const& tunnel) { tunnel->expire(now); });
            if (stopping_ && now >= close_at_) {
                served_->close_all();
                for_each_tunnel([](auto const& tunnel) { tunnel->close(); });
            }
        }
    }

    asio::io_context io_{1};
    tcp::acceptor acceptor_;
    std::optional<tcp::acceptor> encrypted_;
    std::shared_ptr<Tls> tls_;
    std::size_t most_handshakes_ = 0;
    std::list<std::shared_ptr<TlsTunnel>> handshakes_;  // in the order in which they came
    std::list<std::shared_ptr<TlsTunnel>> tunnels_;
    asio::steady_timer timer_{io_};
    std::unique_ptr<Served> served_;
    std::chrono::milliseconds tick_;
    std::string accept_event_;
    bool stopping_ = false;
    Clock::time_point close_at_ = Clock::time_point::max();
    std::atomic<bool> waking_{false};  // a message to the thread is on its way
    std::thread thread_;
};

IoThreads::IoThreads() = default;

IoThreads::~IoThreads() { stop(Clock::now()); }

void IoThreads::start(ListenOptions const& options, MakeServed const& make)
{
    auto endpoint = probed_endpoint(options.address, options.port);
    std::optional<tcp::endpoint> encrypted;
    if (options.encrypted)
        encrypted = probed_endpoint(options.encrypted->address, options.encrypted->port);
    std::vector<std::unique_ptr<Thread>> threads;
    for (int i = 0; i < std::max(options.threads, 1); ++i) {
        threads.push_back(std::make_unique<Thread>(endpoint, encrypted, options));
        endpoint = threads.back()->endpoint();
        encrypted = threads.back()->tls_endpoint();
    }
    port_ = endpoint.port();
    tls_port_ = encrypted ? encrypted->port() : 0;
    std::lock_guard const lock{mutex_};
    threads_ = std::move(threads);
    for (std::size_t i = 0; i < threads_.size(); ++i)
        threads_[i]->start(make, static_cast<int>(i));
}

void IoThreads::wake()
{
    std::lock_guard const lock{mutex_};
    for (auto const& thread : threads_)
        thread->wake();
}

void IoThreads::stop(Clock::time_point deadline)
{
    for (auto const& thread : threads_)
        thread->begin_to_stop(deadline);
    for (auto const& thread : threads_)
        thread->join();
    std::lock_guard const lock{mutex_};
    threads_.clear();
}

}  // namespace yihong::net
