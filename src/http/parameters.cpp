#include "yihong/http/parameters.hpp"

#include "yihong/base/text.hpp"

#include <charconv>

namespace yihong::http {
namespace {

enum class Digits : std::uint8_t { good, too_many, none };

/// Digits only; more than fit are `too_many`.
Digits read_digits(std::string_view text, std::uint64_t& value) noexcept
{
    if (text.empty() || !std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; }))
        return Digits::none;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc{} ? Digits::good : Digits::too_many;
}

}  // namespace

std::string quoted(std::string_view text)
{
    constexpr std::size_t shown = 60;
    return "'" + to_valid_utf8(text.substr(0, shown)) + (text.size() > shown ? "…'" : "'");
}

Reader<std::string> text()
{
    return {{}, [](std::string_view text) -> Result<std::string> { return std::string{text}; }};
}

Reader<std::uint64_t> whole_number(std::uint64_t low, std::uint64_t high, std::string usual)
{
    Schema schema{.type = "integer", .minimum = low, .default_value = std::move(usual)};
    if (high < INT64_MAX)
        schema.maximum = high;
    return {schema, [low, high](std::string_view text) -> Result<std::uint64_t> {
                std::uint64_t value = 0;
                if (read_digits(text, value) == Digits::good && value >= low && value <= high)
                    return value;
                return fail(Errc::bad_value, quoted(text) + " is not a whole number " +
                                                 (high >= INT64_MAX ? "of at least " + std::to_string(low)
                                                                    : "from " + std::to_string(low) + " to " + std::to_string(high)));
            }};
}

Reader<std::size_t> page_limit(std::size_t usual, std::size_t most)
{
    Schema const schema{.type = "integer", .minimum = 1, .maximum = most, .default_value = std::to_string(usual)};
    return {schema, [most](std::string_view text) -> Result<std::size_t> {
                std::uint64_t value = 0;
                auto const digits = read_digits(text, value);
                if (digits == Digits::none || (digits == Digits::good && value == 0))
                    return fail(Errc::bad_value, quoted(text) + " is not a whole number of at least 1 (more than " + std::to_string(most) +
                                                     " counts as " + std::to_string(most) + ")");
                return digits == Digits::too_many ? most : std::min<std::size_t>(value, most);
            }};
}

Reader<UtcTime> instant() { return {{.format = "date-time"}, parse_rfc3339}; }

Result<UtcTime> parse_past_moment(std::string_view text, UtcTime now)
{
    static constexpr std::string_view allowed =
        "; one moment that has been is wanted: an RFC 3339 instant, or a date for the end of that day in Beijing";
    auto const time = parse_time_interval(text);
    if (!time)
        return fail(time.error().code, time.error().detail + std::string{allowed});
    if (text.contains('/'))
        return fail(Errc::bad_time, quoted(text) + " is an interval" + std::string{allowed});
    if (*time->begin > now)
        return fail(Errc::bad_time, quoted(text) + " is to come: it is " + format_rfc3339(now) + std::string{allowed});
    return std::min(*time->end, now);
}

Reader<UtcTime> past_moment()
{
    return {{.format = "date-time"}, [](std::string_view text) { return parse_past_moment(text, utc_now()); }};
}

Reader<TimeInterval> time_interval() { return {{}, parse_time_interval}; }

Reader<bool> flag()
{
    auto const words = one_of<bool>({{"true", true}, {"false", false}});
    return {{.type = "boolean"}, words.read};
}

}  // namespace yihong::http
