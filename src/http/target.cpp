#include "target.hpp"

#include "yihong/base/text.hpp"

#include <algorithm>

namespace yihong::http {
namespace {

constexpr std::size_t parameter_limit = 256;

bool is_alphanumeric(char c) noexcept { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

enum class Part { path, query };

Result<std::string> decoded(std::string_view text, Part part)
{
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        char c = text[i];
        if (c == '%') {
            int const high = i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
            int const low = i + 2 < text.size() ? hex_digit(text[i + 2]) : -1;
            if (high < 0 || low < 0)
                return fail(Errc::bad_syntax, "request target: '%' must be followed by two hexadecimal digits");
            c = static_cast<char>(high * 16 + low);
            i += 2;
            if (part == Part::path && (c == '/' || c == '\\'))
                return fail(Errc::bad_syntax, "request target: an encoded slash is not accepted in the path");
        } else if (c == '+' && part == Part::query) {
            c = ' ';
        }
        auto const byte = static_cast<unsigned char>(c);
        bool const blank_line = part == Part::query && (c == '\t' || c == '\n' || c == '\r');   // filters written over several lines
        if ((byte < 0x20 && !blank_line) || byte == 0x7F)
            return fail(Errc::bad_syntax, "request target: control bytes are not accepted");
        out += c;
    }
    if (!is_valid_utf8(out))
        return fail(Errc::bad_syntax, "request target: not UTF-8");
    return out;
}

/// As sent, except that bytes outside RFC 3986's query characters are encoded: safe to copy into a link or a header.
void append_safe_query(std::string& out, std::string_view text)
{
    constexpr std::string_view hex = "0123456789ABCDEF";
    constexpr std::string_view also_safe = "-._~!$'()*+,;=:@/?%&";
    for (char const c : text) {
        if (is_alphanumeric(c) || also_safe.find(c) != std::string_view::npos) {
            out += c;
        } else {
            auto const byte = static_cast<unsigned char>(c);
            out += '%';
            out += hex[byte >> 4U];
            out += hex[byte & 15U];
        }
    }
}

Result<std::string> parse_path(std::string_view text)
{
    auto path = decoded(text, Part::path);
    if (!path)
        return path;
    if (*path == "/")
        return path;
    if (path->back() == '/')                           // QGIS asks for /collections/x/ when /collections/x fails
        path->pop_back();
    std::string_view rest = *path;
    do {
        auto const slash = rest.find('/', 1);
        auto const segment = rest.substr(1, slash == std::string_view::npos ? slash : slash - 1);
        if (segment.empty() || segment == "." || segment == "..")
            return fail(Errc::bad_syntax, "request target: empty and dot segments are not accepted in the path");
        rest = slash == std::string_view::npos ? std::string_view{} : rest.substr(slash);
    } while (!rest.empty());
    return path;
}

Result<void> parse_query(std::string_view text, std::string_view access_key_parameter, Target& target)
{
    while (!text.empty()) {
        auto const end = std::min(text.find('&'), text.size());
        auto const piece = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (piece.empty())
            continue;
        auto const equals = std::min(piece.find('='), piece.size());
        auto name = decoded(piece.substr(0, equals), Part::query);
        if (!name)
            return std::unexpected{std::move(name.error())};
        auto value = decoded(piece.substr(std::min(equals + 1, piece.size())), Part::query);
        if (!value)
            return std::unexpected{std::move(value.error())};
        if (!access_key_parameter.empty() && *name == access_key_parameter) {
            if (!target.access_key)
                target.access_key = std::move(*value);
            continue;
        }
        if (target.query.size() == parameter_limit)
            return fail(Errc::bad_value, "request target: more than 256 query parameters");
        if (!target.query_text.empty())
            target.query_text += '&';
        append_safe_query(target.query_text, piece);
        target.query.emplace_back(std::move(*name), std::move(*value));
    }
    return {};
}

}  // namespace

Result<Target> parse_target(std::string_view text, std::string_view access_key_parameter)
{
    Target target;
    if (text == "*") {
        target.path = "*";
        return target;
    }
    if (text.find('#') != std::string_view::npos)
        return fail(Errc::bad_syntax, "request target: a fragment is not sent to a server");
    for (std::string_view const scheme : {"http://", "https://"}) {
        bool const absolute = std::ranges::equal(text.substr(0, scheme.size()), scheme, {},
                                                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
        if (absolute) {
            text.remove_prefix(scheme.size());
            target.authority = text.substr(0, text.find_first_of("/?"));
            if (!is_valid_host(target.authority))
                return fail(Errc::bad_syntax, "request target: malformed authority");
            text.remove_prefix(target.authority.size());
            if (text.empty() || text.front() == '?') {
                target.path = "/";
                if (auto query = parse_query(text.substr(text.empty() ? 0 : 1), access_key_parameter, target); !query)
                    return std::unexpected{std::move(query.error())};
                return target;
            }
            break;
        }
    }
    if (!text.starts_with('/'))
        return fail(Errc::bad_syntax, "request target: must start with a slash");
    auto const question = std::min(text.find('?'), text.size());
    auto path = parse_path(text.substr(0, question));
    if (!path)
        return std::unexpected{std::move(path.error())};
    target.path = std::move(*path);
    if (auto query = parse_query(text.substr(std::min(question + 1, text.size())), access_key_parameter, target); !query)
        return std::unexpected{std::move(query.error())};
    return target;
}

bool is_valid_host(std::string_view host) noexcept
{
    if (host.empty() || host.size() > 255 + 6)
        return false;
    std::string_view port;
    if (host.front() == '[') {
        auto const close = host.find(']');
        if (close == std::string_view::npos || close < 3)
            return false;
        auto const inside = host.substr(1, close - 1);
        bool const address = std::ranges::all_of(inside, [](char c) { return hex_digit(c) >= 0 || c == ':' || c == '.'; });
        if (!address)
            return false;
        port = host.substr(close + 1);
    } else {
        auto const colon = std::min(host.find(':'), host.size());
        auto const name = host.substr(0, colon);
        bool const plain = std::ranges::all_of(name, [](char c) { return is_alphanumeric(c) || c == '-' || c == '.' || c == '_'; });
        if (name.empty() || !plain)
            return false;
        port = host.substr(colon);
    }
    if (port.empty())
        return true;
    port.remove_prefix(port.front() == ':' ? 1 : port.size());
    return !port.empty() && port.size() <= 5 && std::ranges::all_of(port, [](char c) { return c >= '0' && c <= '9'; });
}

bool is_valid_prefix(std::string_view prefix) noexcept
{
    if (prefix.empty())
        return true;
    bool const plain =
        std::ranges::all_of(prefix, [](char c) { return is_alphanumeric(c) || c == '-' || c == '.' || c == '_' || c == '~' || c == '/'; });
    return plain && prefix.front() == '/' && prefix.back() != '/' && prefix.find("//") == std::string_view::npos &&
           prefix.find("/.") == std::string_view::npos;
}

}  // namespace yihong::http
