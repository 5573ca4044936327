#pragma once

#include "exchange.hpp"

#include "yihong/http/server.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace yihong::http {

/// What goes out of a representation: which coding, how long, under which tag.
struct Form {
    Encoding encoding = Encoding::identity;        ///< of finished bytes
    std::string_view content_encoding;             ///< as it is told; empty: as it is
    bool varies = false;                           ///< another Accept-Encoding would have brought another form
    std::string etag;                              ///< with its quotes; empty: none
    std::optional<std::uint64_t> length;           ///< of the body; nothing: no body, unless `endless`
    bool endless = false;                          ///< length unknown: in chunks, or until the connection closes for HTTP/1.0

    [[nodiscard]] bool has_body() const noexcept { return length || endless; }
};

/// Writes status line and header fields into `out`, with the empty line. \param date of now
void write_head(std::string& out, Exchange const& exchange, Reply const& reply, Form const& form, ServerOptions const& options,
                std::string_view date);

}  // namespace yihong::http
