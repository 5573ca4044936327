// fuzzes: geometry
#include "yihong/geometry/wkt.hpp"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    std::string_view const text{reinterpret_cast<char const*>(data), size};
    auto const read = yihong::parse_wkt(text);
    if (!read && read.error().detail.empty())
        std::abort();                                  // refused without a reason
    if (read && yihong::parse_wkt(yihong::to_wkt(*read)) != *read)
        std::abort();                                  // what is written reads back as the same
    return 0;
}
