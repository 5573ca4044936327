#pragma once

#include "valid_values.hpp"

#include "yihong/evaluate/series_memory.hpp"

#include <optional>
#include <utility>
#include <vector>

namespace yihong {

/// The valid values of one item in a stretch of time that ends with the newest record, gaps or not.
class ValueWindow {
public:
    explicit ValueWindow(ParameterId parameter) noexcept : parameter_{parameter} {}
    [[nodiscard]] ParameterId parameter() const noexcept { return parameter_; }

    /// A record of this time has this value now, or none. \param was_newest the newest record until now; a newer one follows it
    void take(UtcTime time, std::optional<Decimal> const& value, UtcTime was_newest);
    /// Reads what it has not got of the time from `from` to the newest record.
    void reach(RecordSeries& series, UtcTime from);
    /// The median of the values from `from` until before `until`. \return nothing where there are fewer than `fewest`
    [[nodiscard]] std::optional<Decimal> median(UtcTime from, UtcTime until, std::size_t fewest) const;

private:
    void put(UtcTime time, std::optional<Decimal> const& value);
    /// Lets go of what is older than anybody asks for.
    void trim();

    ParameterId parameter_;
    std::chrono::milliseconds length_{0};          ///< the longest stretch that was asked for
    UtcTime from_ = UtcTime::max();                ///< every value from here
    UtcTime through_ = UtcTime::min();             ///< up to this one is there
    std::vector<std::pair<UtcTime, Decimal>> values_;  ///< ascending
};

struct SeriesMemory::Parts {
    std::vector<ValueWindow> windows;
    UtcTime newest = UtcTime::min();  ///< the newest record that it knows of
    UtcTime looked_until = UtcTime::min();  ///< rules have looked at what the series had up to here
    bool changed = true;  ///< a record up to `looked_until` may be another since

    [[nodiscard]] ValueWindow& window(ParameterId parameter);
    /// Whether nothing at this time can be news: it stood there when the rules looked last.
    [[nodiscard]] bool was_looked_at(UtcTime time) const noexcept { return !changed && time <= looked_until; }
};

}  // namespace yihong
