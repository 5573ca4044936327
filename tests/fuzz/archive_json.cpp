// fuzzes: readings_io
#include "readings_names.hpp"

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    for (auto const* const format : {"cnemc-water-json", "cnemc-air-json"})
        yihong::fuzz::check(yihong::read_text(format, yihong::fuzz::text_of(data, size), yihong::fuzz::names()));
    return 0;
}
