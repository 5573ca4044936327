#include "yihong/periods/ranking.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace yihong {
namespace {

/// 由小到大，按显示的四位小数排名，相同者并列，其后名次空出
std::string order_text(RankingRules const& rules, int decimals)
{
    static constexpr std::array<std::string_view, 5> digits{"整数", "一位小数", "两位小数", "三位小数", "四位小数"};
    return fmt::format("{}，按显示的{}排名，相同者并列，{}", rules.smallest_first ? "由小到大" : "由大到小",
                       digits.at(static_cast<std::size_t>(decimals)), rules.ties == TieRule::leave_out ? "其后名次空出" : "其后名次不空");
}

}  // namespace

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

RankingRules section_rules(RankingRules const& places) noexcept
{
    auto rules = places.figure == RankingFigure::water_index ? places : usual_rules(RankingFigure::water_index);
    rules.ties = places.ties;
    rules.change_decimals = places.change_decimals;
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
    auto text =
        fmt::format("{}{}", rules.figure == RankingFigure::water_index ? "环办监测〔2017〕51号；" : "", order_text(rules, rules.decimals));
    if (rules.figure == RankingFigure::water_index)
        text += rules.weights == IndexWeights::sections ? "；河流与湖库按断面数加权" : "；河流与湖库各占一半";
    return text;
}

std::string_view to_text(Unranked why) noexcept
{
    constexpr std::array<std::string_view, 3> names{"no_base", "other_items", "best_already"};
    return names[static_cast<std::size_t>(why)];
}
std::string_view unranked_label(Unranked why) noexcept
{
    constexpr std::array<std::string_view, 3> names{"没有可比断面", "指数所含项目不同", "两期均为Ⅱ类及以上且未超目标"};
    return names[static_cast<std::size_t>(why)];
}

std::string change_figure_label(RankingFigure figure)
{
    switch (figure) {
    case RankingFigure::good_share: return "优良断面比例变化（百分点）";
    case RankingFigure::met_share: return "断面达标率变化（百分点）";
    case RankingFigure::water_index: break;
    }
    return std::string{figure_label(figure)} + "变化幅度（%）";
}

std::string change_rule_text(RankingRules const& rules)
{
    bool const of_index = rules.figure == RankingFigure::water_index;
    return fmt::format("{}，用显示的数，只计两期都参评的断面；{}，{}；各断面两期均为Ⅱ类及以上且未超目标的不参加",
                       of_index ? "环办监测〔2017〕51号；（本期−上期）÷上期×100%" : "本期−上期", of_index ? "负值为好转" : "正值为好转",
                       order_text(rules, of_index ? rules.change_decimals : rules.decimals));
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
