#pragma once

#include <filesystem>
#include <string>

namespace yihong {

/// What the configuration says of reports (`[reports]`).
struct ReportSettings {
    std::string publisher = {};  ///< whose reports they are (编制单位)
    std::filesystem::path water_template = {};  ///< .docx of the water report; empty: the one that ships
    bool operator==(ReportSettings const&) const = default;
};

}  // namespace yihong
