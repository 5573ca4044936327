#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <tuple>
#include <vector>

namespace yihong::notify {

/// Exponential with full jitter: up to `shortest` doubled with every try, at most `longest`; never less than a tenth of that.
[[nodiscard]] std::chrono::milliseconds backoff(int tries, std::chrono::milliseconds shortest, std::chrono::milliseconds longest,
                                                std::minstd_rand& random);

/// What waits on one channel, without its content: decides what goes next. No I/O, no clock of its own.
/// Order holds within an alert only: its first entry waits for its pause, the ones behind it for the first; other alerts do not care.
class Pending {
public:
    using Clock = std::chrono::steady_clock;
    struct Item {
        std::uint64_t id = 0;                      ///< of the outbox entry
        std::string alert;
        std::string river;                         ///< not empty: may be merged with others of this river
        int tries = 0;
        bool unreachable = false;                  ///< nobody answered the last try
        Clock::time_point due{};
    };

    /// \param group_wait how long an item with a river waits for others
    explicit Pending(std::chrono::milliseconds group_wait) : group_wait_{group_wait} {}

    /// Entries come in the order of their ids.
    /// \param tries how often it has failed already
    void add(std::uint64_t id, std::string alert, std::string river, Clock::time_point now, int tries = 0);
    /// Takes out what is to be sent at `now`: one item, or several of one river, with the ones of an alert in order. Items that were
    /// tried less come first, so that new alerts never stand behind old failures. Empty: nothing is due. What is behind them in
    /// their alerts waits until they are given to `settle` or `put_back`.
    [[nodiscard]] std::vector<Item> take(Clock::time_point now);
    void settle(std::vector<Item> const& items);
    /// What could not be delivered comes back before the rest of its alert, to be taken again at its `due`.
    void put_back(std::vector<Item> items);
    /// The receiver answers again: what found nobody is due now.
    void receiver_is_back(Clock::time_point now);
    /// When something will be due; none: nothing waits.
    [[nodiscard]] std::optional<Clock::time_point> next_due() const;
    [[nodiscard]] std::size_t size() const noexcept { return size_; }

private:
    using Waiting = std::tuple<Clock::time_point, std::uint64_t, std::string>;     // due, id, alert: of the first item of each
    using Ready = std::tuple<int, std::uint64_t, std::string>;                     // tries, id, alert

    void list(std::string const& alert);
    /// The items at the front of `alert` that may be merged for `river`, at least the first; they leave it.
    void move_front(std::string const& alert, std::string const& river, std::vector<Item>& to);

    std::chrono::milliseconds group_wait_;
    std::map<std::string, std::deque<Item>> alerts_;
    std::set<Waiting> waiting_;
    std::set<Ready> ready_;
    std::map<std::string, Clock::time_point> groups_;      // river → when its message goes
    std::size_t size_ = 0;
};

}  // namespace yihong::notify
