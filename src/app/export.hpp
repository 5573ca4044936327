#pragma once

#include "world_loader.hpp"

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace yihong {

struct ExportOptions {
    std::string collection;
    std::filesystem::path output;                  ///< its ending says what is written: .geojson, or that of a format to take home
    std::vector<std::pair<std::string, std::string>> parameters;   ///< of the items, as over HTTP: `filter`, `datetime`, …
};

/// The endings that `export_collection` writes.
std::vector<std::string> export_endings();

/// Has the service write the features of a collection (导出), as it gives them over HTTP; the file is whole or not there. \return the exit code
int export_collection(Overrides const& overrides, ExportOptions const& options);

}  // namespace yihong
