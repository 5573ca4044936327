#pragma once

#include "curl.hpp"

namespace yihong::notify {

/// Prometheus' Alertmanager, API v2.
class AlertmanagerSender final : public Sender {
public:
    AlertmanagerSender(Channel const& channel, SenderContext const& context)
        : channel_{channel}, public_url_{context.settings.public_url}, curl_{channel, context.stopping}
    {}
    Outcome send(std::span<Event const> events) override;

private:
    Channel const& channel_;
    std::string public_url_;
    Curl curl_;
};

/// Alertmanager knows an alert by its labels, and severity is one. So every event posts one alert for each severity: the one it has
/// now is firing, the others have ended; those that never fired are not shown.
[[nodiscard]] std::string alertmanager_body(Event const& event, std::string_view public_url);

}  // namespace yihong::notify
