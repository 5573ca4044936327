#include "series_parts.hpp"

#include "yihong/evaluate/exact.hpp"

#include <algorithm>

namespace yihong {
namespace {

/// Whether a record only has more readings than before.
bool completes(Record const& record, Record const& before) noexcept
{
    return record.status == before.status && std::ranges::all_of(before.readings, [&](Reading const& reading) {
               auto const* now = record.find(reading.parameter);
               return now && now->same_as(reading) && now->marks == reading.marks;
           });
}

}  // namespace

void ValueWindow::put(UtcTime time, std::optional<Decimal> const& value)
{
    auto at = values_.end();
    if (!values_.empty() && time <= values_.back().first)
        at = std::ranges::lower_bound(values_, time, {}, &std::pair<UtcTime, Decimal>::first);
    bool const is_known = at != values_.end() && at->first == time;
    if (is_known && value)
        at->second = *value;
    else if (is_known)
        values_.erase(at);
    else if (value)
        values_.insert(at, {time, *value});
}

void ValueWindow::trim()
{
    constexpr std::chrono::hours slack{24};        // steps that look at records before the newest ask for a little more
    from_ = std::max(from_, through_ - length_ - slack);
    auto const first = std::ranges::lower_bound(values_, from_, {}, &std::pair<UtcTime, Decimal>::first);
    auto const most = static_cast<std::ptrdiff_t>(records_back_limit);
    values_.erase(values_.begin(), std::max(first, values_.end() - std::min(std::ssize(values_), most)));
}

void ValueWindow::take(UtcTime time, std::optional<Decimal> const& value, UtcTime was_newest)
{
    if (time < from_ || (time > through_ && through_ < was_newest))
        return;                                    // not in it, or not yet: `reach` reads it
    put(time, value);
    if (time <= through_)
        return;
    through_ = time;
    trim();
}

void ValueWindow::reach(RecordSeries& series, UtcTime from)
{
    auto const newest = series.record(0)->time;
    length_ = std::max(length_, newest - from);
    if (from < from_) {
        values_.clear();
        from_ = from;
        through_ = UtcTime::min();
    }
    if (newest <= through_)
        return;
    auto const known = std::ssize(values_);
    for (std::size_t i = 0; auto const* record = series.record(i); ++i) {
        if (record->time < from_ || record->time <= through_)
            break;
        if (auto const* reading = series.valid_reading(i, parameter_))
            values_.emplace_back(record->time, reading->value);
    }
    std::reverse(values_.begin() + known, values_.end());
    through_ = newest;
    trim();
}

std::optional<Decimal> ValueWindow::median(UtcTime from, UtcTime until, std::size_t fewest) const
{
    auto const time = &std::pair<UtcTime, Decimal>::first;
    auto const first = std::ranges::lower_bound(values_, from, {}, time);
    auto const last = std::ranges::lower_bound(first, values_.end(), until, {}, time);
    auto const count = static_cast<std::size_t>(last - first);
    if (count == 0 || count < fewest)
        return std::nullopt;
    std::vector<Decimal> values;
    values.reserve(count);
    for (auto at = first; at != last; ++at)
        values.push_back(at->second);
    auto const is_less = [](Decimal const& a, Decimal const& b) { return exact::compare(a, b) < 0; };
    auto const upper = values.begin() + static_cast<std::ptrdiff_t>(count / 2);
    std::ranges::nth_element(values, upper, is_less);
    if (count % 2)
        return *upper;
    auto const lower = std::ranges::max_element(values.begin(), upper, is_less);
    return exact::quotient(exact::plus(*lower, *upper), Decimal{2, 0}, Decimal::max_scale / 2);
}

ValueWindow& SeriesMemory::Parts::window(ParameterId parameter)
{
    auto const at = std::ranges::lower_bound(windows, parameter, {}, &ValueWindow::parameter);
    return at != windows.end() && at->parameter() == parameter ? *at : *windows.insert(at, ValueWindow{parameter});
}

SeriesMemory::SeriesMemory() noexcept = default;
SeriesMemory::~SeriesMemory() = default;
SeriesMemory::SeriesMemory(SeriesMemory&&) noexcept = default;
SeriesMemory& SeriesMemory::operator=(SeriesMemory&&) noexcept = default;

void SeriesMemory::forget() noexcept { parts_.reset(); }

SeriesMemory::Parts& SeriesMemory::parts()
{
    if (!parts_)
        parts_ = std::make_unique<Parts>();
    return *parts_;
}

void SeriesMemory::take(AlertStepInput const& input, Record const& record, Record const* before)
{
    if (!parts_)
        return;
    auto& parts = *parts_;
    RecordsBack const none;
    RecordSeries const series{input, none};
    bool const is_usable = !parts.windows.empty() && series.is_usable(record);
    for (auto& window : parts.windows) {
        auto const* reading = is_usable ? record.find(window.parameter()) : nullptr;
        window.take(record.time, reading && is_valid(*reading) ? std::optional{reading->value} : std::nullopt, parts.newest);
    }
    if (record.time == parts.newest && before && completes(record, *before))
        parts.looked_until = std::min(parts.looked_until, record.time - std::chrono::milliseconds{1});
    else
        parts.changed = parts.changed || record.time <= parts.looked_until;
    parts.newest = std::max(parts.newest, record.time);
}

}  // namespace yihong
