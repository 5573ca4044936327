#pragma once

#include <boost/asio/ip/address.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace yihong::net {

/// A set of addresses and networks, IPv4 and IPv6.
class Networks {
public:
    /// \param entries addresses or networks such as `10.0.0.0/8`
    /// \throws std::invalid_argument naming an entry that is neither
    explicit Networks(std::vector<std::string> const& entries);

    [[nodiscard]] bool contains(boost::asio::ip::address const& address) const noexcept;

private:
    struct Network {
        boost::asio::ip::address_v6::bytes_type bytes;
        int prefix;                                ///< of the IPv6 form
    };
    std::vector<Network> networks_;
};

/// IPv4 addresses that arrive mapped into IPv6 become IPv4 again.
boost::asio::ip::address unmapped(boost::asio::ip::address const& address);

/// Whom a quota counts (配额按来源计): an IPv4 address, or the /64 of an IPv6 one, for a single host mostly owns all of its /64.
boost::asio::ip::address source_of(boost::asio::ip::address const& address);
/// The same of a text; one that is no address stays as it is.
std::string source_of(std::string_view address);

}  // namespace yihong::net
