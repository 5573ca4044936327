#pragma once

#include "yihong/evaluate/alert_rules.hpp"
#include "yihong/evaluate/judge.hpp"

#include <iterator>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

/// Looking back over records: one range of valid values, which every rule uses.
namespace yihong {

/// Valid values farther apart are not consecutive (不连续): what was so long ago says nothing about now. A day for up to 4 h, four days
/// for day means, two months for samples.
[[nodiscard]] std::chrono::hours consecutive_within(IntervalKind interval) noexcept;

template <typename LookAt>
class ValidValues;

/// The records of one site and interval, newest first from 0, read and judged at the first demand. Lives for one step. The ranges and
/// what is asked of a record need it to be there.
class RecordSeries {
public:
    RecordSeries(AlertStepInput const& input, RecordsBack const& back) : input_{input}, back_{back} {}

    [[nodiscard]] AlertStepInput const& input() const noexcept { return input_; }
    /// \return null when there are no more
    [[nodiscard]] Record const* record(std::size_t i) { return i < records_.size() ? records_[i] : read_back_to(i); }
    /// Whether its values may count at all: the station is normal, and no planned work was going on.
    [[nodiscard]] bool is_usable(Record const& record) const;
    /// \return null where record `i` has no valid value of the parameter: none at all, flagged, or of a doubtful unit
    [[nodiscard]] Reading const* valid_reading(std::size_t i, ParameterId parameter);
    /// The class of record `i` as alerts see it: that of its verdict, with pH as it was measured. 0: none
    [[nodiscard]] int water_class(std::size_t i);
    /// Whether record `i` brings the parameter's group once more as the round before had it (重复上报): at least two items of the group are in
    /// both, and all of those are equal. What was measured once and sent twice is one measurement. Day means and samples never are.
    [[nodiscard]] bool is_repeat(std::size_t i, ParameterId parameter);
    /// How the parameter was judged in record `i`, pH unrounded whatever the edition says. \return null where it was not
    [[nodiscard]] ItemJudgement const* judged_item(std::size_t i, ParameterId parameter);

    /// Consecutive valid values (连续有效值), newest first, back to the first gap.
    /// \param look what record `i` has to give; whatever is false as a condition does not count and is passed over
    /// \param newest_since the first of them is not older; else there are none
    template <typename LookAt>
    [[nodiscard]] ValidValues<LookAt> consecutive(LookAt look, UtcTime newest_since);
    /// Those before the newest record, whose own value counts and is known.
    template <typename LookAt>
    [[nodiscard]] ValidValues<LookAt> consecutive_before_newest(LookAt look);

private:
    Record const* read_back_to(std::size_t i);

    AlertStepInput const& input_;
    RecordsBack const& back_;
    std::vector<Record const*> records_;
    bool no_more_ = false;
    std::vector<std::optional<WaterJudgement>> judged_;
};

/// Valid values of one item at one site and interval, newest first. A range to be gone through once.
template <typename LookAt>
class ValidValues {
    using Value = std::invoke_result_t<LookAt&, std::size_t>;

public:
    /// \param gap the longest time between two values
    ValidValues(RecordSeries& series, LookAt look, std::size_t first, UtcTime since, std::chrono::hours gap)
        : series_{series}, look_{std::move(look)}, next_{first}, since_{since}, gap_{gap}
    {}

    class Iterator {
    public:
        using difference_type = std::ptrdiff_t;
        explicit Iterator(ValidValues& range) : range_{&range} {}
        Value const& operator*() const { return *range_->value_; }
        Iterator& operator++()
        {
            range_->advance();
            return *this;
        }
        void operator++(int) { ++*this; }
        bool operator==(std::default_sentinel_t) const { return !range_->value_; }

    private:
        ValidValues* range_;
    };
    Iterator begin()
    {
        advance();
        return Iterator{*this};
    }
    [[nodiscard]] std::default_sentinel_t end() const { return {}; }

private:
    void advance()
    {
        value_.reset();
        for (auto const* record = series_.record(next_); record && record->time >= since_; record = series_.record(next_)) {
            auto value = look_(next_++);
            if (!value)
                continue;
            since_ = record->time - gap_;
            value_.emplace(std::move(value));
            return;
        }
    }

    RecordSeries& series_;
    LookAt look_;
    std::size_t next_;
    UtcTime since_;  ///< nothing older belongs to the range
    std::chrono::hours gap_;
    std::optional<Value> value_;
};

template <typename LookAt>
ValidValues<LookAt> RecordSeries::consecutive(LookAt look, UtcTime newest_since)
{
    return {*this, std::move(look), 0, newest_since, consecutive_within(record(0)->interval)};
}

template <typename LookAt>
ValidValues<LookAt> RecordSeries::consecutive_before_newest(LookAt look)
{
    auto const gap = consecutive_within(record(0)->interval);
    return {*this, std::move(look), 1, record(0)->time - gap, gap};
}

}  // namespace yihong
