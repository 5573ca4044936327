// fuzzes: geometry
#include "yihong/base/text.hpp"
#include "yihong/geometry/geojson.hpp"

#include <cstdint>
#include <cstdlib>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    std::string_view const text{reinterpret_cast<char const*>(data), size};
    if (!yihong::is_valid_utf8(text))
        return 0;                                      // the callers have checked that
    auto const read = yihong::parse_geojson(text);
    if (!read && read.error().detail.empty())
        std::abort();                                  // refused without a reason
    if (read) {
        std::string written;
        yihong::append_geojson(written, *read);
        auto const again = yihong::parse_geojson(written);
        if (!again || type_of(*again) != type_of(*read) || part_count(*again) != part_count(*read))
            std::abort();                              // seven decimals may move a position, nothing else
    }
    return 0;
}
