#include "positioned_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace yihong::formats {

PositionedFile::PositionedFile(std::filesystem::path file) : path_{std::move(file)}, file_{path_, O_RDWR | O_CREAT | O_TRUNC, 0666} {}

void PositionedFile::forget_name() const
{
    if (::unlink(path_.c_str()) != 0)
        throw_errno("cannot be removed", path_);
}

void PositionedFile::write(std::string_view bytes, std::uint64_t at) const
{
    while (!bytes.empty()) {
        auto const n = ::pwrite(file_.get(), bytes.data(), bytes.size(), static_cast<off_t>(at));
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            throw_errno("cannot be written", path_);
        bytes.remove_prefix(static_cast<std::size_t>(n));
        at += static_cast<std::uint64_t>(n);
    }
}

std::size_t PositionedFile::read(char* to, std::size_t size, std::uint64_t at) const
{
    std::size_t got = 0;
    while (got < size) {
        auto const n = ::pread(file_.get(), to + got, size - got, static_cast<off_t>(at + got));
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            throw_errno("cannot be read", path_);
        if (n == 0)
            break;
        got += static_cast<std::size_t>(n);
    }
    return got;
}

void Output::put(std::string_view bytes)
{
    constexpr std::size_t piece = 256U << 10U;
    waiting_ += bytes;
    if (waiting_.size() >= piece)
        flush();
}

void Output::flush()
{
    file_.write(waiting_, at_);
    at_ += waiting_.size();
    waiting_.clear();
}

}  // namespace yihong::formats
