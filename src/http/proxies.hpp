#pragma once

#include "yihong/net/networks.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace yihong::http {

/// The proxies whose X-Forwarded-* fields count.
class TrustedProxies {
public:
    /// \throws std::invalid_argument naming an entry that is no address or network
    explicit TrustedProxies(std::vector<std::string> const& entries);

    [[nodiscard]] bool contains(boost::asio::ip::address const& address) const noexcept { return networks_.contains(address); }

    /// The address furthest to the right in X-Forwarded-For that is not a trusted proxy: further left, anybody may have written it.
    /// \return `peer` where the list is empty or holds something else than addresses
    [[nodiscard]] boost::asio::ip::address client(boost::asio::ip::address const& peer, std::string_view forwarded_for) const;

    /// The first element of a list such as X-Forwarded-Proto or X-Forwarded-Host: what the client asked of the outermost proxy, which each one
    /// behind it appended to. It is as true as that proxy is careful: one that passes on what a client wrote lets him choose the links of his own
    /// answer, and no more. What they decide is only whether the origin of a WebSocket is ours, and no page can write these fields.
    [[nodiscard]] static std::string_view first_of(std::string_view list) noexcept;

private:
    net::Networks networks_;
};

}  // namespace yihong::http
