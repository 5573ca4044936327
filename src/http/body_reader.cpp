#include "body_reader.hpp"

#include <algorithm>

namespace yihong::http {
namespace {

// Extensions and trailers carry nothing here. RFC 9112 §7.1.1 asks for a limit on their sum; Beast before 360 has none.
constexpr std::size_t overhead_limit = 8 * 1024;

std::unexpected<Refusal> refuse(int status, std::string detail) { return std::unexpected{Refusal{status, std::move(detail)}}; }

std::unexpected<Refusal> too_large(std::size_t limit) { return refuse(413, "the body is larger than " + std::to_string(limit) + " bytes"); }

}  // namespace

BodyReader::BodyReader(Head const& head, Encoding encoding, std::size_t limit)
    : part_{head.chunked                          ? Part::size
            : head.content_length.value_or(0) > 0 ? Part::length
                                                  : Part::done},
      encoding_{encoding}, limit_{limit}, remaining_{head.chunked ? 0 : head.content_length.value_or(0)}
{
    // A claim is no reason to reserve: memory follows what really came.
    if (encoding == Encoding::identity)
        body_.reserve(static_cast<std::size_t>(std::min<std::uint64_t>(remaining_, 64 * 1024)));
}

std::expected<void, Refusal> BodyReader::append(std::string_view bytes)
{
    if (bytes.empty())
        return {};
    if (encoding_ == Encoding::identity) {
        if (bytes.size() > limit_ - body_.size())
            return too_large(limit_);
        body_ += bytes;
        return {};
    }
    if (!inflater_)
        inflater_.emplace(encoding_, zstd_window_of_bodies);
    if (!inflater_->add(bytes, body_, limit_ + 1))
        return refuse(400, "the body is not valid " + std::string{to_text(encoding_)});
    if (body_.size() > limit_)
        return too_large(limit_);
    return {};
}

std::expected<void, Refusal> BodyReader::finish() const
{
    if (inflater_ && !inflater_->complete())
        return refuse(400, "the compressed body is cut short");
    return {};
}

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
            return finish();
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
                auto const finished = part_ == Part::length ? finish() : std::expected<void, Refusal>{};
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
