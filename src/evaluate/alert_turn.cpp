#include "alert_turn.hpp"

#include "yihong/evaluate/alert_values.hpp"
#include "yihong/evaluate/duty.hpp"
#include "yihong/evaluate/exact.hpp"
#include "yihong/evaluate/judge.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

namespace yihong {
namespace {

constexpr std::array<std::string_view, 14> step_names{"opened",   "escalated",  "eased",     "updated",  "acknowledged",
                                                      "assigned", "progressed", "commented", "silenced", "reminded",
                                                      "overdue",  "resolved",   "closed",    "reopened"};
constexpr std::array<std::string_view, 14> step_labels{"发布", "升级", "降级", "更新", "确认", "交办", "进展",
                                                       "备注", "静默", "提醒", "超期", "解除", "销号", "重新发布"};

/// Of the others nobody but those who read the story needs to know.
bool concerns_channels(AlertStepKind kind) noexcept
{
    return kind != AlertStepKind::commented && kind != AlertStepKind::silenced && kind != AlertStepKind::progressed;
}

/// What has to be told once a silence is over.
bool is_owed(AlertStepKind kind) noexcept
{
    return kind == AlertStepKind::opened || kind == AlertStepKind::escalated || kind == AlertStepKind::updated ||
           kind == AlertStepKind::reopened;
}

int aqi_level_of(Exceedance const& index) noexcept { return aqi_level(static_cast<int>(index.value.mantissa())); }

void remember_told(Alert& alert, Telling telling)
{
    auto& told = alert.told;
    ++told.messages;
    if (telling == Telling::reminder)
        ++told.reminders;
    told.severity = std::max(told.severity.value_or(alert.severity), alert.severity);
    told.over = is_over(alert.state);
    for (auto const& cause : alert.causes)
        for (auto const& item : cause.items)
            keep_worse(told.worst, item);
}

bool covers(Silence const& silence, Alert const& alert, AlertSurroundings const& around, UtcTime now)
{
    auto const* facts = around.facts;
    return silence.begin <= now && now < silence.end && (silence.site.empty() || silence.site == alert.site_id) &&
           (silence.river.empty() || (around.site && facts && is_on_river(*around.site, *facts, silence.river))) &&
           (silence.county.empty() || (facts && silence.county == facts->county)) &&
           (!silence.filter.condition || (around.site && facts && silence.filter.condition->covers(*around.site, *facts))) &&
           (silence.rule.empty() || std::ranges::find(alert.rules, silence.rule) != alert.rules.end());
}

}  // namespace

std::string_view to_text(AlertStepKind kind) noexcept { return step_names[static_cast<std::size_t>(kind)]; }
std::string_view label_zh(AlertStepKind kind) noexcept { return step_labels[static_cast<std::size_t>(kind)]; }

bool is_over(AlertState state) noexcept { return state == AlertState::resolved || state == AlertState::closed; }

bool is_muted(Alert const& alert, AlertSurroundings const& around, UtcTime now)
{
    return (alert.silent_until && now < *alert.silent_until) ||
           std::ranges::any_of(around.silences, [&](Silence const& silence) { return covers(silence, alert, around, now); });
}

bool is_worse_than_told(Alert const& alert)
{
    if (!alert.told.severity || alert.severity > *alert.told.severity)
        return true;
    auto const is_worse_by_far = [](Exceedance const& now, Exceedance const& told) {
        if (now.item_class > told.item_class)
            return true;
        if (now.parameter == 0)
            return aqi_level_of(now) > aqi_level_of(told);
        bool const is_exceeded = now.limit && (now.item_class == 0 || now.item_class > 3);     // discharges have no class
        if (!is_exceeded || now.below != told.below)
            return false;
        auto const two = Decimal{2, 0};
        return now.below ? exact::product(now.value, two) <= told.value : now.value >= exact::product(told.value, two);
    };
    return std::ranges::any_of(alert.causes, [&](AlertCause const& cause) {
        return std::ranges::any_of(cause.items, [&](Exceedance const& item) {
            auto const told = std::ranges::lower_bound(alert.told.worst, item.parameter, {}, &Exceedance::parameter);
            return told == alert.told.worst.end() || told->parameter != item.parameter || is_worse_by_far(item, *told);
        });
    });
}

void Turn::take(AlertStepInfo info, Telling telling)
{
    ++alert.steps;
    info.was = std::exchange(told_severity_, alert.severity);
    auto items = items_of(alert);
    std::ranges::set_difference(items, told_items_, std::back_inserter(info.new_items));
    told_items_ = std::move(items);
    alert.updated_at = info.at;
    bool const concerned = concerns_channels(info.kind) && telling != Telling::held;
    bool const muted = concerned && is_muted(alert, around_, info.at);
    if (concerned)
        alert.owes_notice = muted && (alert.owes_notice || is_owed(info.kind));
    bool const told = concerned && !muted;
    if (told)
        remember_told(alert, telling);
    steps_.push_back({alert, std::move(info), told});
}

std::vector<ParameterId> Turn::items_of(Alert const& alert)
{
    std::vector<ParameterId> items;
    for (auto const& cause : alert.causes)
        for (auto const& item : cause.items)
            items.push_back(item.parameter);
    std::ranges::sort(items);
    auto const same = std::ranges::unique(items);
    items.erase(same.begin(), same.end());
    return items;
}

void Turn::set_open()
{
    go_on();
    alert.state = AlertState::open;
    alert.acknowledged_at.reset();
    alert.acknowledged_by.clear();
    alert.assigned_at.reset();
    alert.assignee.clear();
    alert.progress_at.reset();
    alert.deadlines.reset();
    alert.registered_at.reset();
    alert.reminded = 0;
    alert.escalation_level = 0;
    alert.escalate_at.reset();
}

void Turn::go_on()
{
    alert.state = alert.acknowledged_at ? AlertState::acknowledged : AlertState::open;
    alert.resolved_at.reset();
    alert.closed_at.reset();
    alert.resolved_by_person = false;
}

void Turn::register_it()
{
    bool const registered =
        alert.family != AlertFamily::operation && alert.family != AlertFamily::service && alert.severity >= plan().ledger_from;
    if (!registered || alert.deadlines)
        return;
    alert.registered_at = now_;
    alert.deadlines = deadlines_from(plan(), now_, false);
}

void Turn::set_clocks()
{
    register_it();
    bool const asks = alert.state == AlertState::open && alert.severity >= plan().escalate_from && plan().acknowledge_within.count() > 0;
    if (asks && !alert.escalate_at)
        alert.escalate_at = now_ + plan().acknowledge_within;
}

void Turn::resolve(bool by_person, AlertStepInfo info, Telling telling)
{
    alert.state = AlertState::resolved;
    alert.resolved_at = info.at;
    alert.resolved_by_person = by_person;
    alert.escalate_at.reset();
    alert.silent_until.reset();
    if (!by_person)
        alert.causes.clear();
    take(std::move(info), telling);
    if (alert.peak_severity == AlertSeverity::notice && alert.causes.empty()) {
        alert.state = AlertState::closed;
        alert.closed_at = now_;
        take(AlertStepKind::closed, {}, Telling::held);
    }
}

bool Turn::is_known_for_long() const noexcept
{
    return alert.family != AlertFamily::service && plan().known_after.count() > 0 && now_ - alert.opened_at >= plan().known_after;
}

}  // namespace yihong
