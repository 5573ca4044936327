#include "text_match.hpp"

#include <utf8proc.h>

#include <algorithm>
#include <cstdlib>
#include <memory>

namespace yihong::cql2 {
namespace {

bool is_ascii(std::string_view text) noexcept
{
    return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

std::string mapped(std::string_view text, int options)
{
    struct Free {
        void operator()(utf8proc_uint8_t* text) const noexcept { std::free(text); }  // NOLINT: what C allocated
    };
    utf8proc_uint8_t* result = nullptr;
    auto const size = utf8proc_map(reinterpret_cast<utf8proc_uint8_t const*>(text.data()), static_cast<utf8proc_ssize_t>(text.size()),
                                   &result, static_cast<utf8proc_option_t>(options));
    std::unique_ptr<utf8proc_uint8_t, Free> const owned{result};
    if (size < 0)                                          // text that is not Unicode
        return std::string{text};
    return {reinterpret_cast<char const*>(result), static_cast<std::size_t>(size)};
}

bool begins_character(char byte) noexcept { return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U; }

}  // namespace

std::string case_folded(std::string_view text)
{
    if (!is_ascii(text))
        return mapped(text, UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD);
    std::string folded{text};
    for (char& c : folded)
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return folded;
}

std::string without_accents(std::string_view text)
{
    return is_ascii(text) ? std::string{text} : mapped(text, UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_STRIPMARK);
}

Pattern::Pattern(std::string_view pattern)
{
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        char const c = pattern[i];
        if (c == '%') {
            if (pieces_.empty() || pieces_.back().kind != Kind::any)
                pieces_.push_back({Kind::any, c});
        } else if (c == '_') {
            pieces_.push_back({Kind::one, c});
        } else {
            bool const is_escape = c == '\\' && i + 1 < pattern.size();
            pieces_.push_back({Kind::letter, is_escape ? pattern[++i] : c});
        }
    }
}

bool Pattern::matches(std::string_view text) const noexcept
{
    std::size_t at = 0, piece = 0;
    std::size_t any = pieces_.size();                      // the last `%`, and what it has taken so far
    std::size_t taken = 0;
    while (at < text.size()) {
        if (piece < pieces_.size() && pieces_[piece].kind == Kind::any) {
            any = piece++;
            taken = at;
        } else if (piece < pieces_.size() && pieces_[piece].kind == Kind::one) {
            do
                ++at;
            while (at < text.size() && !begins_character(text[at]));
            ++piece;
        } else if (piece < pieces_.size() && pieces_[piece].byte == text[at]) {
            ++at;
            ++piece;
        } else if (any < pieces_.size()) {                 // it takes a character more
            do
                ++taken;
            while (taken < text.size() && !begins_character(text[taken]));
            piece = any + 1;
            at = taken;
        } else {
            return false;
        }
    }
    while (piece < pieces_.size() && pieces_[piece].kind == Kind::any)
        ++piece;
    return piece == pieces_.size();
}

}  // namespace yihong::cql2
