// fuzzes: http
#include "../../src/http/websocket_frames.hpp"

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

/// What is seen of bytes that come in pieces.
std::string seen(std::string_view bytes, std::size_t piece)
{
    using yihong::http::ClientFrames;
    ClientFrames frames;
    std::string all;
    while (!bytes.empty()) {
        auto part = bytes.substr(0, piece);
        bytes.remove_prefix(part.size());
        while (!part.empty()) {
            auto const event = frames.next(part);
            if (event == ClientFrames::Event::nothing)
                break;
            all += static_cast<char>('0' + static_cast<int>(event));
            if (frames.text().size() > 125)
                std::abort();
            if (event == ClientFrames::Event::error)
                return all;
        }
    }
    return all;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    std::string_view const bytes{reinterpret_cast<char const*>(data), size};
    if (seen(bytes, size + 1) != seen(bytes, 1))
        std::abort();                                  // how they are cut must not matter
    return 0;
}
