// fuzzes: compress
#include "yihong/compress/inflate.hpp"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    using namespace yihong;
    std::string_view const body{reinterpret_cast<char const*>(data), size};
    for (Encoding const encoding : {Encoding::identity, Encoding::gzip, Encoding::zstd}) {
        auto const text = decompress(body, encoding, 100'000);
        if (text && text->size() > 100'000)
            std::abort();
    }
    return 0;
}
