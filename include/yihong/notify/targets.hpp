#pragma once

#include "yihong/model/channel.hpp"

#include <optional>
#include <string>

namespace yihong::notify {

/// Whether deliveries to a channel's target will be refused because it lies inside (loopback, private and the like) and nothing permits that. Asks
/// the resolver, and waits for it.
/// \return why; nothing where it is permitted, or where its name cannot be resolved now
[[nodiscard]] std::optional<std::string> target_refusal(Channel const& channel);

}  // namespace yihong::notify
