#pragma once

#include "sender.hpp"

namespace yihong::notify {

/// MQTT 3.1.1: publishes each document and waits until the broker has it, over a connection of its own.
class MqttSender final : public Sender {
public:
    MqttSender(Channel const& channel, SenderContext const& context);
    Outcome send(std::span<Event const> events) override;

private:
    Channel const& channel_;
    std::string public_url_;
    std::atomic<bool> const* stopping_;
};

/// The channel's topic with the event's values, which lose what has a meaning in topics.
[[nodiscard]] std::string mqtt_topic(Event const& event, Channel const& channel, std::string_view public_url);

}  // namespace yihong::notify
