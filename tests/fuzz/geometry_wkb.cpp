// fuzzes: geometry
#include "yihong/geometry/wkb.hpp"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    std::string_view const text{reinterpret_cast<char const*>(data), size};
    auto const read = yihong::parse_wkb(text);
    if (!read && read.error().detail.empty())
        std::abort();                                  // refused without a reason
    if (read && yihong::parse_wkb(yihong::to_wkb(*read)) != *read)
        std::abort();                                  // what is written reads back as the same
    return 0;
}
