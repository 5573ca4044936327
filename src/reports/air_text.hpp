#pragma once

#include "yihong/reports/air_report.hpp"

#include <string>
#include <vector>

/// The sentences of the air report, which its page, document and tables share.
namespace yihong::air_text {

/// PM2.5, 臭氧: as reports say it, where that is another word than the item's name.
std::string pollutant(ParameterId id, ParameterBook const& parameters);
/// 同比, 环比, 较2020年同期; empty where nothing is compared.
std::string compared(AirReport const& report);
/// What is printed of a pollutant: its mean, or its percentile where the mean is not assessed.
std::optional<Decimal> printed(std::vector<AirFigures> const& figures, ParameterId id);
/// In percent, from the printed figures. \return nothing where one of them is not there
std::optional<Decimal> change(std::optional<Decimal> const& now, std::optional<Decimal> const& before);
/// Concentrations, good days, heavy days and composite index of all stations together.
std::string overview(AirReport const& report, ParameterBook const& parameters);
/// 若要完成…: what the rest of the year may have.
std::string outlook(AirOutlook const& of, ParameterBook const& parameters);
/// 首要污染物 by their days: PM2.5（12天）、臭氧（3天）; `—` for none.
std::string primary(AirCounts const& counts, ParameterBook const& parameters);
/// 说明 under the report.
std::vector<std::string> notes(AirReport const& report, AirReport const* so_far, ParameterBook const& parameters);

}  // namespace yihong::air_text
