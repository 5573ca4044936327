#include "step_documents.hpp"

#include "alert_names.hpp"

#include <fmt/format.h>

namespace yihong {

StepDocuments::StepDocuments(Alert const& alert, AlertStepInfo const& step, AlertContext const& context) : alert_{alert}, step_{step}
{
    JsonWriter of_alert{alert_json_};
    write_alert(of_alert, alert, context);
    JsonWriter of_text{text_json_};
    write_text(of_text, alert_text(alert, step, context));
}

std::string StepDocuments::made(std::string_view from, std::span<Contact const* const> recipients, std::string_view evidence) const
{
    constexpr std::size_t usual_rest = 1024;
    std::string out;
    out.reserve(alert_json_.size() + text_json_.size() + evidence.size() + usual_rest);
    JsonWriter json{out};
    json.begin_object()
        .member("specversion", "1.0")
        .member("id", fmt::format("{}.{}", alert_.id, alert_.steps))
        .member("source", "/api/v1/alerts")
        .member("type", fmt::format("yihong.alert.{}", to_text(step_.kind)))
        .member("subject", alert_.id)
        .member("time", step_.at)
        .member("datacontenttype", "application/json")
        .key("data")
        .begin_object()
        .key("alert")
        .raw(alert_json_)
        .key("event")
        .begin_object()
        .member("step", static_cast<std::int64_t>(alert_.steps))
        .member("kind", to_text(step_.kind))
        .member("at", step_.at)
        .member("by", step_.by)
        .member("from", from)
        .member("note", step_.note)
        .member("note_en", step_.note_en)
        .member("severity_before", to_text(step_.was))
        .key("links")
        .begin_array();
    for (auto const& link : step_.links)
        json.value(link);
    json.end_array().end_object().key("text").raw(text_json_);
    write_recipients(json, recipients);
    if (!evidence.empty())
        json.key("evidence").raw(evidence);
    json.end_object().end_object();
    return out;
}

}  // namespace yihong
