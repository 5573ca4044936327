#pragma once

#include "yihong/base/result.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace yihong::documents {

/// A file inside a ZIP archive.
struct Part {
    std::string name;  ///< `word/document.xml`
    std::string content;
};

/// \return Errc::broken_file for what is no whole ZIP archive, Errc::too_large for one that takes more than 64 MB
Result<std::vector<Part>> unpack(std::string_view archive);
/// The same parts make the same bytes: every file is of 1 January 1980. \throws std::runtime_error where the library refuses
std::string pack(std::vector<Part> const& parts);

}  // namespace yihong::documents
