#pragma once

#include "curl.hpp"

namespace yihong::notify {

/// Group robots of DingTalk (钉钉), WeCom (企业微信) and Feishu (飞书). They answer 200 to everything; a code in the body decides.
class RobotSender final : public Sender {
public:
    RobotSender(Channel const& channel, SenderContext const& context)
        : channel_{channel}, public_url_{context.settings.public_url}, curl_{channel, context.stopping}
    {}
    Outcome send(std::span<Event const> events) override;

private:
    Channel const& channel_;
    std::string public_url_;
    Curl curl_;
};

/// The bodies that are posted.
[[nodiscard]] std::string dingtalk_body(std::span<Event const> events, Channel const& channel, std::string_view public_url);
[[nodiscard]] std::string wecom_body(std::span<Event const> events, Channel const& channel, std::string_view public_url);
/// \param unix_seconds of the signature; it is left out without a secret
[[nodiscard]] std::string feishu_body(std::span<Event const> events, Channel const& channel, std::string_view public_url,
                                      std::int64_t unix_seconds);
/// What the robot's answer means. Codes for "too fast" and "busy" may pass; all others stand for a wrong address, keyword or signature.
[[nodiscard]] Outcome robot_outcome(Curl::Answer const& answer, Channel const& channel);

}  // namespace yihong::notify
