#pragma once

#include "curl.hpp"

namespace yihong::notify {

/// E-mail over SMTP: text and HTML, threaded by alert.
class MailSender final : public Sender {
public:
    MailSender(Channel const& channel, SenderContext const& context)
        : channel_{channel}, public_url_{context.settings.public_url}, curl_{channel, context.stopping}
    {}
    Outcome send(std::span<Event const> events) override;

private:
    Channel const& channel_;
    std::string public_url_;
    Curl curl_;
};

/// RFC 2047: words of at most 75 characters, none of which cuts a character in two. ASCII stays as it is.
[[nodiscard]] std::string encoded_header(std::string_view text);
/// The recipients of the channel and those the events name, each once.
[[nodiscard]] Curl::Mail compose_mail(std::span<Event const> events, Channel const& channel, std::string_view public_url, UtcTime now);

}  // namespace yihong::notify
