#include "body.hpp"

#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace yihong::http {
namespace {

// Extensions and trailers carry nothing here. RFC 9112 §7.1.1 asks for a limit on their sum; Beast before 360 has none.
constexpr std::size_t overhead_limit = 8 * 1024;

std::unexpected<Refusal> refuse(int status, std::string detail) { return std::unexpected{Refusal{status, std::move(detail)}}; }

std::unexpected<Refusal> too_large(std::size_t limit) { return refuse(413, "the body is larger than " + std::to_string(limit) + " bytes"); }

}  // namespace

struct Decompressor::State {
    Encoding encoding;
    std::size_t limit;
    z_stream gzip{};
    ZSTD_DStream* zstd = nullptr;
    bool at_end = true;                            // between two frames or gzip members
    bool any = false;

    State(Encoding coding, std::size_t most) : encoding{coding}, limit{most}
    {
        if (encoding == Encoding::gzip && inflateInit2(&gzip, 15 + 16) != Z_OK)
            throw std::runtime_error{"zlib cannot start to decompress"};
        if (encoding == Encoding::zstd) {
            zstd = ZSTD_createDStream();
            if (zstd == nullptr)
                throw std::runtime_error{"zstd cannot start to decompress"};
            ZSTD_DCtx_setParameter(zstd, ZSTD_d_windowLogMax, 23);   // 8 MB, as RFC 9659 lets a server refuse more
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

    std::expected<std::size_t, Refusal> inflate_some(std::string_view& bytes, char* to, std::size_t room)
    {
        if (encoding == Encoding::gzip) {
            if (at_end)
                inflateReset(&gzip);
            gzip.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
            gzip.avail_in = static_cast<uInt>(bytes.size());
            gzip.next_out = reinterpret_cast<Bytef*>(to);
            gzip.avail_out = static_cast<uInt>(room);
            int const status = inflate(&gzip, Z_NO_FLUSH);
            if (status != Z_OK && status != Z_STREAM_END && status != Z_BUF_ERROR)
                return refuse(400, "the body is not valid gzip");
            at_end = status == Z_STREAM_END;
            bytes.remove_prefix(bytes.size() - gzip.avail_in);
            return room - gzip.avail_out;
        }
        ZSTD_inBuffer in{bytes.data(), bytes.size(), 0};
        ZSTD_outBuffer out{to, room, 0};
        std::size_t const status = ZSTD_decompressStream(zstd, &out, &in);
        if (ZSTD_isError(status) != 0)
            return refuse(400, "the body is not valid zstd");
        at_end = status == 0;
        bytes.remove_prefix(in.pos);
        return out.pos;
    }
};

Decompressor::Decompressor(Encoding encoding, std::size_t limit) : state_{std::make_unique<State>(encoding, limit)} {}
Decompressor::~Decompressor() = default;

std::expected<void, Refusal> Decompressor::append(std::string_view bytes, std::string& out)
{
    auto& state = *state_;
    if (bytes.empty())
        return {};
    state.any = true;
    if (state.encoding == Encoding::identity) {
        if (bytes.size() > state.limit - out.size())
            return too_large(state.limit);
        out += bytes;
        return {};
    }
    std::array<char, 16 * 1024> piece;
    for (;;) {
        auto const made = state.inflate_some(bytes, piece.data(), piece.size());
        if (!made)
            return std::unexpected{made.error()};
        if (*made > state.limit - out.size())
            return too_large(state.limit);
        out.append(piece.data(), *made);
        if (bytes.empty() && (state.at_end || *made < piece.size()))
            return {};
    }
}

std::expected<void, Refusal> Decompressor::finish() const
{
    if (state_->encoding != Encoding::identity && state_->any && !state_->at_end)
        return refuse(400, "the compressed body is cut short");
    return {};
}

BodyReader::BodyReader(Head const& head, Encoding encoding, std::size_t limit)
    : part_{head.chunked                          ? Part::size
            : head.content_length.value_or(0) > 0 ? Part::length
                                                  : Part::done},
      decompressor_{encoding, limit}, remaining_{head.chunked ? 0 : head.content_length.value_or(0)}
{
    // A claim is no reason to reserve: memory follows what really came.
    if (encoding == Encoding::identity)
        body_.reserve(static_cast<std::size_t>(std::min<std::uint64_t>(remaining_, 64 * 1024)));
}

std::expected<void, Refusal> BodyReader::append(std::string_view bytes) { return decompressor_.append(bytes, body_); }

std::expected<void, Refusal> BodyReader::step(char c)
{
    switch (part_) {
    case Part::size: {
        int const digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
        if (digit >= 0) {
            if (++size_digits_ > 15)
                return refuse(400, "chunk: the size is too large");
            remaining_ = remaining_ * 16 + static_cast<std::uint64_t>(digit);
            return {};
        }
        if (size_digits_ == 0 || (c != ';' && c != '\r'))
            return refuse(400, "chunk: malformed size");
        part_ = c == ';' ? Part::extension : Part::size_lf;
        return {};
    }
    case Part::extension:
        if (c == '\r') {
            part_ = Part::size_lf;
            return {};
        }
        if ((static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7F)
            return refuse(400, "chunk: control bytes in an extension");
        break;
    case Part::size_lf:
        if (c != '\n')
            return refuse(400, "chunk: the size must end with CR LF");
        size_digits_ = 0;
        trailer_line_empty_ = true;
        part_ = remaining_ == 0 ? Part::trailer : Part::data;
        return {};
    case Part::data_cr:
        if (c != '\r')
            return refuse(400, "chunk: the data must end with CR LF");
        part_ = Part::data_lf;
        return {};
    case Part::data_lf:
        if (c != '\n')
            return refuse(400, "chunk: the data must end with CR LF");
        part_ = Part::size;
        return {};
    case Part::trailer:
        if (c == '\r') {
            part_ = Part::trailer_lf;
            return {};
        }
        if ((static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7F)
            return refuse(400, "trailer: control bytes");
        trailer_line_empty_ = false;
        break;
    case Part::trailer_lf:
        if (c != '\n')
            return refuse(400, "trailer: lines must end with CR LF");
        part_ = trailer_line_empty_ ? Part::done : Part::trailer;
        trailer_line_empty_ = true;
        if (part_ == Part::done)
            return decompressor_.finish();
        break;
    case Part::length:
    case Part::data:
    case Part::done: break;
    }
    if (++overhead_ > overhead_limit)
        return refuse(400, "chunk extensions and trailers are too long");
    return {};
}

std::expected<std::size_t, Refusal> BodyReader::feed(std::string_view bytes)
{
    std::size_t used = 0;
    while (used < bytes.size() && part_ != Part::done) {
        if (part_ == Part::length || part_ == Part::data) {
            auto const piece = bytes.substr(used, static_cast<std::size_t>(std::min<std::uint64_t>(remaining_, bytes.size() - used)));
            if (auto appended = append(piece); !appended)
                return std::unexpected{std::move(appended.error())};
            used += piece.size();
            remaining_ -= piece.size();
            if (remaining_ == 0) {
                auto const finished = part_ == Part::length ? decompressor_.finish() : std::expected<void, Refusal>{};
                if (!finished)
                    return std::unexpected{finished.error()};
                part_ = part_ == Part::length ? Part::done : Part::data_cr;
            }
        } else {
            if (auto stepped = step(bytes[used]); !stepped)
                return std::unexpected{std::move(stepped.error())};
            ++used;
        }
    }
    return used;
}

}  // namespace yihong::http
