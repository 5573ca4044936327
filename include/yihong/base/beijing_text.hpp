#pragma once

#include "yihong/base/json_writer.hpp"
#include "yihong/base/time.hpp"

#include <optional>
#include <string>
#include <string_view>

/// The text that stands beside a time for people (北京时间).
namespace yihong {

/// `北京时间 2025-11-06 20:00`: begins with words so that no program takes it for a time and moves or cuts it.
[[nodiscard]] std::string beijing_text(UtcTime time);

/// The member `name`, RFC 3339 in UTC, and beside it `name_beijing`, the same moment as text; both null for none.
void write_with_beijing(JsonWriter& json, std::string_view name, std::optional<UtcTime> time);

}  // namespace yihong
