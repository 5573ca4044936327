#pragma once

#include <string>
#include <string_view>

namespace yihong {

/// SHA-256(previous ‖ document), lower-case hexadecimal: what chains an entry of the journal to the one before it.
[[nodiscard]] std::string chained_hash(std::string_view previous, std::string_view document);

}  // namespace yihong
