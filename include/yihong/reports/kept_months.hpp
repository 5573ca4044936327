#pragma once

#include "yihong/model/record.hpp"
#include "yihong/periods/calendar.hpp"

#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

namespace yihong {

/// Months of sites that somebody asked for, kept until a record of them changes. `How` is what they were asked for with: another one is read anew.
/// Any thread may ask.
template <typename Month, typename How>
class KeptMonths {
public:
    /// A month that was kept until it changed.
    struct Stale {
        SiteNumber site = 0;
        UtcTime begin{};
        How how{};
    };

    /// \param limit bytes, about; the longest unused leave first
    explicit KeptMonths(std::size_t limit) : limit_{limit} {}

    /// \param read gives the month where it is not kept \param charge what it costs, bytes
    template <typename Read, typename Charge>
    [[nodiscard]] std::shared_ptr<Month const> get(SiteNumber site, Period const& month, How const& how, Read const& read,
                                                   Charge const& charge)
    {
        auto const key = key_of(site, month.begin);
        std::uint64_t reading = 0;
        {
            std::lock_guard const lock{mutex_};
            if (auto const known = by_key_.find(key); known != by_key_.end()) {
                if (known->second->month && known->second->how == how) {
                    slots_.splice(slots_.begin(), slots_, known->second);
                    return known->second->month;
                }
                take_out(known->second);
            }
            reading = ++readings_;
            slots_.push_front({.key = key, .how = how, .reading = reading, .month = nullptr, .charge = 0});
            by_key_.emplace(key, slots_.begin());
        }
        auto made = std::make_shared<Month const>(read());
        std::lock_guard const lock{mutex_};
        auto const own = by_key_.find(key);
        if (own == by_key_.end() || own->second->reading != reading)  // it changed meanwhile, or another reads it
            return made;
        constexpr std::size_t place = 200;  // in the list and the index
        own->second->month = made;
        own->second->charge = place + charge(*made);
        bytes_ += own->second->charge;
        while (bytes_ > limit_ && slots_.size() > 1)
            take_out(std::prev(slots_.end()));
        return made;
    }
    /// What a commit touches leaves. \param each_month calls its second argument with the beginning of each month that a record can be a part of
    /// \return whether any of them was kept
    template <typename EachMonth>
    bool changed(std::span<Record const> records, EachMonth const& each_month)
    {
        if (records.empty())
            return false;
        std::lock_guard const lock{mutex_};
        if (by_key_.empty())
            return false;
        bool any = false;
        for (auto const& record : records)
            each_month(record, [&](UtcTime begin) {
                auto const known = by_key_.find(key_of(record.site, begin));
                if (known == by_key_.end())
                    return;
                stale_.push_back({record.site, begin, known->second->how});
                take_out(known->second);
                any = true;
            });
        return any;
    }
    /// What left since it was last asked. None of it is kept, but where somebody asked meanwhile.
    [[nodiscard]] std::vector<Stale> take_stale()
    {
        std::lock_guard const lock{mutex_};
        return std::exchange(stale_, {});
    }
    void clear()
    {
        std::lock_guard const lock{mutex_};
        stale_.clear();
        slots_.clear();
        by_key_.clear();
        bytes_ = 0;
    }
    [[nodiscard]] std::size_t bytes() const
    {
        std::lock_guard const lock{mutex_};
        return bytes_;
    }

private:
    using Key = std::uint64_t;  ///< the site, and the month
    struct Slot {
        Key key = 0;
        How how{};
        std::uint64_t reading = 0;  ///< who reads it: only he fills it
        std::shared_ptr<Month const> month;  ///< null: it is being read
        std::size_t charge = 0;
    };
    using Slots = std::list<Slot>;
    static Key key_of(SiteNumber site, UtcTime begin) noexcept
    {
        auto const day = beijing_date(begin);
        constexpr int months_a_year = 12;
        auto const month = static_cast<int>(day.year()) * months_a_year + static_cast<int>(static_cast<unsigned>(day.month()));
        constexpr unsigned bits = 32;
        return Key{site} << bits | static_cast<std::uint32_t>(month);
    }
    void take_out(typename Slots::iterator slot)
    {
        bytes_ -= slot->charge;
        by_key_.erase(slot->key);
        slots_.erase(slot);
    }

    std::size_t const limit_;
    mutable std::mutex mutex_;
    Slots slots_;  // newest use first
    std::unordered_map<Key, typename Slots::iterator> by_key_;
    std::size_t bytes_ = 0;
    std::uint64_t readings_ = 0;
    std::vector<Stale> stale_;
};

}  // namespace yihong
