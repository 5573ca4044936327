#pragma once

#include "period_feature.hpp"

#include "yihong/reports/air_report.hpp"

#include <algorithm>

namespace yihong {

inline Value day_count(AirRow const& air, int number) { return air.now.valid_then.days.valid > 0 ? Value{std::int64_t{number}} : Value{}; }

/// The figure that the composite index takes: the percentile of CO and O3, the mean of the others.
inline Value figure_of(AirRow const& air, ParameterId id)
{
    auto const found = std::ranges::find(air.figures, id, [](AirFigures const& one) { return one.pollutant.parameter; });
    if (found == air.figures.end())
        return {};
    return optional_value(found->pollutant.mean ? found->pollutant.mean : found->pollutant.percentile);
}

/// What the rows of air have, of a station or of several; `Row` has an `air` and a `report`.
template <typename Row>
void add_air_columns(PeriodTable<Row>& table, StandardsBook const& standards)
{
    using enum AttributeType;
    auto const& parameters = standards.parameters();
    table.add(
        {.name = "good_days", .title = "优良天数（按当日标准）", .title_en = "Good days, by the edition of each day", .type = integer},
        [](Row const& row) { return day_count(row.air, row.air.now.valid_then.days.good); });
    table.add({.name = "valid_days", .title = "有效天数", .title_en = "Valid days", .type = integer},
              [](Row const& row) -> Value { return std::int64_t{row.air.now.valid_then.days.valid}; });
    table.add({.name = "due_days", .title = "应有天数", .title_en = "Days due by the calendar", .type = integer},
              [](Row const& row) -> Value { return std::int64_t{row.air.now.days_due}; });
    table.add({.name = "good_share", .title = "优良天数比例", .title_en = "Share of good days", .type = real, .unit = "%"},
              [](Row const& row) {
                  auto const& days = row.air.now.valid_then.days;
                  return days.valid > 0 ? Value{days.percent} : Value{};
              });
    table.add({.name = "heavy_days", .title = "重污染天数", .title_en = "Days of heavy pollution", .type = integer},
              [](Row const& row) { return day_count(row.air, row.air.now.valid_then.heavy); });
    table.add(
        {.name = "dust_days", .title = "沙尘日（颗粒物不计）", .title_en = "Days marked as dust: particles are left out", .type = integer},
        [](Row const& row) -> Value { return static_cast<std::int64_t>(row.air.dust.size()); });
    table.add({.name = "good_days_as_measured",
               .title = "优良天数（未扣除沙尘）",
               .title_en = "Good days with the particles of dust days",
               .type = integer},
              [](Row const& row) {
                  return day_count(row.air, (row.air.as_measured ? row.air.as_measured->now : row.air.now).valid_then.days.good);
              });
    table.add({.name = "composite_index",
               .title = "综合指数（六项齐全时）",
               .title_en = "Composite index, where all six pollutants have a value; smaller is better",
               .type = real},
              [](Row const& row) {
                  return row.air.index.missing.empty() && !row.air.index.parts.empty() ? Value{row.air.index.total} : Value{};
              });
    table.add(
        {.name = "largest_part", .title = "综合指数的最大单项", .title_en = "The pollutant with the largest part of the composite index"},
        [&parameters](Row const& row) -> Value {
            auto const* p = row.air.index.missing.empty() ? parameters.find(row.air.index.largest) : nullptr;
            return p ? Value{p->name} : Value{};
        });
    table.add(
        {.name = "largest_share", .title = "最大单项的分担率", .title_en = "Its share of the composite index", .type = real, .unit = "%"},
        [](Row const& row) {
            return row.air.index.missing.empty() ? optional_value(row.air.index.share(row.air.index.largest)) : Value{};
        });
    std::vector<ParameterId> pollutants;
    if (auto const* statistics = standards.air_statistics(beijing_date(utc_now())))
        for (auto const& item : statistics->items)
            pollutants.push_back(item.parameter);
    for (auto const id : pollutants)
        if (auto const* p = parameters.find(id))
            table.add({.name = p->name,
                       .title = p->name_zh + "（时段评价值）",
                       .title_en = p->name_en + " (figure of the period: mean, or percentile of CO and O3)",
                       .type = real,
                       .unit = p->unit},
                      [id](Row const& row) { return figure_of(row.air, id); });
    table.add({.name = "standard", .title = "评价标准", .title_en = "Standard edition"},
              [](Row const& row) { return text_value(row.report.edition); });
    table.add({.name = "records", .title = "所用记录数", .title_en = "Records read", .type = integer},
              [](Row const& row) -> Value { return static_cast<std::int64_t>(row.report.data.records); });
}

}  // namespace yihong
