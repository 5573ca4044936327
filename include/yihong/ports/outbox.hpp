#pragma once

#include "yihong/base/time.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace yihong {

/// Something that has to leave the service (发件箱): written in the commit of what caused it, gone in the commit after its receiver took it.
struct OutboxEntry {
    std::uint64_t id = 0;  ///< ascending over all queues; given on commit
    std::string queue;  ///< who sends it, e.g. `forward:province`
    std::string payload;
    bool operator==(OutboxEntry const&) const = default;
};

/// What waits to be sent. To be read by any thread; every method throws StoreError when the store itself fails.
class Outbox {
public:
    virtual ~Outbox() = default;

    /// Entries of a queue with an id above `after`, ascending, whoever has claimed them.
    [[nodiscard]] virtual std::vector<OutboxEntry> outbox(std::string_view queue, std::uint64_t after, std::size_t limit) const = 0;
};

/// Who wants to send what waits in a queue.
struct OutboxClaim {
    std::string queue;
    std::string claimant;  ///< one sender, e.g. a process and its thread: another name is another sender
    std::uint64_t after = 0;  ///< only entries with an id above this one
    std::size_t limit = 100;
    UtcTime now{};
    std::chrono::milliseconds lease{};  ///< how long nobody else gets them, from `now`
};

/// Shares a queue among several senders, so that no two send the same entry. Any thread; every method throws StoreError when the store
/// itself fails. Claims are no part of a commit, and a store of one process forgets them at its end: none of its claimants outlives it.
class OutboxClaims {
public:
    virtual ~OutboxClaims() = default;

    /// Gives entries of the queue, ascending, that no other claimant holds: each is the claimant's until the lease ends, until it is done
    /// (OutboxChanges::done) or given back. What the claimant holds already is given again, and its lease runs anew.
    [[nodiscard]] virtual std::vector<OutboxEntry> claim(OutboxClaim const& claim) = 0;
    /// Gives back whatever the claimant still holds of the queue.
    virtual void give_back(std::string_view queue, std::string_view claimant) = 0;
};

}  // namespace yihong
