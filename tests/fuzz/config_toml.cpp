// fuzzes: config
#include "yihong/config/config.hpp"

#include <cstdint>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    std::string_view const text{reinterpret_cast<char const*>(data), size};
    auto const config = yihong::parse_config(text, "/etc/yihong/yihong.toml");
    if (!config && config.error().empty())
        std::abort();                                  // refused without a reason
    (void)yihong::parse_endpoint(text);
    (void)yihong::parse_duration(text);
    (void)yihong::parse_zone_rule(text);
    return 0;
}
