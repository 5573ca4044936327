#pragma once

#include "yihong/alerting/alerting.hpp"

#include <string>
#include <string_view>

/// The JSON bodies that the routes of alerts take. Unknown members, members that stand twice and control bytes are refused.
namespace yihong::alerts {

/// What a person wants to do to an alert; `alert`, `from` and a missing `by` are the caller's business. An empty body is an empty object.
/// \return Errc::bad_syntax with line and column; bad_value, bad_time, unknown_field naming the member
[[nodiscard]] Result<AlertAction> parse_action(AlertAction::Kind kind, std::string_view body);

/// A silence to be; `id`, `created_at` and a missing `author` are the caller's business. `begin` defaults to `now`.
/// \param make_filter of the member `filter`
/// \return as above; missing_field without `end` or `reason`, unknown_site, bad_value also for a rule, river or county that there is not, and for a
/// filter that is none or covers no site
[[nodiscard]] Result<Silence> parse_silence(std::string_view body, World const& world, UtcTime now, MakeScopeFilter const& make_filter);

}  // namespace yihong::alerts
