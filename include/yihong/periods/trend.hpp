#pragma once

#include "yihong/periods/section_period.hpp"

#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

/// Trends of the means of a section (水质变化趋势): Spearman's rank correlation with time, of the means as they are printed (环办〔2011〕22号).
namespace yihong {

/// Of one item.
struct ItemTrend {
    ParameterId parameter = 0;
    std::vector<std::pair<std::size_t, Decimal>> means;  ///< (which of the periods, its printed mean); periods without one are left out
    std::optional<Trend> result;  ///< none: fewer means than the table of critical values begins with
};

struct SectionTrend {
    PeriodKind step = PeriodKind::month;  ///< how far the means are apart: month, quarter or year
    int needed = 0;  ///< means, for a result
    std::vector<Period> periods;  ///< those that are over, oldest first
    std::vector<ItemTrend> items;  ///< graded ones with a mean, ascending parameter
    /// Whether one of them has means enough.
    [[nodiscard]] bool has_result() const noexcept;
};

/// Over the parts of a period: its years where it has enough of them, else its quarters, else its months. A part counts for an item once it is
/// over and two thirds of its months have a mean: two of a quarter, eight of a year (22号).
/// \return nothing where the period has fewer parts than a trend needs, or is no whole months
[[nodiscard]] std::optional<SectionTrend> trend_within(SectionPeriod const& section, WaterEvaluation const& evaluation,
                                                       ParameterBook const& parameters, UtcTime now);
/// Over the same period of several years.
/// \param years oldest first
[[nodiscard]] SectionTrend trend_over_years(std::span<SectionPeriod const> years, WaterEvaluation const& evaluation, UtcTime now);

/// Of one figure of a river, a place or a lake: the share of its sections of class I to III (优良比例), or its trophic state index.
struct FigureTrend {
    PeriodKind step = PeriodKind::month;  ///< as of `SectionTrend`
    int needed = 0;
    std::vector<std::pair<Period, Decimal>> values;  ///< as they are shown, oldest first; periods without one are left out
    std::optional<Trend> result;
};
/// Over which periods figures have a trend: the parts of a period that are over, as `trend_within` takes them, or the same period of several years.
struct TrendParts {
    PeriodKind step = PeriodKind::month;
    int needed = 0;
    std::vector<Period> periods;  ///< oldest first
};
/// \return nothing where the period has fewer parts than a trend needs, or is no whole months
[[nodiscard]] std::optional<TrendParts> trend_parts(Period const& period, WaterEvaluation const& evaluation, UtcTime now);
/// \param years oldest first; those that are not over are left out
[[nodiscard]] TrendParts trend_parts(std::vector<Period> years, WaterEvaluation const& evaluation, UtcTime now);
/// \param values one a period of the parts
[[nodiscard]] FigureTrend figure_trend(TrendParts const& parts, std::span<std::optional<Decimal> const> values,
                                       WaterEvaluation const& evaluation);
/// `2021年至2025年逐年`; empty without values.
std::string figure_trend_span(FigureTrend const& trend);
/// `显著上升（rs=0.900，5期，临界值0.900）`; `不足5期，不作趋势分析`
std::string figure_trend_text(FigureTrend const& trend);

/// `rising` | `falling` | `stable`
std::string_view to_text(Trend const& trend) noexcept;
/// 显著上升, 显著下降, 无显著变化
std::string_view trend_label(Trend const& trend) noexcept;
/// 逐月, 逐季, 逐年
std::string_view trend_step_label(SectionTrend const& trend) noexcept;
/// `2025年1月至2025年12月逐月`; empty without periods.
std::string trend_span(SectionTrend const& trend);
/// `12期，临界值0.506`: of the items with the most means; empty where none has a result.
std::string trend_basis(SectionTrend const& trend);
/// `氨氮（rs=-0.941）、总磷（rs=-1.000，8期，临界值0.643）`: the items of a direction (as of `Trend`), with how many means where these are fewer than
/// `trend_basis` says; those without a direction (0) by name only; empty: none.
std::string trend_items(SectionTrend const& trend, int direction, ParameterBook const& parameters);
/// Those with fewer means than a result needs, by name.
std::string items_without_trend(SectionTrend const& trend, ParameterBook const& parameters);
/// `2025年1月至2025年12月逐月均值（12期，临界值0.506）：显著下降 氨氮（rs=-0.941）；无显著变化 总磷；…`
std::string trend_text(SectionTrend const& trend, ParameterBook const& parameters);

}  // namespace yihong
