#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace yihong {

/// Text that waits in memory for those who may ask for it: packed with little effort, so that a cache holds several times as much. Immutable.
class PackedText {
public:
    PackedText() = default;
    explicit PackedText(std::string_view text);

    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    /// Appends the text.
    void append_to(std::string& out) const;
    [[nodiscard]] std::size_t memory() const noexcept { return bytes_.capacity(); }

private:
    std::string bytes_;
    std::size_t size_ = 0;  ///< of the text
};

}  // namespace yihong
