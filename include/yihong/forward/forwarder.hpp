#pragma once

#include "yihong/model/forward.hpp"
#include "yihong/model/raw_frame.hpp"
#include "yihong/ports/outbox.hpp"
#include "yihong/ports/records.hpp"
#include "yihong/ports/sites.hpp"
#include "yihong/state/current_state.hpp"
#include "yihong/write/writer.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace yihong::forward {

/// What an outbox entry says: which record, not its content. What is sent is what the store holds at the time of sending.
struct Ticket {
    SiteNumber site = 0;
    IntervalKind interval = IntervalKind::hour;
    UtcTime time{};
    UtcTime accepted_at{};                             ///< since when it waits
    bool operator==(Ticket const&) const = default;
};
/// `1 SITE INTERVAL TIME ACCEPTED`: version, numbers, milliseconds.
[[nodiscard]] std::string to_payload(Ticket const& ticket);
/// \return Errc::bad_syntax, unsupported (another version)
[[nodiscard]] Result<Ticket> parse_payload(std::string_view payload);
/// `forward:ID`
[[nodiscard]] std::string queue_of(std::string_view id);

/// How one forward is doing.
struct ForwardStatus {
    std::string id;
    std::string address;
    bool connected = false;
    std::uint64_t waiting = 0;                         ///< entries in the outbox
    std::uint64_t sent = 0;                            ///< records answered since the start
    std::uint64_t repeated = 0;                        ///< frames sent again since the start
    std::optional<UtcTime> last_answer_at;
    std::string last_error;                            ///< empty: none since the last answer
};

struct ForwarderOptions {
    std::chrono::milliseconds shortest_pause{1'000};   ///< between two attempts to connect; doubles up to the longest
    std::chrono::milliseconds longest_pause{60'000};
    std::chrono::milliseconds connect_deadline{10'000};
};

/// What the forwarder reads of the store.
struct ForwarderStore {
    Records const& records;
    Outbox const& outbox;
};

/// Passes records on to higher platforms (转发), each with its own queue in the outbox: what is not answered by 9014 stays there,
/// over losses of connection and restarts, and goes out in the order of acceptance, at least once. `Selection` fills the queues.
/// One thread for all forwards. It is no edge thread: it reads the store itself, in small steps.
class Forwarder final : public OutboxListener {
public:
    /// Counts what waits. What `store` names, the writer and the state outlive the forwarder. \throws StoreError
    Forwarder(std::vector<Forward> const& forwards, ForwarderStore store, Writer& writer, CurrentState const& state,
              ForwarderOptions options = {});
    ~Forwarder() override;  ///< stops
    Forwarder(Forwarder const&) = delete;
    Forwarder& operator=(Forwarder const&) = delete;

    void outbox_grew(std::vector<OutboxEntry> const& entries) override;

    /// Begins to connect and send.
    void start();
    /// Closes the connections, has the writer note what was answered, joins. Idempotent.
    void stop();

    /// Any thread.
    [[nodiscard]] std::vector<ForwardStatus> status() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace yihong::forward
