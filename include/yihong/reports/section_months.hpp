#pragma once

#include "yihong/periods/section_period.hpp"
#include "yihong/ports/records.hpp"

#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <stop_token>
#include <unordered_map>
#include <utility>
#include <vector>

namespace yihong {

/// From which records something was made: the same ones make the same report.
struct DataState {
    std::uint64_t records = 0;
    std::optional<UtcTime> last_received;  ///< the newest of them came then
    std::optional<UtcTime> known_at = {};  ///< they are what was known then (当时所知); none: what is known
    void note(UtcTime received_at)
    {
        ++records;
        last_received = last_received ? std::max(*last_received, received_at) : received_at;
    }
    void add(DataState const& other)
    {
        records += other.records;
        if (other.last_received)
            last_received = last_received ? std::max(*last_received, *other.last_received) : *other.last_received;
    }
};

/// What a month of a section is made of (断面月度累计).
struct SectionMonth {
    /// A sample of another month that was taken for this one.
    struct Planned {
        UtcTime time{}, received_at{};
    };
    SectionPiece piece;
    DataState read;  ///< of the month's own records
    std::vector<Planned> planned;
};

/// Reads the records of the month, and the samples around it that were taken for it. \throws StoreError
/// \param left_out what lies in it does not count
[[nodiscard]] SectionMonth read_month(Records const& records, SiteNumber site, Period const& month, WaterValidity const& validity,
                                      ParameterBook const& parameters, std::vector<Stretch> left_out = {});

/// Months of sections that somebody asked for, kept until a record of them changes: always what reading the records anew would give. After a
/// change `refresh`, or whoever asks first, reads the records. Any thread may ask.
class SectionMonths {
public:
    static constexpr std::size_t usual_limit = std::size_t{128} << 20U;

    /// \param records outlives this \param limit bytes, about; the longest unused leave first
    explicit SectionMonths(Records const& records, std::size_t limit = usual_limit) : records_{records}, limit_{limit} {}

    /// \throws StoreError
    [[nodiscard]] std::shared_ptr<SectionMonth const> get(SiteNumber site, Period const& month, WaterValidity const& validity,
                                                          ParameterBook const& parameters);
    /// Records that a commit brought, replaced or took back. Costs a look into an index for each month that they touch, and reads nothing.
    /// \pre the commit is on disk: who asked before may have read either state, and what he read is not kept
    /// \return whether any of them was kept: `refresh` has something to do
    bool changed(std::span<Record const> records);
    /// Reads the months anew that a change took out, until `stop`. \throws StoreError: the rest is left to whoever asks
    void refresh(ParameterBook const& parameters, std::stop_token const& stop = {});
    /// Everything is read anew: another world holds.
    void clear();
    [[nodiscard]] std::size_t bytes() const;

private:
    using Key = std::uint64_t;  ///< the site, and the month
    struct Slot {
        Key key = 0;
        WaterValidity validity;
        std::uint64_t reading = 0;  ///< who reads it: only he fills it
        std::shared_ptr<SectionMonth const> month;  ///< null: it is being read
        std::size_t charge = 0;
    };
    using Slots = std::list<Slot>;
    static Key key_of(SiteNumber site, UtcTime begin) noexcept;
    /// A month that was kept until it changed.
    struct Stale {
        SiteNumber site = 0;
        UtcTime begin{};
        WaterValidity validity;
    };
    void take_out(Slots::iterator slot);

    Records const& records_;
    std::size_t const limit_;
    mutable std::mutex mutex_;
    Slots slots_;  // newest use first
    std::unordered_map<Key, Slots::iterator> by_key_;
    std::size_t bytes_ = 0;
    std::uint64_t readings_ = 0;
    std::vector<Stale> stale_;  // none of them is kept, but where somebody asked meanwhile
};

/// Where reports read from: the store, the months of it that are kept, where somebody keeps them up to date, and what people have marked. Kept
/// months are as measured: one with days that are left out is read from its records.
struct ReportRecords {
    // NOLINTNEXTLINE(google-explicit-constructor): records alone are read as they are
    ReportRecords(Records const& all, SectionMonths* kept = nullptr,
                  std::shared_ptr<MarkBook const> marked = std::make_shared<MarkBook const>())
        : records{all}, months{kept}, marks{std::move(marked)}
    {}
    Records const& records;
    SectionMonths* months;
    std::shared_ptr<MarkBook const> marks;  ///< never null

    /// As measured. \throws StoreError
    [[nodiscard]] std::shared_ptr<SectionMonth const> month(SiteNumber site, Period const& month, WaterValidity const& validity,
                                                            ParameterBook const& parameters) const;
};

}  // namespace yihong
