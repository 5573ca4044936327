#pragma once

#include <ctime>
#include <string>

namespace yihong::http {

/// `Thu, 06 Nov 2025 12:00:00 GMT` (RFC 9110 §5.6.7).
std::string http_date(std::time_t time);

}  // namespace yihong::http
