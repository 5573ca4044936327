#pragma once

#include "sender.hpp"

namespace yihong::notify {

/// Runs a program without a shell for every event: the document on standard input, delivered when it exits with 0 in time.
class CommandSender final : public Sender {
public:
    CommandSender(Channel const& channel, SenderContext const& context) : channel_{channel}, stopping_{context.stopping} {}
    Outcome send(std::span<Event const> events) override;

private:
    Channel const& channel_;
    std::atomic<bool> const* stopping_;
};

}  // namespace yihong::notify
