#include "yihong/alerting/replay_totals.hpp"

#include "yihong/alerting/alert_document.hpp"
#include "yihong/base/json_writer.hpp"

#include <algorithm>

namespace yihong {
namespace {

JsonWriter& write_messages(JsonWriter& json, ReplayMessages const& messages)
{
    return json.member("messages", static_cast<std::int64_t>(messages.told))
        .member("reminders", static_cast<std::int64_t>(messages.reminders));
}

void write_rules(JsonWriter& json, ReplayTotals const& totals, World const& world)
{
    json.key("rules").begin_array();
    for (auto const& rule : world.alerts->rules) {
        if (family_of(rule.kind) == AlertFamily::service)      // not replayed
            continue;
        auto const of = totals.of(rule.id);
        json.begin_object()
            .member("rule", rule.id)
            .member("severity", to_text(rule.severity))
            .member("alerts", of.alerts)
            .member("alone", of.alone);
        json.member("hours_alone", of.hours);
        write_messages(json, of.messages).end_object();
    }
    json.end_array();
}

void write_months(JsonWriter& json, ReplayTotals const& totals)
{
    json.key("months").begin_array();
    for (auto const& [key, counts] : totals.months)
        json.begin_object()
            .member("site", key.first)
            .member("month", key.second)
            .member("notice", counts[0])
            .member("alert", counts[1])
            .member("high", counts[2])
            .end_object();
    json.end_array();
}

}  // namespace

void ReplayMessages::add(Alert const& alert)
{
    told += alert.told.messages;
    reminders += alert.told.reminders;
}

ReplayTotals::ReplayTotals(Replay const& replay)
{
    for (auto const& alert : replay.alerts) {
        auto const severity = static_cast<std::size_t>(alert->peak_severity) - 1;
        ++all[severity];
        messages.add(*alert);
        ++months[{alert->site_id, format_beijing(alert->opened_at).substr(0, 7)}][severity];
        for (auto const& id : alert->rules) {
            auto& rule = rules[id];
            ++rule.alerts;
            rule.messages.add(*alert);
            if (alert->rules.size() == 1) {
                ++rule.alone;
                rule.hours += hours_of(*alert, replay.end);
            }
        }
    }
}

ReplayedRule ReplayTotals::of(std::string const& rule) const
{
    auto const found = rules.find(rule);
    return found == rules.end() ? ReplayedRule{} : found->second;
}

std::string replay_as_json(Replay const& replay, World const& world, std::size_t most_alerts)
{
    ReplayTotals const totals{replay};
    auto const listed = std::min(most_alerts, replay.alerts.size());
    std::string out;
    JsonWriter json{out};
    json.begin_object();
    if (replay.records > 0)
        json.member("begin", replay.begin).member("end", replay.end);
    json.member("records", static_cast<std::int64_t>(replay.records));
    json.member("numberMatched", replay.alerts.size()).member("numberReturned", listed).key("alerts").begin_array();
    for (std::size_t i = 0; i < listed; ++i)
        write_alert(json, *replay.alerts[i], {world, {}});
    json.end_array();
    write_rules(json, totals, world);
    write_months(json, totals);
    json.key("sites").begin_array();
    for (auto const& heard : replay.heard)
        json.begin_object()
            .member("site", world.sites->all()[heard.site].id)
            .member("records", static_cast<std::int64_t>(heard.records))
            .end_object();
    json.end_array();
    write_messages(json, totals.messages).end_object();
    return out + '\n';
}

}  // namespace yihong
