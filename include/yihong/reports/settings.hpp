#pragma once

#include "yihong/evaluate/air_statistics.hpp"
#include "yihong/periods/outfall_period.hpp"
#include "yihong/periods/ranking.hpp"
#include "yihong/periods/section_period.hpp"
#include "yihong/reports/air_point.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace yihong {

/// What the bureau says under the reports of a period (单位说明).
struct ReportNote {
    Period period;  ///< stands under each report that is of some of it, or compared with some of it
    std::vector<std::string> reports = {};  ///< kinds, `water-month`; empty: all
    std::string text;
    bool operator==(ReportNote const&) const = default;
};

/// What the configuration says of reports (`[reports]`).
struct ReportSettings {
    std::string publisher = {};  ///< whose reports they are (编制单位)
    std::string public_url = {};  ///< under which others reach the service, for links in files; empty: none
    std::filesystem::path compliance_template = {}, ranking_template = {};  ///< .docx of the other kinds of the water report
    std::filesystem::path water_template = {}, air_template = {};  ///< .docx of the reports; empty: the one that ships
    WaterValidity validity = {};
    RankingRules ranking = {};
    IndexRules air_index = {};
    std::filesystem::path plant_template = {};
    OutfallRules outfalls = {};
    std::vector<AirPoint> air_points = {};  ///< stations that were points of evaluation for some time only
    std::string city = {};  ///< whose the air stations are (本市): under this name lists of dust days speak of all of them
    std::vector<ReportNote> notes = {};
    std::optional<int> base_year = {};  ///< of the plan (基准年), that periods are compared with; none: nothing was said
    bool operator==(ReportSettings const&) const = default;
};

}  // namespace yihong
