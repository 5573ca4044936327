#pragma once

#include "world_loader.hpp"

#include <string>
#include <vector>

namespace yihong {

struct ImportOptions {
    std::vector<std::string> files;
    std::string format;
    bool create_sites = false;
    bool keep_unknown = false;
    bool quiet = false;
};

/// Archives in, with a progress bar on a terminal. Works with and beside a running service. An interrupted import goes on where it
/// stopped. The last line of output is JSON with the sums. \return the exit code
int import_files(Overrides const& overrides, ImportOptions const& options);

}  // namespace yihong
