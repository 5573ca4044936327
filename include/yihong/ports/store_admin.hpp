#pragma once

#include <cstdint>
#include <filesystem>

namespace yihong {

struct StoreStats {
    std::uint64_t disk_bytes = 0;
    std::uint64_t records_estimate = 0;
    std::uint64_t quarantine_entries = 0;
    std::uint64_t frames_bytes = 0;  ///< of the evidence, on disk
    std::uint64_t lost_commits = 0;  ///< that were acknowledged and were not there at the start
};

/// The store as a thing to look after. By any thread; every method throws StoreError when the store itself fails.
class StoreAdmin {
public:
    virtual ~StoreAdmin() = default;

    /// A whole, openable copy in a new folder, while reading and writing go on.
    virtual void backup(std::filesystem::path const& directory) = 0;
    [[nodiscard]] virtual StoreStats stats() const = 0;
};

}  // namespace yihong
