#pragma once

#include "yihong/base/time.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace yihong::notify {

/// \return the 32 bytes of HMAC-SHA256
[[nodiscard]] std::string hmac_sha256(std::string_view key, std::string_view text);
/// The header `webhook-signature` of Standard Webhooks: `v1,…` of every secret, separated by blanks, so that a receiver may
/// change over at any time. \pre secrets are Base64, with or without `whsec_`
[[nodiscard]] std::string webhook_signature(std::span<std::string const> secrets, std::string_view id, std::int64_t unix_seconds,
                                            std::string_view body);
/// `timestamp=…&sign=…` of a DingTalk robot (加签).
[[nodiscard]] std::string dingtalk_query(std::string_view secret, UtcTime now);
/// `sign` of a Feishu robot (签名校验): what others sign is its key, and what it signs is empty.
[[nodiscard]] std::string feishu_sign(std::string_view secret, std::int64_t unix_seconds);

}  // namespace yihong::notify
