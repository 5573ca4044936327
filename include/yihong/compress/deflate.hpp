#pragma once

#include "yihong/compress/encoding.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace yihong {

/// The whole of `plain` in `encoding`; some 10 ms a megabyte.
std::string compressed(std::string_view plain, Encoding encoding);

/// Compresses piece by piece, in less than 2 MB of memory however long the text is.
class Deflater {
public:
    explicit Deflater(Encoding encoding);
    ~Deflater();
    Deflater(Deflater&&) noexcept;
    Deflater& operator=(Deflater&&) noexcept;

    /// Appends what `bytes` bring to `out`: often nothing, since the coders wait for more.
    void add(std::string_view bytes, std::string& out);
    /// Appends the end of the stream. Nothing may be added after it.
    void finish(std::string& out);

private:
    struct State;
    std::unique_ptr<State> state_;                 // null: identity
};

}  // namespace yihong
