#include "yihong/model/frame_text.hpp"

#include "yihong/base/text.hpp"

#include <algorithm>
#include <array>

namespace yihong {
namespace {

bool is_letter(char c) noexcept { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }
bool is_blank(char c) noexcept { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

/// The length of a secret's name that begins here, else 0.
std::size_t secret_name(std::string_view text) noexcept
{
    constexpr std::array<std::string_view, 3> names{"PW", "NewPW", "NewSK"};
    auto const small = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
    for (auto const name : names)
        if (text.size() > name.size() && std::ranges::equal(text.substr(0, name.size()), name, {}, small, small))
            return name.size();
    return 0;
}

/// Where the check sum behind a `&&` ends, if one stands there: up to four hexadecimal digits, then the end of the frame.
std::size_t end_of_check_sum(std::string_view text, std::size_t begin) noexcept
{
    constexpr std::size_t most_digits = 4;
    auto end = begin;
    while (end < text.size() && end < begin + most_digits && hex_digit(text[end]) >= 0)
        ++end;
    return end == text.size() || text[end] == '\r' || text[end] == '\n' || text[end] == '#' ? end : begin;
}

}  // namespace

std::string_view qn_of(std::string_view frame) noexcept
{
    constexpr std::size_t digits = 17;
    constexpr std::string_view name = "QN";
    auto const head = frame.substr(0, frame.find("CP=&&"));
    for (auto at = head.find(name); at != std::string_view::npos; at = head.find(name, at + 1)) {
        if (at > 0 && is_letter(head[at - 1]))
            continue;
        auto const rest = trimmed(head.substr(at + name.size()));
        if (!rest.starts_with('='))
            continue;
        auto const value = trimmed(rest.substr(1, std::min(rest.find_first_of(";,"), rest.size()) - 1));
        bool const is_number = std::ranges::all_of(value, [](char c) { return c >= '0' && c <= '9'; });
        return value.size() == digits && is_number ? value : std::string_view{};
    }
    return {};
}

std::string_view said_by(std::string_view frame) noexcept
{
    constexpr std::string_view cp_end = "&&";
    auto const mark = frame.find("##");
    auto const end = frame.rfind(cp_end);
    if (mark == std::string_view::npos || end == std::string_view::npos || end < mark)
        return frame;
    auto said = frame.substr(mark + 2, end - mark - 2);
    said.remove_prefix(std::min(said.find_first_not_of(" 0123456789"), said.size()));
    return said;
}

std::vector<std::string_view> secrets_in(std::string_view text)
{
    constexpr std::string_view cp_begin = "CP=&&";
    std::vector<std::string_view> found;
    for (std::size_t at = 0; at < text.size(); ++at) {
        auto const length = at > 0 && is_letter(text[at - 1]) ? 0 : secret_name(text.substr(at));
        if (length == 0)
            continue;
        auto begin = at + length;
        while (begin < text.size() && is_blank(text[begin]))
            ++begin;
        if (begin == text.size() || text[begin] != '=')
            continue;
        ++begin;
        // blanks before a value may be line ends: only a separator, or what can be no value, ends it
        auto const rest = text.substr(begin);
        auto const separator = std::min(rest.find_first_of(";,"), rest.size());
        auto const area = std::min(rest.find(length > 2 ? std::string_view{"&&"} : cp_begin), rest.size());
        auto const value = rest.substr(0, std::min(separator, area));
        auto const shown = trimmed(value);
        found.push_back(shown.empty() ? value : shown);
        at = begin + value.size() - 1;
    }
    return found;
}

std::string without_secrets(std::string_view text)
{
    auto const secrets = secrets_in(text);
    if (secrets.empty())
        return std::string{text};
    std::string out;
    auto const* at = text.data();
    for (auto const secret : secrets) {
        out.append(at, secret.data()).append("******");
        at = secret.data() + secret.size();
    }
    out.append(at, text.data() + text.size());
    for (auto found = out.find("&&"); found != std::string::npos; found = out.find("&&", found + 1)) {
        auto const begin = found + 2;
        if (auto const end = end_of_check_sum(out, begin); end > begin)
            out.replace(begin, end - begin, "****");
    }
    return out;
}

}  // namespace yihong
