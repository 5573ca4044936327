#pragma once

#include "yihong/evaluate/alert_rules.hpp"

#include <memory>

namespace yihong {

/// What the rules of a site look back on in one series (回看), kept from step to step so that none reads it from the store again: values of the
/// window of `jump`, and up to where values were looked at. Each part is built from the records behind the
/// newest when a rule first asks for it, and is the same then as if it had been kept all the time. Bounded by the windows of the rules: at most
/// 1,024 values of 24 bytes for each item that was ever worse than `jump` tolerates.
class SeriesMemory {
public:
    SeriesMemory() noexcept;
    ~SeriesMemory();
    SeriesMemory(SeriesMemory&&) noexcept;
    SeriesMemory& operator=(SeriesMemory&&) noexcept;

    /// A record of the series as it is kept now: new, completed or corrected, looked at or not. To be told of each, in the order in which they are kept.
    /// \param before what it was until now; null: it is new
    void take(AlertStepInput const& input, Record const& record, Record const* before);
    /// Something else changed in the series, or in what is planned: everything is built anew when it is asked for.
    void forget() noexcept;
    /// Nothing was asked of it yet: then it needs to be told of nothing.
    [[nodiscard]] bool is_empty() const noexcept { return !parts_; }

    struct Parts;
    /// Built at the first demand.
    [[nodiscard]] Parts& parts();

private:
    std::unique_ptr<Parts> parts_;
};

/// As `step_record` of alert_rules.hpp, with what was kept of the series. A step costs the same however long the series is; only what came late, was
/// corrected or was never looked at is searched for behind the newest records.
[[nodiscard]] std::vector<AlertCause> step_record(AlertStepInput const& input, std::vector<AlertCause> const& causes,
                                                  RecordsBack const& back, SeriesMemory& memory);

}  // namespace yihong
