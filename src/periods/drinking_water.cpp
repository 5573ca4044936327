#include "yihong/periods/drinking_water.hpp"

#include "yihong/periods/section_period.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace yihong {

std::optional<bool> DrinkingWaterPeriod::met() const noexcept
{
    if (!std::ranges::all_of(items, &DrinkingWaterJudgement::met))
        return false;
    return missing.empty() ? std::optional{true} : std::nullopt;
}

DrinkingWaterPeriod evaluate_drinking_water(Record const& means, WaterStandard const& standard)
{
    DrinkingWaterPeriod made;
    made.items = judge_drinking_water(means, standard);
    for (auto const& item : standard.drinking_water)
        if (std::ranges::none_of(made.items, [&](auto const& judged) { return judged.item == &item; }))
            made.missing.push_back(item.parameter);
    return made;
}

std::string_view drinking_water_label(std::optional<bool> met) noexcept { return !met ? "不判定" : *met ? "达标" : "不达标"; }

std::string drinking_water_exceeded(DrinkingWaterPeriod const& source, ParameterBook const& parameters)
{
    std::vector<std::string> all;
    for (auto const& judged : source.items)
        if (judged.multiple)
            all.push_back(fmt::format("{}({})", item_name(judged.item->parameter, parameters), judged.multiple->to_string()));
    return fmt::format("{}", fmt::join(all, "、"));
}

std::string drinking_water_text(DrinkingWaterPeriod const& source, ParameterBook const& parameters)
{
    std::string const what = "饮用水源补充项目（GB 3838表2）";
    std::vector<std::string> over, missing;
    for (auto const& judged : source.items)
        if (auto const* parameter = parameters.find(judged.item->parameter); parameter && judged.multiple)
            over.push_back(fmt::format("{} {}{}（限值{}，超{}倍）", parameter->name_zh, judged.assessed.to_string(),
                                       parameter->unit_suffix(), judged.item->limit.to_string(), judged.multiple->to_string()));
    for (auto const id : source.missing)
        missing.push_back(item_name(id, parameters));
    auto const met = source.met();
    auto out = what + std::string{drinking_water_label(met)};
    if (!over.empty())
        out += fmt::format("：{}", fmt::join(over, "、"));
    if (!missing.empty())
        out += fmt::format("{}未测 {}", met ? "；" : "，", fmt::join(missing, "、"));
    return out;
}

}  // namespace yihong
