#pragma once

#include "command_catalog.hpp"
#include "command_desk.hpp"

#include "yihong/gateway/routes.hpp"
#include "yihong/http/parameters.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace yihong::gateway {

struct CommandRequest {
    std::string name;
    std::vector<CommandArgument> arguments;
};

/// `{"command":"set_realtime_interval","seconds":30}`. \return Errc::bad_syntax, missing_field, duplicate_id or bad_value
Result<CommandRequest> parse_command(std::string_view body);

/// A command and what became of it, as JSON.
[[nodiscard]] std::string command_as_json(Command const& command);

/// The answer where no registered device has this MN.
http::Reply unknown_device(std::string_view mn);

/// What names a device, or a command to one.
struct DeviceName {
    std::string mn;
};
struct CommandName {
    std::string mn, id;
};
template <typename Into>
http::Parameter<Into> mn_parameter()
{
    return http::path("mn", {"设备唯一标识 MN", "MN of the logger"}, http::text(), &Into::mn);
}

/// `/api/v1/devices/{mn}/commands…`
std::vector<http::Route> make_command_routes(std::shared_ptr<RouteServices const> const& services);

}  // namespace yihong::gateway
