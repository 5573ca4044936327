#include "proxies.hpp"

#include "yihong/base/text.hpp"

#include <stdexcept>

namespace yihong::http {

namespace ip = boost::asio::ip;

TrustedProxies::TrustedProxies(std::vector<std::string> const& entries)
try : networks_{entries} {
} catch (std::invalid_argument const& problem) {
    throw std::invalid_argument{std::string{"trusted proxy "} + problem.what()};
}

ip::address TrustedProxies::client(ip::address const& peer, std::string_view forwarded_for) const
{
    auto current = peer;
    while (!forwarded_for.empty() && networks_.contains(current)) {
        auto const comma = forwarded_for.rfind(',');
        auto const text = trimmed(comma == std::string_view::npos ? forwarded_for : forwarded_for.substr(comma + 1));
        forwarded_for = comma == std::string_view::npos ? std::string_view{} : forwarded_for.substr(0, comma);
        boost::system::error_code ec;
        auto const hop = ip::make_address(text, ec);
        if (ec)
            break;
        current = net::unmapped(hop);
    }
    return current;
}

std::string_view TrustedProxies::first_of(std::string_view list) noexcept { return trimmed(list.substr(0, list.find(','))); }

}  // namespace yihong::http
