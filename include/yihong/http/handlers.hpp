#pragma once

#include "yihong/base/log.hpp"
#include "yihong/http/message.hpp"

#include <initializer_list>
#include <string>
#include <string_view>

/// What handlers of JSON routes have in common.
namespace yihong::http {

inline constexpr std::string_view json_type = "application/json";
Reply json_reply(std::string body, int status = 200);

/// The line of the log that every write leaves: what, who, from where.
void audit(Request const& request, std::string_view action, std::initializer_list<log::Field> more = {});

}  // namespace yihong::http
