#include "cap.hpp"

#include "texts.hpp"

#include "yihong/base/text.hpp"

#include <pugixml.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace yihong::notify {
namespace {

constexpr std::string_view area_radius_km = "1";   // of a station's surroundings; what lies farther is not known

/// CAP wants an offset and no fraction: `2025-11-06T20:05:12+08:00`.
std::string cap_time(UtcTime time) { return format_beijing(std::chrono::floor<std::chrono::seconds>(time)); }

void add(pugi::xml_node to, char const* name, std::string const& text)
{
    std::string clean = text;                      // XML 1.0 has no place for control characters
    std::erase_if(clean, [](char c) { return static_cast<unsigned char>(c) < ' ' && c != '\n' && c != '\t'; });
    to.append_child(name).text().set(clean.c_str());
}

void add_pair(pugi::xml_node to, char const* name, char const* value_name, std::string const& value)
{
    if (value.empty())
        return;
    auto const pair = to.append_child(name);
    add(pair, "valueName", value_name);
    add(pair, "value", value);
}

/// How severities of alerts are told in CAP's words; docs/notifications.md has the table.
struct Grades {
    char const* urgency;
    char const* severity;
    char const* response;
};
Grades grades_of(Event const& event)
{
    if (event.has_ended())
        return {"Past", "Minor", "AllClear"};
    switch (severity_rank(event.severity)) {
    case 3: return {"Immediate", "Severe", "Assess"};
    case 2: return {"Expected", "Moderate", "Assess"};
    default: return {"Future", "Minor", "Monitor"};
    }
}

void add_area(pugi::xml_node info, Event const& event, bool chinese)
{
    std::string description = event.site_name_en;  // the names of county and river are Chinese
    if (chinese) {
        description.clear();
        for (auto const* part : {&event.county, &event.river, &event.site_name})
            if (!part->empty())
                description += (description.empty() ? "" : " ") + *part;
    }
    auto const area = info.append_child("area");
    add(area, "areaDesc", description.empty() ? event.site.empty() ? std::string{"-"} : event.site : description);
    if (event.position)                            // latitude comes first here
        add(area, "circle", fmt::format("{},{} {}", event.position->second, event.position->first, area_radius_km));
}

void add_info(pugi::xml_node alert, Event const& event, CapOptions const& options, bool chinese)
{
    auto const grades = grades_of(event);
    auto const& title = chinese || event.title_en.empty() ? event.title_zh : event.title_en;
    auto const& body = chinese || event.body_en.empty() ? event.body_zh : event.body_en;
    auto const info = alert.append_child("info");
    add(info, "language", chinese ? "zh-CN" : "en-US");
    add(info, "category", "Env");
    auto const family = chinese ? (event.family == "water" ? "地表水水质预警"
                                   : event.family == "air" ? "环境空气质量预警"
                                                           : "环境监测预警")
                                : (event.family == "water" ? "Surface water quality"
                                   : event.family == "air" ? "Ambient air quality"
                                                           : "Environmental monitoring");
    add(info, "event", family);
    add(info, "responseType", grades.response);
    add(info, "urgency", grades.urgency);
    add(info, "severity", grades.severity);
    add(info, "certainty", "Observed");
    add(info, "effective", cap_time(event.time));
    if (event.first_time)
        add(info, "onset", cap_time(*event.first_time));
    if (event.has_ended())                         // what goes on has no end that anybody knows
        add(info, "expires", cap_time(event.time));
    add(info, "senderName", options.sender_name);
    add(info, "headline", title.empty() ? event.type : title);
    add(info, "description", body.empty() ? title : body);
    if (!options.public_url.empty())
        add(info, "web", fmt::format("{}/api/v1/alerts/{}", options.public_url, percent_encoded(event.alert_id)));
    add_pair(info, "parameter", "step", event.kind);
    add_pair(info, "parameter", "rule", event.rule);
    add_pair(info, "parameter", "site", event.site);
    add_pair(info, "parameter", "waterClass", event.class_label);
    add_pair(info, "parameter", "peakWaterClass", event.peak_class_label);
    add_pair(info, "parameter", "AQI", event.aqi);
    add_pair(info, "parameter", "peakAQI", event.peak_aqi);
    add_pair(info, "parameter", "peakTime", event.peak_time ? cap_time(*event.peak_time) : std::string{});
    add_area(info, event, chinese);
}

struct Writer final : pugi::xml_writer {
    std::string out;
    void write(void const* data, std::size_t size) override { out.append(static_cast<char const*>(data), size); }
};

std::string text_of(pugi::xml_document const& document)
{
    Writer writer;
    document.save(writer, "  ", pugi::format_indent, pugi::encoding_utf8);
    return std::move(writer.out);
}

void declare(pugi::xml_document& document)
{
    auto declaration = document.append_child(pugi::node_declaration);
    declaration.append_attribute("version") = "1.0";
    declaration.append_attribute("encoding") = "UTF-8";
}

}  // namespace

Result<std::string> cap_message(std::span<std::string const> documents, CapOptions const& options)
{
    if (documents.empty())
        return fail(Errc::not_found, "the alert has no events");
    std::string references;
    for (auto const& earlier : documents.first(documents.size() - 1)) {
        auto const event = parse_event(earlier);
        if (!event)
            return std::unexpected{event.error()};
        references += fmt::format("{}{},{},{}", references.empty() ? "" : " ", options.sender, event->id, cap_time(event->time));
    }
    auto const event = parse_event(documents.back());
    if (!event)
        return std::unexpected{event.error()};
    pugi::xml_document document;
    declare(document);
    auto alert = document.append_child("alert");
    alert.append_attribute("xmlns") = "urn:oasis:names:tc:emergency:cap:1.2";
    add(alert, "identifier", event->id);
    add(alert, "sender", options.sender);
    add(alert, "sent", cap_time(event->time));
    add(alert, "status", "Actual");
    add(alert, "msgType", references.empty() ? "Alert" : event->has_ended() ? "Cancel" : "Update");
    // raised by machines and looked at by those on duty: whether the public is told is theirs to decide
    add(alert, "scope", "Restricted");
    add(alert, "restriction", "供生态环境值守与处置使用 For environmental duty officers");
    if (!event->note.empty())
        add(alert, "note", event->note);
    if (!references.empty())
        add(alert, "references", references);
    add(alert, "incidents", event->alert_id);
    add_info(alert, *event, options, true);
    add_info(alert, *event, options, false);
    return text_of(document);
}

std::string cap_atom(std::span<Event const> events, CapOptions const& options, std::string_view root_url)
{
    pugi::xml_document document;
    declare(document);
    auto feed = document.append_child("feed");
    feed.append_attribute("xmlns") = "http://www.w3.org/2005/Atom";
    auto const self = fmt::format("{}/api/v1/alerts/cap.atom", root_url);
    add(feed, "id", self);
    add(feed, "title", options.sender_name + " CAP 1.2");
    auto newest = UtcTime{};
    for (auto const& event : events)
        newest = std::max(newest, event.time);
    add(feed, "updated", format_rfc3339(newest));
    add(feed.append_child("author"), "name", options.sender_name);
    auto link = feed.append_child("link");
    link.append_attribute("rel") = "self";
    link.append_attribute("type") = "application/atom+xml";
    link.append_attribute("href") = self.c_str();
    for (auto const& event : events) {
        auto const href = fmt::format("{}/api/v1/alerts/{}/cap", root_url, percent_encoded(event.alert_id));
        auto entry = feed.append_child("entry");
        add(entry, "id", fmt::format("{}#{}", href, percent_encoded(event.id)));
        add(entry, "title", event.title_zh.empty() ? event.type : event.title_zh);
        add(entry, "updated", format_rfc3339(event.time));
        if (event.opened_at)
            add(entry, "published", format_rfc3339(*event.opened_at));
        auto summary = entry.append_child("summary");
        summary.text().set((event.body_zh + (event.body_en.empty() ? "" : "\n" + event.body_en)).c_str());
        auto cap = entry.append_child("link");
        cap.append_attribute("rel") = "alternate";
        cap.append_attribute("type") = "application/cap+xml";
        cap.append_attribute("href") = href.c_str();
    }
    return text_of(document);
}

std::vector<std::string> documents_of(Journal const& journal, std::string_view alert)
{
    std::vector<std::string> documents;
    for (auto& step : journal.story(alert_topic, alert))
        documents.push_back(std::move(step.document));
    return documents;
}

CapSender::CapSender(Channel const& channel, SenderContext const& context)
    : channel_{channel}, options_{.sender = context.settings.cap_sender, .public_url = context.settings.public_url},
      journal_{context.journal}, curl_{channel, context.stopping}
{}

Outcome CapSender::send(std::span<Event const> events)
{
    auto const& event = events.front();
    if (event.is_digest())                         // no message of CAP: its alerts have theirs
        return {};
    std::vector<std::string> documents;
    if (!event.alert_id.empty())
        documents = documents_of(journal_, event.alert_id);
    // up to this step: later ones may have been written meanwhile
    auto const here = std::ranges::find_if(documents, [&](std::string const& text) {
        auto const known = parse_event(text);
        return known && known->id == event.id;
    });
    documents.erase(here, documents.end());
    documents.push_back(event.document);
    auto const message = cap_message(documents, options_);
    if (!message)
        return {Outcome::Kind::refused, message.error().detail, std::nullopt};
    return outcome_of(
        curl_.http(channel_.url, {{"Content-Type", "application/cap+xml; charset=utf-8"}, {"webhook-id", event.id}}, *message), channel_);
}

}  // namespace yihong::notify
