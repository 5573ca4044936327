#pragma once

#include "yihong/ports/records.hpp"
#include "yihong/reports/kept_months.hpp"
#include "yihong/reports/section_months.hpp"

#include <cstdint>
#include <span>
#include <stop_token>
#include <utility>
#include <variant>
#include <vector>

namespace yihong {

/// The days of an air station in a month (空气站日均值), small enough to be kept.
struct AirMonth {
    struct Day {
        UtcTime time{};  ///< midnight of Beijing
        std::uint8_t values = 0;  ///< how many of `values` are its own
    };
    std::vector<Day> days;
    std::vector<std::pair<ParameterId, Decimal>> values;
    DataState read;

    /// Daily records as `AirDays` makes them, behind those that are there.
    void append_to(std::vector<Record>& records) const;
};

/// Reads the hours and days of the month. \throws StoreError
[[nodiscard]] AirMonth read_air_month(Records const& records, SiteNumber station, Period const& month, StandardsBook const& standards);

/// Months of air stations that somebody asked for, kept until a record of them changes, as `SectionMonths` keeps those of sections.
class AirMonths {
public:
    static constexpr std::size_t usual_limit = std::size_t{96} << 20U;

    /// \param records outlives this \param limit bytes, about; the longest unused leave first
    explicit AirMonths(Records const& records, std::size_t limit = usual_limit) : records_{records}, kept_{limit} {}

    /// \throws StoreError
    [[nodiscard]] std::shared_ptr<AirMonth const> get(SiteNumber station, Period const& month, StandardsBook const& standards);
    /// Records that a commit brought, replaced or took back. \pre the commit is on disk \return whether any of their months was kept
    bool changed(std::span<Record const> records);
    /// Reads the months anew that a change took out, until `stop`. \throws StoreError: the rest is left to whoever asks
    void refresh(StandardsBook const& standards, std::stop_token const& stop = {});
    /// Everything is read anew: another world holds.
    void clear() { kept_.clear(); }
    [[nodiscard]] std::size_t bytes() const { return kept_.bytes(); }

private:
    Records const& records_;
    KeptMonths<AirMonth, std::monostate> kept_;
};

}  // namespace yihong
