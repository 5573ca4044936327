#include "yihong/http/message.hpp"

#include <zlib.h>
#include <zstd.h>

#include <atomic>
#include <mutex>
#include <stdexcept>

namespace yihong::http {
namespace {

// Level 6 and level 5 are where more effort stops paying for GeoJSON: the next steps cost twice the time for 1-2 % of size.
constexpr int gzip_level = 6;
constexpr int zstd_level = 5;

std::string gzip_of(std::string_view plain)
{
    z_stream stream{};
    if (deflateInit2(&stream, gzip_level, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY) != Z_OK)
        throw std::runtime_error{"zlib cannot start to compress"};
    std::string out(deflateBound(&stream, static_cast<uLong>(plain.size())), '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(plain.data()));
    stream.avail_in = static_cast<uInt>(plain.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    int const ended = deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    if (ended != Z_STREAM_END)
        throw std::runtime_error{"zlib cannot compress"};
    return out;
}

std::string zstd_of(std::string_view plain)
{
    std::string out(ZSTD_compressBound(plain.size()), '\0');
    std::size_t const size = ZSTD_compress(out.data(), out.size(), plain.data(), plain.size(), zstd_level);
    if (ZSTD_isError(size) != 0)
        throw std::runtime_error{std::string{"zstd cannot compress: "} + ZSTD_getErrorName(size)};
    out.resize(size);
    return out;
}

}  // namespace

std::string_view to_text(Encoding encoding) noexcept
{
    switch (encoding) {
    case Encoding::identity: return "identity";
    case Encoding::gzip: return "gzip";
    case Encoding::zstd: return "zstd";
    }
    return "identity";
}

struct Content::Compressed {
    struct Form {
        std::once_flag once;
        std::atomic<bool> made{false};
        std::string bytes;
    };
    Form gzip;
    Form zstd;
};

Content::Content(std::string plain, std::string etag)
    : plain_{std::move(plain)}, etag_{std::move(etag)}, compressed_{std::make_unique<Compressed>()}
{
}

Content::~Content() = default;

std::string const& Content::form(Encoding encoding) const
{
    if (encoding == Encoding::identity)
        return plain_;
    auto& form = encoding == Encoding::gzip ? compressed_->gzip : compressed_->zstd;
    std::call_once(form.once, [&] {
        auto bytes = encoding == Encoding::gzip ? gzip_of(plain_) : zstd_of(plain_);
        bytes.shrink_to_fit();
        form.bytes = std::move(bytes);
        form.made.store(true, std::memory_order_release);
    });
    return form.bytes;
}

bool Content::has(Encoding encoding) const noexcept
{
    if (encoding == Encoding::identity)
        return true;
    auto const& form = encoding == Encoding::gzip ? compressed_->gzip : compressed_->zstd;
    return form.made.load(std::memory_order_acquire);
}

std::size_t Content::memory() const noexcept
{
    std::size_t total = plain_.capacity();
    for (auto const* form : {&compressed_->gzip, &compressed_->zstd})
        if (form->made.load(std::memory_order_acquire))
            total += form->bytes.capacity();
    return total;
}

}  // namespace yihong::http
