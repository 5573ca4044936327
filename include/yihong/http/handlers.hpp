#pragma once

#include "yihong/base/log.hpp"
#include "yihong/http/message.hpp"

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

/// What handlers of JSON routes have in common.
namespace yihong::http {

inline constexpr std::string_view json_type = "application/json";
Reply json_reply(std::string body, int status = 200);

/// The answer to a query parameter that the route does not know, if there is one.
std::optional<Reply> unknown_query(Request const& request, std::initializer_list<std::string_view> known);

/// \return Errc::bad_value naming the parameter
Result<std::uint64_t> whole_number(std::string_view name, std::string_view text, std::uint64_t low, std::uint64_t high);

/// The line of the log that every write leaves: what, who, from where.
void audit(Request const& request, std::string_view action, std::initializer_list<log::Field> more = {});

}  // namespace yihong::http
