#include "yihong/evaluate/present_state.hpp"

#include <algorithm>
#include <tuple>

namespace yihong {
namespace {

/// What may stand in for what: values that standards grade, then instants, then what the site does not judge.
int rank_of(Site const& site, IntervalKind interval) noexcept { return !site.judges(interval) ? 0 : interval < IntervalKind::hour ? 1 : 2; }

bool is_older(SourcedReading const& a, SourcedReading const& b) noexcept
{
    return std::tuple{a.time, a.interval} < std::tuple{b.time, b.interval};
}

/// Of the readings of one parameter, that which counts. \return null where none is current
SourcedReading const* choose(std::span<SourcedReading const> readings, Site const& site, UtcTime at)
{
    for (int const wanted : {2, 1, 0}) {
        SourcedReading const* newest = nullptr;
        for (auto const& one : readings)
            if (rank_of(site, one.interval) == wanted && is_valid(one.reading) && (!newest || is_older(*newest, one)))
                newest = &one;
        if (newest && newest->is_fresh(at))
            return newest;
    }
    SourcedReading const* not_valid = nullptr;
    for (auto const& one : readings)
        if (!is_valid(one.reading) && one.is_fresh(at) && (!not_valid || is_older(*not_valid, one)))
            not_valid = &one;
    return not_valid;
}

Record record_of(SourcedReading const& source)
{
    Record record;
    record.interval = source.interval;
    record.status = source.status;
    record.time = source.time;
    record.received_at = source.received_at;
    return record;
}

void judge_section(PresentState& state, Site const& site, StandardsBook const& standards, UtcTime at)
{
    auto const& parameters = standards.parameters();
    SourcedReading const* newest = nullptr;
    for (auto const& item : state.items)
        if (site.judges(item.interval) && (!newest || is_older(*newest, item)))
            newest = &item;
    auto const when = newest ? newest->time : at;
    auto const day = beijing_date(when);
    auto const* standard = standards.water(day);
    if (!standard)
        return;
    Record judged = newest ? record_of(*newest) : Record{};
    for (auto const& item : state.items)
        if (site.judges(item.interval))
            judged.readings.push_back(item.reading);
    state.water = judge_water(judged, site.kind_at(when) == SiteKind::lake_section, *standard, parameters);
    state.missing = missing_of(state.water, owed_parameters(site, day, day, *standard, parameters));
    for (std::size_t i = 0; i < state.items.size(); ++i) {
        if (site.judges(state.items[i].interval))
            continue;
        ItemJudgement beside;
        beside.reading = state.items[i].reading;
        beside.assessed = beside.reading.value;
        beside.item = standard->find(beside.reading.parameter);
        beside.why_not_counted = "its interval is not judged at this site";
        beside.why_not_counted_zh = "本站不评价该数据类型";
        state.water.items.insert(state.water.items.begin() + static_cast<std::ptrdiff_t>(i), beside);
    }
}

void judge_station(PresentState& state, NewestReadings const& readings, Site const& site, StandardsBook const& standards, UtcTime at)
{
    auto const rank = [&](SourcedReading const& one) {
        return std::tuple{is_valid(one.reading), rank_of(site, one.interval), one.time, one.interval};
    };
    SourcedReading const* newest = nullptr;
    for (auto const& one : readings.all())
        if (site.judges(one.interval) && one.is_fresh(at) && (!newest || rank(one) > rank(*newest)))
            newest = &one;
    auto const* standard = newest ? standards.aqi(beijing_date(newest->time)) : nullptr;
    if (!standard)
        return;
    Record judged = record_of(*newest);
    for (auto const& one : readings.all())
        if (one.interval == newest->interval && one.time == newest->time)
            judged.readings.push_back(one.reading);
    state.air = judge_air(judged, *standard, standards.parameters());
    state.air_source = *newest;
}

}  // namespace

std::chrono::minutes freshness(IntervalKind kind) noexcept
{
    using namespace std::chrono_literals;
    switch (kind) {
    case IntervalKind::realtime:
    case IntervalKind::minute: return 1h;
    case IntervalKind::hour: return 3h;
    case IntervalKind::four_hours: return 12h;     // a round begins at its time, takes four hours and is published some hours later
    case IntervalKind::day: return 72h;
    case IntervalKind::sample: return std::chrono::days{35};
    }
    return 1h;
}

NewestReadings::Change NewestReadings::take(Record const& record)
{
    auto change = Change::none;
    auto at = readings_.begin();
    for (auto const& reading : record.readings) {
        auto const key = std::tuple{reading.parameter, record.interval};
        auto const key_of = [](SourcedReading const& one) { return std::tuple{one.reading.parameter, one.interval}; };
        at =
            std::lower_bound(at, readings_.end(), key, [&](SourcedReading const& one, auto const& wanted) { return key_of(one) < wanted; });
        bool const valid = is_valid(reading);
        auto newest_valid = readings_.end();
        auto not_valid = readings_.end();
        for (auto one = at; one != readings_.end() && key_of(*one) == key; ++one)
            (is_valid(one->reading) ? newest_valid : not_valid) = one;
        if (!valid && newest_valid != readings_.end() && newest_valid->time == record.time)
            return Change::outdated;
        bool const is_newest = (newest_valid == readings_.end() || newest_valid->time <= record.time) &&
                               (valid || not_valid == readings_.end() || not_valid->time <= record.time);
        if (!is_newest)
            continue;
        change = Change::taken;
        SourcedReading const source{reading, record.interval, record.status, record.time, record.received_at};
        if (auto const place = valid ? newest_valid : not_valid; place != readings_.end()) {
            *place = source;
            if (valid && not_valid != readings_.end() && not_valid->time <= record.time)
                at = readings_.erase(not_valid);
        } else if (valid && not_valid != readings_.end() && not_valid->time <= record.time) {
            *not_valid = source;
        } else {
            at = readings_.insert(at, source);
        }
    }
    return change;
}

UtcTime NewestReadings::hold_until(UtcTime at) const noexcept
{
    auto until = UtcTime::max();
    for (auto const& one : readings_)
        if (one.is_fresh(at))
            until = std::min(until, one.valid_until());
    return until;
}

std::vector<ParameterId> PresentState::not_valid() const
{
    std::vector<ParameterId> ids;
    for (auto const& item : items)
        if (!is_valid(item.reading))
            ids.push_back(item.reading.parameter);
    return ids;
}

PresentState present_state(NewestReadings const& readings, Site const& site, StandardsBook const& standards, UtcTime at)
{
    PresentState state;
    auto const& all = readings.all();
    for (auto first = all.begin(); first != all.end();) {
        auto const parameter = first->reading.parameter;
        auto const last = std::find_if(first, all.end(), [&](SourcedReading const& one) { return one.reading.parameter != parameter; });
        if (auto const* item = choose({first, last}, site, at))
            state.items.push_back(*item);
        first = last;
    }
    if (is_water(site.kind) && !all.empty())
        judge_section(state, site, standards, at);
    else if (site.kind == SiteKind::air_station)
        judge_station(state, readings, site, standards, at);
    return state;
}

std::vector<ParameterId> missing_of(WaterJudgement const& judgement, std::vector<ParameterId> const& owed)
{
    std::vector<ParameterId> missing;
    for (auto const id : owed)
        if (std::ranges::none_of(judgement.items,
                                 [id](auto const& item) { return item.reading.parameter == id && is_valid(item.reading); }))
            missing.push_back(id);
    return missing;
}

std::string water_class_text(int water_class, std::span<ParameterId const> missing, ParameterBook const& parameters)
{
    if (water_class == 0)
        return {};
    auto const label = std::string{water_class_label(water_class)} + "类";
    if (!is_bound(water_class, missing.empty()))
        return label;
    std::string names;
    for (auto const id : missing)
        if (auto const* parameter = parameters.find(id))
            names += (names.empty() ? "" : "、") + parameter->name_zh;
    return "不优于" + label + "（缺" + names + "）";
}

std::optional<bool> meets_target(int water_class, bool complete, std::optional<int> target) noexcept
{
    if (water_class == 0 || !target || (!complete && water_class <= *target))
        return std::nullopt;
    return water_class <= *target;
}

}  // namespace yihong
