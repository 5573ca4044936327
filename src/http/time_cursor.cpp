#include "yihong/http/time_cursor.hpp"

#include <algorithm>

namespace yihong::http {
namespace {

Result<TimeCursor> parse(std::string_view text)
{
    auto const number = whole_number(0, INT64_MAX);
    auto const dot = std::min(text.find('.'), text.size());
    auto const time = number.read(text.substr(0, dot));
    auto const skipped = number.read(text.substr(std::min(dot + 1, text.size())));
    if (!time || !skipped)
        return fail(Errc::bad_value, "is not the cursor of a next link");
    return TimeCursor{UtcTime{std::chrono::milliseconds{static_cast<std::int64_t>(*time)}}, *skipped};
}

}  // namespace

Reader<TimeCursor> time_cursor() { return {{}, parse}; }

std::string to_text(TimeCursor const& cursor)
{
    return std::to_string(cursor.time.time_since_epoch().count()) + "." + std::to_string(cursor.skipped);
}

}  // namespace yihong::http
