#pragma once

#include "yihong/model/record.hpp"
#include "yihong/periods/calendar.hpp"

#include <algorithm>
#include <atomic>
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

    /// \param wanted months, one after the other
    /// \param read gives those of a run of them that are not kept, as many as it is asked for \param charge what a month costs, bytes
    template <typename Read, typename Charge>
    [[nodiscard]] std::vector<std::shared_ptr<Month const>> get(SiteNumber site, std::span<Period const> wanted, How const& how,
                                                                Read const& read, Charge const& charge)
    {
        std::vector<std::shared_ptr<Month const>> found(wanted.size());
        if (wanted.empty())
            return found;
        auto const first = number_of(wanted.front().begin);
        auto const reading = look(site, first, how, found);
        for (std::size_t from = 0; from < found.size(); ++from) {
            auto to = from;
            while (to < found.size() && !found[to])
                ++to;
            if (to == from)
                continue;
            fill(site, first + static_cast<int>(from), reading, read_run(wanted.subspan(from, to - from), read), charge,
                 std::span{found}.subspan(from, to - from));
            from = to - 1;
        }
        return found;
    }
    /// What a commit touches leaves. \param each_month calls its second argument with the beginning of each month that a record can be a part of
    /// \return whether any of them was kept
    template <typename EachMonth>
    bool changed(std::span<Record const> records, EachMonth const& each_month)
    {
        if (records.empty())
            return false;
        std::lock_guard const lock{mutex_};
        if (by_site_.empty())
            return false;
        bool any = false;
        for (auto const& record : records)
            each_month(record, [&](UtcTime begin) {
                auto const known = by_site_.find(record.site);
                if (known == by_site_.end())
                    return;
                auto& months = known->second->months;
                auto const month = at(months, number_of(begin));
                if (month == months.end() || month->number != number_of(begin))
                    return;
                stale_.push_back({record.site, begin, month->how});
                take_out(known->second, month);
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
        sites_.clear();
        by_site_.clear();
        bytes_ = 0;
    }
    [[nodiscard]] std::size_t bytes() const
    {
        std::lock_guard const lock{mutex_};
        return bytes_;
    }
    /// Somebody reads what was not kept, and waits for it.
    [[nodiscard]] bool is_reading() const noexcept { return reading_now_ > 0; }

private:
    struct Slot {
        int number = 0;  ///< of the month
        How how{};
        std::uint64_t reading = 0;  ///< who reads it: only he fills it
        std::uint64_t used = 0;  ///< the greater, the later
        std::shared_ptr<Month const> month = nullptr;  ///< null: it is being read
        std::size_t charge = 0;
    };
    using Slots = std::vector<Slot>;  // ascending number
    /// Together, since whoever asks for one month of a site mostly asks for those beside it.
    struct OfSite {
        SiteNumber site = 0;
        Slots months;
    };
    using Sites = std::list<OfSite>;

    static int number_of(UtcTime begin) noexcept
    {
        auto const day = beijing_date(begin);
        constexpr int months_a_year = 12;
        return static_cast<int>(day.year()) * months_a_year + static_cast<int>(static_cast<unsigned>(day.month()));
    }
    static typename Slots::iterator at(Slots& months, int number) noexcept
    {
        return std::ranges::lower_bound(months, number, {}, &Slot::number);
    }

    /// Puts what is kept into `found`, and a place for each of the others. \return whose reading fills these
    std::uint64_t look(SiteNumber site, int first, How const& how, std::span<std::shared_ptr<Month const>> found)
    {
        std::lock_guard const lock{mutex_};
        auto const [known, is_new] = by_site_.try_emplace(site);
        if (is_new)
            known->second = sites_.insert(sites_.begin(), OfSite{site, {}});
        else
            sites_.splice(sites_.begin(), sites_, known->second);
        auto& months = known->second->months;
        auto const reading = ++readings_;
        auto month = at(months, first);
        for (std::size_t i = 0; i < found.size(); ++i, ++month) {
            int const number = first + static_cast<int>(i);
            if (month == months.end() || month->number != number)
                month = months.insert(month, Slot{.number = number});
            else if (month->month && month->how == how)
                found[i] = month->month;
            month->used = reading;
            if (found[i])
                continue;
            bytes_ -= std::exchange(month->charge, 0);
            month->month.reset();
            month->how = how;
            month->reading = reading;
        }
        return reading;
    }
    template <typename Read>
    std::vector<Month> read_run(std::span<Period const> run, Read const& read)
    {
        struct Counted {
            std::atomic<int>& count;
            explicit Counted(std::atomic<int>& of) : count{of} { ++count; }
            ~Counted() { --count; }
            Counted(Counted const&) = delete;
            Counted& operator=(Counted const&) = delete;
        } const counted{reading_now_};
        return read(run);
    }
    /// Keeps what was read, but for what changed meanwhile and what another reads.
    template <typename Charge>
    void fill(SiteNumber site, int first, std::uint64_t reading, std::vector<Month> read, Charge const& charge,
              std::span<std::shared_ptr<Month const>> found)
    {
        for (std::size_t i = 0; i < found.size(); ++i)
            found[i] = std::make_shared<Month const>(std::move(read[i]));
        std::lock_guard const lock{mutex_};
        auto const known = by_site_.find(site);
        if (known == by_site_.end())
            return;
        auto& months = known->second->months;
        auto month = at(months, first);
        for (std::size_t i = 0; i < found.size(); ++i) {
            int const number = first + static_cast<int>(i);
            while (month != months.end() && month->number < number)
                ++month;
            if (month == months.end() || month->number != number || month->reading != reading)
                continue;
            constexpr std::size_t place = 160;  // of the slot, and its part of list and index
            month->month = found[i];
            month->charge = place + charge(*found[i]);
            bytes_ += month->charge;
        }
        while (bytes_ > limit_ && let_one_go()) {
        }
    }
    /// The longest unused month of the site that nobody has asked for the longest. \return false where it is the only one
    bool let_one_go()
    {
        auto const site = std::prev(sites_.end());
        if (site->months.empty()) {
            by_site_.erase(site->site);
            sites_.erase(site);
            return true;
        }
        if (sites_.size() == 1 && site->months.size() == 1)
            return false;
        take_out(site, std::ranges::min_element(site->months, {}, &Slot::used));
        return true;
    }
    void take_out(typename Sites::iterator site, typename Slots::iterator month)
    {
        bytes_ -= month->charge;
        site->months.erase(month);
    }

    std::size_t const limit_;
    mutable std::mutex mutex_;
    Sites sites_;  // newest use first
    std::unordered_map<SiteNumber, typename Sites::iterator> by_site_;
    std::size_t bytes_ = 0;
    std::uint64_t readings_ = 0;
    std::atomic<int> reading_now_ = 0;
    std::vector<Stale> stale_;
};

}  // namespace yihong
