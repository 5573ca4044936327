#pragma once

#include "command_catalog.hpp"
#include "exchange.hpp"

#include "yihong/base/snapshot.hpp"
#include "yihong/gateway/device_book.hpp"
#include "yihong/gateway/gateway.hpp"
#include "yihong/gateway/key_ring.hpp"
#include "yihong/gateway/status_board.hpp"

#include <atomic>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace yihong::gateway {

enum class CommandState : std::uint8_t {
    awaiting_confirmation,
    queued,
    sent,
    accepted,
    done,
    no_data,
    refused,
    failed,
    timeout,
    not_connected,
    expired
};
std::string_view to_text(CommandState state) noexcept;
[[nodiscard]] constexpr bool is_final(CommandState state) noexcept { return state >= CommandState::done; }

/// A command that somebody gave a device, and what became of it.
struct Command {
    std::string id;
    std::string mn;
    CommandSpec const* spec = nullptr;
    BuiltCommand built;
    hj212::Edition edition = hj212::Edition::hj212_2017;
    std::string by, from;                          ///< who asked
    std::string confirmed_by;
    CommandState state = CommandState::queued;
    UtcTime at{};
    std::optional<UtcTime> key_made_at;            ///< of the key that new_key offers, once it was sent
    std::optional<UtcTime> expires_at, sent_at, ended_at;
    int attempts = 0;
    std::string qn;
    std::optional<int> qn_rtn, exe_rtn;
    std::vector<std::pair<std::string, std::string>> result;   ///< fields that the station returned
    std::uint64_t records = 0;                     ///< that its uploads became
};

/// A reply or an upload of a device while a command runs.
struct StationWord {
    std::string mn;
    std::string qn;
    int cn = 0;
    std::vector<std::pair<std::string, std::string>> fields;
    bool is_reply = false;
    bool is_record = false;
};

/// Gives stations commands, one at a time each, and keeps what became of them. Any thread; one lock. Every step leaves an audit line.
class CommandDesk {
public:
    using Time = Exchange::Time;
    CommandDesk(GatewayOptions const& options, Snapshot<DeviceBook> const& book, StatusBoard const& board, KeyRing& keys)
        : options_{options}, book_{book}, board_{board}, keys_{keys}
    {}

    struct Order {
        std::string mn;
        CommandSpec const* spec = nullptr;
        BuiltCommand built;
        std::string by, from;
    };
    /// \return Errc::conflict when the device is not connected, busy when too many commands wait for it
    Result<Command> give(Order order);
    /// \return Errc::not_found, or conflict when there is nothing to confirm (any more)
    Result<Command> confirm(std::string const& mn, std::string const& id, std::string const& by, std::string const& from);
    /// Calls back with the command once it has ended, or as it is after `command_wait`; perhaps at once, on any thread.
    void when_ended(std::string const& mn, std::string const& id, std::function<void(Command)> done);

    [[nodiscard]] std::optional<Command> find(std::string const& mn, std::string const& id);
    [[nodiscard]] std::vector<Command> list(std::string const& mn);           ///< newest first
    /// The edition that the device spoke last, else HJ 212-2017.
    [[nodiscard]] hj212::Edition edition_of(std::string const& mn) const;

    /// Whether any command runs, so that sessions need not tell of every frame.
    [[nodiscard]] bool listens() const noexcept { return running_.load(std::memory_order_relaxed) > 0; }
    void hear(StationWord const& word, Time now);
    void tick(Time now);
    /// Nobody waits any longer.
    void stop();

private:
    struct Waiter {
        Time until;
        std::function<void(Command)> done;
    };
    struct Entry {
        Command command;
        std::optional<Exchange> exchange;          // while it runs
        std::vector<Waiter> waiters;
    };
    struct Desk {
        std::deque<std::shared_ptr<Entry>> entries;            // oldest first
        std::deque<std::shared_ptr<Entry>> queue;
        std::shared_ptr<Entry> running;
        UtcTime last_qn{};
    };
    /// What is done once the lock is free.
    using Later = std::vector<std::function<void()>>;

    std::shared_ptr<Entry> entry_of(std::string const& mn, std::string const& id);
    void enter(Entry& entry, CommandState state, Later& later);
    void start_next(Desk& desk, Time now, Later& later);
    void follow(Desk& desk, Time now, Later& later);
    bool send(Desk& desk, Entry& entry);
    void expire(Desk& desk, UtcTime now, Later& later);
    static void run(Later const& later);

    GatewayOptions const& options_;
    Snapshot<DeviceBook> const& book_;
    StatusBoard const& board_;
    KeyRing& keys_;
    std::atomic<int> running_{0};
    std::mutex mutex_;
    std::unordered_map<std::string, Desk> desks_;
    UtcTime last_id_{};
    bool stopped_ = false;
};

}  // namespace yihong::gateway
