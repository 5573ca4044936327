#pragma once

#include "yihong/base/file.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace yihong::formats {

/// A file whose places are named with each call, so that several may read and write it, each going its own way.
class PositionedFile {
public:
    /// A new one, or an emptied one. \throws std::runtime_error where the disk refuses, as all others do
    explicit PositionedFile(std::filesystem::path file);
    /// Its name goes, the bytes stay as long as it is open.
    void forget_name() const;

    void write(std::string_view bytes, std::uint64_t at) const;
    /// \return how many bytes there were, less than `size` at the end of the file alone
    std::size_t read(char* to, std::size_t size, std::uint64_t at) const;

private:
    std::filesystem::path path_;
    FileDescriptor file_;
};

/// Writes one way through a file, in large pieces.
class Output {
public:
    /// \param file outlives it
    Output(PositionedFile const& file, std::uint64_t at) : file_{file}, at_{at} {}

    void put(std::string_view bytes);
    void flush();
    /// Where the next byte goes.
    [[nodiscard]] std::uint64_t position() const noexcept { return at_ + waiting_.size(); }

private:
    PositionedFile const& file_;
    std::uint64_t at_;
    std::string waiting_;
};

}  // namespace yihong::formats
