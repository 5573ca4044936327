#pragma once

#include "yihong/base/result.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

/// ZIP archives, which .docx and .xlsx are.
namespace yihong {

/// A file inside a ZIP archive.
struct ZipPart {
    std::string name;  ///< `word/document.xml`
    std::string content;
};

/// \param limit_bytes of all files, unpacked
/// \return Errc::broken_file for what is no whole ZIP archive, Errc::too_large for one that takes more
Result<std::vector<ZipPart>> unpack(std::string_view archive, std::size_t limit_bytes = 64U << 20U);
/// The same parts make the same bytes: every file is of 1 January 1980. \throws std::runtime_error where the library refuses
std::string pack(std::vector<ZipPart> const& parts);

}  // namespace yihong
