#include "yihong/base/beijing_text.hpp"

namespace yihong {

std::string beijing_text(UtcTime time) { return "北京时间 " + format_beijing_minute(time); }

void write_with_beijing(JsonWriter& json, std::string_view name, std::optional<UtcTime> time)
{
    json.member_or_null(name, time);
    json.text_or_null(std::string{name} + "_beijing", time ? beijing_text(*time) : std::string{});
}

}  // namespace yihong
