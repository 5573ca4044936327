#pragma once

#include "yihong/base/result.hpp"
#include "yihong/compress/encoding.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace yihong {

/// The windows that a zstd stream may ask for, as powers of two: what the zstd command makes by default, and what RFC 9659 has a server take.
inline constexpr int zstd_window_of_files = 27;
inline constexpr int zstd_window_of_bodies = 23;

/// Decompresses piece by piece. Several gzip members or zstd frames one after another count as one text.
class Inflater {
public:
    explicit Inflater(Encoding encoding, int zstd_window_log = zstd_window_of_files);
    ~Inflater();
    Inflater(Inflater&&) noexcept;
    Inflater& operator=(Inflater&&) noexcept;

    /// Appends what `bytes` decompress to, but stops soon after `out` has reached `enough` bytes; `bytes` loses what was taken.
    /// \return Errc::bad_syntax when the stream is damaged
    Result<void> add(std::string_view& bytes, std::string& out, std::size_t enough);
    /// Whether the stream may end here.
    [[nodiscard]] bool complete() const noexcept;

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// The whole of `body`. \return Errc::too_large when it exceeds `limit` bytes, Errc::bad_syntax when damaged or cut short
Result<std::string> decompress(std::string_view body, Encoding encoding, std::size_t limit);

}  // namespace yihong
