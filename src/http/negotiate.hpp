#pragma once

#include "yihong/http/message.hpp"

#include <optional>
#include <string_view>

namespace yihong::http {

/// The coding for a reply by Accept-Encoding (RFC 9110 §12.5.3). Among equal weights: zstd, gzip, identity, since zstd is
/// the smaller and quicker to undo, and who does not know it does not name it.
Encoding choose_encoding(std::string_view accept_encoding) noexcept;

/// How much a client wants one coding, by its Accept-Encoding. \return thousandths; 0 when it does not take it
int coding_weight(std::string_view accept_encoding, std::string_view coding) noexcept;

/// Whether compressing this media type saves anything.
bool is_compressible(std::string_view content_type) noexcept;

/// If-None-Match: `*`, or a list in which `tag` (quoted) stands, by weak comparison (RFC 9110 §13.1.2).
bool matches_etag(std::string_view if_none_match, std::string_view tag) noexcept;

/// The coding of a request body by Content-Encoding. \return nothing when it is unknown or applied twice
std::optional<Encoding> request_encoding(std::string_view content_encoding) noexcept;

/// Field names are tokens; values hold no control bytes. What fails this never reaches the wire.
bool is_safe_header(std::string_view name, std::string_view value) noexcept;

}  // namespace yihong::http
