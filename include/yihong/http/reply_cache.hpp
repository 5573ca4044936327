#pragma once

#include "yihong/http/message.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace yihong::http {

/// Finished replies by request, the longest unused thrown out first. An entry of another version is a miss and is replaced.
/// Several shards, so that I/O threads seldom wait for one another.
class ReplyCache {
public:
    explicit ReplyCache(std::size_t limit_bytes) : limit_{limit_bytes} {}

    /// \return null when there is none of this version
    [[nodiscard]] std::shared_ptr<Reply const> find(std::string_view key, std::string_view version);
    /// Replies of more than half the limit are not kept.
    void put(std::string_view key, std::string_view version, std::shared_ptr<Reply const> reply);

    [[nodiscard]] std::size_t bytes() const noexcept { return bytes_.load(std::memory_order_relaxed); }
    [[nodiscard]] std::size_t hits() const noexcept { return hits_.load(std::memory_order_relaxed); }
    [[nodiscard]] std::size_t misses() const noexcept { return misses_.load(std::memory_order_relaxed); }

private:
    struct Entry {
        std::string key;
        std::string version;
        std::shared_ptr<Reply const> reply;
        std::size_t charge = 0;
        std::uint64_t used = 0;                    // by the cache's own clock
    };
    struct alignas(64) Shard {
        std::mutex mutex;
        std::list<Entry> entries;                  // newest use first
        std::unordered_map<std::string_view, std::list<Entry>::iterator> by_key;
    };

    Shard& shard_of(std::string_view key) noexcept { return shards_[std::hash<std::string_view>{}(key) % shards_.size()]; }
    static std::size_t charge_of(Entry const& entry) noexcept;
    void recharge(Entry& entry) noexcept;
    void shrink();

    std::size_t limit_;
    std::array<Shard, 8> shards_;
    std::atomic<std::size_t> bytes_{0};
    std::atomic<std::uint64_t> clock_{0};
    std::atomic<std::size_t> hits_{0};
    std::atomic<std::size_t> misses_{0};
};

}  // namespace yihong::http
