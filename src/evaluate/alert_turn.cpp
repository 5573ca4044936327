#include "alert_turn.hpp"

#include "yihong/evaluate/duty.hpp"

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

bool covers(Silence const& silence, Alert const& alert, OverlayFacts const* facts, UtcTime now)
{
    return silence.begin <= now && now < silence.end && (silence.site.empty() || silence.site == alert.site_id) &&
           (silence.river.empty() || (facts && silence.river == facts->river)) &&
           (silence.county.empty() || (facts && silence.county == facts->county)) &&
           (silence.rule.empty() || std::ranges::find(alert.rules, silence.rule) != alert.rules.end());
}

}  // namespace

std::string_view to_text(AlertStepKind kind) noexcept { return step_names[static_cast<std::size_t>(kind)]; }
std::string_view label_zh(AlertStepKind kind) noexcept { return step_labels[static_cast<std::size_t>(kind)]; }

bool is_over(AlertState state) noexcept { return state == AlertState::resolved || state == AlertState::closed; }

bool is_muted(Alert const& alert, AlertSurroundings const& around, UtcTime now)
{
    return (alert.silent_until && now < *alert.silent_until) ||
           std::ranges::any_of(around.silences, [&](Silence const& silence) { return covers(silence, alert, around.facts, now); });
}

void Turn::take(AlertStepInfo info)
{
    ++alert.steps;
    info.was = std::exchange(told_severity_, alert.severity);
    auto items = items_of(alert);
    std::ranges::set_difference(items, told_items_, std::back_inserter(info.new_items));
    told_items_ = std::move(items);
    alert.updated_at = info.at;
    bool const concerned = concerns_channels(info.kind);
    bool const muted = concerned && is_muted(alert, around_, info.at);
    if (concerned)
        alert.owes_notice = muted && (alert.owes_notice || is_owed(info.kind));
    steps_.push_back({alert, std::move(info), concerned && !muted});
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
    alert.state = AlertState::open;
    alert.acknowledged_at.reset();
    alert.acknowledged_by.clear();
    alert.resolved_at.reset();
    alert.closed_at.reset();
    alert.resolved_by_person = false;
    alert.escalation_level = 0;
}

void Turn::set_clocks()
{
    bool const registered =
        alert.family != AlertFamily::operation && alert.family != AlertFamily::service && alert.severity >= plan().ledger_from;
    if (registered && !alert.deadlines)
        alert.deadlines = deadlines_from(plan(), now_, false);
    bool const asks = alert.state == AlertState::open && alert.severity >= plan().escalate_from && plan().acknowledge_within.count() > 0;
    if (asks && !alert.escalate_at)
        alert.escalate_at = now_ + plan().acknowledge_within;
}

void Turn::resolve(bool by_person, AlertStepInfo info)
{
    alert.state = AlertState::resolved;
    alert.resolved_at = info.at;
    alert.resolved_by_person = by_person;
    alert.escalate_at.reset();
    alert.silent_until.reset();
    if (!by_person)
        alert.causes.clear();
    take(std::move(info));
    if (alert.peak_severity == AlertSeverity::notice && alert.causes.empty()) {
        alert.state = AlertState::closed;
        alert.closed_at = now_;
        take(AlertStepKind::closed);
    }
}

}  // namespace yihong
