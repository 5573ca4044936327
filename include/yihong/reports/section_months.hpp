#pragma once

#include "yihong/periods/section_period.hpp"
#include "yihong/ports/records.hpp"
#include "yihong/reports/kept_months.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
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
    std::shared_ptr<SectionPiece const> piece;  ///< never null
    DataState read;  ///< of the month's own records
    std::vector<Planned> planned;
};

/// Reads the records of months, one after the other, once, and the samples around them that were taken for one of them. \throws StoreError
/// \param left_out what lies in it does not count
[[nodiscard]] std::vector<SectionMonth> read_months(Records const& records, SiteNumber site, std::span<Period const> months,
                                                    WaterValidity const& validity, ParameterBook const& parameters,
                                                    std::vector<Stretch> left_out = {});

/// Months of sections that somebody asked for, kept until a record of them changes: always what reading the records anew would give. After a
/// change `refresh`, or whoever asks first, reads the records. Any thread may ask.
class SectionMonths {
public:
    static constexpr std::size_t usual_limit = std::size_t{128} << 20U;

    /// \param records outlives this \param limit bytes, about; the longest unused leave first
    explicit SectionMonths(Records const& records, std::size_t limit = usual_limit) : records_{records}, kept_{limit} {}

    /// \param months one after the other \throws StoreError
    [[nodiscard]] std::vector<std::shared_ptr<SectionMonth const>> get(SiteNumber site, std::span<Period const> months,
                                                                       WaterValidity const& validity, ParameterBook const& parameters);
    /// Records that a commit brought, replaced or took back. Costs a look into an index for each month that they touch, and reads nothing.
    /// \pre the commit is on disk: who asked before may have read either state, and what he read is not kept
    /// \return whether any of them was kept: `refresh` has something to do
    bool changed(std::span<Record const> records);
    /// Reads the months anew that a change took out, until `stop`. \throws StoreError: the rest is left to whoever asks
    void refresh(ParameterBook const& parameters, std::stop_token const& stop = {});
    /// Everything is read anew: another world holds.
    void clear() { kept_.clear(); }
    [[nodiscard]] std::size_t bytes() const { return kept_.bytes(); }
    /// Somebody reads months from the records, and waits for them.
    [[nodiscard]] bool is_reading() const noexcept { return kept_.is_reading(); }

private:
    Records const& records_;
    KeptMonths<SectionMonth, WaterValidity> kept_;
};

class AirMonths;

/// Where reports read from: the store, the months of it that are kept, where somebody keeps them up to date, and what people have marked. Kept
/// months are as measured: one with days that are left out is read from its records.
struct ReportRecords {
    // NOLINTNEXTLINE(google-explicit-constructor): records alone are read as they are
    ReportRecords(Records const& all, SectionMonths* kept = nullptr,
                  std::shared_ptr<MarkBook const> marked = std::make_shared<MarkBook const>(), AirMonths* air = nullptr)
        : records{all}, months{kept}, marks{std::move(marked)}, air_months{air}
    {}
    Records const& records;
    SectionMonths* months;
    std::shared_ptr<MarkBook const> marks;  ///< never null
    AirMonths* air_months;

    /// As measured. \param wanted one after the other \throws StoreError
    [[nodiscard]] std::vector<std::shared_ptr<SectionMonth const>>
    months_of(SiteNumber site, std::span<Period const> wanted, WaterValidity const& validity, ParameterBook const& parameters) const;
};

}  // namespace yihong
