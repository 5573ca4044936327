#pragma once

#include "yihong/model/channel.hpp"
#include "yihong/ports/journal.hpp"
#include "yihong/ports/outbox.hpp"
#include "yihong/state/delivery_watch.hpp"
#include "yihong/write/writer.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace yihong::notify {

/// `dead:ID`: what could not be delivered (死信).
[[nodiscard]] std::string dead_queue_of(std::string_view id);

/// An entry of a dead queue: one line of JSON about the failure, then the document byte for byte.
struct DeadLetter {
    std::string error;
    int attempts = 0;
    UtcTime time{};
    std::string document;
    bool operator==(DeadLetter const&) const = default;
};
[[nodiscard]] std::string to_payload(DeadLetter const& letter);
/// \return Errc::bad_syntax
Result<DeadLetter> parse_dead_letter(std::string_view payload);

/// How one channel is doing.
struct ChannelStatus {
    std::string id;
    std::string kind;
    std::string target;                                ///< scheme, host and port only: the rest of a robot's URL is a secret
    std::uint64_t waiting = 0;                         ///< entries in the outbox
    std::uint64_t dead = 0;                            ///< entries set aside
    std::uint64_t delivered = 0;                       ///< events since the start
    std::uint64_t failed = 0;                          ///< tries since the start
    std::optional<UtcTime> last_delivered_at;
    std::optional<UtcTime> failing_since;              ///< none: the last try went well
    std::string last_error;                            ///< empty: none since the last delivery
};

struct DispatcherOptions {
    NotifySettings settings = {};
    std::chrono::milliseconds shortest_pause{1'000};   ///< between two tries of an event; doubles, with full jitter
    std::chrono::milliseconds longest_pause{15 * 60'000};
    std::chrono::milliseconds longest_retry_after{3'600'000};
};

/// Brings alert events from the outbox to people and systems: at least once, in order for each alert. One thread a channel;
/// these are no edge threads, they read the store themselves, in small steps.
/// What is refused for good, or tried too often, goes to the channel's dead queue in the commit that takes it off its own.
class Dispatcher final : public OutboxListener {
public:
    /// Counts what waits. The others outlive the dispatcher. \param watch is told which channels do not get through \throws StoreError
    Dispatcher(std::vector<Channel> channels, Outbox const& outbox, Journal const& journal, Writer& writer, DeliveryWatch& watch,
               DispatcherOptions options = {});
    ~Dispatcher() override;  ///< stops
    Dispatcher(Dispatcher const&) = delete;
    Dispatcher& operator=(Dispatcher const&) = delete;

    void outbox_grew(std::vector<OutboxEntry> const& entries) override;

    /// Begins to send.
    void start();
    /// Gives up what is under way, has the writer note what was delivered, joins. Idempotent.
    void stop();

    /// Any thread.
    [[nodiscard]] std::vector<ChannelStatus> status() const;
    [[nodiscard]] bool knows(std::string_view channel) const noexcept;
    /// Called when a dead letter was replayed or dropped and that is on disk.
    void dead_letter_left(std::string_view channel);

private:
    class Worker;
    Writer& writer_;
    std::vector<std::unique_ptr<Worker>> workers_;
};

}  // namespace yihong::notify
