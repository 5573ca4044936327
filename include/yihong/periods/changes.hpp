#pragma once

#include "yihong/evaluate/water_statistics.hpp"
#include "yihong/periods/ranking.hpp"

#include <span>
#include <string>
#include <vector>

/// Changes between two periods, shares, counts and ranks, as reports print them.
namespace yihong {

/// Percent of a count, one decimal; nothing of nothing.
[[nodiscard]] std::optional<Decimal> share(int part, int total);
/// The difference of two printed shares, in percentage points: notices take it from the printed figures.
[[nodiscard]] Decimal change_in_points(Decimal const& now_printed, Decimal const& before_printed);
/// Of two printed concentrations or indices, in percent, one decimal. \return nothing where there was nothing before
[[nodiscard]] std::optional<Decimal> change_in_percent(Decimal const& now_printed, Decimal const& before_printed);
/// `上升0.9个百分点`, `下降4.1%`, `持平`.
std::string change_text(Decimal const& change, std::string_view unit);

/// What became of one section.
struct SectionOutcome {
    std::size_t section = 0;  ///< whose; the caller's number
    int water_class = 0;  ///< 1 to 6, 0: not evaluated
    std::optional<int> target_class;
    bool complete = true;  ///< all owed items have a value
};

/// The three counts of every table (优良、达标、劣Ⅴ). A section that is not evaluated leaves numerator and denominator, and is named.
struct SectionCounts {
    std::array<int, 7> by_class{};  ///< 1 to 6
    ClassCounts classes;
    std::vector<std::size_t> met, missed, undecided, not_evaluated;
    [[nodiscard]] std::optional<Decimal> good_share() const { return share(classes.good, classes.total()); }
    [[nodiscard]] std::optional<Decimal> bad_share() const { return share(classes.bad, classes.total()); }
    /// Of those with a verdict.
    [[nodiscard]] std::optional<Decimal> met_share() const;
};
[[nodiscard]] SectionCounts count_sections(std::span<SectionOutcome const> sections);

/// The sections that were evaluated in both periods (可比断面), and what became of them.
struct SectionComparison {
    SectionCounts now, before;  ///< of the comparable sections only
    std::vector<std::size_t> improved, worse;  ///< by the grade of the single section (优 … 重度污染)
};
/// \param before ascending section
[[nodiscard]] SectionComparison compare_sections(std::span<SectionOutcome const> now, std::span<SectionOutcome const> before);

/// The city index of a place: rivers and lakes each from the mean of their sections (环办监测〔2017〕51号), together by the weights of the rules.
struct PlaceIndex {
    std::optional<CityWaterIndex> rivers, lakes;
    Decimal total;  ///< of as many decimals as the rules have
};
/// \param rivers, lakes one record a section: the means of its period. \return nothing without sections
[[nodiscard]] std::optional<PlaceIndex> place_index(std::span<Record const> rivers, std::span<Record const> lakes,
                                                    WaterStandard const& standard, WaterEvaluation const& evaluation,
                                                    StandardsBook const& standards, RankingRules const& rules = {});

/// The trophic state of a lake from its points: concentrations are averaged over them first, unrounded. \return nothing unless all inputs are there
[[nodiscard]] std::optional<TrophicState> lake_state(std::span<Record const> points, WaterEvaluation const& evaluation,
                                                     ParameterBook const& parameters);

}  // namespace yihong
