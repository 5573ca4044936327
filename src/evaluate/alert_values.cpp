#include "yihong/evaluate/alert_values.hpp"
#include "yihong/evaluate/alert_life.hpp"

#include "rule_look.hpp"
#include "valid_values.hpp"

#include <algorithm>
#include <set>

namespace yihong {
namespace {

/// The present value of an item is looked for in so many records; an older one stands as the alert knows it.
constexpr std::size_t present_records = 24;

bool is_worse(Exceedance const& a, Exceedance const& b) noexcept
{
    if (a.item_class != b.item_class)
        return a.item_class > b.item_class;
    if (a.value == b.value)                        // a standard's limit says more than what is usual here
        return a.compared_with == Comparison::class_limit && b.compared_with == Comparison::median;
    return a.below ? a.value < b.value : a.value > b.value;
}

void put(std::vector<Exceedance>& items, Exceedance const& item, bool (*replaces)(Exceedance const&, Exceedance const&))
{
    auto const at = std::ranges::lower_bound(items, item.parameter, {}, &Exceedance::parameter);
    if (at == items.end() || at->parameter != item.parameter)
        items.insert(at, item);
    else if (replaces(item, *at))
        *at = item;
}

Exceedance const* find(std::vector<Exceedance> const& items, ParameterId parameter) noexcept
{
    auto const at = std::ranges::lower_bound(items, parameter, {}, &Exceedance::parameter);
    return at != items.end() && at->parameter == parameter ? &*at : nullptr;
}

/// The values of one alert over the records of one interval.
class Values {
public:
    Values(Alert& alert, AlertRecords const& records) : alert_{alert}, input_{records.input}, series_{records.input, records.back} {}

    /// \pre there is a record
    void take_present()
    {
        std::set<ParameterId> parameters;
        for (auto const* items : {&alert_.present, &alert_.worst})
            for (auto const& item : *items)
                parameters.insert(item.parameter);
        auto const interval = series_.record(0)->interval;
        bool const is_newest = std::ranges::all_of(
            alert_.present, [&](Exceedance const& known) { return known.interval == interval || known.time <= series_.record(0)->time; });
        for (auto const parameter : parameters) {
            if (auto const item = present(parameter))
                put(alert_.present, *item, [](Exceedance const& now, Exceedance const& known) {
                    return now.interval == known.interval || now.time >= known.time;
                });
            else if (auto const* known = find(alert_.present, parameter);
                     known && known->interval == interval && known->time >= looked_back_to_)
                std::erase_if(alert_.present, [&](Exceedance const& item) { return item.parameter == parameter; });      // withdrawn
        }
        if (!is_newest)
            return;
        if (alert_.family == AlertFamily::water)
            alert_.water_class = present_class();
        if (auto const* index = find(alert_.present, 0); index && alert_.family == AlertFamily::air)
            alert_.aqi = static_cast<int>(index->value.to_double());
    }

    /// What the newest record adds to the peak.
    void take_peak()
    {
        if (!objected_to(0, alert_.worst).empty())
            add_to_peak(0);
    }

    /// Looks for the worst once more, from the first record of its life to the last.
    void count_again()
    {
        auto const begin = alert_.first_time.value_or(alert_.opened_at);
        auto const known = alert_.worst;
        auto const interval = series_.record(0)->interval;
        std::vector<Exceedance> worst;
        std::optional<UtcTime> first;
        std::optional<UtcTime> last;
        auto const end = is_over(alert_.state) ? alert_.resolved_at.value_or(UtcTime::max()) : UtcTime::max();
        auto const reaches_back_to = [&] {         // what is older than anybody can look stands as it is
            auto const* oldest = series_.record(records_back_limit - 1);
            return oldest ? oldest->time : begin;
        }();
        for (auto const& item : known)
            if (item.interval != interval || item.time < reaches_back_to)
                worst.push_back(item);
        if (alert_.peak_time >= reaches_back_to) {
            alert_.peak_class = alert_.peak_aqi = 0;
            alert_.peak_time.reset();
        }
        for (std::size_t i = 0; i < records_back_limit && series_.record(i) && series_.record(i)->time >= begin; ++i) {
            auto const& record = *series_.record(i);
            auto const found = record.time <= end ? objected_to(i, known) : std::vector<Exceedance>{};
            if (found.empty())
                continue;
            for (auto const& item : found)
                keep_worse(worst, item);
            add_to_peak(i);
            first = record.time;
            last = last.value_or(record.time);
        }
        bool const is_whole = reaches_back_to == begin && !known.empty() &&
                              std::ranges::all_of(known, [&](Exceedance const& item) { return item.interval == interval; });
        alert_.worst = std::move(worst);
        for (auto const& cause : alert_.causes) {
            first = std::min(first.value_or(cause.since), cause.since);
            last = std::max(last.value_or(cause.last), cause.last);
            for (auto const& item : cause.items)
                keep_worse(alert_.worst, item);
        }
        if (is_whole && alert_.family != AlertFamily::period) {  // that is about the times of its periods
            alert_.first_time = first;
            alert_.last_time = last;
        }
    }

private:
    std::optional<Exceedance> present(ParameterId parameter)
    {
        for (std::size_t i = 0; i < present_records && series_.record(i); ++i) {
            looked_back_to_ = series_.record(i)->time;
            if (auto item = value_in(i, parameter))
                return item;
        }
        return std::nullopt;
    }

    /// The valid value of an item in record `i`, beside what it was compared with when the alert objected to it.
    std::optional<Exceedance> value_in(std::size_t i, ParameterId parameter)
    {
        auto const& record = *series_.record(i);
        Exceedance item{.parameter = parameter, .value = {}, .limit = {}, .multiple = {}, .time = record.time};
        item.interval = record.interval;
        if (parameter == 0) {
            if (!series_.is_usable(record) || record.verdict.aqi == 0)
                return std::nullopt;
            item.value = Decimal{record.verdict.aqi, 0};
            return item;
        }
        auto const* reading = series_.valid_reading(i, parameter);
        if (!reading)
            return std::nullopt;
        item.value = reading->value;
        auto const* objected = find(alert_.worst, parameter);
        if (alert_.family == AlertFamily::water) {
            auto const* judged = series_.judged_item(i, parameter);
            if (!judged || !judged->counted)
                return std::nullopt;
            int const limit_class = objected && objected->limit_class > 0 ? objected->limit_class : input_.site->target_class.value_or(3);
            item = exceedance_of(*judged, record.time, limit_class);
            item.interval = record.interval;
        } else if (objected) {
            item.limit = objected->limit;
            item.below = objected->below;
            item.compared_with = objected->compared_with;
        }
        return item;
    }

    /// Of the items that it is or was about, and of all others in the records of late.
    int present_class()
    {
        int worst = 0;
        std::set<ParameterId> seen;
        for (auto const& item : alert_.present) {
            worst = std::max(worst, item.item_class);
            seen.insert(item.parameter);
        }
        auto const since = series_.record(0)->time - consecutive_within(series_.record(0)->interval);
        for (std::size_t i = 0; i < present_records && series_.record(i) && series_.record(i)->time >= since; ++i)
            for (auto const& reading : series_.record(i)->readings) {
                if (seen.contains(reading.parameter) || !series_.valid_reading(i, reading.parameter))
                    continue;
                seen.insert(reading.parameter);
                if (auto const* judged = series_.judged_item(i, reading.parameter); judged && judged->counted)
                    worst = std::max(worst, judged->item_class);
            }
        return worst;
    }

    /// What the rules of the alert object to in record `i`, of the items known to be its matter, and what is still there as it was.
    std::vector<Exceedance> objected_to(std::size_t i, std::vector<Exceedance> const& known)
    {
        std::vector<Exceedance> found;
        auto const& record = *series_.record(i);
        for (auto const& item : known) {
            if (item.interval == record.interval && item.time == record.time && stands(i, item))
                keep_worse(found, item);
            for (auto const& compiled : input_.rules) {
                auto const kind = compiled.rule->kind;
                if (family_of(kind) != alert_.family || kind == RuleKind::data_gap || kind == RuleKind::item_gap ||
                    kind == RuleKind::item_owed || kind == RuleKind::out_of_service ||
                    (kind == RuleKind::jump && item.compared_with != Comparison::median) ||
                    std::ranges::find(alert_.rules, compiled.rule->id) == alert_.rules.end())
                    continue;
                if (auto const look = look_at(series_, compiled, i, item.parameter, &item); look.counts && look.fulfils)
                    keep_worse(found, look.item);
            }
        }
        return found;
    }

    /// Whether record `i` still says what the alert objected to.
    bool stands(std::size_t i, Exceedance const& item)
    {
        if (item.compared_with == Comparison::none)
            return true;                           // a flag, or a value that did not change: the rules say
        auto const now = value_in(i, item.parameter);
        return now && now->value == item.value;
    }

    void add_to_peak(std::size_t i)
    {
        auto const& record = *series_.record(i);
        if (!series_.is_usable(record))
            return;
        bool const is_water = alert_.family == AlertFamily::water && series_.water_class(i) > alert_.peak_class;
        bool const is_air = alert_.family == AlertFamily::air && record.verdict.aqi > alert_.peak_aqi;
        if (is_water)
            alert_.peak_class = series_.water_class(i);
        if (is_air)
            alert_.peak_aqi = record.verdict.aqi;
        if (is_water || is_air)
            alert_.peak_time = record.time;
    }

    Alert& alert_;
    AlertStepInput const& input_;
    RecordSeries series_;
    UtcTime looked_back_to_ = UtcTime::max();  ///< by the last search for a present value
};

/// The peak is no better than the worst item.
void peak_from_items(Alert& alert)
{
    for (auto const& item : alert.worst) {
        if (alert.family == AlertFamily::water && item.item_class > alert.peak_class) {
            alert.peak_class = item.item_class;
            alert.peak_time = item.time;
        }
        if (alert.family == AlertFamily::air && item.parameter == 0 && static_cast<int>(item.value.to_double()) > alert.peak_aqi) {
            alert.peak_aqi = static_cast<int>(item.value.to_double());
            alert.peak_time = item.time;
        }
    }
}

}  // namespace

void keep_worse(std::vector<Exceedance>& worst, Exceedance const& item) { put(worst, item, is_worse); }

void take_values(Alert& alert, AlertRecords const* records)
{
    bool const goes_on = !is_over(alert.state) || !alert.causes.empty();
    bool const is_of_means = alert.family == AlertFamily::month || alert.family == AlertFamily::period;   // no record shows their values
    for (auto const& cause : alert.causes)
        for (auto const& item : cause.items) {
            keep_worse(alert.worst, item);
            if (is_of_means || !find(alert.present, item.parameter))
                put(alert.present, item, [](Exceedance const&, Exceedance const&) { return true; });
        }
    if (records && records->back(0) && !is_of_means && alert.family != AlertFamily::service) {
        Values values{alert, *records};
        if (records->changed_before)
            values.count_again();
        if (goes_on) {
            values.take_present();
            if (!alert.causes.empty() && records->back(0)->time >= alert.first_time)
                values.take_peak();
        }
    }
    peak_from_items(alert);
    if (alert.family == AlertFamily::water && alert.water_class == 0)
        for (auto const& item : alert.present)
            alert.water_class = std::max(alert.water_class, item.item_class);
}

}  // namespace yihong
