#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace yihong {

/// QN of a frame, 17 digits that grow with the station's clock. \return empty where it has none
[[nodiscard]] std::string_view qn_of(std::string_view frame) noexcept;

/// What a frame says, without what differs when it is sent or cut once more: bytes around it, its length, its check sum, its line end.
/// \return the bytes as they are, where they are no whole frame
[[nodiscard]] std::string_view said_by(std::string_view frame) noexcept;

/// The secrets in the text of frames, whole or in pieces: the values of PW, NewPW and NewSK, found as tolerantly as the parser of segments takes
/// them. Views into `text`, in its order.
[[nodiscard]] std::vector<std::string_view> secrets_in(std::string_view text);

/// As many may see it: `******` stands for every secret, and `****` for the check sums, by which a short secret could be guessed.
/// Text without a secret stays as it is.
[[nodiscard]] std::string without_secrets(std::string_view text);

}  // namespace yihong
