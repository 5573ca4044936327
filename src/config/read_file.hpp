#pragma once

#include "yihong/base/result.hpp"

#include <cstddef>
#include <filesystem>
#include <string>

namespace yihong {

/// The whole content of a regular file. \return Errc::broken_file, too_large; the detail begins with the file's name
Result<std::string> read_file(std::filesystem::path const& file, std::size_t limit_bytes);

}  // namespace yihong
