// fuzzes: http
#include "../../src/http/target.hpp"

#include "yihong/base/text.hpp"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    using namespace yihong;
    std::string_view const text{reinterpret_cast<char const*>(data), size};
    auto const target = http::parse_target(text, "access_token");
    if (!target)
        return 0;
    auto const require = [](bool holds) {
        if (!holds)
            std::abort();
    };
    require(target->path == "*" || target->path.starts_with('/'));
    require(target->path.find("//") == std::string::npos && target->path.find('\0') == std::string::npos);
    require(is_valid_utf8(target->path));
    require(target->query_text.find_first_of("\r\n\"<> ") == std::string::npos);
    for (auto const& [name, value] : target->query)
        require(name != "access_token" && is_valid_utf8(name) && is_valid_utf8(value));
    if (target->path != "*") {                         // links built from what was read mean the same
        auto const again = http::parse_target("/?" + target->query_text, "access_token");
        require(again && again->query == target->query && again->query_text == target->query_text && !again->access_key);
    }
    return 0;
}
