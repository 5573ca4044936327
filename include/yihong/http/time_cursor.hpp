#pragma once

#include "yihong/http/parameters.hpp"

#include <cstdint>
#include <string>

namespace yihong::http {

/// Where a page of what is ordered by time goes on: behind `skipped` of those of one moment. As text `1795905600123.2`.
struct TimeCursor {
    UtcTime time{};
    std::uint64_t skipped = 0;
};

Reader<TimeCursor> time_cursor();
std::string to_text(TimeCursor const& cursor);

}  // namespace yihong::http
