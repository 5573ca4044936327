#pragma once

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

    /// Entries of a queue with an id above `after`, ascending.
    [[nodiscard]] virtual std::vector<OutboxEntry> outbox(std::string_view queue, std::uint64_t after, std::size_t limit) const = 0;
};

}  // namespace yihong
