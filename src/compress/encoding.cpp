#include "yihong/compress/encoding.hpp"

namespace yihong {

std::string_view to_text(Encoding encoding) noexcept
{
    switch (encoding) {
    case Encoding::identity: return "identity";
    case Encoding::gzip: return "gzip";
    case Encoding::zstd: return "zstd";
    }
    return "identity";
}

Encoding detect_encoding(std::string_view bytes) noexcept
{
    if (bytes.starts_with("\x1F\x8B"))
        return Encoding::gzip;
    return bytes.starts_with("\x28\xB5\x2F\xFD") ? Encoding::zstd : Encoding::identity;
}

}  // namespace yihong
