#pragma once

#include "yihong/base/result.hpp"
#include "yihong/compress/inflate.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>

namespace yihong {

inline constexpr std::size_t piece_bytes = 1U << 20U;    ///< read at a time

/// A file's text, decompressed as it is read.
class FileText {
public:
    FileText() : inflater_{Encoding::identity} {}
    /// \return broken_file
    Result<void> open(std::filesystem::path const& path);
    /// Appends up to `bytes` to `text` (a little more when compressed).
    Result<void> read(std::string& text, std::size_t bytes);
    /// Passes over the next `bytes` of the text, where that is possible without reading it.
    bool skip(std::uint64_t bytes);
    [[nodiscard]] bool done() const noexcept { return done_; }
    [[nodiscard]] std::uint64_t size() const noexcept { return size_; }
    [[nodiscard]] std::uint64_t consumed() const noexcept { return read_ - waiting_.size(); }

private:
    void load();

    std::ifstream file_;
    std::uint64_t size_ = 0;
    std::uint64_t read_ = 0;
    std::string chunk_;
    std::string_view waiting_;           // what of chunk_ is not decompressed yet
    Inflater inflater_;
    bool plain_ = true;
    bool done_ = false;
};

/// \return the text in UTF-8; nothing where it is no GB 18030
std::optional<std::string> from_gb18030(std::string_view text);

}  // namespace yihong
