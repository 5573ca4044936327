#include "webhook.hpp"

#include "signature.hpp"

namespace yihong::notify {

Outcome WebhookSender::send(std::span<Event const> events)
{
    auto const& event = events.front();
    auto const seconds = std::chrono::floor<std::chrono::seconds>(utc_now()).time_since_epoch().count();
    Curl::Headers headers{{"Content-Type", "application/cloudevents+json; charset=utf-8"},
                          {"webhook-id", event.id},
                          {"webhook-timestamp", std::to_string(seconds)}};
    if (!channel_.secrets.empty())
        headers.emplace_back("webhook-signature", webhook_signature(channel_.secrets, event.id, seconds, event.document));
    return outcome_of(curl_.http(channel_.url, headers, event.document), channel_);
}

}  // namespace yihong::notify
