#pragma once

#include "yihong/base/result.hpp"

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

#include <sys/types.h>

namespace yihong {

/// An open file or folder. \throws std::runtime_error naming it when it cannot be opened
class FileDescriptor {
public:
    FileDescriptor(std::filesystem::path const& file, int flags, mode_t mode = 0);
    ~FileDescriptor();
    FileDescriptor(FileDescriptor const&) = delete;
    FileDescriptor& operator=(FileDescriptor const&) = delete;
    [[nodiscard]] int get() const noexcept { return fd_; }

private:
    int fd_;
};

/// With the file's name and what the system said. \throws std::runtime_error always
[[noreturn]] void throw_errno(std::string_view what, std::filesystem::path const& file);

/// The whole content of a regular file. \return Errc::broken_file, too_large; the detail begins with the file's name
Result<std::string> read_file(std::filesystem::path const& file, std::size_t limit_bytes);

/// Puts `text` in the place of a file that only its owner may read (0600). A crash leaves the old file or the new one, whole; when it
/// returns, the new one is on disk. \throws std::runtime_error naming the file
void write_private_file(std::filesystem::path const& file, std::string_view text);

}  // namespace yihong
