#include "yihong/periods/changes.hpp"

#include "yihong/evaluate/exact.hpp"
#include "yihong/evaluate/period_sums.hpp"
#include "yihong/periods/section_period.hpp"

#include <algorithm>

namespace yihong {
namespace {

/// The mean of sections, unrounded: an index is made of it before anything is rounded.
Record mean_of_sections(std::span<Record const> sections, ParameterBook const& parameters)
{
    auto const* ph = parameters.find("ph");
    std::vector<std::pair<ParameterId, ValueSum>> sums;
    for (auto const& section : sections)
        for (auto const& reading : section.readings) {
            auto at = std::ranges::lower_bound(sums, reading.parameter, {}, [](auto const& sum) { return sum.first; });
            if (at == sums.end() || at->first != reading.parameter)
                at = sums.insert(at, {reading.parameter, ValueSum{ph && ph->id == reading.parameter}});
            at->second.add({reading.value, false});
        }
    Record mean;
    for (auto const& [parameter, sum] : sums) {
        Reading reading;
        reading.parameter = parameter;
        reading.value = *sum.mean(Decimal::max_scale);
        mean.readings.push_back(reading);
    }
    return mean;
}

}  // namespace

std::optional<Decimal> share(int part, int total)
{
    return total > 0 ? std::optional{exact::quotient(Decimal{part * 100LL, 0}, Decimal{total, 0}, 1)} : std::nullopt;
}

Decimal change_in_points(Decimal const& now_printed, Decimal const& before_printed) { return exact::minus(now_printed, before_printed); }

std::optional<Decimal> change_in_percent(Decimal const& now_printed, Decimal const& before_printed)
{
    if (before_printed <= Decimal{})
        return std::nullopt;
    return exact::quotient(exact::product(exact::minus(now_printed, before_printed), Decimal{100, 0}), before_printed, 1);
}

std::string change_text(Decimal const& change, std::string_view unit)
{
    if (change.is_zero())
        return "持平";
    bool const fell = change < Decimal{};
    return (fell ? "下降" : "上升") + (fell ? Decimal{-change.mantissa(), change.scale()} : change).to_string() + std::string{unit};
}

std::optional<Decimal> SectionCounts::met_share() const
{
    return share(static_cast<int>(met.size()), static_cast<int>(met.size() + missed.size()));
}

SectionCounts count_sections(std::span<SectionOutcome const> sections)
{
    SectionCounts counts;
    for (auto const& one : sections) {
        if (one.water_class == 0) {
            counts.not_evaluated.push_back(one.section);
            continue;
        }
        ++counts.by_class.at(static_cast<std::size_t>(one.water_class));
        ++(one.water_class <= 3 ? counts.classes.good : one.water_class <= 5 ? counts.classes.middle : counts.classes.bad);
        switch (target_verdict(one.water_class, one.target_class, one.complete)) {
        case TargetVerdict::met: counts.met.push_back(one.section); break;
        case TargetVerdict::missed: counts.missed.push_back(one.section); break;
        case TargetVerdict::unknown: counts.undecided.push_back(one.section); break;
        case TargetVerdict::none: break;
        }
    }
    return counts;
}

SectionComparison compare_sections(std::span<SectionOutcome const> now, std::span<SectionOutcome const> before)
{
    SectionComparison made;
    std::vector<SectionOutcome> both_now, both_before;
    for (auto const& one : now) {
        auto const then = std::ranges::lower_bound(before, one.section, {}, &SectionOutcome::section);
        if (then == before.end() || then->section != one.section || one.water_class == 0 || then->water_class == 0)
            continue;
        both_now.push_back(one);
        both_before.push_back(*then);
        int const change = change_of_grade(water_grade(then->water_class), water_grade(one.water_class));
        if (change != 0)
            (change > 0 ? made.improved : made.worse).push_back(one.section);
    }
    made.now = count_sections(both_now);
    made.before = count_sections(both_before);
    return made;
}

std::optional<PlaceIndex> place_index(std::span<Record const> rivers, std::span<Record const> lakes, WaterStandard const& standard,
                                      WaterEvaluation const& evaluation, StandardsBook const& standards, RankingRules const& rules)
{
    if (rivers.empty() && lakes.empty())
        return std::nullopt;
    PlaceIndex index;
    Decimal weighted;
    std::int64_t weights = 0;
    auto const add = [&](std::span<Record const> sections, bool lake, std::optional<CityWaterIndex>& into) {
        if (sections.empty())
            return;
        into = city_water_index(mean_of_sections(sections, standards.parameters()), lake, standard, evaluation);
        auto const weight = rules.weights == IndexWeights::sections ? static_cast<std::int64_t>(sections.size()) : 1;
        weighted = exact::plus(weighted, exact::product(into->total, Decimal{weight, 0}));
        weights += weight;
    };
    add(rivers, false, index.rivers);
    add(lakes, true, index.lakes);
    index.total = exact::quotient(weighted, Decimal{weights, 0}, rules.decimals);
    return index;
}

std::optional<TrophicState> lake_state(std::span<Record const> points, WaterEvaluation const& evaluation, ParameterBook const& parameters)
{
    return trophic_state(mean_of_sections(points, parameters), evaluation);
}

}  // namespace yihong
