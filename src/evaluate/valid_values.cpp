#include "valid_values.hpp"

#include <algorithm>

namespace yihong {

namespace {

/// Whether the item is one whose readings are looked at unrounded here although the edition rounds them: pH, of which a whole number says too little.
bool is_seen_unrounded(WaterItem const* item) noexcept { return item && item->rule == LimitRule::range && item->rounds_readings; }

WaterJudgement judge_as_measured(Record const& record, bool lake, WaterStandard const& standard, ParameterBook const& parameters)
{
    auto judgement = judge_water(record, lake, standard, parameters);
    for (auto& judged : judgement.items) {
        if (!judged.counted || !is_seen_unrounded(judged.item))
            continue;
        judged.assessed = judged.reading.value;
        judged.item_class = water_item_class(*judged.item, judged.assessed, lake);
    }
    return judgement;
}

}  // namespace

std::chrono::hours consecutive_within(IntervalKind interval) noexcept
{
    return interval == IntervalKind::sample ? std::chrono::days{62}
           : interval == IntervalKind::day  ? std::chrono::days{4}
                                            : std::chrono::days{1};
}

Record const* RecordSeries::read_back_to(std::size_t i)
{
    while (records_.size() <= i && !no_more_) {
        auto const* next = back_(records_.size());
        if (next)
            records_.push_back(next);
        else
            no_more_ = true;
    }
    return i < records_.size() ? records_[i] : nullptr;
}

bool RecordSeries::is_usable(Record const& record) const
{
    return record.status == StationStatus::normal && !(input_.excluded && input_.excluded(record.time));
}

Reading const* RecordSeries::valid_reading(std::size_t i, ParameterId parameter)
{
    auto const& r = *record(i);
    auto const* reading = is_usable(r) ? r.find(parameter) : nullptr;
    return reading && is_valid(*reading) ? reading : nullptr;
}

int RecordSeries::water_class(std::size_t i)
{
    auto const& r = *record(i);
    int worst = r.verdict.water_class;
    auto const* standard = worst > 0 ? input_.standards->water_edition(r.verdict.edition) : nullptr;
    if (!standard)
        return worst;
    bool const lake = input_.site->kind_at(r.time) == SiteKind::lake_section;
    for (auto const& item : standard->items)
        if (auto const* reading = is_seen_unrounded(&item) ? r.find(item.parameter) : nullptr; reading && is_valid(*reading))
            worst = std::max(worst, water_item_class(item, reading->value, lake));
    return worst;
}

bool RecordSeries::is_repeat(std::size_t i, ParameterId parameter)
{
    constexpr int proof = 2;  // one equal item may be chance, or an instrument at its detection limit
    auto const& parameters = input_.standards->parameters();
    auto const* about = parameters.find(parameter);
    auto const& now = *record(i);
    if (!about || about->group.empty() || now.interval > IntervalKind::four_hours)
        return false;
    auto const* before = record(i + 1);
    if (!before || now.time - before->time > consecutive_within(now.interval))
        return false;
    int equal = 0;
    for (auto const& reading : now.readings) {
        auto const* known = parameters.find(reading.parameter);
        if (!reading.has_value || !known || known->group != about->group)
            continue;
        auto const* earlier = before->find(reading.parameter);
        if (!earlier || !earlier->has_value)
            continue;
        if (earlier->value != reading.value)
            return false;
        ++equal;
    }
    return equal >= proof;
}

ItemJudgement const* RecordSeries::judged_item(std::size_t i, ParameterId parameter)
{
    if (judged_.size() <= i)
        judged_.resize(i + 1);
    auto& judged = judged_[i];
    if (!judged) {
        auto const& r = *record(i);
        auto const* standard = input_.standards->water(beijing_date(r.time));
        bool const lake = input_.site->kind_at(r.time) == SiteKind::lake_section;
        judged = standard ? judge_as_measured(r, lake, *standard, input_.standards->parameters()) : WaterJudgement{};
    }
    auto const& items = judged->items;
    auto const found = std::ranges::find(items, parameter, [](ItemJudgement const& item) { return item.reading.parameter; });
    return found == items.end() ? nullptr : &*found;
}

}  // namespace yihong
