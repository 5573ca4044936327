#include "yihong/compress/deflate.hpp"

#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <array>
#include <new>
#include <stdexcept>

namespace yihong {
namespace {

// Level 6 and level 5 are where more effort stops paying for GeoJSON: the next steps cost twice the time for 1-2 % of size.
constexpr int gzip_level = 6;
constexpr int zstd_level = 5;
// A stream is made while its reader waits, once, and many at a time: less effort and less memory.
constexpr int zstd_stream_level = 3;
constexpr int zstd_stream_window_log = 19;         // 512 KB

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

std::string compressed(std::string_view plain, Encoding encoding)
{
    switch (encoding) {
    case Encoding::gzip: return gzip_of(plain);
    case Encoding::zstd: return zstd_of(plain);
    case Encoding::identity: break;
    }
    return std::string{plain};
}

struct Deflater::State {
    Encoding encoding;
    z_stream gzip{};
    ZSTD_CCtx* zstd = nullptr;
    std::array<char, 16 * 1024> piece;

    explicit State(Encoding coding) : encoding{coding}
    {
        if (encoding == Encoding::gzip && deflateInit2(&gzip, gzip_level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
            throw std::bad_alloc{};
        if (encoding == Encoding::zstd) {
            zstd = ZSTD_createCCtx();
            if (zstd == nullptr)
                throw std::bad_alloc{};
            ZSTD_CCtx_setParameter(zstd, ZSTD_c_compressionLevel, zstd_stream_level);
            ZSTD_CCtx_setParameter(zstd, ZSTD_c_windowLog, zstd_stream_window_log);
        }
    }
    ~State()
    {
        if (encoding == Encoding::gzip)
            deflateEnd(&gzip);
        ZSTD_freeCCtx(zstd);
    }
    State(State const&) = delete;
    State& operator=(State const&) = delete;

    void run_gzip(std::string_view bytes, bool is_last, std::string& out)
    {
        int status = Z_OK;
        do {
            auto const some = static_cast<uInt>(std::min<std::size_t>(bytes.size(), 1U << 30U));
            gzip.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
            gzip.avail_in = some;
            gzip.next_out = reinterpret_cast<Bytef*>(piece.data());
            gzip.avail_out = static_cast<uInt>(piece.size());
            status = ::deflate(&gzip, is_last && some == bytes.size() ? Z_FINISH : Z_NO_FLUSH);
            bytes.remove_prefix(some - gzip.avail_in);
            out.append(piece.data(), piece.size() - gzip.avail_out);
        } while (!bytes.empty() || gzip.avail_out == 0 || (is_last && status == Z_OK));
    }

    void run_zstd(std::string_view bytes, bool is_last, std::string& out)
    {
        ZSTD_inBuffer in{bytes.data(), bytes.size(), 0};
        std::size_t left = 0;
        do {
            ZSTD_outBuffer made{piece.data(), piece.size(), 0};
            left = ZSTD_compressStream2(zstd, &made, &in, is_last ? ZSTD_e_end : ZSTD_e_continue);
            if (ZSTD_isError(left) != 0)
                throw std::runtime_error{std::string{"zstd cannot compress: "} + ZSTD_getErrorName(left)};
            out.append(piece.data(), made.pos);
        } while (in.pos < in.size || (is_last && left > 0));
    }
};

Deflater::Deflater(Encoding encoding) : state_{encoding == Encoding::identity ? nullptr : std::make_unique<State>(encoding)} {}
Deflater::~Deflater() = default;
Deflater::Deflater(Deflater&&) noexcept = default;
Deflater& Deflater::operator=(Deflater&&) noexcept = default;

void Deflater::add(std::string_view bytes, std::string& out)
{
    if (!state_)
        out += bytes;
    else if (!bytes.empty())
        state_->encoding == Encoding::gzip ? state_->run_gzip(bytes, false, out) : state_->run_zstd(bytes, false, out);
}

void Deflater::finish(std::string& out)
{
    if (state_)
        state_->encoding == Encoding::gzip ? state_->run_gzip({}, true, out) : state_->run_zstd({}, true, out);
}

}  // namespace yihong
