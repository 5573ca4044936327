#pragma once

#include "yihong/base/decimal.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// How places are ranked (排名规则). No rule is the only one in use: which one it is stands over the ranking.
namespace yihong {

/// By the city index (城市水质指数), the share of sections of class I to III (优良断面比例), or that of those on target (达标率).
enum class RankingFigure : std::uint8_t { water_index, good_share, met_share };
/// How rivers and lakes weigh in the city index of a place: by their sections, or alike.
enum class IndexWeights : std::uint8_t { sections, equal };
/// After equal figures the next place is left out (1, 2, 2, 4), or not (1, 2, 2, 3).
enum class TieRule : std::uint8_t { leave_out, go_on };

struct RankingRules {
    RankingFigure figure = RankingFigure::water_index;
    bool smallest_first = true;
    int decimals = 4;  ///< of the figure: what is shown decides; 0 to 4
    IndexWeights weights = IndexWeights::sections;
    TieRule ties = TieRule::leave_out;
    bool operator==(RankingRules const&) const = default;
};
/// Those of a figure where nothing else is said: the index by four decimals, the smallest first; shares by one, the largest first.
[[nodiscard]] RankingRules usual_rules(RankingFigure figure) noexcept;

/// 城市水质指数
std::string_view figure_label(RankingFigure figure) noexcept;
/// For the heading: 环办监测〔2017〕51号；由小到大，按显示的四位小数排名，…
std::string rule_text(RankingRules const& rules);
/// Places of figures that are rounded already; equal ones share theirs (并列).
[[nodiscard]] std::vector<int> ranks(std::span<Decimal const> shown, bool smallest_first = true, TieRule ties = TieRule::leave_out);

}  // namespace yihong
