#pragma once

#include "curl.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace yihong::notify {

struct CapOptions {
    std::string sender = "yihong";
    std::string sender_name = "一泓 Yihong";
    std::string public_url;
};

/// The documents of an alert's steps, oldest first. \throws StoreError
[[nodiscard]] std::vector<std::string> documents_of(Journal const& journal, std::string_view alert);

/// The CAP 1.2 message of the last of these documents of one alert, oldest first: Alert for the first step, Update that refers to all
/// earlier ones, Cancel when the alert is resolved or closed. \return what parse_event says of a document; Errc::not_found without any
Result<std::string> cap_message(std::span<std::string const> documents, CapOptions const& options);

/// An Atom feed (RFC 4287) of the newest messages. \param events the newest one of each alert, in the order to be shown
[[nodiscard]] std::string cap_atom(std::span<Event const> events, CapOptions const& options, std::string_view root_url);

/// Posts the CAP message of every event.
class CapSender final : public Sender {
public:
    CapSender(Channel const& channel, SenderContext const& context);
    Outcome send(std::span<Event const> events) override;

private:
    Channel const& channel_;
    CapOptions options_;
    Journal const& journal_;
    Curl curl_;
};

}  // namespace yihong::notify
