#include "yihong/periods/lake_period.hpp"

#include "yihong/periods/changes.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace yihong {
namespace {

/// Unrounded means of every item that has one, graded or not.
Record all_means_of(SectionPeriod const& section)
{
    Record record;
    for (auto const& item : section.items) {
        if (item.source == ValueSource::none)
            continue;
        Reading reading;
        reading.parameter = item.parameter;
        reading.value = item.exact;
        record.readings.push_back(reading);
    }
    return record;
}

}  // namespace

std::optional<Decimal> LakePeriod::mean(ParameterId parameter) const noexcept
{
    auto const found = std::ranges::lower_bound(means, parameter, {}, [](auto const& entry) { return entry.first; });
    return found != means.end() && found->first == parameter ? std::optional{found->second} : std::nullopt;
}

std::string explain(LakePeriod const& lake, ParameterBook const& parameters)
{
    if (lake.points == 0)
        return "有效数据不足，未作评价";
    auto out = fmt::format("点位{}个", lake.points);
    if (lake.judgement.water_class > 0) {
        out += fmt::format("，水质{}类", water_class_label(lake.judgement.water_class));
        if (!lake.judgement.main_pollutants.empty())
            out += "，主要污染指标：" + pollutants_text(lake.judgement.main_pollutants, parameters);
    }
    if (lake.nitrogen_class > 0)
        out += fmt::format("；总氮单独评价为{}类", water_class_label(lake.nitrogen_class));
    if (lake.trophic) {
        out += fmt::format("；综合营养状态指数{}，{}", lake.trophic->shown.to_string(), trophic_label(lake.trophic->grade));
    } else {
        std::vector<std::string> lacks;
        for (auto const id : lake.trophic_lacks)
            lacks.push_back(item_name(id, parameters));
        out += fmt::format("；缺{}，营养状态未作评价", fmt::join(lacks, "、"));
    }
    for (auto const* name : {"salinity", "water_level"})
        if (auto const* parameter = parameters.find(name); parameter)
            if (auto const mean = lake.mean(parameter->id))
                out += fmt::format("；{}{}{}", parameter->name_zh, mean->to_string(), parameter->unit_suffix());
    return out;
}

LakePeriod evaluate_lake(std::span<SectionPeriod const* const> points, WaterStandard const& standard, WaterEvaluation const& evaluation,
                         StandardsBook const& standards)
{
    auto const& parameters = standards.parameters();
    std::vector<Record> graded, all;
    for (auto const* point : points) {
        auto means = all_means_of(*point);
        if (means.readings.empty())
            continue;
        graded.push_back(exact_means_of(*point));
        all.push_back(std::move(means));
    }
    LakePeriod lake;
    lake.points = static_cast<int>(all.size());
    if (all.empty())
        return lake;
    lake.judgement = judge_period(graded, true, standard, standards);
    for (auto const& reading : mean_record(all, standards).readings) {
        lake.means.emplace_back(reading.parameter, reading.value);
        auto const* item = standard.find(reading.parameter);
        if (auto const* nitrogen = parameters.find("total_nitrogen"); item && nitrogen && reading.parameter == nitrogen->id)
            lake.nitrogen_class = water_item_class(*item, reading.value, true);
    }
    lake.trophic = lake_state(all, evaluation, parameters);
    for (auto const& input : evaluation.tli)
        if (auto const mean = lake.mean(input.parameter); !mean || *mean <= Decimal{})
            lake.trophic_lacks.push_back(input.parameter);
    return lake;
}

}  // namespace yihong
