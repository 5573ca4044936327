#include "negotiate.hpp"

#include "yihong/base/text.hpp"

#include <boost/beast/core/string.hpp>

#include <algorithm>
#include <array>

namespace yihong::http {
namespace {

using boost::beast::iequals;

/// The next element of a comma-separated list; removes it from `list`.
std::string_view next_element(std::string_view& list) noexcept
{
    auto const comma = std::min(list.find(','), list.size());
    auto const element = trimmed(list.substr(0, comma));
    list.remove_prefix(std::min(comma + 1, list.size()));
    return element;
}

/// `;q=0.5` in thousandths; 1000 when absent, 0 when malformed.
int weight(std::string_view parameters) noexcept
{
    while (!parameters.empty()) {
        auto const end = std::min(parameters.find(';'), parameters.size());
        auto const parameter = trimmed(parameters.substr(0, end));
        parameters.remove_prefix(std::min(end + 1, parameters.size()));
        if (parameter.size() < 2 || (parameter[0] != 'q' && parameter[0] != 'Q') || parameter[1] != '=')
            continue;
        auto const text = parameter.substr(2);
        if (text.empty() || text.size() > 5 || (text[0] != '0' && text[0] != '1') || (text.size() > 1 && text[1] != '.'))
            return 0;
        int thousandths = (text[0] - '0') * 1000;
        int unit = 100;
        for (char const c : text.substr(std::min<std::size_t>(2, text.size()))) {
            if (c < '0' || c > '9')
                return 0;
            thousandths += (c - '0') * unit;
            unit /= 10;
        }
        return std::min(thousandths, 1000);
    }
    return 1000;
}

}  // namespace

Encoding choose_encoding(std::string_view accept_encoding) noexcept
{
    if (accept_encoding.empty())
        return Encoding::identity;
    int gzip = -1;
    int zstd = -1;
    int identity = -1;
    int any = -1;
    while (!accept_encoding.empty()) {
        auto const element = next_element(accept_encoding);
        auto const semicolon = std::min(element.find(';'), element.size());
        auto const name = trimmed(element.substr(0, semicolon));
        int const q = weight(element.substr(std::min(semicolon + 1, element.size())));
        if (iequals(name, "gzip") || iequals(name, "x-gzip"))
            gzip = q;
        else if (iequals(name, "zstd"))
            zstd = q;
        else if (iequals(name, "identity"))
            identity = q;
        else if (name == "*")
            any = q;
    }
    // Unnamed codings take the weight of `*`, without it they are refused; identity is always possible unless weighted.
    gzip = gzip < 0 ? std::max(any, 0) : gzip;
    zstd = zstd < 0 ? std::max(any, 0) : zstd;
    identity = identity < 0 ? 1 : identity;
    if (zstd > 0 && zstd >= gzip && zstd >= identity)
        return Encoding::zstd;
    if (gzip > 0 && gzip >= identity)
        return Encoding::gzip;
    return Encoding::identity;
}

int coding_weight(std::string_view accept_encoding, std::string_view coding) noexcept
{
    int any = 0;
    while (!accept_encoding.empty()) {
        auto const element = next_element(accept_encoding);
        auto const semicolon = std::min(element.find(';'), element.size());
        auto const name = trimmed(element.substr(0, semicolon));
        int const q = weight(element.substr(std::min(semicolon + 1, element.size())));
        if (iequals(name, coding))
            return q;
        if (name == "*")
            any = q;
    }
    return any;
}

bool is_compressible(std::string_view content_type) noexcept
{
    constexpr std::array<std::string_view, 7> marks{"json", "xml", "javascript", "csv", "vector-tile", "yaml", "flatgeobuf"};
    auto const type = content_type.substr(0, content_type.find(';'));
    return type.starts_with("text/") || std::ranges::any_of(marks, [&](auto mark) { return type.find(mark) != std::string_view::npos; });
}

bool matches_etag(std::string_view if_none_match, std::string_view tag) noexcept
{
    if (trimmed(if_none_match) == "*")
        return true;
    // Tags may hold commas inside their quotes, so the list is walked by quotes.
    while (!if_none_match.empty()) {
        auto const open = if_none_match.find('"');
        if (open == std::string_view::npos)
            return false;
        auto const close = if_none_match.find('"', open + 1);
        if (close == std::string_view::npos)
            return false;
        if (if_none_match.substr(open, close + 1 - open) == tag)
            return true;
        if_none_match.remove_prefix(close + 1);
    }
    return false;
}

std::optional<Encoding> request_encoding(std::string_view content_encoding) noexcept
{
    auto const name = trimmed(content_encoding);
    if (name.empty() || iequals(name, "identity"))
        return Encoding::identity;
    if (iequals(name, "gzip") || iequals(name, "x-gzip"))
        return Encoding::gzip;
    if (iequals(name, "zstd"))
        return Encoding::zstd;
    return std::nullopt;
}

bool is_safe_header(std::string_view name, std::string_view value) noexcept
{
    auto const is_name_byte = [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
    };
    bool wrong = false;                        // without a way out, so that the compiler makes vectors of it: every reply comes here
    for (char const c : value)
        wrong |= (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7F;
    return !wrong && !name.empty() && std::ranges::all_of(name, is_name_byte);
}

}  // namespace yihong::http
