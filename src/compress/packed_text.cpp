#include "yihong/compress/packed_text.hpp"

#include <zstd.h>

#include <memory>
#include <new>
#include <stdexcept>

namespace yihong {
namespace {

constexpr int level = -1;  // JSON of records becomes an eighth at 800 MB/s and comes back at 2 GB/s; more effort costs more than it saves

/// What the engine works with; making it anew for each text costs as much as a small text.
struct Contexts {
    std::unique_ptr<ZSTD_CCtx, decltype(&ZSTD_freeCCtx)> packing{ZSTD_createCCtx(), &ZSTD_freeCCtx};
    std::unique_ptr<ZSTD_DCtx, decltype(&ZSTD_freeDCtx)> unpacking{ZSTD_createDCtx(), &ZSTD_freeDCtx};
};

Contexts& of_this_thread()
{
    thread_local Contexts contexts;
    if (!contexts.packing || !contexts.unpacking)
        throw std::bad_alloc{};
    return contexts;
}

std::size_t checked(std::size_t result)
{
    if (ZSTD_isError(result) != 0)
        throw std::runtime_error{std::string{"zstd cannot pack: "} + ZSTD_getErrorName(result)};
    return result;
}

}  // namespace

PackedText::PackedText(std::string_view text) : size_{text.size()}
{
    std::string room(ZSTD_compressBound(text.size()), '\0');
    room.resize(checked(ZSTD_compressCCtx(of_this_thread().packing.get(), room.data(), room.size(), text.data(), text.size(), level)));
    bytes_ = std::string{std::string_view{room}};  // of the size that it needs
}

void PackedText::append_to(std::string& out) const
{
    if (size_ == 0)
        return;
    auto const before = out.size();
    out.resize_and_overwrite(before + size_, [&](char* text, std::size_t) {
        return before + checked(ZSTD_decompressDCtx(of_this_thread().unpacking.get(), text + before, size_, bytes_.data(), bytes_.size()));
    });
}

}  // namespace yihong
