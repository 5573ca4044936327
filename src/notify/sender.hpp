#pragma once

#include "event.hpp"

#include "yihong/model/channel.hpp"
#include "yihong/ports/journal.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace yihong::notify {

/// How one try ended.
struct Outcome {
    enum class Kind : std::uint8_t {
        delivered,
        failed,                                    ///< to be tried again
        unreachable,                               ///< likewise; nobody answered at all, so that the reason lies not in the event
        locked_out,  ///< the channel's own secret is wrong: every event would be refused, none of them is at fault
        refused  ///< for good: it would be refused again
    };
    Kind kind = Kind::delivered;
    std::string error;  ///< without secrets
    std::optional<std::chrono::seconds> retry_after;
    std::size_t taken = 0;  ///< not delivered as a whole: so many events from the front were taken all the same
    std::size_t messages = 1;  ///< that were sent, for the channel's rate
};

/// What senders need besides their channel.
struct SenderContext {
    NotifySettings settings;
    Journal const& journal;  ///< for the earlier steps of an alert
    std::atomic<bool> const* stopping = nullptr;  ///< set: give up what is under way
};

/// Brings events to one receiver. Used by one thread; waits no longer than the channel's timeout.
class Sender {
public:
    virtual ~Sender() = default;
    /// \param events one; or several of one river where the channel's kind is read by people
    virtual Outcome send(std::span<Event const> events) = 0;
};

/// \param channel outlives the sender
std::unique_ptr<Sender> make_sender(Channel const& channel, SenderContext context);

/// `https://host:port`, what may be shown of a URL: paths and queries of robots are secrets.
[[nodiscard]] std::string shown_target(Channel const& channel);
/// Text of a receiver or a library, made safe to show: valid, short, without the channel's secrets and the path of its URL.
[[nodiscard]] std::string redacted(std::string_view text, Channel const& channel);

}  // namespace yihong::notify
