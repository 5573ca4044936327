#pragma once

#include <cstddef>
#include <iterator>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace yihong {

/// Values by key, each of a version, the longest unused thrown out first. One thread at a time.
template <typename Value>
class LeastRecent {
public:
    struct Entry {
        std::string key;
        std::string version;
        Value value;
        std::size_t charge = 0;                    ///< bytes that it counts for
    };

    /// It is the one used last now. \return null where there is none of this key
    [[nodiscard]] Entry const* find(std::string_view key)
    {
        auto const known = by_key_.find(key);
        if (known == by_key_.end())
            return nullptr;
        entries_.splice(entries_.begin(), entries_, known->second);
        return &entries_.front();
    }
    /// Takes the place of the one of its key. One of more than half the limit is not kept.
    /// \param limit bytes that all may take \return what left, to die outside the caller's lock
    std::list<Entry> put(Entry entry, std::size_t limit)
    {
        std::list<Entry> left;
        auto const take_out = [&](typename std::list<Entry>::iterator which) {
            bytes_ -= which->charge;
            by_key_.erase(which->key);
            left.splice(left.begin(), entries_, which);
        };
        if (entry.charge > limit / 2)
            return left;
        if (auto const old = by_key_.find(entry.key); old != by_key_.end())
            take_out(old->second);
        bytes_ += entry.charge;
        entries_.push_front(std::move(entry));
        by_key_.emplace(entries_.front().key, entries_.begin());
        while (bytes_ > limit)
            take_out(std::prev(entries_.end()));
        return left;
    }
    [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }

private:
    std::list<Entry> entries_;  // newest use first
    std::unordered_map<std::string_view, typename std::list<Entry>::iterator> by_key_;
    std::size_t bytes_ = 0;
};

}  // namespace yihong
