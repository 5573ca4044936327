#pragma once

#include "yihong/periods/outfall_period.hpp"
#include "yihong/periods/ranking.hpp"
#include "yihong/periods/section_period.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace yihong {

/// A stop that an outlet has reported (停运、停产报备): what falls into it is not due.
struct ReportedStop {
    std::vector<std::string> sites;  ///< ids
    UtcTime begin{}, end{};
    std::string reason;
    std::string document = {};  ///< number of the paper that reports it (文号)
    std::string by = {};  ///< who entered it
    bool operator==(ReportedStop const&) const = default;
};

/// What the configuration says of reports (`[reports]`).
struct ReportSettings {
    std::string publisher = {};  ///< whose reports they are (编制单位)
    std::filesystem::path water_template = {}, air_template = {};  ///< .docx of the reports; empty: the one that ships
    WaterValidity validity = {};
    RankingRules ranking = {};
    std::filesystem::path plant_template = {};
    OutfallRules outfalls = {};
    std::vector<ReportedStop> stops = {};
    bool operator==(ReportSettings const&) const = default;
};

}  // namespace yihong
