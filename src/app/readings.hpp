#pragma once

#include "yihong/api/routes.hpp"
#include "yihong/config/config.hpp"
#include "yihong/store_local/local_store.hpp"
#include "yihong/write/intake.hpp"

#include <filesystem>
#include <string_view>

namespace yihong {

std::filesystem::path store_folder(Config const& config);
LocalStoreOptions store_options(Config const& config);

/// Reads a posted body by its media type. \return Errc::unsupported naming the media types that are taken
Result<ParsedBatch> read_posted(std::string_view body, std::string_view content_type, World const& world);
/// Reads a quarantined piece again by the format kept with it.
Result<ParsedBatch> read_quarantined(QuarantineEntry const& entry, World const& world);

/// Imports the next piece of a file, from a position on. Used by `yihong import`, in its own process or in the service's.
Result<api::ImportProgress> import_slice(api::ImportRequest const& request, Intake& intake, Writer& writer, Sites& sites);

}  // namespace yihong
