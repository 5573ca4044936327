#pragma once

#include "yihong/reports/water_report.hpp"

namespace yihong {

/// What became of a section in one of the periods. \param index among the report's sections
[[nodiscard]] inline SectionOutcome outcome_of(std::size_t index, SectionPeriod const& section)
{
    return {index, section.judgement.water_class, section.target_class, section.is_decisive()};
}

/// Ranks the places of a report by their figure, and places and sections by its change against the compared period, where there is one.
/// \pre sections and places are there, but for their ranks
void rank_places(WaterReport& report, World const& world);

}  // namespace yihong
