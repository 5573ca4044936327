#include "options.hpp"

namespace yihong {

std::filesystem::path store_folder(Config const& config) { return config.store.path / "store"; }

LocalStoreOptions store_options(Config const& config)
{
    LocalStoreOptions options;
    options.block_cache_bytes = config.store.cache_mb << 20U;
    options.frames_max_bytes = std::uint64_t{config.store.frames_max_mb} << 20U;
    options.frames_max_age = config.store.frames_max_age;
    return options;
}

}  // namespace yihong
