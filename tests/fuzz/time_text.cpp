// fuzzes: base
#include "yihong/base/decimal.hpp"
#include "yihong/base/time.hpp"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    std::string_view const text{reinterpret_cast<char const*>(data), size};
    if (auto const time = yihong::parse_rfc3339(text); time && yihong::parse_rfc3339(yihong::format_rfc3339(*time)) != *time) {
        // years before 0 and after 9999 can arise from the offset and have no RFC 3339 text
        auto const year = static_cast<int>(std::chrono::year_month_day{std::chrono::floor<std::chrono::days>(*time)}.year());
        if (year >= 0 && year <= 9999)
            std::abort();
    }
    if (auto const interval = yihong::parse_time_interval(text);
        interval && interval->begin && interval->end && *interval->begin > *interval->end)
        std::abort();
    (void)yihong::parse_date(text);
    if (auto const number = yihong::Decimal::parse(text); number && *yihong::Decimal::parse(number->to_string()) != *number)
        std::abort();
    return 0;
}
