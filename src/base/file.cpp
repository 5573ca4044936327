#include "yihong/base/file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <stdexcept>
#include <system_error>

namespace yihong {

void throw_errno(std::string_view what, std::filesystem::path const& file)
{
    int const error = errno;
    throw std::runtime_error{fmt::format("{}: {}: {}", file.string(), what, std::generic_category().message(error))};
}

FileDescriptor::FileDescriptor(std::filesystem::path const& file, int flags, mode_t mode)
    : fd_{::open(file.c_str(), flags | O_CLOEXEC, mode)}
{
    if (fd_ < 0)
        throw_errno("cannot be opened", file);
}

FileDescriptor::~FileDescriptor() { ::close(fd_); }

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

void write_private_file(std::filesystem::path const& file, std::string_view text)
{
    // on disk under another name first, so that a crash leaves the old file or the new one, whole
    auto const part = file.string() + ".part";
    {
        FileDescriptor const out{part, O_WRONLY | O_CREAT | O_TRUNC, S_IRUSR | S_IWUSR};
        if (::fchmod(out.get(), S_IRUSR | S_IWUSR) != 0)
            throw_errno("cannot be made private", part);
        for (std::string_view rest = text; !rest.empty();) {
            auto const written = ::write(out.get(), rest.data(), rest.size());
            if (written < 0 && errno == EINTR)
                continue;
            if (written < 0)
                throw_errno("cannot be written", part);
            rest.remove_prefix(static_cast<std::size_t>(written));
        }
        if (::fsync(out.get()) != 0)
            throw_errno("cannot be synced", part);
    }
    if (::rename(part.c_str(), file.c_str()) != 0)
        throw_errno("cannot be replaced", file);
    FileDescriptor const folder{file.parent_path(), O_RDONLY | O_DIRECTORY};
    if (::fsync(folder.get()) != 0)
        throw_errno("cannot be synced", file.parent_path());
}

}  // namespace yihong
