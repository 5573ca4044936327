#pragma once

#include "head.hpp"

#include "yihong/compress/inflate.hpp"

#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

namespace yihong::http {

/// Reads a request body out of the connection's bytes: length or chunks outside, Content-Encoding inside. No I/O; may be fed at any cut.
class BodyReader {
public:
    /// \param limit bytes after decompression
    BodyReader(Head const& head, Encoding encoding, std::size_t limit);

    /// \return how many of `bytes` belong to this body; after `done()` none do
    std::expected<std::size_t, Refusal> feed(std::string_view bytes);
    [[nodiscard]] bool done() const noexcept { return part_ == Part::done; }
    /// Bytes that it holds.
    [[nodiscard]] std::size_t memory() const noexcept { return body_.capacity(); }
    [[nodiscard]] std::string take() noexcept { return std::move(body_); }

private:
    enum class Part { length, size, extension, size_lf, data, data_cr, data_lf, trailer, trailer_lf, done };
    std::expected<void, Refusal> append(std::string_view bytes);
    [[nodiscard]] std::expected<void, Refusal> finish() const;
    std::expected<void, Refusal> step(char c);

    Part part_;
    Encoding encoding_;
    std::size_t limit_;
    std::optional<Inflater> inflater_;             ///< once compressed bytes came
    std::string body_;
    std::uint64_t remaining_ = 0;                  ///< of the body, or of the current chunk
    std::size_t size_digits_ = 0;
    std::size_t overhead_ = 0;                     ///< bytes of chunk extensions and trailers so far
    bool trailer_line_empty_ = true;
};

}  // namespace yihong::http
