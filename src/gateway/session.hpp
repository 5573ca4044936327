#pragma once

#include "command_desk.hpp"

#include "yihong/gateway/device_book.hpp"
#include "yihong/gateway/gateway.hpp"
#include "yihong/gateway/status_board.hpp"
#include "yihong/hj212/frame.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <atomic>
#include <chrono>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

namespace yihong::gateway {

using Clock = std::chrono::steady_clock;

/// What all I/O threads share.
struct Shared {
    Shared(GatewayOptions gateway_options, Intake& the_intake, std::vector<Device> const& devices);

    /// Counts a new connection. \return false when the gateway or this source has its fill
    bool admit(boost::asio::ip::address const& source);
    void release(boost::asio::ip::address const& source);
    /// Whether what this source was refused may be kept, in quarantine or as evidence: a few a minute, so that nobody fills the disk with rubbish
    /// or pushes the evidence of stations out.
    bool may_keep_refused(boost::asio::ip::address const& source);

    GatewayOptions options;
    Intake& intake;
    KeyRing keys;
    Snapshot<DeviceBook> book;
    StatusBoard board;
    CommandDesk desk{options, book, board, keys};
    std::atomic<std::uint64_t> connections{0}, accepted_connections{0}, bytes{0}, frames{0}, acknowledged{0}, bad_crc{0}, refused{0},
        repeated_refusals{0}, skipped_bytes{0}, unfinished{0};
    std::atomic<std::uint64_t> next_connection{1};

private:
    struct Source {
        std::size_t connections = 0;
        Clock::time_point window{};
        int refusals = 0;
    };
    std::mutex mutex_;
    std::map<boost::asio::ip::address, Source> sources_;
};

class Session;

/// What the sessions of one I/O thread share; touched by that thread only.
struct ThreadState {
    explicit ThreadState(Shared& everything) : shared{everything}, buffer(128 * 1024) {}
    void expire(Clock::time_point now);
    void close_all();

    Shared& shared;
    std::vector<char> buffer;  ///< every session reads into it; nothing stays in it across a wait
    std::vector<hj212::Field> fields;  ///< scratch of the data area
    std::list<std::shared_ptr<Session>> sessions;
    bool stopping = false;
};

/// One connection of a station, or of a platform that passes on what many stations send. Lives on one I/O thread.
class Session : public std::enable_shared_from_this<Session> {
public:
    Session(boost::asio::ip::tcp::socket socket, boost::asio::ip::tcp::endpoint const& remote, ThreadState& thread);

    /// To the end of the connection. Never throws.
    boost::asio::awaitable<void> run();
    void close() noexcept;
    /// Looks on behind the beginning of a frame whose rest has not come in time.
    void give_up_unfinished(Clock::time_point now);
    [[nodiscard]] bool is_overdue(Clock::time_point now) const noexcept { return now >= deadline_ || now >= write_deadline_; }

private:
    struct Work;
    boost::asio::awaitable<bool> take_turn();
    boost::asio::awaitable<void> keep_to_rate(std::size_t frames, std::size_t bytes);
    boost::asio::awaitable<bool> settle(Work work);
    boost::asio::awaitable<bool> send(std::string bytes);
    void send_from_elsewhere(std::string bytes);
    /// \param gives_up what had begun before is no frame
    Work read_frames(std::string_view bytes, bool gives_up = false);
    void take(hj212::Frame const& frame, DeviceBook const& book, UtcTime now, Work& work);
    void attach(std::string const& mn, UtcTime now);

    boost::asio::ip::tcp::socket socket_;
    boost::asio::ip::address source_;
    std::string peer_;
    std::uint64_t number_;
    ThreadState& thread_;
    hj212::FrameDecoder decoder_;
    std::set<std::string, std::less<>> devices_;  // that spoke here; mostly one
    Clock::time_point deadline_;
    Clock::time_point write_deadline_ = Clock::time_point::max();
    Clock::time_point segment_deadline_ = Clock::time_point::max();  // of the frame that has begun
    std::string outgoing_;  // what the write under way does not hold
    std::uint64_t outgoing_end_ = 0, written_ = 0;  // bytes since the start
    bool writing_ = false, write_failed_ = false;
    boost::asio::steady_timer written_some_;  // wakes who waits for bytes that another one writes
    Clock::time_point window_;  // the second in which the next two are counted
    std::size_t window_frames_ = 0, window_bytes_ = 0;
    std::size_t useless_bytes_ = 0;  // since the last good frame
    int refusals_ = 0;  // in a row
};

}  // namespace yihong::gateway
