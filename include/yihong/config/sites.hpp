#pragma once

#include "yihong/base/result.hpp"
#include "yihong/model/site.hpp"

#include <expected>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace yihong {

/// The text of a site file, and the name that messages give it.
struct SiteFile {
    std::string name;
    std::string text;
};

/// Reads sites (监测点位) from GeoJSON FeatureCollections (RFC 7946; docs/data-model.md lists the properties).
/// Sites come in the order of the files. Their `number` stays 0.
/// \return every problem of every file, each as `file: feature 3 ("id"): property: what is wrong`: Errc::broken_file, bad_syntax,
/// missing_field, unknown_field, bad_value, duplicate_id (ids, MNs and external ids, also across files)
std::expected<std::vector<Site>, std::vector<Failure>> parse_sites(std::span<SiteFile const> files);

/// As parse_sites; a file that cannot be read is one of the problems.
std::expected<std::vector<Site>, std::vector<Failure>> load_sites(std::span<std::filesystem::path const> files);

}  // namespace yihong
