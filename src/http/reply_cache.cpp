#include "yihong/http/reply_cache.hpp"

#include "yihong/http/kept_reply.hpp"

namespace yihong::http {

std::size_t ReplyCache::charge_of(Entry const& entry) noexcept
{
    auto const content = entry.reply->content();
    constexpr std::size_t bookkeeping = 512;               // nodes, reply, headers
    return bookkeeping + 2 * entry.key.size() + entry.version.size() + (content ? content->memory() : 0) +
           (entry.reply->lines ? entry.reply->lines->memory() : 0);
}

void ReplyCache::recharge(Entry& entry) noexcept
{
    std::size_t const now = charge_of(entry);
    bytes_.fetch_add(now - entry.charge, std::memory_order_relaxed);       // modular: may shrink as well
    entry.charge = now;
}

std::shared_ptr<Reply const> ReplyCache::find(std::string_view key, std::string_view version)
{
    std::shared_ptr<Reply const> reply;
    bool grown = false;
    {
        auto& shard = shard_of(key);
        std::lock_guard const lock{shard.mutex};
        auto const found = shard.by_key.find(key);
        if (found != shard.by_key.end() && found->second->version == version) {
            auto& entry = *found->second;
            entry.used = clock_.fetch_add(1, std::memory_order_relaxed);
            shard.entries.splice(shard.entries.begin(), shard.entries, found->second);
            std::size_t const before = entry.charge;
            recharge(entry);                               // compressed forms come with the first client that takes them
            grown = entry.charge != before;
            reply = entry.reply;
        }
    }
    (reply ? hits_ : misses_).fetch_add(1, std::memory_order_relaxed);
    if (grown)
        shrink();
    return reply;
}

void ReplyCache::put(std::string_view key, std::string_view version, std::shared_ptr<Reply const> reply)
{
    Entry made{std::string{key}, std::string{version}, std::move(reply), 0, 0};
    if (charge_of(made) > limit_ / 2)
        return;
    {
        auto& shard = shard_of(key);
        std::lock_guard const lock{shard.mutex};
        if (auto const old = shard.by_key.find(key); old != shard.by_key.end()) {
            bytes_.fetch_sub(old->second->charge, std::memory_order_relaxed);
            auto const entry = old->second;
            shard.by_key.erase(old);
            shard.entries.erase(entry);
        }
        made.used = clock_.fetch_add(1, std::memory_order_relaxed);
        shard.entries.push_front(std::move(made));
        shard.by_key.emplace(shard.entries.front().key, shard.entries.begin());
        recharge(shard.entries.front());
    }
    shrink();
}

void ReplyCache::shrink()
{
    while (bytes() > limit_) {
        Shard* oldest = nullptr;
        std::uint64_t used = UINT64_MAX;
        for (auto& shard : shards_) {
            std::lock_guard const lock{shard.mutex};
            if (!shard.entries.empty() && shard.entries.back().used < used) {
                used = shard.entries.back().used;
                oldest = &shard;
            }
        }
        if (oldest == nullptr)
            return;
        std::list<Entry> dropped;                          // dies outside the lock
        std::lock_guard const lock{oldest->mutex};
        if (oldest->entries.empty())
            continue;
        auto const last = std::prev(oldest->entries.end());
        bytes_.fetch_sub(last->charge, std::memory_order_relaxed);
        oldest->by_key.erase(last->key);
        dropped.splice(dropped.begin(), oldest->entries, last);
    }
}

}  // namespace yihong::http
