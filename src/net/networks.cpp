#include "yihong/net/networks.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <stdexcept>
#include <string_view>

namespace yihong::net {
namespace {

namespace ip = boost::asio::ip;

ip::address_v6::bytes_type mapped_bytes(ip::address const& address)
{
    return address.is_v6() ? address.to_v6().to_bytes() : ip::make_address_v6(ip::v4_mapped, address.to_v4()).to_bytes();
}

}  // namespace

ip::address unmapped(ip::address const& address)
{
    if (address.is_v6() && address.to_v6().is_v4_mapped())
        return ip::make_address_v4(ip::v4_mapped, address.to_v6());
    return address;
}

ip::address source_of(ip::address const& address)
{
    auto const plain = unmapped(address);
    if (plain.is_v4())
        return plain;
    auto bytes = plain.to_v6().to_bytes();
    std::fill(bytes.begin() + 8, bytes.end(), std::uint8_t{0});
    return ip::make_address_v6(bytes);
}

std::string source_of(std::string_view address)
{
    boost::system::error_code ec;
    auto const parsed = ip::make_address(std::string{address}, ec);
    return ec ? std::string{address} : source_of(parsed).to_string();
}

Networks::Networks(std::vector<std::string> const& entries)
{
    for (auto const& entry : entries) {
        std::string_view const text = entry;
        auto const slash = text.find('/');
        boost::system::error_code ec;
        auto const address = unmapped(ip::make_address(text.substr(0, slash), ec));
        int const width = address.is_v4() ? 32 : 128;
        int prefix = width;
        if (slash != std::string_view::npos) {
            auto const digits = text.substr(slash + 1);
            auto const read = std::from_chars(digits.data(), digits.data() + digits.size(), prefix);
            if (read.ec != std::errc{} || read.ptr != digits.data() + digits.size())
                prefix = -1;
        }
        if (ec || prefix < 0 || prefix > width)
            throw std::invalid_argument{"\"" + entry + "\" is neither an address nor a network such as 10.0.0.0/8"};
        networks_.push_back({mapped_bytes(address), prefix + 128 - width});
    }
}

bool Networks::contains(ip::address const& address) const noexcept
{
    if (networks_.empty())
        return false;
    auto const bytes = mapped_bytes(address);
    return std::ranges::any_of(networks_, [&](Network const& network) {
        auto const whole = static_cast<std::size_t>(network.prefix / 8);
        int const rest = network.prefix % 8;
        if (!std::equal(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(whole), network.bytes.begin()))
            return false;
        return rest == 0 || ((bytes[whole] ^ network.bytes[whole]) >> (8 - rest)) == 0;
    });
}

}  // namespace yihong::net
