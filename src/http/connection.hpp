#pragma once

#include "exchange.hpp"
#include "link.hpp"
#include "output.hpp"
#include "reply_head.hpp"
#include "thread_state.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <atomic>
#include <list>
#include <memory>
#include <optional>

namespace yihong::http {

/// One connection, request by request. Lives on one I/O thread.
class Connection {
public:
    Connection(boost::asio::ip::tcp::socket socket, boost::asio::ip::address const& peer, bool is_encrypted, ThreadState& thread);
    ~Connection();
    Connection(Connection const&) = delete;
    Connection& operator=(Connection const&) = delete;

    /// To the end of the connection.
    boost::asio::awaitable<void> run();
    /// Closes the connection when its deadline has passed, and looks whether somebody still waits for what a handler makes.
    void tick(Link::Clock::time_point now);
    void close() { link_.close(); }
    [[nodiscard]] bool has_asked() const noexcept { return has_asked_; }
    /// Whether it has asked for nothing yet, and is open.
    [[nodiscard]] bool is_stranger() const noexcept { return !has_asked_ && link_.socket.is_open(); }
    [[nodiscard]] bool is_idle() const noexcept { return link_.phase == Phase::idle; }

private:
    class Watch;
    boost::asio::awaitable<bool> handle(std::size_t head_size, std::optional<Refusal> refusal);
    boost::asio::awaitable<std::optional<Reply>> answer(Exchange& exchange, BodyBudget::Share& share);
    void begin_reply(Exchange& exchange, Reply& reply);
    boost::asio::awaitable<bool> send(Exchange& exchange, Reply& reply);
    boost::asio::awaitable<bool> send_pulled(Exchange& exchange, Reply& reply);
    boost::asio::awaitable<bool> send_part(Exchange& exchange, Reply& reply);
    boost::asio::awaitable<bool> send_head(Exchange const& exchange, Reply const& reply, Form const& form);
    std::optional<Reply> open_stream(Exchange& exchange, EventStreamHandler const& handler);
    std::optional<Reply> open_stream(Exchange& exchange, WebSocketHandler const& handler);
    boost::asio::awaitable<void> run_stream();
    void end_with_its_right(Exchange const& exchange);
    void observe(Exchange const& exchange, int status, std::size_t bytes_sent) const;

    ThreadState& thread_;
    Shared& shared_;
    Link link_;
    Output output_;
    bool has_asked_ = false;
    bool is_answering_ = false;                    ///< a handler that waits is at work
    std::atomic<bool> client_left_ = false;        ///< looked at by whatever the handler has at work
    std::list<Connection*>::iterator place_;
    std::shared_ptr<Channel> stream_;              // takes the connection over
};

/// Serves one connection to its end. Never throws.
boost::asio::awaitable<void> serve_connection(boost::asio::ip::tcp::socket socket, boost::asio::ip::address peer, bool is_encrypted,
                                              ThreadState& thread);

}  // namespace yihong::http
