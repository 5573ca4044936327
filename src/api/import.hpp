#pragma once

#include "yihong/api/routes.hpp"

#include <cstdint>
#include <string>

namespace yihong::api {

/// The next piece of a file to import, from a position that an earlier piece gave.
struct ImportRequest {
    std::string file = {};                         ///< absolute path on this machine
    std::string format = {};                       ///< empty: found out from the content
    bool create_sites = false;                     ///< register sections that no site file knows, without position
    bool keep_unknown = false;  ///< quarantine the rows of unknown sections of a national archive, instead of leaving them out
    std::uint64_t offset = 0, line = 0, row = 0;
};

struct ImportProgress {
    std::string format;
    std::uint64_t offset = 0, line = 0, row = 0;  ///< where to go on
    std::uint64_t bytes_read = 0, bytes_total = 0;
    std::uint64_t rows = 0, accepted = 0, duplicates = 0, revised = 0, rejected = 0, empty = 0, unknown_site_rows = 0, sites_created = 0;
    bool finished = false;
};

/// What an import works on; everything outlives it.
struct ImportInto {
    Intake& intake;
    WorldKeeper& worlds;
    Sites& sites;
};

/// Imports the next piece of a file, of bounded size; nobody else replaces the world meanwhile. Waits for commits, so it belongs on a pool.
/// \return what is wrong with the file \throws StoreError
Result<ImportProgress> import_slice(ImportRequest const& request, ImportInto into);

}  // namespace yihong::api
