#pragma once

#include "event.hpp"
#include "texts.hpp"

#include "yihong/model/channel.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace yihong::notify {

/// One message to a group robot: several events, one event, or a piece of one that is too long.
struct RobotMessage {
    std::string title;                             ///< with its number where there are several: `… （1/3）`
    std::string body;
    std::vector<Event const*> events;              ///< that it tells of; they outlive it
    bool ends_event = true;                        ///< false: the last of them goes on in the next message
};

/// Splits what a channel says about events into messages that its robot takes, whole events together where they fit.
/// \param events one, or several of one river
[[nodiscard]] std::vector<RobotMessage> robot_messages(std::span<Event const> events, Channel const& channel, std::string_view public_url);

/// Whom a message calls (@): the recipients of its events that ask for something, each once.
[[nodiscard]] std::vector<Recipient> called_by(RobotMessage const& message);

/// At most so many bytes, ending with a whole character.
[[nodiscard]] std::string shortened(std::string text, std::size_t limit);

}  // namespace yihong::notify
