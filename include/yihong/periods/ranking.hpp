#pragma once

#include "yihong/base/decimal.hpp"

#include <cstdint>
#include <optional>
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
    int change_decimals = 2;  ///< of the change of an index in percent; that of a share has the decimals of the share
    bool operator==(RankingRules const&) const = default;
};
/// Those of a figure where nothing else is said: the index by four decimals, the smallest first; shares by one, the largest first.
[[nodiscard]] RankingRules usual_rules(RankingFigure figure) noexcept;

/// Those of the change of single sections: their index, by the decimals and ties of the places' rules; a share of one section is none.
[[nodiscard]] RankingRules section_rules(RankingRules const& places) noexcept;

/// 城市水质指数
std::string_view figure_label(RankingFigure figure) noexcept;
/// For the heading: 环办监测〔2017〕51号；由小到大，按显示的四位小数排名，…
std::string rule_text(RankingRules const& rules);

/// Why something has no rank by its change (变化幅度排名).
enum class Unranked : std::uint8_t {
    no_base,  ///< nothing of it was evaluated in both periods
    other_items,  ///< its index holds other items in the two periods, or than the indices of most others
    best_already  ///< all of its sections are of class II or better and miss no target, in both periods
};
/// `no_base` | `other_items` | `best_already`
std::string_view to_text(Unranked why) noexcept;
/// 没有可比断面, 指数所含项目不同, 两期均为Ⅱ类及以上且未超目标
std::string_view unranked_label(Unranked why) noexcept;

/// The figure of a place or a section beside that of the compared period, over the sections that were evaluated in both.
struct FigureChange {
    int sections = 0;  ///< 可比断面
    std::optional<Decimal> now, base;  ///< as they are shown
    std::optional<Decimal> change;  ///< of the shown figures: of an index in percent, of a share in percentage points
    int rank = 0;  ///< 0: none, as `unranked` says
    std::optional<Unranked> unranked;
};
/// 城市水质指数变化幅度（%）, 优良断面比例变化（百分点）
std::string change_figure_label(RankingFigure figure);
/// For the heading of the ranking by change: how it is made, who comes first, by how many decimals, ties, and who is left out.
std::string change_rule_text(RankingRules const& rules);

/// Places of figures that are rounded already; equal ones share theirs (并列).
[[nodiscard]] std::vector<int> ranks(std::span<Decimal const> shown, bool smallest_first = true, TieRule ties = TieRule::leave_out);

}  // namespace yihong
