#pragma once

#include "yihong/hj212/frame.hpp"
#include "yihong/station/fleet.hpp"

#include "logger.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <deque>
#include <limits>
#include <random>

namespace yihong::station {

/// One connection that plays one device. Lives on one thread.
class Station {
public:
    using Clock = std::chrono::steady_clock;

    /// When records are due: `start` is the moment at which `first` was available.
    struct Pace {
        Clock::time_point start;
        UtcTime first{};
        double speed = 0;
    };

    /// \param fleet outlives it
    Station(boost::asio::io_context& io, FleetOptions const& fleet, StationOptions options, Pace pace,
            std::chrono::microseconds start_delay);

    /// Until everything is answered or given up, or stop().
    boost::asio::awaitable<void> run();
    void stop();
    /// Ends the connection when a write has made no progress for long.
    void check_write(Clock::time_point now);
    [[nodiscard]] FleetTotals const& totals() const noexcept { return totals_; }

private:
    enum class Kind { live, history, notice };
    /// One data area of one upload, waiting to be sent.
    struct Item {
        std::size_t upload = 0;
        std::size_t part = 0;
        bool retransmitted = false;
        bool again = false;                            ///< a duplicate on purpose: is not duplicated once more
    };
    /// A frame that waits for its answer.
    struct Pending {
        Kind kind = Kind::live;
        Item item;
        std::string qn;
        std::string frame;
        int sendings = 1;
        Clock::time_point first;
        Clock::time_point deadline;
    };
    /// A request for stored data that is being answered.
    struct History {
        Logger::DataRequest request;
        std::deque<Item> items;
        bool any = false;
        bool gave_up = false;
    };

    boost::asio::awaitable<bool> connect();
    boost::asio::awaitable<void> session();
    boost::asio::awaitable<void> read();
    boost::asio::awaitable<void> write();
    boost::asio::awaitable<void> sleep_until(Clock::time_point time);
    void begin_session();
    void end_session();
    void close();

    void take(hj212::Frame const& frame);
    void take_answer(std::string_view qn);
    void take_request(Logger::Reply reply);
    [[nodiscard]] std::optional<std::string> plain_segment(hj212::Frame const& frame) const;

    void compose(Clock::time_point now);
    void compose_flood(Clock::time_point now);
    void resend_late(Clock::time_point now);
    void compose_history(Clock::time_point now);
    void compose_live(Clock::time_point now);
    void begin_history(Clock::time_point now);
    bool send_item(Item item, Kind kind, Clock::time_point now);
    void send_notice(int cn, std::string cp, Clock::time_point now);
    void track(Kind kind, Item item, std::string qn, std::string frame, Clock::time_point now);
    void put(std::string const& frame);
    [[nodiscard]] std::deque<Item> parts_of(std::size_t upload) const;
    [[nodiscard]] hj212::Outgoing message_of(Item item);
    [[nodiscard]] std::string next_qn();
    [[nodiscard]] std::size_t unanswered() const noexcept;
    [[nodiscard]] bool has_upload(std::size_t index) const noexcept;
    [[nodiscard]] Upload const& upload_at(std::size_t index) const { return uploads_[index % uploads_.size()]; }
    [[nodiscard]] std::chrono::milliseconds later_by(std::size_t index) const;
    [[nodiscard]] Clock::time_point due(std::size_t index, Clock::time_point now) const;
    [[nodiscard]] Clock::duration answer_timeout() const noexcept;
    [[nodiscard]] bool is_done() const noexcept;
    bool by_chance(double share);

    FleetOptions const& fleet_;
    StationOptions options_;
    Pace pace_;
    std::vector<Upload> const& uploads_;               // an index into them counts on over the rounds of a loop
    Logger logger_;
    std::minstd_rand chance_;
    boost::asio::ip::tcp::socket socket_;
    boost::asio::steady_timer wake_;                   // the writer waits on it
    Clock::time_point not_before_;                     // the first connection
    Clock::time_point next_ = Clock::time_point::max();          // when there is something to do again
    Clock::time_point write_deadline_ = Clock::time_point::max();
    Clock::time_point silent_until_ = Clock::time_point::min();
    Clock::time_point flood_until_ = Clock::time_point::min();
    Clock::time_point next_heartbeat_ = Clock::time_point::max();
    std::size_t next_upload_ = 0;
    std::size_t flood_upload_ = 0;
    std::deque<Item> queue_;                           // parts to send before the next upload
    std::vector<Pending> pending_;
    std::optional<History> history_;
    std::deque<Logger::DataRequest> requests_;
    std::string out_;                                  // composed, to be written
    std::int64_t last_qn_ = 0;                         // milliseconds
    int given_up_in_a_row_ = 0;
    bool connected_ = false;
    bool stopping_ = false;
    bool flooded_ = false;
    bool silenced_ = false;
    FleetTotals totals_;
};

}  // namespace yihong::station
