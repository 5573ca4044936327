#include "story.hpp"

#include "yihong/base/beijing_text.hpp"
#include "yihong/base/text.hpp"
#include "yihong/write/chained_hash.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>

namespace yihong::alerts {
namespace {

using simdjson::ondemand::object;

std::string text_of(object& from, std::string_view name) { return std::string{from[name].get_string().value()}; }

/// \throws simdjson::simdjson_error for a document that is none of ours
void read_document(StoryStep& step)
{
    simdjson::ondemand::parser parser;
    simdjson::padded_string const padded{step.kept.document};
    auto document = parser.iterate(padded);
    auto data = document["data"].get_object().value();
    auto event = data["event"].get_object().value();
    step.kind = text_of(event, "kind");
    step.at = text_of(event, "at");
    step.by = text_of(event, "by");
    step.from = text_of(event, "from");
    step.note = text_of(event, "note");
    for (auto link : event["links"].get_array())
        step.links.emplace_back(link.get_string().value());
    auto text = data["text"].get_object().value();
    auto zh = text["zh"].get_object().value();
    step.text.title_zh = text_of(zh, "title");
    step.text.body_zh = text_of(zh, "body");
    auto en = text["en"].get_object().value();
    step.text.title_en = text_of(en, "title");
    step.text.body_en = text_of(en, "body");
    simdjson::ondemand::object evidence;
    if (data["evidence"].get_object().get(evidence) == simdjson::SUCCESS)
        step.evidence = evidence.raw_json().value();      // as it was kept: a value keeps its digits
}

/// When a step was taken, as it was kept.
void write_moment(JsonWriter& json, std::string const& at)
{
    auto const time = parse_rfc3339(at);
    json.member("at", at).text_or_null("at_beijing", time ? beijing_text(*time) : std::string{});
}

void write_link(JsonWriter& json, std::string_view href, std::string_view rel, std::string_view type, std::string_view title)
{
    json.begin_object().member("href", href).member("rel", rel).member("type", type).member("title", title).end_object();
}

/// The rules that hold now, the gravest first.
void write_causes(JsonWriter& json, Alert const& alert, AlertContext const& context)
{
    std::vector<AlertCause const*> causes;
    for (auto const& cause : alert.causes)
        causes.push_back(&cause);
    std::ranges::stable_sort(causes, std::ranges::greater{}, &AlertCause::severity);
    json.key("causes").begin_array();
    for (auto const* cause : causes) {
        auto const [zh, en] = describe_rule(cause->rule, context.world);
        json.begin_object().member("rule", cause->rule).member("severity", to_text(cause->severity)).member("description", zh);
        json.text_or_null("description_en", en).member("since", cause->since).member("since_beijing", beijing_text(cause->since));
        json.text_or_null("figures", cause->said).text_or_null("figures_en", cause->said_en);
        json.end_object();
    }
    json.end_array();
}

}  // namespace

bool Story::is_verified() const noexcept { return !steps.empty() && std::ranges::all_of(steps, &StoryStep::verified); }

std::pair<std::string, std::string> describe_rule(std::string_view id, World const& world)
{
    auto const& rules = world.alerts->rules;
    auto const rule = std::ranges::find(rules, id, &AlertRule::id);
    return rule == rules.end() ? std::pair{std::string{id}, std::string{}} : describe(*rule);
}

Story read_story(Journal const& journal, std::string_view alert)
{
    Story story;
    for (auto& kept : journal.story(alert_topic, alert)) {
        StoryStep step;
        step.kept = std::move(kept);
        auto const number = step.kept.number;
        // what the log of all alerts has in this place, and before it
        auto const log = number > 1 ? journal.journal(alert_topic, number - 2, 2) : journal.journal(alert_topic, 0, 1);
        bool const has_previous = log.size() == 2 && log.front().number == number - 1;
        step.previous = has_previous ? log.front().hash : std::string{};
        step.verified = !log.empty() && log.back() == step.kept && (has_previous || number == 1) &&
                        chained_hash(step.previous, step.kept.document) == step.kept.hash;
        try {
            read_document(step);
            step.readable = true;
        } catch (simdjson::simdjson_error const&) {    // tampered with, or damaged: shown as that
            StoryStep bare;
            bare.kept = std::move(step.kept);
            bare.previous = std::move(step.previous);
            bare.verified = step.verified;
            step = std::move(bare);
        }
        story.steps.push_back(std::move(step));
    }
    return story;
}

std::string story_as_json(Alert const& alert, Story const& story, AlertContext const& context, StoryLinks const& links, bool with_from)
{
    std::string out;
    JsonWriter json{out};
    json.begin_object();
    write_alert_members(json, alert, context, AlertTimes::with_beijing);
    write_causes(json, alert, context);
    json.key("history").begin_array();
    for (std::size_t i = 0; i < story.steps.size(); ++i) {
        auto const& step = story.steps[i];
        json.begin_object().member("step", i + 1).member("number", static_cast<std::int64_t>(step.kept.number));
        json.member("kind", step.kind);
        write_moment(json, step.at);
        json.member("by", step.by);
        if (with_from)
            json.member("from", step.from);
        json.member("note", step.note).key("links").begin_array();
        for (auto const& link : step.links)
            json.value(link);
        json.end_array().key("text").begin_object();
        json.key("zh").begin_object().member("title", step.text.title_zh).member("body", step.text.body_zh).end_object();
        json.key("en").begin_object().member("title", step.text.title_en).member("body", step.text.body_en).end_object().end_object();
        json.member("hash", step.kept.hash).key("previous_hash");
        step.previous.empty() ? json.null() : json.value(step.previous);
        json.member("verified", step.verified).end_object();
    }
    json.end_array().key("evidence").begin_array();
    for (std::size_t i = 0; i < story.steps.size(); ++i)
        if (auto const& step = story.steps[i]; !step.evidence.empty()) {
            json.begin_object().member("step", i + 1).member("kind", step.kind);
            write_moment(json, step.at);
            json.key("data").raw(step.evidence).end_object();
        }
    json.end_array()
        .key("chain")
        .begin_object()
        .member("verified", story.is_verified())
        .member("method", "SHA-256(previous hash in hexadecimal, then the document)");
    json.end_object().key("links").begin_array();
    auto const self = fmt::format("{}/api/v1/alerts/{}", links.root, percent_encoded(alert.id));
    write_link(json, self, "self", "application/json", "这个预警 This alert");
    write_link(json, self + "?f=html", "alternate", "text/html", "可打印的预警单 To print");
    if (links.is_feature)
        write_link(json, fmt::format("{}/collections/alerts/items/{}", links.root, percent_encoded(alert.id)), "related",
                   "application/geo+json", "要素 As a feature");
    write_link(json, self + "/cap", "alternate", "application/cap+xml", "通用预警协议 As CAP 1.2");
    if (!links.site_collection.empty()) {
        auto const site = percent_encoded(alert.site_id);
        write_link(json, fmt::format("{}/collections/{}/items/{}", links.root, links.site_collection, site), "related",
                   "application/geo+json", "站点 Site");
        if (alert.first_time && alert.last_time)
            write_link(json,
                       fmt::format("{}/api/v1/sites/{}/readings?datetime={}/{}", links.root, site, format_rfc3339(*alert.first_time),
                                   format_rfc3339(*alert.last_time)),
                       "related", "application/json", "期间的监测数据 Readings of its time");
    }
    json.end_array().end_object();
    return out;
}

}  // namespace yihong::alerts
