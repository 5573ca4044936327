#include "plain_text.hpp"

#include "yihong/model/value_text.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace yihong {
namespace {

using namespace std::chrono;

bool is_digit(char c) noexcept { return static_cast<unsigned char>(c - '0') < 10; }

/// Takes apart what it walks over.
class Walk {
public:
    explicit Walk(std::string_view text) : left_{text} {}

    [[nodiscard]] bool at_end() const noexcept { return left_.empty(); }
    /// One of these texts, passed over. \return its index
    template <std::size_t N>
    std::optional<std::size_t> one_of(std::array<std::string_view, N> const& words)
    {
        for (std::size_t i = 0; i < N; ++i)
            if (left_.starts_with(words[i])) {
                left_.remove_prefix(words[i].size());
                return i;
            }
        return std::nullopt;
    }
    bool text(std::string_view word) { return one_of(std::array{word}).has_value(); }
    void blanks() { left_.remove_prefix(std::min(left_.find_first_not_of(' '), left_.size())); }
    /// A number of `fewest` to `most` digits.
    std::optional<unsigned> number(std::size_t fewest, std::size_t most)
    {
        std::size_t digits = 0;
        unsigned value = 0;
        while (digits < left_.size() && digits < most && is_digit(left_[digits]))
            value = value * 10 + static_cast<unsigned>(left_[digits++] - '0');
        if (digits < fewest || (digits < left_.size() && is_digit(left_[digits])))
            return std::nullopt;
        left_.remove_prefix(digits);
        return value;
    }
    void digits() { left_.remove_prefix(std::min(left_.find_first_not_of("0123456789"), left_.size())); }

private:
    std::string_view left_;
};

struct DayTime {
    unsigned hour = 0, minute = 0, second = 0;
};

std::optional<UtcTime> beijing(year_month_day date, DayTime at)
{
    bool const ends_the_day = at.hour == 24 && at.minute == 0 && at.second == 0;
    if (!date.ok() || static_cast<int>(date.year()) < 1900 || at.minute > 59 || at.second > 59 || (at.hour > 23 && !ends_the_day))
        return std::nullopt;
    return beijing_midnight(date) + hours{at.hour} + minutes{at.minute} + seconds{at.second};
}

/// `20:00`, `20:00:00.000`, `20时`, `8点05分`, `下午8:00`, `8:00 PM`
std::optional<DayTime> read_day_time(Walk& walk)
{
    constexpr std::array<std::string_view, 6> halves{"上午", "下午", "AM", "PM", "am", "pm"};
    auto half = walk.one_of(halves);
    walk.blanks();
    auto const hour = walk.number(1, 2);
    if (!hour)
        return std::nullopt;
    DayTime at{*hour};
    bool const in_words = walk.one_of(std::array<std::string_view, 2>{"时", "点"}).has_value();
    if (!in_words && !walk.text(":"))
        return std::nullopt;
    walk.blanks();
    if (auto const minute = walk.number(1, 2)) {
        at.minute = *minute;
        if (in_words ? walk.text("分") : walk.text(":")) {
            if (auto const second = walk.number(1, 2)) {
                at.second = *second;
                if (walk.text("."))
                    walk.digits();
                walk.text("秒");
            } else if (!in_words) {
                return std::nullopt;
            }
        }
    } else if (!in_words) {
        return std::nullopt;
    }
    walk.blanks();
    if (!half)
        half = walk.one_of(halves);
    if (half && at.hour > 12 && *half % 2 == 0)
        return std::nullopt;
    if (half && at.hour <= 12)
        at.hour = at.hour % 12 + (*half % 2 == 1 ? 12 : 0);
    return at;
}

/// `Z`, `+08:00`, `+0800`, `+08`, or nothing: Beijing's. \return nothing where something else stands there
std::optional<minutes> read_offset(Walk& walk)
{
    walk.blanks();
    if (walk.at_end())
        return beijing_offset;
    if (walk.text("Z"))
        return walk.at_end() ? std::optional{minutes{0}} : std::nullopt;
    auto const sign = walk.one_of(std::array<std::string_view, 2>{"+", "-"});
    auto const packed = sign ? walk.number(2, 4) : std::nullopt;
    if (!packed)
        return std::nullopt;
    unsigned hour = *packed, minute = 0;
    if (hour > 99) {
        minute = hour % 100;
        hour /= 100;
    } else if (walk.text(":")) {
        auto const second = walk.number(2, 2);
        if (!second)
            return std::nullopt;
        minute = *second;
    }
    if (!walk.at_end() || hour > 23 || minute > 59)
        return std::nullopt;
    return minutes{(*sign == 1 ? -1 : 1) * static_cast<int>(hour * 60 + minute)};
}

/// Days since 1899-12-30, of this century.
std::optional<UtcTime> read_serial(std::string_view text)
{
    auto const point = std::min(text.find('.'), text.size());
    auto const decimals = text.size() - std::min(point + 1, text.size());
    if (point != 5 || text.size() > 25)
        return std::nullopt;
    Decimal serial;
    if (!std::ranges::all_of(text.substr(0, 5), is_digit) ||
        !std::ranges::all_of(text.substr(std::min<std::size_t>(6, text.size())), is_digit))
        return std::nullopt;
    if (auto const parsed = Decimal::parse(text))
        serial = *parsed;
    else
        return std::nullopt;
    constexpr double first = 36526, last = 73051;              // 2000-01-01, 2100-01-01
    double const number = serial.to_double();
    if (number < first || number >= last)
        return std::nullopt;
    double const day = std::floor(number);
    double const part = (number - day) * 86'400;
    bool const is_rough = decimals < 6;
    double const second = is_rough ? std::round(part / 60) * 60 : std::round(part);
    if (decimals < 3 && std::abs(part - second) > 0.5)
        return std::nullopt;                                   // a hundredth of a day is a quarter of an hour
    auto const date = sys_days{year{1899} / December / 30} + days{static_cast<int>(day)};
    return beijing_midnight(year_month_day{date}) + seconds{static_cast<std::int64_t>(second)};
}

/// `20251106200000`, `202511062000`
std::optional<UtcTime> read_digits(std::string_view text)
{
    if ((text.size() != 14 && text.size() != 12) || !std::ranges::all_of(text, is_digit))
        return std::nullopt;
    auto const part = [&](std::size_t at, std::size_t count) {
        unsigned value = 0;
        for (char const c : text.substr(at, count))
            value = value * 10 + static_cast<unsigned>(c - '0');
        return value;
    };
    DayTime const at{part(8, 2), part(10, 2), text.size() == 14 ? part(12, 2) : 0};
    return beijing(year{static_cast<int>(part(0, 4))} / month{part(4, 2)} / std::chrono::day{part(6, 2)}, at);
}

}  // namespace

std::optional<UtcTime> read_sheet_time(std::string_view text)
{
    text = without_blanks(text);
    if (text.empty() || text.size() > 80)
        return std::nullopt;
    std::string const plain = with_plain_letters(text);
    if (auto const serial = read_serial(plain))
        return serial;
    if (auto const digits = read_digits(plain))
        return digits;
    Walk walk{plain};
    auto const y = walk.number(4, 4);
    constexpr std::array<std::string_view, 4> separators{"-", "/", ".", "年"};
    auto const separator = y ? walk.one_of(separators) : std::nullopt;
    auto const m = separator ? walk.number(1, 2) : std::nullopt;
    if (!m || !walk.text(*separator == 3 ? "月" : separators[*separator]))
        return std::nullopt;
    auto const d = walk.number(1, 2);
    if (!d || (*separator == 3 && !walk.one_of(std::array<std::string_view, 2>{"日", "号"})))
        return std::nullopt;
    year_month_day const date{year{static_cast<int>(*y)}, month{*m}, day{*d}};
    walk.blanks();
    if (walk.at_end())
        return beijing(date, {});
    auto const at = read_day_time(walk);
    auto const offset = at ? read_offset(walk) : std::nullopt;
    if (!offset)
        return std::nullopt;
    auto const time = beijing(date, *at);
    return time ? std::optional{*time + beijing_offset - *offset} : std::nullopt;
}

}  // namespace yihong
