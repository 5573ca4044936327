#include "yihong/compress/inflate.hpp"

#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <array>
#include <new>

namespace yihong {
namespace {

/// Whether a frame of RFC 8878 may begin with this byte: the magic numbers of Zstandard frames (§3.1.1) and of skippable ones (§3.1.2), least significant
/// byte first. The library would also read the formats from before version 0.8, with decoders that nobody looks after, and only where the whole magic comes in one piece.
bool begins_zstd_frame(char byte) { return byte == '\x28' || (byte & '\xF0') == '\x50'; }

}  // namespace

struct Inflater::State {
    Encoding encoding;
    z_stream gzip{};
    ZSTD_DStream* zstd = nullptr;
    bool at_frame_end = false;
    bool at_frame_start = true;
    std::array<char, 64 * 1024> piece;

    State(Encoding e, int zstd_window_log) : encoding{e}, at_frame_end{e == Encoding::identity}
    {
        if (encoding == Encoding::gzip && inflateInit2(&gzip, 15 + 16) != Z_OK)  // +16: gzip framing
            throw std::bad_alloc{};
        if (encoding == Encoding::zstd) {
            zstd = ZSTD_createDStream();
            if (zstd == nullptr)
                throw std::bad_alloc{};
            ZSTD_DCtx_setParameter(zstd, ZSTD_d_windowLogMax, zstd_window_log);
        }
    }
    ~State()
    {
        if (encoding == Encoding::gzip)
            inflateEnd(&gzip);
        ZSTD_freeDStream(zstd);
    }
    State(State const&) = delete;
    State& operator=(State const&) = delete;

    /// One step: takes from `bytes`, fills `piece`. \return how much was filled, or a negative number when damaged
    std::ptrdiff_t step(std::string_view& bytes)
    {
        if (encoding == Encoding::gzip) {
            if (at_frame_end && !bytes.empty())
                inflateReset(&gzip);
            gzip.next_in = const_cast<Bytef*>(reinterpret_cast<Bytef const*>(bytes.data()));  // zlib's old signature; it only reads
            gzip.avail_in = static_cast<uInt>(std::min<std::size_t>(bytes.size(), 1U << 30U));
            gzip.next_out = reinterpret_cast<Bytef*>(piece.data());
            gzip.avail_out = static_cast<uInt>(piece.size());
            uInt const offered = gzip.avail_in;
            int const status = ::inflate(&gzip, Z_NO_FLUSH);
            bytes.remove_prefix(offered - gzip.avail_in);
            if (status != Z_OK && status != Z_STREAM_END && status != Z_BUF_ERROR)
                return -1;
            at_frame_end = status == Z_STREAM_END;
            return static_cast<std::ptrdiff_t>(piece.size() - gzip.avail_out);
        }
        if (at_frame_start && !bytes.empty() && !begins_zstd_frame(bytes.front()))
            return -1;
        ZSTD_inBuffer in{bytes.data(), bytes.size(), 0};
        ZSTD_outBuffer out{piece.data(), piece.size(), 0};
        std::size_t const status = ZSTD_decompressStream(zstd, &out, &in);
        bytes.remove_prefix(in.pos);
        if (ZSTD_isError(status))
            return -1;
        at_frame_end = status == 0;
        at_frame_start = at_frame_end || (at_frame_start && in.pos == 0);
        return static_cast<std::ptrdiff_t>(out.pos);
    }
};

Inflater::Inflater(Encoding encoding, int zstd_window_log) : state_{std::make_unique<State>(encoding, zstd_window_log)} {}
Inflater::~Inflater() = default;
Inflater::Inflater(Inflater&&) noexcept = default;
Inflater& Inflater::operator=(Inflater&&) noexcept = default;

Result<void> Inflater::add(std::string_view& bytes, std::string& out, std::size_t enough)
{
    if (state_->encoding == Encoding::identity) {
        std::size_t const taken = std::min(bytes.size(), enough > out.size() ? enough - out.size() : 0);
        out += bytes.substr(0, taken);
        bytes.remove_prefix(taken);
        return {};
    }
    while (out.size() < enough && !(state_->at_frame_end && bytes.empty())) {
        std::size_t const before = bytes.size();
        std::ptrdiff_t const made = state_->step(bytes);
        if (made < 0)
            return fail(Errc::bad_syntax, "the compressed data is damaged");
        out.append(state_->piece.data(), static_cast<std::size_t>(made));
        if (made == 0 && bytes.size() == before)
            break;  // nothing more without more input
    }
    return {};
}

bool Inflater::complete() const noexcept { return state_->at_frame_end; }

Result<std::string> decompress(std::string_view body, Encoding encoding, std::size_t limit)
{
    Inflater inflater{encoding};
    std::string out;
    if (auto const added = inflater.add(body, out, limit + 1); !added)
        return std::unexpected{added.error()};
    if (out.size() > limit)
        return fail(Errc::too_large, "the body decompresses to more than " + std::to_string(limit) + " bytes");
    if (!inflater.complete() || !body.empty())
        return fail(Errc::bad_syntax, "the compressed data is cut short");
    return out;
}

}  // namespace yihong
