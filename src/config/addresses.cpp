#include "addresses.hpp"

#include <arpa/inet.h>

#include <array>

namespace yihong {

bool is_address(std::string const& text, int family)
{
    std::array<unsigned char, sizeof(in6_addr)> bytes{};
    return inet_pton(family, text.c_str(), bytes.data()) == 1;
}

bool is_network(std::string_view text)
{
    auto const slash = text.find('/');
    std::string const address{text.substr(0, slash)};
    int const bits = is_address(address, AF_INET) ? 32 : is_address(address, AF_INET6) ? 128 : -1;
    if (slash == std::string_view::npos)
        return bits > 0;
    auto const prefix = number_from<int>(text.substr(slash + 1));
    return prefix && *prefix >= 0 && *prefix <= bits;
}

}  // namespace yihong
