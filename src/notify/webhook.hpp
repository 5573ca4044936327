#pragma once

#include "curl.hpp"

namespace yihong::notify {

/// CloudEvents in structured mode, signed as Standard Webhooks has it.
class WebhookSender final : public Sender {
public:
    WebhookSender(Channel const& channel, SenderContext const& context) : channel_{channel}, curl_{channel, context.stopping} {}
    Outcome send(std::span<Event const> events) override;

private:
    Channel const& channel_;
    Curl curl_;
};

}  // namespace yihong::notify
