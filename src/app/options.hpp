#pragma once

#include "yihong/config/config.hpp"
#include "yihong/store_local/local_store.hpp"

#include <filesystem>

/// What the config says, in the words of each module.
namespace yihong {

std::filesystem::path store_folder(Config const& config);
LocalStoreOptions store_options(Config const& config);

}  // namespace yihong
