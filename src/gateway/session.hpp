#pragma once

#include "thread_state.hpp"
#include "turn.hpp"

#include "yihong/hj212/frame.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace yihong::gateway {

/// One connection of a station, or of a platform that passes on what many stations send. Lives on one I/O thread.
class Session : public std::enable_shared_from_this<Session> {
public:
    Session(boost::asio::ip::tcp::socket socket, boost::asio::ip::tcp::endpoint const& remote, ThreadState& thread);

    /// To the end of the connection. Never throws.
    boost::asio::awaitable<void> run();
    void close() noexcept;
    /// Whether somebody has said here who he is.
    [[nodiscard]] bool is_known() const noexcept { return !devices_.empty(); }
    [[nodiscard]] bool is_stranger() const noexcept { return devices_.empty() && socket_.is_open(); }
    /// Looks on behind the beginning of a frame whose rest has not come in time.
    void give_up_unfinished(Clock::time_point now);
    [[nodiscard]] bool is_overdue(Clock::time_point now) const noexcept { return now >= deadline_ || now >= write_deadline_; }

private:
    boost::asio::awaitable<bool> take_turn();
    boost::asio::awaitable<void> keep_to_rate(std::size_t frames, std::size_t bytes);
    boost::asio::awaitable<bool> settle(Turn turn);
    boost::asio::awaitable<bool> answer(Turn const& turn);
    boost::asio::awaitable<bool> send(std::string bytes);
    void send_from_elsewhere(std::string bytes);
    /// \param gives_up what had begun before is no frame
    Turn read_frames(std::string_view bytes, bool gives_up = false);
    void attach(std::string const& mn, UtcTime now);
    [[nodiscard]] bool is_delayed(Reception const& reception);

    boost::asio::ip::tcp::socket socket_;
    boost::asio::ip::address source_;
    std::string peer_;
    std::uint64_t number_;
    ThreadState& thread_;
    hj212::FrameDecoder decoder_;
    std::vector<std::string> devices_;  // that spoke here, ascending; mostly one
    Clock::time_point deadline_;
    Clock::time_point write_deadline_ = Clock::time_point::max();
    Clock::time_point segment_deadline_ = Clock::time_point::max();  // of the frame that has begun
    std::string outgoing_;  // what the write under way does not hold
    std::uint64_t outgoing_end_ = 0, written_ = 0;  // bytes since the start
    bool writing_ = false, write_failed_ = false;
    std::unique_ptr<boost::asio::steady_timer> written_some_;  // wakes who waits for bytes that another one writes
    Clock::time_point window_;  // the second in which the next two are counted
    std::size_t window_frames_ = 0, window_bytes_ = 0;
    Conduct conduct_;
    SplitTimes splits_;
};

}  // namespace yihong::gateway
