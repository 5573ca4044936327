#include "daily_digest.hpp"

#include "alert_names.hpp"

#include "yihong/evaluate/duty.hpp"
#include "yihong/evaluate/judge.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

namespace yihong {
namespace {

constexpr auto a_day = std::chrono::days{1};

/// What happened to an alert last within a day; what a person did counts less than how it stands.
std::optional<std::pair<AlertStepKind, UtcTime>> change_of(Alert const& alert, UtcTime since)
{
    if (alert.closed_at && *alert.closed_at > since && !(alert.resolved_at && *alert.resolved_at > since))
        return std::pair{AlertStepKind::closed, *alert.closed_at};
    if (is_over(alert.state) && alert.resolved_at && *alert.resolved_at > since)
        return std::pair{AlertStepKind::resolved, *alert.resolved_at};
    if (is_over(alert.state))
        return std::nullopt;
    if (alert.opened_at > since)
        return std::pair{AlertStepKind::opened, alert.opened_at};
    if (alert.updated_at > since)
        return std::pair{AlertStepKind::updated, alert.updated_at};
    return std::nullopt;
}

/// Lists lines, and says how many more there are.
template <typename T, typename Line>
std::string listed(std::vector<T> const& all, std::string_view more, Line line)
{
    constexpr std::size_t most = 20;
    std::string text;
    for (std::size_t i = 0; i < std::min(all.size(), most); ++i)
        text += "· " + line(all[i]) + "\n";
    if (all.size() > most)
        text += fmt::format(fmt::runtime(more), all.size() - most) + "\n";
    return text;
}

}  // namespace

std::optional<UtcTime> digest_due(AlertPlan const& plan, std::optional<UtcTime> last, UtcTime awake_since, UtcTime now)
{
    if (!plan.digest_at)
        return std::nullopt;
    auto due = beijing_midnight(beijing_date(now)) + *plan.digest_at;
    if (due > now)
        due -= a_day;
    bool const is_owed = last ? due > *last : due > awake_since;
    // one that was missed is made up for, but wakes nobody
    bool const would_wake = is_within(plan.quiet, now) && !is_within(plan.quiet, due);
    return is_owed && !would_wake ? std::optional{due} : std::nullopt;
}

DailyDigest::DailyDigest(KeptAlerts const& kept, AlertContext const& context, UtcTime at) : context_{context}, at_{at}
{
    std::vector<std::tuple<UtcTime, std::string_view, AlertStepKind>> changes;
    for (auto const& [id, alert] : kept.all()) {
        if (!is_over(alert->state)) {
            open_.push_back(alert.get());
            add_duties(*alert);
            add_silent(*alert);
        }
        if (auto const change = change_of(*alert, at - a_day))
            changes.emplace_back(change->second, id, change->first);
    }
    std::ranges::sort(changes);
    for (auto const& [time, id, kind] : changes)
        changed_.push_back({kept.find(id).get(), to_text(kind), label_zh(kind)});
    std::ranges::sort(open_, [](Alert const* a, Alert const* b) {
        return std::tie(b->severity, a->opened_at, a->id) < std::tie(a->severity, b->opened_at, b->id);
    });
    std::ranges::stable_sort(duties_, {}, &Duty::by);
    std::ranges::stable_sort(silent_, {}, &Silent::since);
}

void DailyDigest::add_duties(Alert const& alert)
{
    auto const& plan = *context_.world.alerts;
    auto const add = [&](std::string_view what, std::string_view zh, UtcTime by) { duties_.push_back({&alert, what, zh, by, who(alert)}); };
    if (alert.state == AlertState::open && alert.severity >= plan.escalate_from)
        add("acknowledge", "确认", alert.escalate_at.value_or(alert.opened_at + plan.acknowledge_within));
    if (!alert.deadlines)
        return;
    if (!alert.assigned_at)
        add("assign", "交办", alert.deadlines->assign_by);
    if (!alert.progress_at)
        add("progress", "反馈进展", alert.deadlines->progress_by);
    add("resolve", "办结", alert.deadlines->resolve_by);
}

void DailyDigest::add_silent(Alert const& alert)
{
    for (auto const& cause : alert.causes)
        if (cause.kind == RuleKind::data_gap || cause.kind == RuleKind::out_of_service)
            silent_.push_back({&alert, cause.kind, cause.since});
}

std::string DailyDigest::who(Alert const& alert) const
{
    if (!alert.assignee.empty())
        return alert.assignee;
    std::string names;
    auto const* site = context_.site(alert);
    auto const& plan = *context_.world.alerts;
    auto const contacts = site ? recipients(plan, *site, *context_.facts(alert), alert.escalation_level, at_).contacts : on_duty(plan, at_);
    for (auto const* contact : contacts)
        names += (names.empty() ? "" : "、") + contact->name;
    return names;
}

std::string DailyDigest::place(Alert const& alert, bool zh) const
{
    if (alert.family == AlertFamily::service)
        return zh ? "一泓服务" : "Yihong";
    auto const* site = context_.site(alert);
    if (!site)
        return alert.site_id;
    return zh || site->name_en.empty() ? site->name : site->name_en;
}

std::string DailyDigest::state_of(Alert const& alert, bool zh) const
{
    auto text =
        zh ? fmt::format("{} {} {}（{}）", place(alert, zh), label_zh(alert.severity), label_zh(alert.family), label_zh(alert.state))
           : fmt::format("{} {} {} ({})", place(alert, zh), to_text(alert.severity), to_text(alert.family), to_text(alert.state));
    auto const items = exceedances_of(alert);
    if (!items.empty() && items.front().limit) {
        auto const [name, name_en, unit] = names_of(items.front().parameter, context_.world.standards->parameters());
        text += fmt::format(" {} {}{}", zh ? name : name_en, items.front().value.to_string(), unit);
    }
    return text;
}

AlertText DailyDigest::text() const
{
    auto const high = std::ranges::count(open_, AlertSeverity::high, &Alert::severity);
    auto const overdue = std::ranges::count_if(duties_, [this](Duty const& duty) { return duty.by <= at_; });
    AlertText text;
    text.title_zh =
        fmt::format("【每日摘要】未了结预警{}个（严重{}个），逾期{}项，{}站无数据", open_.size(), high, overdue, silent_.size());
    text.title_en =
        fmt::format("[digest] {} open alerts ({} high), {} overdue, {} stations without data", open_.size(), high, overdue, silent_.size());
    auto const add = [&](std::string_view head, std::string_view head_en, auto const& all, auto const& line) {
        if (all.empty())
            return;
        text.body_zh +=
            fmt::format("{}（{}）：\n", head, all.size()) + listed(all, "……另有{}项", [&](auto const& one) { return line(one, true); });
        text.body_en += fmt::format("{} ({}):\n", head_en, all.size()) +
                        listed(all, "... and {} more", [&](auto const& one) { return line(one, false); });
    };
    add("未了结的预警", "Open alerts", open_, [&](Alert const* alert, bool zh) {
        return state_of(*alert, zh) + (zh ? "，" : ", since ") + format_beijing_minute(alert->opened_at) + (zh ? "发布" : "");
    });
    add("24小时内的变化", "Changed within 24 h", changed_, [&](Change const& change, bool zh) {
        return fmt::format("{}{}", zh ? std::string{change.kind_zh} + "：" : std::string{change.kind} + ": ", state_of(*change.alert, zh));
    });
    add("待办", "To be done", duties_, [&](Duty const& duty, bool zh) {
        bool const late = duty.by <= at_;
        auto const by = format_beijing_minute(duty.by);
        return zh ? fmt::format("{}：{}前{}{}{}", place(*duty.alert, zh), by, duty.what_zh, late ? "（已逾期）" : "",
                                duty.who.empty() ? "" : "，" + duty.who)
                  : fmt::format("{}: {} by {}{}{}", place(*duty.alert, zh), duty.what, by, late ? " (overdue)" : "",
                                duty.who.empty() ? "" : ", " + duty.who);
    });
    add("没有数据的站点", "Stations without data", silent_, [&](Silent const& silent, bool zh) {
        bool const gap = silent.why == RuleKind::data_gap;
        return zh ? fmt::format("{}：自{}起{}", place(*silent.alert, zh), format_beijing_minute(silent.since),
                                gap ? "没有数据" : "维护或故障")
                  : fmt::format("{}: {} since {}", place(*silent.alert, zh), gap ? "no data" : "out of service",
                                format_beijing_minute(silent.since));
    });
    return text;
}

void DailyDigest::write_data(JsonWriter& json) const
{
    json.member("date", format_date(beijing_date(at_))).member("at", at_).member("since", at_ - a_day);
    json.key("open").begin_array();
    for (auto const* alert : open_)
        write_alert(json, *alert, context_);
    json.end_array().key("changed").begin_array();
    auto const begin_entry = [&](Alert const& alert) {
        json.begin_object().member("alert", alert.id).member("site", alert.site_id).member("site_name", place(alert, true));
    };
    for (auto const& change : changed_) {
        begin_entry(*change.alert);
        json.member("kind", change.kind)
            .member("severity", to_text(change.alert->severity))
            .member("state", to_text(change.alert->state))
            .end_object();
    }
    json.end_array().key("due").begin_array();
    for (auto const& duty : duties_) {
        begin_entry(*duty.alert);
        json.member("what", duty.what).member("by", duty.by).member("overdue", duty.by <= at_);
        json.text_or_null("who", duty.who);
        json.end_object();
    }
    json.end_array().key("without_data").begin_array();
    for (auto const& silent : silent_) {
        begin_entry(*silent.alert);
        json.member("why", to_text(silent.why)).member("since", silent.since).end_object();
    }
    json.end_array();
}

std::string DailyDigest::document(std::span<Contact const* const> recipients) const
{
    auto const words = text();
    std::string out;
    JsonWriter json{out};
    json.begin_object()
        .member("specversion", "1.0")
        .member("id", "digest-" + format_date(beijing_date(at_)))
        .member("source", "/api/v1/alerts")
        .member("type", "yihong.alert.digest")
        .member("time", at_)
        .member("datacontenttype", "application/json")
        .key("data")
        .begin_object()
        .key("digest")
        .begin_object();
    write_data(json);
    json.end_object().key("event").begin_object().member("kind", "digest").member("at", at_).member("by", "engine").end_object();
    json.key("text");
    write_text(json, words);
    write_recipients(json, recipients);
    json.end_object().end_object();
    return out;
}

}  // namespace yihong
