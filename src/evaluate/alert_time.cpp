#include "yihong/evaluate/alert_life.hpp"

#include "yihong/evaluate/duty.hpp"

#include "alert_turn.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace yihong {
namespace {

/// By when something has to be done about it (13710 时限), and which bits of `reminded` say that this was told.
struct Due {
    UtcTime at;
    UtcTime remind_at;
    bool met;
    unsigned reminder, overdue;
    std::string_view zh, en;
};

std::array<Due, 3> dues_of(Alert const& alert, AlertPlan const& plan)
{
    auto const& deadlines = *alert.deadlines;
    unsigned bits = 0;
    auto const due = [&](UtcTime at, bool met, std::string_view zh, std::string_view en) {
        auto const before =
            std::min<std::chrono::milliseconds>(plan.remind_before, (at - alert.registered_at.value_or(alert.opened_at)) / 2);
        auto const bit = bits++;
        return Due{at, at - before, met, 1U << (2 * bit), 1U << (2 * bit + 1), zh, en};
    };
    return {due(deadlines.assign_by, alert.assigned_at.has_value(), "交办", "assigning"),
            due(deadlines.progress_by, alert.progress_at.has_value(), "反馈进展", "reporting progress"),
            due(deadlines.resolve_by, false, "办结", "solving")};
}

/// Its last step lies ahead: the clock was set back since, and what is due by the old one would wait until that is reached again.
void count_anew(Turn& turn)
{
    constexpr std::chrono::hours worth_telling{1};       // less is waited for: it is not worth a message
    auto& alert = turn.alert;
    if (alert.updated_at <= turn.now() + worth_telling)
        return;
    alert.escalate_at.reset();
    alert.silent_until.reset();
    if (alert.registered_at > turn.now()) {
        alert.registered_at.reset();
        alert.deadlines.reset();
        alert.reminded = 0;
    }
    turn.set_clocks();
    turn.take(AlertStepKind::updated, {"时钟调回，时限重新起算", "the clock was set back, what is due counts anew"});
}

/// A person said that it is solved, the readings do not show it, and his word has stood long enough.
void doubt_word(Turn& turn)
{
    auto const& alert = turn.alert;
    if (turn.around().gone || alert.state != AlertState::resolved || !alert.resolved_by_person || alert.causes.empty() ||
        turn.now() - *alert.resolved_at < turn.plan().reopen_within)
        return;
    turn.set_open();
    turn.set_clocks();
    turn.take(AlertStepKind::reopened, {"办结后数据仍未恢复", "the readings have not recovered since it was called solved"});
}

void tell_what_is_owed(Turn& turn)
{
    if (!turn.alert.owes_notice || is_muted(turn.alert, turn.around(), turn.now()))
        return;
    turn.alert.silent_until.reset();
    turn.take(AlertStepKind::updated, {"静默结束，预警仍未解除", "the silence is over, the alert is not"});
}

/// A reminder that can wait for the morning (安静时段): of whatever is not severe.
bool waits_for_morning(Turn const& turn) noexcept
{
    return turn.alert.severity < AlertSeverity::high && is_within(turn.plan().quiet, turn.now());
}

void go_one_level_up(Turn& turn, int last)
{
    auto& alert = turn.alert;
    auto const& plan = turn.plan();
    bool const at_last = alert.escalation_level >= last;
    if (!alert.escalate_at || *alert.escalate_at > turn.now() || (at_last && waits_for_morning(turn)))
        return;
    alert.escalate_at.reset();
    alert.escalation_level = std::max(alert.escalation_level, std::min(last, alert.escalation_level + 1));
    if (alert.escalation_level < last)
        alert.escalate_at = turn.now() + plan.acknowledge_within;
    else if (alert.severity == AlertSeverity::high && plan.repeat_every.count() > 0)
        alert.escalate_at = turn.now() + plan.repeat_every;
    turn.take(at_last ? AlertStepKind::reminded : AlertStepKind::escalated, {"无人确认", "nobody has acknowledged it"}, Telling::reminder);
}

void remind_of_deadlines(Turn& turn, int last)
{
    auto& alert = turn.alert;
    if (!alert.deadlines || waits_for_morning(turn))
        return;
    for (auto const& due : dues_of(alert, turn.plan())) {
        if (due.met)
            continue;
        if (due.at <= turn.now() && (alert.reminded & due.overdue) == 0) {
            alert.reminded |= due.overdue | due.reminder;
            alert.escalation_level = std::min(last, alert.escalation_level + 1);
            turn.take(AlertStepKind::overdue, {std::string{due.zh} + "已超期", std::string{due.en} + " is overdue"}, Telling::reminder);
        } else if (due.remind_at <= turn.now() && (alert.reminded & due.reminder) == 0) {
            alert.reminded |= due.reminder;
            turn.take(AlertStepKind::reminded, {std::string{due.zh} + "时限将至", std::string{due.en} + " is due soon"}, Telling::reminder);
        }
    }
}

}  // namespace

AlertTurn follow_time(Alert known, AlertSurroundings const& around, UtcTime now)
{
    Turn turn{std::move(known), around, now};
    if (is_over(turn.alert.state)) {
        doubt_word(turn);
        return std::move(turn).result();
    }
    count_anew(turn);
    int const last = around.site ? last_level(around.plan, *around.site, *around.facts) : 0;
    tell_what_is_owed(turn);
    go_one_level_up(turn, last);
    remind_of_deadlines(turn, last);
    return std::move(turn).result();
}

bool waits_for_time(Alert const& alert) noexcept { return !is_over(alert.state) || !alert.causes.empty(); }

UtcTime next_look(Alert const& alert, AlertPlan const& plan)
{
    if (is_over(alert.state))
        return alert.resolved_by_person && alert.resolved_at ? *alert.resolved_at + plan.reopen_within : UtcTime::max();
    if (alert.owes_notice)                         // a silence may end at any time
        return UtcTime::min();
    auto next = alert.escalate_at.value_or(UtcTime::max());
    auto const tell_at = [&](UtcTime at) { return alert.severity < AlertSeverity::high ? end_of(plan.quiet, at) : at; };
    if (!alert.deadlines)
        return next;
    for (auto const& due : dues_of(alert, plan)) {
        if (due.met)
            continue;
        if ((alert.reminded & due.reminder) == 0)
            next = std::min(next, tell_at(due.remind_at));
        else if ((alert.reminded & due.overdue) == 0)
            next = std::min(next, tell_at(due.at));
    }
    return next;
}

}  // namespace yihong
