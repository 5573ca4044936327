#pragma once

#include "world_loader.hpp"

#include <filesystem>
#include <string>

namespace CLI {
class App;
}

namespace yihong {

struct ReportOptions {
    std::string kind;                              ///< one of `report_names`
    std::string period;                            ///< `2025-10`
    std::filesystem::path output;                  ///< its ending says what is written: .docx, .html, .xlsx, .csv, .json
    std::string compare;                           ///< year, previous, base, none, or a year; empty: as the report has it
    std::string trend_since;                       ///< of water-month: the first year of the trend; empty: as the report has it
    std::string place;                             ///< empty: all
    std::string number;                            ///< 期号; empty: left blank
    std::string target;                            ///< of air-month: percent of good days in the year
    std::string pm25_target;                       ///< of air-month: ug/m3; empty: the annual limit
    bool issue = false;                            ///< hands it out: numbered and kept
    std::string as_of;                             ///< time with offset; empty: now
};

/// Has the service make a report (报表) and writes it; the file is whole or not there. \return the exit code
int make_report(Overrides const& overrides, ReportOptions const& options);
/// Writes the Word template of that kind of report which ships. \return the exit code
int write_report_template(ReportOptions const& options);

/// What the commands take, on the command line.
void add_report_options(CLI::App& command, ReportOptions& options);
void add_template_options(CLI::App& command, ReportOptions& options);

}  // namespace yihong
