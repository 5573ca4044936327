#pragma once

#include "curl.hpp"
#include "robot_messages.hpp"

#include <map>
#include <string>

namespace yihong::notify {

/// Group robots of DingTalk (钉钉), WeCom (企业微信) and Feishu (飞书). They answer 200 to everything; a code in the body decides. What does not fit one
/// message goes out as several; those that were taken are not sent again.
class RobotSender final : public Sender {
public:
    RobotSender(Channel const& channel, SenderContext const& context)
        : channel_{channel}, public_url_{context.settings.public_url}, curl_{channel, context.stopping}
    {}
    Outcome send(std::span<Event const> events) override;

private:
    Outcome post(RobotMessage const& message);

    Channel const& channel_;
    std::string public_url_;
    Curl curl_;
    std::map<std::string, std::size_t> taken_pieces_;  ///< of events that need several messages each: how many of them were taken
};

/// The body that is posted for a message. \param unix_seconds of Feishu's signature; it is left out without a secret
[[nodiscard]] std::string robot_body(RobotMessage const& message, Channel const& channel, std::int64_t unix_seconds);
/// What the robot's answer means. Codes for "too fast" and "busy" may pass; all others stand for a wrong address, keyword or signature.
[[nodiscard]] Outcome robot_outcome(Curl::Answer const& answer, Channel const& channel);

}  // namespace yihong::notify
