#pragma once

#include "messages.hpp"

#include "yihong/forward/forwarder.hpp"
#include "yihong/hj212/cipher.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <atomic>
#include <deque>
#include <mutex>
#include <random>

namespace yihong::forward {

/// One forward at work: connects, sends in order, sends again from the oldest unanswered record, has answered ones removed.
/// Everything runs on the io thread, but for what says otherwise.
class Line {
public:
    Line(Forward forward, ForwarderStore store, Writer& writer, CurrentState const& state, boost::asio::io_context& io,
         ForwarderOptions const& options);

    void start();
    void stop();
    /// There may be more in the outbox.
    void wake();

    // any thread
    [[nodiscard]] std::string const& queue() const noexcept { return queue_; }
    void count_waiting(std::uint64_t entries) noexcept { waiting_ += entries; }
    [[nodiscard]] ForwardStatus status() const;

private:
    using Clock = std::chrono::steady_clock;
    template <typename T>
    using Awaitable = boost::asio::awaitable<T>;

    struct Part {
        hj212::Outgoing message;
        std::vector<std::string> qns;                  // of every time it was sent: a late answer counts too
        bool answered = false;
    };
    struct Sending {
        std::uint64_t id = 0;
        std::vector<Part> parts;                       // none: nothing of the record can be sent
        [[nodiscard]] bool is_done() const noexcept;
    };

    Awaitable<void> run();
    Awaitable<bool> connect();
    Awaitable<void> receive();
    Awaitable<void> send();
    Awaitable<void> remove_answered();
    Awaitable<bool> remove(std::vector<std::uint64_t> ids);
    Awaitable<void> pause_for(std::chrono::milliseconds length);

    void take(std::string_view segment);
    void answered(std::string_view qn);
    void drop_done();
    void fill(std::string& out);
    Sending make_sending(OutboxEntry const& entry);
    void append(Sending& sending, std::string& out);
    std::string next_qn();
    void lose(std::string reason);
    /// For an answer, before everything is sent again: longer each time.
    [[nodiscard]] std::chrono::milliseconds wait() const noexcept { return patience_ * (1 << silences_); }
    Site const* find_site(SiteNumber number);

    Speech speech_;
    std::string queue_;
    std::optional<hj212::Sm4> key_;
    ForwarderStore store_;
    ForwarderOptions options_;
    Writer& writer_;
    CurrentState const& state_;

    boost::asio::io_context& io_;
    boost::asio::ip::tcp::socket socket_;
    boost::asio::ip::tcp::resolver resolver_;
    boost::asio::steady_timer pause_;
    boost::asio::steady_timer signal_;                 // wakes `send`
    boost::asio::steady_timer done_signal_;            // wakes `remove_answered`
    bool stopping_ = false;
    bool woken_ = false;
    bool finished_ = false;                            // `run` has ended

    std::uint64_t done_through_ = 0;                   // every entry up to here was answered
    std::uint64_t read_through_ = 0;                   // every entry up to here is in flight or was read ahead
    bool more_ = true;                                 // the outbox may hold entries behind read_through_
    std::deque<OutboxEntry> ahead_;
    std::deque<Sending> in_flight_;
    std::string replies_;                              // to what the receiver asks
    std::vector<std::uint64_t> done_;                  // answered, still in the outbox
    Clock::time_point progress_at_{};
    int silences_ = 0;                                 // timeouts in a row on this connection
    std::chrono::milliseconds patience_{};             // the answer timeout, or more where answers came after it
    bool progressed_ = false;                          // an answer came on this connection
    std::string lost_;                                 // why this connection ended
    UtcTime last_qn_{};
    std::minstd_rand random_;

    std::shared_ptr<World const> world_;               // what these are of:
    hj212::CommonUnits units_;

    std::atomic<std::uint64_t> waiting_{0}, sent_{0}, repeated_{0};
    std::atomic<bool> connected_{false};
    mutable std::mutex mutex_;                         // guards the two below
    std::optional<UtcTime> last_answer_at_;
    std::string last_error_;
};

}  // namespace yihong::forward
