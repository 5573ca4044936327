#pragma once

#include "yihong/evaluate/water_statistics.hpp"
#include "yihong/periods/section_period.hpp"

#include <span>
#include <string>
#include <vector>

/// A lake or reservoir over a period, made of its points (湖库时段评价).
namespace yihong {

struct LakePeriod {
    int points = 0;  ///< with a value
    std::vector<std::pair<ParameterId, Decimal>> means;  ///< over the points, rounded once; ascending parameter
    WaterJudgement judgement;  ///< of the means of the graded items, by the limits of lakes
    int nitrogen_class = 0;  ///< of total nitrogen, which is graded apart (总氮单独评价); 0: no value
    std::optional<TrophicState> trophic;
    std::vector<ParameterId> trophic_lacks;  ///< inputs of the index without a value above zero
    /// \return nothing for an item without a value
    [[nodiscard]] std::optional<Decimal> mean(ParameterId parameter) const noexcept;
};

/// What it came to, in words (Chinese): points, class, total nitrogen, trophic state or what that lacks, salinity and level; without a full stop.
[[nodiscard]] std::string explain(LakePeriod const& lake, ParameterBook const& parameters);

/// The unrounded means of the points are averaged first, item by item over the points that have it; then rounded once, then graded. The mean of the
/// points' indices would be another one.
[[nodiscard]] LakePeriod evaluate_lake(std::span<SectionPeriod const* const> points, WaterStandard const& standard,
                                       WaterEvaluation const& evaluation, StandardsBook const& standards);

}  // namespace yihong
