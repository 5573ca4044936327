#include "alertmanager.hpp"

#include "yihong/base/json_writer.hpp"
#include "yihong/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace yihong::notify {

std::string alertmanager_body(Event const& event, std::string_view public_url)
{
    // without an end Alertmanager would take an alert for resolved after its resolve_timeout; nobody here repeats alerts
    constexpr auto open_for = std::chrono::days{365};
    std::string out;
    JsonWriter json{out};
    json.begin_array();
    auto const starts = std::min(event.opened_at.value_or(event.time), event.time);
    for (std::string_view const severity : {"notice", "alert", "high"}) {
        bool const firing = !event.has_ended() && (severity == event.severity || (event.severity.empty() && severity == "notice"));
        json.begin_object().key("labels").begin_object();
        json.member("alertname", event.rule.empty() ? event.type : event.rule).member("severity", severity);
        auto const label = [&](std::string_view name, std::string const& value) {
            if (!value.empty())
                json.member(name, value);
        };
        label("alert_id", event.alert_id.empty() ? event.id : event.alert_id);
        label("site", event.site);
        label("family", event.family);
        label("county", event.county);
        label("river", event.river);
        json.end_object().key("annotations").begin_object();
        auto const annotation = label;
        annotation("summary", event.title_zh);
        annotation("description", event.body_zh);
        annotation("summary_en", event.title_en);
        annotation("description_en", event.body_en);
        annotation("water_class", event.class_label);
        annotation("peak_class", event.peak_class_label);
        annotation("aqi", event.aqi);
        annotation("peak_aqi", event.peak_aqi);
        json.end_object().member("startsAt", starts).member("endsAt", firing ? event.time + open_for : event.time);
        if (!public_url.empty() && !event.alert_id.empty())
            json.member("generatorURL", fmt::format("{}/api/v1/alerts/{}", public_url, percent_encoded(event.alert_id)));
        json.end_object();
    }
    json.end_array();
    return out;
}

Outcome AlertmanagerSender::send(std::span<Event const> events)
{
    if (events.front().is_digest())                // it would stand there as an alert
        return {};
    auto url = channel_.url;
    while (url.ends_with('/'))
        url.pop_back();
    return outcome_of(
        curl_.http(url + "/api/v2/alerts", {{"Content-Type", "application/json"}}, alertmanager_body(events.front(), public_url_)),
        channel_);
}

}  // namespace yihong::notify
