// fuzzes: cql2
#include "yihong/cql2/syntax.hpp"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    using namespace yihong::cql2;
    std::string_view const text{reinterpret_cast<char const*>(data), size};
    auto const read = parse_json(text);
    if (!read && read.error().detail.empty())
        std::abort();                                      // refused without a reason
    if (!read)
        return 0;
    // brackets of either form may be more than those that were read
    Budget const wide{.bytes = SIZE_MAX, .depth = 200, .nodes = SIZE_MAX};
    if (auto const again = parse_text(to_text(*read), wide); !again || !(*again == *read))
        std::abort();                                      // another tree as text
    if (auto const again = parse_json(to_json(*read), wide); !again || !(*again == *read))
        std::abort();                                      // another tree as JSON
    return 0;
}
