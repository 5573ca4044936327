#pragma once

#include <cstdint>
#include <string_view>

namespace yihong {

/// A content coding (RFC 9110 §8.4.1).
enum class Encoding : std::uint8_t { identity, gzip, zstd };
std::string_view to_text(Encoding encoding) noexcept;

/// By the magic number at the front.
Encoding detect_encoding(std::string_view bytes) noexcept;

}  // namespace yihong
