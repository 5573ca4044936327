#pragma once

#include "pending.hpp"
#include "sender.hpp"
#include "tries_note.hpp"

#include "yihong/notify/dispatcher.hpp"

#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <span>
#include <thread>

namespace yihong::notify {

/// One channel at work. Its thread reads ahead in the outbox, sends, and has what is done removed; commits go on while it sends.
class Dispatcher::Worker {
public:
    Worker(Channel channel, Outbox const& outbox, Journal const& journal, Writer& writer, DeliveryWatch& watch,
           DispatcherOptions const& options);
    ~Worker() { stop(); }

    void start();
    void ask_to_stop();
    void stop();

    // any thread
    [[nodiscard]] Channel const& channel() const noexcept { return channel_; }
    [[nodiscard]] std::string const& queue() const noexcept { return queue_; }
    [[nodiscard]] std::string const& dead_queue() const noexcept { return dead_queue_; }
    void added(std::uint64_t waiting, std::uint64_t dead);
    void dead_letter_left() noexcept { --dead_; }
    [[nodiscard]] ChannelStatus status() const;

private:
    using Clock = Pending::Clock;
    struct Finished {
        std::uint64_t id = 0;
        std::optional<DeadLetter> dead;                // none: delivered
    };

    void run();
    /// Entries behind what is known already become pending.
    void read_ahead();
    void deliver(std::vector<Pending::Item> const& items);
    /// These were taken. \param gets_through false: what came behind them was not
    void delivered(std::vector<Pending::Item> const& items, bool gets_through);
    void failed(std::vector<Pending::Item> items, std::span<Event const> events, Outcome const& outcome);
    void finish(Finished finished);
    /// Gives finished entries to the writer, one batch at a time, and now and then the note of the tries.
    void submit_finished();
    [[nodiscard]] TriesNote restored();
    [[nodiscard]] int tries_of(std::uint64_t entry) const;
    /// \pre mutex_ is held
    [[nodiscard]] bool note_is_due() const { return note_changed_ && (stopping_ || note_again_at_ <= Clock::now()); }
    [[nodiscard]] bool has_to_commit() const { return !finished_.empty() || note_is_due(); }
    /// Puts the note into the place of the one that the outbox holds. \return false when the store cannot be read
    bool add_note(OutboxJob& job, TriesNote const& note) const;
    /// Until when the rate or the receiver (Retry-After) forbids sending; the past: nothing does.
    [[nodiscard]] Clock::time_point held_until();
    [[nodiscard]] std::uint64_t count(std::string const& queue) const;

    Channel channel_;
    std::string queue_, dead_queue_, tries_queue_;
    Outbox const& outbox_;
    DispatcherOptions options_;
    Writer& writer_;
    DeliveryWatch& watch_;
    std::atomic<bool> stopping_{false};
    std::unique_ptr<Sender> sender_;

    // of the worker's thread
    Pending pending_;
    std::uint64_t read_through_ = 0;                   // every entry up to here is pending, finished or gone
    std::deque<Clock::time_point> sent_;               // messages of the last minute
    Clock::time_point receiver_holds_until_{};
    std::minstd_rand random_;

    mutable std::mutex mutex_;                         // guards what follows
    std::condition_variable wake_;
    bool more_ = true;                                 // the outbox may hold entries behind read_through_
    std::vector<Finished> finished_;
    bool committing_ = false;
    Clock::time_point commit_again_at_{};
    std::optional<UtcTime> last_delivered_at_;
    TriesNote note_;
    bool note_changed_ = false;
    Clock::time_point note_again_at_{};

    std::atomic<std::uint64_t> waiting_{0}, dead_{0}, delivered_{0}, failed_{0};
    std::thread thread_;
};

}  // namespace yihong::notify
