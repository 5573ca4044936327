#pragma once

#include "period_feature.hpp"

#include "yihong/periods/section_period.hpp"

#include <string>
#include <vector>

/// Columns that every collection of judged waters has.
namespace yihong {

inline Value class_value(int water_class) { return water_class > 0 ? Value{std::int64_t{water_class}} : Value{}; }

/// `codmn、ammonia_nitrogen`
inline Value parameter_names(std::vector<ParameterId> const& ids, ParameterBook const& parameters)
{
    std::vector<std::string> all;
    for (auto const id : ids)
        if (auto const* parameter = parameters.find(id))
            all.push_back(parameter->name);
    return all;
}

/// Its class in words, and what made it; `Row` has a `judgement()` and the `parameters()`.
template <typename Row>
void add_judgement_columns(PeriodTable<Row>& table)
{
    table.add({.name = "water_class_label", .title = "水质类别", .title_en = "Water class"},
              [](Row const& row) { return text_value(water_class_label(row.judgement().water_class)); });
    table.add({.name = "water_quality", .title = "水质状况", .title_en = "Water quality in words"},
              [](Row const& row) { return text_value(water_quality_label(row.judgement().water_class)); });
    table.add({.name = "deciding_parameters", .title = "决定类别的项目", .title_en = "Items that decide the class", .array = true},
              [](Row const& row) { return parameter_names(row.judgement().deciding, row.parameters()); });
    table.add({.name = "main_pollutants", .title = "主要污染指标（超标倍数）", .title_en = "Main pollutants with their multiples"},
              [](Row const& row) {
                  auto const& main = row.judgement().main_pollutants;
                  return main.empty() ? Value{} : Value{pollutants_text(main, row.parameters())};
              });
}

/// The mean of an item over the period. \param get its value in a row
template <typename Row>
void add_mean_column(PeriodTable<Row>& table, Parameter const& parameter, std::function<Value(Row const&)> get)
{
    table.add({.name = parameter.name,
               .title = parameter.name_zh,
               .title_en = parameter.name_en,
               .type = AttributeType::real,
               .unit = parameter.unit},
              std::move(get));
}

}  // namespace yihong
