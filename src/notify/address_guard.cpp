#include "address_guard.hpp"

#include "yihong/net/networks.hpp"
#include "yihong/notify/targets.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstring>

namespace yihong::notify {
namespace {

namespace ip = boost::asio::ip;

/// IANA's special-purpose registries, both of them, but for what is global after all.
net::Networks const& inner()
{
    static net::Networks const networks{{
        "0.0.0.0/8",    "10.0.0.0/8",     "100.64.0.0/10",  "127.0.0.0/8",   "169.254.0.0/16",  "172.16.0.0/12",  "192.0.0.0/24",
        "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4",
        "240.0.0.0/4",  "::/96",          "64:ff9b:1::/48", "100::/64",      "2001::/23",       "2001:db8::/32",  "3fff::/20",
        "5f00::/16",    "fc00::/7",       "fe80::/10",      "fec0::/10",     "ff00::/8",
    }};
    return networks;
}

bool is_outside(ip::address address)
{
    address = net::unmapped(address);
    if (inner().contains(address))
        return false;
    if (!address.is_v6())
        return true;
    // IPv4 addresses that gateways would take out again
    auto const bytes = address.to_v6().to_bytes();
    auto const embedded = [&](std::size_t at) { return ip::address_v4{{bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]}}; };
    if (bytes[0] == 0x20 && bytes[1] == 0x02)
        return is_outside(embedded(2));
    if (bytes[0] == 0x00 && bytes[1] == 0x64 && bytes[2] == 0xff && bytes[3] == 0x9b)
        return is_outside(embedded(12));
    return true;
}

ip::address to_address(sockaddr const& address)
{
    if (address.sa_family == AF_INET) {
        sockaddr_in v4;
        std::memcpy(&v4, &address, sizeof v4);
        return ip::address_v4{ntohl(v4.sin_addr.s_addr)};
    }
    sockaddr_in6 v6;
    std::memcpy(&v6, &address, sizeof v6);
    ip::address_v6::bytes_type bytes;
    std::memcpy(bytes.data(), &v6.sin6_addr, bytes.size());
    return ip::address_v6{bytes};
}

}  // namespace

bool is_public(sockaddr const& address) noexcept
{
    return (address.sa_family == AF_INET || address.sa_family == AF_INET6) && is_outside(to_address(address));
}

std::string address_text(sockaddr const& address)
{
    return address.sa_family == AF_INET || address.sa_family == AF_INET6 ? to_address(address).to_string() : "an address of another family";
}

void AddressesDeleter::operator()(addrinfo* list) const noexcept { freeaddrinfo(list); }

Authority authority_of(std::string_view url) noexcept
{
    url.remove_prefix(url.find("://") + 3);
    url = url.substr(0, url.find_first_of("/?#"));
    bool const bracketed = url.starts_with('[');
    auto const host_end = bracketed ? std::min(url.find(']'), url.size()) : std::min(url.find(':'), url.size());
    auto const colon = url.find(':', host_end);
    return {url.substr(bracketed, host_end - bracketed), colon == std::string_view::npos ? std::string_view{} : url.substr(colon + 1)};
}

Result<Addresses> resolve(std::string const& host)
{
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    if (int const error = getaddrinfo(host.c_str(), nullptr, &hints, &found); error != 0)
        return fail(Errc::not_found, fmt::format("the name {} cannot be resolved: {}", host, gai_strerror(error)));
    return Addresses{found};
}

sockaddr const* find_inner(Addresses const& addresses) noexcept
{
    for (auto const* one = addresses.get(); one != nullptr; one = one->ai_next)
        if (!is_public(*one->ai_addr))
            return one->ai_addr;
    return nullptr;
}

std::string inner_refusal(std::string_view address)
{
    return fmt::format("{} is not a public address; allow_private = true permits such targets", address);
}

std::optional<std::string> target_refusal(Channel const& channel)
{
    if (channel.url.empty() || channel.allow_private || !channel.proxy.empty())
        return std::nullopt;
    auto const addresses = resolve(std::string{authority_of(channel.url).host});
    auto const* const inner = addresses ? find_inner(*addresses) : nullptr;
    return inner == nullptr ? std::nullopt : std::optional{inner_refusal(address_text(*inner))};
}

}  // namespace yihong::notify
