#pragma once

#include "yihong/http/router.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace yihong::http {

struct StaticFiles {
    std::filesystem::path folder;
    std::string prefix = "/";                      ///< `/console`: the folder's `app.js` is `/console/app.js`
    Scope scope = Scope::none;
    net::Pool* pool = nullptr;                     ///< opens the files; outlives the routes
    /// Answers for names without extension that lead nowhere: the paths that a page of its own script shows. Empty: they are 404.
    std::string fallback;
    Headers headers;                               ///< that every HTML file comes with
};

/// The routes of a folder of files, with ETags and ranges. A folder answers with its `index.html`, and is never listed. Of `app.js` the
/// variants `app.js.br`, `.zst` and `.gz` beside it go to who takes them. Names with a hash (`app-3f9a1c2b.js`) are kept for a year by clients,
/// others asked for again. Names that begin with a dot are not there, symbolic links are not followed, and nothing outside is reached.
/// \throws std::runtime_error when the folder cannot be opened
std::vector<Route> static_files(StaticFiles const& files);

/// By the name's extension; `application/octet-stream` for unknown ones.
std::string_view content_type_of(std::string_view name) noexcept;

/// Whether a name carries a hash of its content: behind its last `-` or `.` before the extension at least eight letters, digits and `_`,
/// digits and letters both.
bool is_hashed_name(std::string_view name) noexcept;

}  // namespace yihong::http
