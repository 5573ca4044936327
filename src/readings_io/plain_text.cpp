#include "plain_text.hpp"

namespace yihong {
namespace {

/// Two digits, or something beyond 99.
unsigned two_digits(char const* p) noexcept
{
    auto const a = static_cast<unsigned char>(p[0] - '0');
    auto const b = static_cast<unsigned char>(p[1] - '0');
    return a < 10 && b < 10 ? a * 10U + b : 1000U;
}

}  // namespace

bool read_plain_time(std::string_view text, UtcTime& time) noexcept
{
    using namespace std::chrono;
    if (text.size() != 25 && text.size() != 20)
        return false;
    char const* const p = text.data();
    if (p[4] != '-' || p[7] != '-' || p[10] != 'T' || p[13] != ':' || p[16] != ':')
        return false;
    unsigned const century = two_digits(p), years = two_digits(p + 2), m = two_digits(p + 5), d = two_digits(p + 8);
    unsigned const h = two_digits(p + 11), min = two_digits(p + 14), s = two_digits(p + 17);
    if (century > 99 || years > 99 || h > 23 || min > 59 || s > 59)
        return false;
    year_month_day const date{year{static_cast<int>(century * 100 + years)}, month{m}, day{d}};
    if (m > 12 || d > 31 || !date.ok())
        return false;
    int offset = 0;
    if (text.size() == 20) {
        if (p[19] != 'Z')
            return false;
    } else {
        unsigned const oh = two_digits(p + 20), om = two_digits(p + 23);
        if ((p[19] != '+' && p[19] != '-') || p[22] != ':' || oh > 23 || om > 59)
            return false;
        offset = static_cast<int>(oh * 60 + om) * (p[19] == '-' ? -1 : 1);
    }
    time = UtcTime{sys_days{date}} + seconds{h * 3600 + min * 60 + s} - minutes{offset};
    return true;
}

}  // namespace yihong
