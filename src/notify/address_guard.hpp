#pragma once

#include "yihong/base/result.hpp"

#include <memory>
#include <string>
#include <string_view>

struct addrinfo;
struct sockaddr;

namespace yihong::notify {

/// Whether an address lies outside: false for loopback, private, link-local (the clouds' metadata services), carrier-grade NAT,
/// multicast, documentation and reserved ranges, IPv6 ULA, and IPv4 of that kind inside IPv6 (mapped, 6to4, NAT64, Teredo is refused whole).
[[nodiscard]] bool is_public(sockaddr const& address) noexcept;
/// Numeric, for messages.
[[nodiscard]] std::string address_text(sockaddr const& address);

struct AddressesDeleter {
    void operator()(addrinfo* list) const noexcept;
};
using Addresses = std::unique_ptr<addrinfo, AddressesDeleter>;  ///< never empty

struct Authority {
    std::string_view host;  ///< without brackets
    std::string_view port;  ///< empty: that of the scheme
};
/// Of a URL that the configuration has checked.
[[nodiscard]] Authority authority_of(std::string_view url) noexcept;
/// Waits for the resolver. \return Errc::not_found, with the name and what the resolver says
Result<Addresses> resolve(std::string const& host);
/// The first of the addresses that is not public; null where all are.
[[nodiscard]] sockaddr const* find_inner(Addresses const& addresses) noexcept;
/// What people are told of such a target.
[[nodiscard]] std::string inner_refusal(std::string_view address);

}  // namespace yihong::notify
