#pragma once

#include "link.hpp"

#include "yihong/http/server.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace yihong::http {

/// What is on its way to the peer: a head, then bytes in memory or of a file. By readiness, so that most replies leave without a wait.
class Output {
public:
    enum class Written { all, blocked, failed };

    std::string head;                              ///< its memory is used again by the next reply

    /// A new reply: nothing of it is sent yet, and no time was waited.
    void begin() noexcept;
    /// `head` and `body` go out next; both stay where they are until then.
    void put(std::string_view body) noexcept;
    /// `head`, then `size` bytes of the file from `offset` on.
    void put_file(int file, std::uint64_t offset, std::uint64_t size) noexcept;
    /// Only `body` goes out next: the head is gone.
    void put_more(std::string_view body) noexcept;
    void put_more_file(int file, std::uint64_t offset, std::uint64_t size) noexcept;

    /// Sends as much as the socket takes.
    Written write_some(boost::asio::ip::tcp::socket& socket);
    /// Waits for the socket and sends the rest, within the deadlines: some bytes within `write_deadline`, and on the whole no slower than the
    /// least rate, the time that the program itself took left out. \return false when the peer is gone
    boost::asio::awaitable<bool> write_rest(Link& link, ServerOptions const& options);
    /// Bytes of this reply that the socket has taken.
    [[nodiscard]] std::uint64_t sent() const noexcept { return sent_; }
    void shrink();

private:
    std::array<boost::asio::const_buffer, 2> left_;
    int file_ = -1;  // holds the body, where not -1
    std::uint64_t offset_ = 0;
    std::uint64_t file_left_ = 0;
    std::uint64_t sent_ = 0;
    std::chrono::steady_clock::duration waited_{};
};

}  // namespace yihong::http
