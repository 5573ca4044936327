#pragma once

#include <string>

struct sockaddr;

namespace yihong::notify {

/// Whether an address lies outside: false for loopback, private, link-local (the clouds' metadata services), carrier-grade NAT,
/// multicast, documentation and reserved ranges, IPv6 ULA, and IPv4 of that kind inside IPv6 (mapped, 6to4, NAT64, Teredo is refused whole).
[[nodiscard]] bool is_public(sockaddr const& address) noexcept;
/// Numeric, for messages.
[[nodiscard]] std::string address_text(sockaddr const& address);

}  // namespace yihong::notify
