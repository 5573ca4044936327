#include "event.hpp"

#include "yihong/model/alert.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <array>

namespace yihong::notify {
namespace {

using simdjson::dom::element;

std::string text_of(element const& from, std::string_view pointer)
{
    element value;
    if (from.at_pointer(pointer).get(value) != simdjson::SUCCESS)
        return {};
    std::string_view text;
    if (value.get(text) == simdjson::SUCCESS)
        return std::string{text};
    return value.is_number() ? simdjson::minify(value) : std::string{};
}

std::optional<UtcTime> time_of(element const& from, std::string_view pointer)
{
    auto const time = parse_rfc3339(text_of(from, pointer));
    return time ? std::optional{*time} : std::nullopt;
}

std::vector<Pollutant> pollutants_of(element const& from)
{
    std::vector<Pollutant> all;
    simdjson::dom::array array;
    if (from.at_pointer("/pollutants").get(array) != simdjson::SUCCESS)
        return all;
    if (array.size() == 0 && from.at_pointer("/present").get(array) != simdjson::SUCCESS)
        return all;
    for (auto const& one : array) {
        Pollutant made{text_of(one, "/parameter"), text_of(one, "/name"), text_of(one, "/name_en"),
                       text_of(one, "/value"),     text_of(one, "/unit"), std::nullopt};
        double multiple = 0;
        if (one.at_pointer("/multiple").get(multiple) == simdjson::SUCCESS)
            made.multiple = multiple;
        all.push_back(std::move(made));
    }
    return all;
}

void read_alert(element const& alert, Event& to)
{
    to.is_alert = true;
    for (auto const& [name, member] : {std::pair{"/family", &Event::family},
                                       {"/rule", &Event::rule},
                                       {"/site", &Event::site},
                                       {"/site_name", &Event::site_name},
                                       {"/site_name_en", &Event::site_name_en},
                                       {"/county", &Event::county},
                                       {"/river", &Event::river},
                                       {"/severity", &Event::severity},
                                       {"/peak_severity", &Event::peak_severity},
                                       {"/state", &Event::state},
                                       {"/water_class_label", &Event::class_label},
                                       {"/peak_class_label", &Event::peak_class_label},
                                       {"/peak_aqi", &Event::peak_aqi},
                                       {"/assignee", &Event::assignee},
                                       {"/aqi", &Event::aqi}})
        to.*member = text_of(alert, name);
    double longitude = 0;
    double latitude = 0;
    if (alert.at_pointer("/position/0").get(longitude) == simdjson::SUCCESS &&
        alert.at_pointer("/position/1").get(latitude) == simdjson::SUCCESS)
        to.position = std::pair{longitude, latitude};
    to.opened_at = time_of(alert, "/opened_at");
    to.first_time = time_of(alert, "/first_time");
    to.peak_time = time_of(alert, "/peak_time");
    to.pollutants = pollutants_of(alert);
}

}  // namespace

Result<Event> parse_event(std::string_view document)
{
    thread_local simdjson::dom::parser parser;
    element root;
    if (auto const error = parser.parse(document.data(), document.size()).get(root); error != simdjson::SUCCESS)
        return fail(Errc::bad_syntax, fmt::format("the event is no JSON: {}", simdjson::error_message(error)));
    Event event;
    event.document = document;
    event.id = text_of(root, "/id");
    event.type = text_of(root, "/type");
    event.alert_id = text_of(root, "/subject");
    auto const time = time_of(root, "/time");
    if (text_of(root, "/specversion") != "1.0" || event.id.empty() || event.type.empty() || !time)
        return fail(Errc::missing_field, "the event is no CloudEvent 1.0 with id, type and time");
    event.time = *time;
    constexpr std::string_view alert_prefix = "yihong.alert.";
    constexpr std::string_view service_prefix = "yihong.";
    event.kind = event.type.starts_with(alert_prefix)     ? event.type.substr(alert_prefix.size())
                 : event.type.starts_with(service_prefix) ? event.type.substr(service_prefix.size())
                                                          : event.type;
    element data;
    if (root.at_pointer("/data").get(data) != simdjson::SUCCESS)
        return event;
    element alert;
    if (data.at_pointer("/alert").get(alert) == simdjson::SUCCESS && alert.is_object())
        read_alert(alert, event);
    event.title_zh = text_of(data, "/text/zh/title");
    event.body_zh = text_of(data, "/text/zh/body");
    event.title_en = text_of(data, "/text/en/title");
    event.body_en = text_of(data, "/text/en/body");
    event.by = text_of(data, "/event/by");
    event.note = text_of(data, "/event/note");
    simdjson::dom::array recipients;
    if (data.at_pointer("/recipients").get(recipients) == simdjson::SUCCESS)
        for (auto const& recipient : recipients)
            event.recipients.push_back({text_of(recipient, "/name"), text_of(recipient, "/role"), text_of(recipient, "/phone"),
                                        text_of(recipient, "/email"), text_of(recipient, "/dingtalk_id"), text_of(recipient, "/wecom_id"),
                                        text_of(recipient, "/feishu_id")});
    return event;
}

bool Event::asks_somebody() const noexcept
{
    constexpr std::array<std::string_view, 6> asking{"opened", "escalated", "updated", "reopened", "reminded", "overdue"};
    return is_alert && state != "resolved" && state != "closed" && std::ranges::find(asking, kind) != asking.end();
}

int severity_rank(std::string_view severity)
{
    auto const known = parse_alert_severity(severity);
    return known ? static_cast<int>(*known) : 0;
}

}  // namespace yihong::notify
