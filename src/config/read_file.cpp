#include "read_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <system_error>

namespace yihong {

Result<std::string> read_file(std::filesystem::path const& file, std::size_t limit_bytes)
{
    std::error_code ec;
    auto const status = std::filesystem::status(file, ec);
    if (!std::filesystem::exists(status))
        return fail(Errc::broken_file, fmt::format("{}: there is no such file", file.string()));
    if (!std::filesystem::is_regular_file(status))
        return fail(Errc::broken_file, fmt::format("{}: this is not a file", file.string()));

    errno = 0;
    std::ifstream in{file, std::ios::binary};
    if (!in)
        return fail(Errc::broken_file, fmt::format("{}: {}", file.string(), std::generic_category().message(errno)));
    // in pieces, so that a small file does not take the room of the largest
    std::string text;
    while (in && text.size() <= limit_bytes) {
        std::size_t const had = text.size();
        std::size_t const piece = std::min(limit_bytes + 1 - had, std::max<std::size_t>(had, 64 * 1024));
        text.resize(had + piece);
        in.read(text.data() + had, static_cast<std::streamsize>(piece));
        text.resize(had + static_cast<std::size_t>(in.gcount()));
    }
    if (in.bad())
        return fail(Errc::broken_file, fmt::format("{}: {}", file.string(), std::generic_category().message(errno)));
    if (text.size() > limit_bytes)
        return fail(Errc::too_large, fmt::format("{}: is larger than {} bytes", file.string(), limit_bytes));
    return text;
}

}  // namespace yihong
