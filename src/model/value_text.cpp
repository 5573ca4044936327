#include "yihong/model/value_text.hpp"

#include "yihong/base/text.hpp"
#include "yihong/model/parameter.hpp"
#include "yihong/model/record.hpp"

#include <algorithm>
#include <array>
#include <span>

namespace yihong {
namespace {

using Spelling = std::pair<std::string_view, std::string_view>;

/// Blanks beside those of ASCII; the last three have no width.
constexpr std::array<std::string_view, 9> wide_blanks{"\u3000", "\u00A0", "\u2002", "\u2003", "\u2009",
                                                      "\u202F", "\uFEFF", "\u200B", "\u2060"};
constexpr std::array<Spelling, 8> dashes{{{"—", "-"}, {"–", "-"}, {"―", "-"}, {"−", "-"}, {"‐", "-"}, {"‑", "-"}, {"─", "-"}, {"ー", "-"}}};

bool is_blank(char c) noexcept { return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\v' || c == '\f'; }

constexpr std::array<std::string_view, 31> words_for_nothing{
    "nan",  "nan(ind)", "nan(snan)", "null",   "(null)",    "<null>", "nil",    "none",   "na",   "n.a.",     "n.a",
    "n/a",  "#n/a",     "#na",       "#null!", "undefined", "无",     "无值",   "无数据", "暂无", "暂无数据", "空",
    "空值", "缺",       "缺测",      "缺失",   "未测",      "未检测", "未监测", "未采样", "停测"};
constexpr std::array<std::string_view, 15> words_for_below{"未检出",     "未检测出",   "检不出",     "低于检出限",     "小于检出限",
                                                           "低于检测限", "小于检测限", "检出限以下", "低于方法检出限", "n.d.",
                                                           "n.d",        "nd",         "bdl",        "notdetected",    "belowdetection"};
constexpr std::array<std::string_view, 6> signs_for_below{"<=", "<", "≤", "≦", "小于", "低于"};
constexpr std::array<std::string_view, 7> limits_without_number{"", "dl", "mdl", "lod", "loq", "检出限", "方法检出限"};
constexpr std::array<std::string_view, 6> ends_for_below{"(l)", "l", "(nd)", "nd", "(dl)", "dl"};

bool is_one_of(std::span<std::string_view const> words, std::string_view text) { return std::ranges::find(words, text) != words.end(); }

/// The number that `text` is, a bracket around it aside.
std::optional<Decimal> number_in(std::string_view text)
{
    if (text.starts_with('(') && text.ends_with(')'))
        text = text.substr(1, text.size() - 2);
    auto const parsed = Decimal::parse(text);
    return parsed ? std::optional{*parsed} : std::nullopt;
}

ValueText below(std::optional<Decimal> const& limit)
{
    bool const known = limit && !limit->is_zero();
    return {known, true, known ? *limit : Decimal{}};
}

/// Below detection, in any spelling. \param text small plain letters without blanks
std::optional<ValueText> read_below(std::string_view text)
{
    if (is_one_of(words_for_below, text))
        return below(std::nullopt);
    for (auto const sign : signs_for_below) {
        if (!text.starts_with(sign))
            continue;
        auto rest = text.substr(sign.size());
        if (is_one_of(limits_without_number, rest))
            return below(std::nullopt);
        if (rest.ends_with('l'))
            rest.remove_suffix(1);
        if (auto const limit = number_in(rest))
            return below(limit);
    }
    for (auto const end : ends_for_below)
        if (text.ends_with(end))
            if (auto const limit = number_in(text.substr(0, text.size() - end.size())))
                return below(limit);
    for (auto const word : words_for_below)
        if (text.starts_with(word)) {
            auto rest = text.substr(word.size());
            if (rest.starts_with('('))
                rest = rest.ends_with(')') ? rest.substr(1, rest.size() - 2) : std::string_view{"("};
            if (rest.starts_with('<'))
                rest.remove_prefix(1);
            if (auto const limit = number_in(rest))
                return below(limit);
        }
    return std::nullopt;
}

}  // namespace

std::string_view without_blanks(std::string_view text) noexcept
{
    for (bool again = true; again && !text.empty();) {
        again = false;
        if (is_blank(text.front())) {
            text.remove_prefix(1);
            again = true;
        } else if (static_cast<unsigned char>(text.front()) >= 0xC2) {
            for (auto const blank : wide_blanks)
                if (text.starts_with(blank)) {
                    text.remove_prefix(blank.size());
                    again = true;
                }
        }
    }
    for (bool again = true; again && !text.empty();) {
        again = false;
        if (is_blank(text.back())) {
            text.remove_suffix(1);
            again = true;
        } else if (static_cast<unsigned char>(text.back()) >= 0x80) {
            for (auto const blank : wide_blanks)
                if (text.ends_with(blank)) {
                    text.remove_suffix(blank.size());
                    again = true;
                }
        }
    }
    return text;
}

std::string with_plain_letters(std::string_view text)
{
    std::string plain;
    plain.reserve(text.size());
    while (!text.empty()) {
        auto const first = static_cast<unsigned char>(text.front());
        if (first < 0x80) {
            plain += text.front();
            text.remove_prefix(1);
            continue;
        }
        auto const dash = std::ranges::find_if(dashes, [&](Spelling const& s) { return text.starts_with(s.first); });
        auto const blank = std::ranges::find_if(wide_blanks, [&](std::string_view b) { return text.starts_with(b); });
        if (dash != dashes.end()) {
            plain += dash->second;
            text.remove_prefix(dash->first.size());
        } else if (blank != wide_blanks.end()) {
            if (blank < wide_blanks.end() - 3)
                plain += ' ';
            text.remove_prefix(blank->size());
        } else if (text.size() >= 3 && first == 0xEF && (text[1] == '\xBC' || text[1] == '\xBD')) {        // U+FF01 to U+FF5E
            unsigned const code = 0xFF00U + (text[1] == '\xBD' ? 0x40U : 0U) + (static_cast<unsigned char>(text[2]) & 0x3FU);
            if (code >= 0xFF01U && code <= 0xFF5EU)
                plain += static_cast<char>(code - 0xFF01U + '!');
            else
                plain.append(text.substr(0, 3));
            text.remove_prefix(3);
        } else {
            plain += text.front();
            text.remove_prefix(1);
        }
    }
    return plain;
}

Result<ValueText> read_value_text(std::string_view text)
{
    text = without_blanks(text);
    if (text.find_first_not_of("-*/") == std::string_view::npos)
        return ValueText{};                                    // the usual signs, without a look at the rest
    auto const number = Decimal::parse(text);
    if (number)
        return ValueText{true, false, *number};
    auto const wrong = [&] { return fail(Errc::bad_value, to_valid_utf8(number.error().detail)); };
    if (text.size() > 100)
        return wrong();
    std::string const plain = with_plain_letters(text);
    if (auto const wide = Decimal::parse(without_blanks(plain)))
        return ValueText{true, false, *wide};
    std::string tight;
    for (char const c : plain)
        if (!is_blank(c))
            tight += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    while (tight.ends_with(';') || tight.ends_with(','))
        tight.pop_back();
    if (tight.find_first_not_of("-_/\\*.~") == std::string::npos)
        return ValueText{};
    std::string_view const unsigned_text = tight[0] == '-' || tight[0] == '+' ? std::string_view{tight}.substr(1) : std::string_view{tight};
    if (is_one_of(words_for_nothing, unsigned_text))
        return ValueText{};
    if (auto const found = read_below(tight); found && found->number >= Decimal{})
        return *found;
    return wrong();
}

bool is_no_value(std::string_view text)
{
    if (text.empty())
        return true;
    if (text.front() >= '0' && text.front() <= '9')
        return false;
    auto const read = read_value_text(text);
    return read && !read->has_number && !read->is_below_detection;
}

void set_value(Reading& reading, ValueText const& text, Parameter const& parameter) noexcept
{
    reading.has_value = text.has_number;
    reading.value = text.number;
    if (!text.is_below_detection)
        return;
    reading.marks = reading.marks | Mark::below_detection;
    if (!text.has_number && parameter.detection_limit) {
        reading.has_value = true;
        reading.value = *parameter.detection_limit;
    }
}

}  // namespace yihong
