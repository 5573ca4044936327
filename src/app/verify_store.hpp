#pragma once

#include <filesystem>

namespace yihong {

/// Reads a store or a backup whole, also beside the service that has it open, and prints what is wrong, or what is there.
/// \return whether it is sound and holds everything that was acknowledged
bool verify_store(std::filesystem::path const& directory);

/// Brings a store whose log is damaged up to its last whole commit, and prints what is missing. \param aside gets the log as it was
/// \return whether the store opens now
bool salvage_store(std::filesystem::path const& directory, std::filesystem::path const& aside);

}  // namespace yihong
