#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace yihong {

/// Well-formed UTF-8 without overlong forms and surrogates.
[[nodiscard]] bool is_valid_utf8(std::string_view text) noexcept;
/// The same text with every malformed byte replaced by U+FFFD, for showing foreign bytes.
[[nodiscard]] std::string to_valid_utf8(std::string_view bytes);
[[nodiscard]] std::string_view trimmed(std::string_view text) noexcept;
[[nodiscard]] std::vector<std::string_view> split(std::string_view text, char separator);
/// `& < > " '` as entities, for HTML text and attribute values.
[[nodiscard]] std::string html_escaped(std::string_view text);
/// Everything but RFC 3986 unreserved characters as %XX.
[[nodiscard]] std::string percent_encoded(std::string_view text);
/// One field of a CSV row, quoted where RFC 4180 asks for it.
void append_csv_field(std::string& out, std::string_view field);
/// The value of a hexadecimal digit of either case. \return -1 for everything else
[[nodiscard]] constexpr int hex_digit(char c) noexcept
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}
/// Lower-case hexadecimal.
[[nodiscard]] std::string to_hex(std::string_view bytes);
/// Standard Base64 with padding (RFC 4648); for raw bytes inside JSON.
[[nodiscard]] std::string to_base64(std::string_view bytes);
/// The bytes of standard Base64, its padding optional. \return nothing when it is none
[[nodiscard]] std::optional<std::string> from_base64(std::string_view text);

}  // namespace yihong
