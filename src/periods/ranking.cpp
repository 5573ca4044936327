#include "yihong/periods/ranking.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace yihong {

RankingRules usual_rules(RankingFigure figure) noexcept
{
    RankingRules rules;
    rules.figure = figure;
    if (figure != RankingFigure::water_index) {
        rules.smallest_first = false;
        rules.decimals = 1;
    }
    return rules;
}

std::string_view figure_label(RankingFigure figure) noexcept
{
    switch (figure) {
    case RankingFigure::good_share: return "优良断面比例（%）";
    case RankingFigure::met_share: return "断面达标率（%）";
    case RankingFigure::water_index: break;
    }
    return "城市水质指数";
}

std::string rule_text(RankingRules const& rules)
{
    static constexpr std::array<std::string_view, 5> digits{"整数", "一位小数", "两位小数", "三位小数", "四位小数"};
    auto text =
        fmt::format("{}{}，按显示的{}排名，相同者并列，{}", rules.figure == RankingFigure::water_index ? "环办监测〔2017〕51号；" : "",
                    rules.smallest_first ? "由小到大" : "由大到小", digits.at(static_cast<std::size_t>(rules.decimals)),
                    rules.ties == TieRule::leave_out ? "其后名次空出" : "其后名次不空");
    if (rules.figure == RankingFigure::water_index)
        text += rules.weights == IndexWeights::sections ? "；河流与湖库按断面数加权" : "；河流与湖库各占一半";
    return text;
}

std::vector<int> ranks(std::span<Decimal const> shown, bool smallest_first, TieRule ties)
{
    std::vector<int> places;
    for (auto const& one : shown) {
        std::vector<Decimal> ahead;
        std::ranges::copy_if(shown, std::back_inserter(ahead),
                             [&](Decimal const& other) { return smallest_first ? other < one : one < other; });
        if (ties == TieRule::go_on) {
            std::ranges::sort(ahead);
            ahead.erase(std::ranges::unique(ahead).begin(), ahead.end());
        }
        places.push_back(1 + static_cast<int>(ahead.size()));
    }
    return places;
}

}  // namespace yihong
