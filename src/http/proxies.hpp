#pragma once

#include <boost/asio/ip/address.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace yihong::http {

/// The proxies whose X-Forwarded-* fields count.
class TrustedProxies {
public:
    /// \param entries addresses or networks such as `10.0.0.0/8`
    /// \throws std::invalid_argument naming an entry that is neither
    explicit TrustedProxies(std::vector<std::string> const& entries);

    [[nodiscard]] bool contains(boost::asio::ip::address const& address) const noexcept;

    /// The address furthest to the right in X-Forwarded-For that is not a trusted proxy: further left, anybody may have written it.
    /// \return `peer` where the list is empty or holds something else than addresses
    [[nodiscard]] boost::asio::ip::address client(boost::asio::ip::address const& peer, std::string_view forwarded_for) const;

private:
    struct Network {
        boost::asio::ip::address_v6::bytes_type bytes;
        int prefix;                                ///< of the IPv6 form
    };
    std::vector<Network> networks_;
};

/// IPv4 addresses that arrive mapped into IPv6 become IPv4 again.
boost::asio::ip::address unmapped(boost::asio::ip::address const& address);

}  // namespace yihong::http
