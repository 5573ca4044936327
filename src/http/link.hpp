#pragma once

#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace yihong::http {

inline constexpr std::size_t idle_buffer = 2 * 1024;           ///< what an idle connection keeps

/// Bytes that have come and are not used yet, in one piece of memory that grows with what comes.
class InputBuffer {
public:
    [[nodiscard]] std::string_view bytes() const noexcept { return {memory_.get() + begin_, end_ - begin_}; }
    [[nodiscard]] bool empty() const noexcept { return begin_ == end_; }
    void consume(std::size_t count) noexcept { begin_ += count; }

    /// Room for at least one byte behind `bytes()`, in at most `most` bytes of memory where that is possible.
    [[nodiscard]] boost::asio::mutable_buffer room(std::size_t most);
    /// `count` bytes of `room` are there.
    void received(std::size_t count) noexcept { end_ += count; }
    /// Throws the bytes away and has `capacity` bytes of memory from now on.
    void restart(std::size_t capacity);
    [[nodiscard]] std::size_t capacity() const noexcept { return capacity_; }
    /// Throws everything away.
    void release() noexcept;
    /// Gives the memory back when it is large and nothing lies in it.
    void shrink() noexcept;

private:
    std::unique_ptr<char[]> memory_;
    std::size_t capacity_ = 0;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
};

enum class Phase { idle, head, body, handling, writing, lingering };

/// What the pieces of one connection work on: its socket, what came over it, and until when it waits. Touched by its I/O thread only.
struct Link {
    using Clock = std::chrono::steady_clock;

    Link(boost::asio::ip::tcp::socket of, boost::asio::ip::address const& from)
        : socket{std::move(of)}, peer{from}, peer_text{from.to_string()}
    {}

    void enter(Phase next, Clock::time_point until) noexcept
    {
        phase = next;
        deadline = until;
    }
    /// The program is at work, not the peer: no deadline.
    void enter_handling() noexcept { enter(Phase::handling, Clock::time_point::max()); }
    /// Closes the connection when its deadline has passed; where a request was under way, with 408.
    void expire(Clock::time_point now);
    void close();
    /// Whether the peer has closed its side, or the connection is gone. What it sent before may still be unread.
    [[nodiscard]] bool peer_has_closed();

    boost::asio::ip::tcp::socket socket;
    boost::asio::ip::address peer;
    std::string peer_text;
    bool is_encrypted = false;                     ///< it came over TLS
    InputBuffer input;
    Phase phase = Phase::idle;
    Clock::time_point deadline = Clock::time_point::max();
};

}  // namespace yihong::http
