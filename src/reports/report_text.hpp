#pragma once

#include "yihong/reports/water_report.hpp"

#include <string>
#include <string_view>
#include <vector>

/// The sentences and cells that text, tables and sheets of a report share.
namespace yihong::report_text {

/// `77.8`, `--` where there is nothing.
std::string figure(std::optional<Decimal> const& value);
/// 氨氮、总磷
std::string names(std::vector<ParameterId> const& ids, ParameterBook const& parameters);
/// 张留庄、庙前村
std::string sections(std::vector<std::size_t> const& indices, WaterReport const& report);
/// 与上年同期相比，…
std::string base_name(WaterQuery const& query);

/// 一、总体情况: the counts, shares and changes in sentences.
std::string overview(WaterReport const& report, ParameterBook const& parameters);
/// 汾河：3个断面，… of a river or a place.
std::string group(GroupRow const& row, WaterReport const& report, ParameterBook const& parameters);
/// 伍姓湖：点位3个，… of a lake.
std::string lake(LakeRow const& row, WaterReport const& report, ParameterBook const& parameters);
/// 扣除自然本底、上游来水后优良…; empty where nothing is marked so.
std::string deducted(GroupRow const& row);
/// `Ⅳ类、未达标`, `未参评`
std::string verdict(SectionPeriod const& section);
/// 主要污染指标 of a group, with exceed rate or multiple.
std::string pollutants(GroupRow const& row, ParameterBook const& parameters);
/// 总磷：其余4个月均值不高于 0.205（计入修约 0.207）
std::string outlook(SectionOutlook const& outlook, ParameterBook const& parameters);
/// What was not complete: sections not evaluated, without a verdict, or judged without an owed item.
std::vector<std::string> incomplete(WaterReport const& report, ParameterBook const& parameters);
/// By which rules: GB 3838-2002、…
std::string basis(WaterReport const& report);
/// 说明 under the report: what was not complete, by which rules it was made, and from which records.
std::vector<std::string> notes(WaterReport const& report, ParameterBook const& parameters);

}  // namespace yihong::report_text
