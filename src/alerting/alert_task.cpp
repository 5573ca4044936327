#include "alert_names.hpp"
#include "alert_words.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace yihong {
namespace {

bool is_by_engine(AlertStepInfo const& step) { return step.by == "engine"; }

/// Whoever did it, with the time of day it was done.
Both done_by(AlertStepInfo const& step, std::string_view zh, std::string_view en)
{
    auto const at = short_time(step.at, step.at);
    return {fmt::format("{}于{}{}", step.by, at, zh), fmt::format("{} by {} at {}", en, step.by, at)};
}

Both severity_change(AlertView const& view, AlertStepInfo const& step)
{
    return {fmt::format("级别由“{}”{}“{}”", label_zh(step.was), step.was < view.alert.severity ? "升为" : "降为",
                        label_zh(view.alert.severity)),
            fmt::format("severity {} from {} to {}", step.was < view.alert.severity ? "raised" : "eased", to_text(step.was),
                        to_text(view.alert.severity))};
}

/// The items that the step brought, as they are now.
Both new_items(AlertView const& view, AlertStepInfo const& step)
{
    Both words;
    for (auto const& item : view.items) {
        if (std::ranges::find(step.new_items, item.parameter) == step.new_items.end())
            continue;
        auto const value = item_words(item, view.parameters);
        words.zh += (words.zh.empty() ? "" : "、") + value.zh;
        words.en += (words.en.empty() ? "" : "; ") + value.en;
    }
    return words.zh.empty() ? Both{} : Both{"新增" + words.zh, "new: " + words.en};
}

Both joined(Both first, Both const& second)
{
    if (first.zh.empty() || second.zh.empty())
        return first.zh.empty() ? second : first;
    return {first.zh + "；" + second.zh, first.en + "; " + second.en};
}

/// The rules that the step brought, and those that object to more now.
Both new_rules(AlertView const& view, AlertStepInfo const& step)
{
    Both words;
    for (auto const& news : step.new_rules) {
        auto const& rules = view.context.world.alerts->rules;
        auto const rule = std::ranges::find(rules, news.rule, &AlertRule::id);
        if (rule == rules.end())
            continue;
        auto const [zh, en] = describe(*rule);     // a rule's own name says it shortly
        Both name{rule->title.empty() ? zh : rule->title, rule->title_en.empty() ? en : rule->title_en};
        if (news.began) {
            name = {"新触发" + name.zh, "new: " + name.en};
        } else {
            Both items;
            for (auto const parameter : news.items) {
                auto const names = names_of(parameter, view.parameters);
                items = {items.zh + (items.zh.empty() ? "" : "、") + names.zh, items.en + (items.en.empty() ? "" : ", ") + names.en};
            }
            name = {items.zh + "也触发" + name.zh, name.en + " also by " + items.en};
        }
        words = joined(words, name);
    }
    return words;
}

Both resolution(AlertView const& view, AlertStepInfo const& step)
{
    if (view.alert.resolved_by_person && !is_by_engine(step))
        return done_by(step, view.alert.causes.empty() ? "办结" : "办结，监测数据尚未恢复",
                       view.alert.causes.empty() ? "called solved" : "called solved, the readings have not recovered,");
    if (view.never_was())
        return {"超标数据已更正，不再超标", "the value was corrected and is no exceedance"};
    if (view.alert.family == AlertFamily::service)
        return {};
    if (!step.note.empty() && is_by_engine(step))
        return {step.note, step.note_en};
    if (view.year_that_ended())
        return {"新年度另行评价", "the new year is judged by itself"};
    if (view.alert.family == AlertFamily::period)
        return {"按最新数据核算，不再触发规则", "by the newest figures no rule holds any more"};
    if (view.has_only(RuleKind::data_gap))
        return {"站点恢复报数", "the station reports again"};
    if (view.has_only(RuleKind::out_of_service))
        return {"站点恢复正常运行", "the station is in service again"};
    if (view.has_only(RuleKind::item_gap) || view.has_only(RuleKind::item_owed))
        return {"缺数项目恢复有效数据", "the item has valid values again"};
    return {"监测数据已连续恢复正常", "the readings have recovered"};
}

/// The next thing that the 13710 ledger waits for.
Both next_deadline(AlertView const& view, UtcTime now)
{
    auto const& alert = view.alert;
    if (!alert.deadlines)
        return {};
    auto const by = [&](UtcTime time, std::string_view zh, std::string_view en) {
        auto const at = short_time(time, now);
        if (time <= now)
            return Both{fmt::format("应于{}前{}，已超期，请立即补办", at, zh), fmt::format("{} at once: it was due by {}", en, at)};
        return Both{fmt::format("请于{}前{}", at, zh), fmt::format("{} by {}", en, at)};
    };
    if (!alert.assigned_at)
        return by(alert.deadlines->assign_by, "交办", "assign it");
    if (!alert.progress_at)
        return by(alert.deadlines->progress_by, "反馈进展", "report progress");
    return by(alert.deadlines->resolve_by, "办结", "solve it");
}

/// What helps with trouble of this family.
Both look_at_what(AlertView const& view)
{
    switch (view.alert.family) {
    case AlertFamily::water:
        return view.has_only(RuleKind::approaching)
                   ? Both{"关注后续数据，提前排查上游来水", "watch the next readings and look upstream in time"}
                   : Both{"核实数据，排查上游来水和排污", "check the readings, look for causes upstream"};
    case AlertFamily::month: return {"分析超标项目和时段，控制本月均值", "see which items and days it comes from"};
    case AlertFamily::air: return {"核实数据，按应急响应要求处置", "check the readings, act as the emergency plan says"};
    case AlertFamily::discharge: return {"核实数据，联系排污单位查明原因", "check the readings, ask the operator for the cause"};
    case AlertFamily::operation:
        if (view.has(RuleKind::out_of_service))
            return {"了解维护或故障的进展，尽快恢复运行", "ask how the repair goes, and bring it back into service"};
        if (view.has(RuleKind::data_gap))
            return {"检查站房供电、网络和采集设备", "check power, network and logger of the station"};
        if (view.has(RuleKind::item_gap) || view.has(RuleKind::item_owed))
            return {"检查缺数项目的仪器、试剂和数采仪设置", "check the item's instrument, its reagents and the logger's settings"};
        return {"核查仪器，必要时手工比对", "check the instrument, compare by hand where needed"};
    case AlertFamily::period:
        if (view.has(RuleKind::discharge_day))
            return {"核实数据和报备的停运，联系排污单位查明原因", "check the readings and reported stops, ask the operator for the cause"};
        if (view.has(RuleKind::year_mean))
            return {"按其余月份可有的均值分解任务，排查超标项目来源", "plan by what the months left may have, look for the causes"};
        return {"按余下可有的天数安排管控", "plan measures by the days that are left"};
    case AlertFamily::service: break;
    }
    if (view.has(RuleKind::store_full))
        return {"清理或扩充数据盘", "free or enlarge the data disk"};
    if (view.has(RuleKind::outbox_stalled))
        return {"检查网络和通知渠道的设置", "check the network and the settings of the channels"};
    if (view.kinds.size() == 1 && view.has(RuleKind::clock_jump))
        return {"核对服务器校时；期间数据时间有误的用 yihong withdraw 撤回",
                "check the server's time service; yihong withdraw takes back records of a wrong time"};
    return {"检查服务器网络和数据接入", "check the server's network and the ways in"};
}

}  // namespace

Both change_of(AlertView const& view, AlertStepInfo const& step)
{
    auto const note = is_by_engine(step) ? Both{step.note, step.note_en} : Both{};
    switch (step.kind) {
    case AlertStepKind::escalated:
        if (step.was != view.alert.severity)
            return joined(joined(severity_change(view, step), new_items(view, step)), note);
        return joined(
            note, {fmt::format("上报第{}级", view.alert.escalation_level), fmt::format("goes to level {}", view.alert.escalation_level)});
    case AlertStepKind::eased: return joined(severity_change(view, step), note);
    case AlertStepKind::updated: {
        auto const items = joined(note, new_items(view, step));
        return items.zh.empty() ? new_rules(view, step) : items;
    }
    case AlertStepKind::acknowledged: return done_by(step, "确认", "acknowledged");
    case AlertStepKind::assigned: return done_by(step, "交办给" + view.alert.assignee, "assigned to " + view.alert.assignee);
    case AlertStepKind::progressed: return done_by(step, "反馈进展", "progress reported");
    case AlertStepKind::commented: return is_by_engine(step) ? note : done_by(step, "备注", "comment");
    case AlertStepKind::silenced: {
        auto const until = view.alert.silent_until ? short_time(*view.alert.silent_until, step.at) : std::string{};
        return done_by(step, "设置静默，至" + until, fmt::format("silenced until {}", until));
    }
    case AlertStepKind::reminded:
    case AlertStepKind::overdue: return note;
    case AlertStepKind::resolved: return resolution(view, step);
    case AlertStepKind::closed:
        return is_by_engine(step) ? Both{"提示解除后自动销号", "a notice that is over closes by itself"} : done_by(step, "销号", "closed");
    case AlertStepKind::reopened:
        if (!is_by_engine(step))
            return done_by(step, "重新发布", "reopened");
        return note.zh.empty() ? joined({"恢复后再次出现", "it is back"}, new_items(view, step)) : note;
    case AlertStepKind::opened: break;
    }
    return note;
}

Both task_of(AlertView const& view, AlertStepInfo const& step)
{
    auto const& alert = view.alert;
    if (alert.state == AlertState::closed)
        return {};
    if (alert.state == AlertState::resolved) {
        if (!alert.causes.empty())
            return {"请继续关注，数据未恢复将重新发布", "keep watching: it is reopened unless the readings recover"};
        return alert.peak_severity == AlertSeverity::notice ? Both{} : Both{"请核实后销号", "check it and close it"};
    }
    auto const deadline = next_deadline(view, step.at);
    if (alert.state == AlertState::open && alert.severity > AlertSeverity::notice) {
        auto const confirm =
            alert.escalate_at && *alert.escalate_at > step.at
                ? Both{fmt::format("请于{}前确认，逾期上报上一级", short_time(*alert.escalate_at, step.at)),
                       fmt::format("acknowledge it by {}, or the next level hears", short_time(*alert.escalate_at, step.at))}
                : Both{"请确认", "acknowledge it"};
        auto const look = look_at_what(view);
        return joined(joined(confirm, look), deadline);
    }
    if (!deadline.zh.empty())
        return deadline;
    if (alert.state == AlertState::open && !view.is_bad_now() && !view.items.empty())
        return {"数据连续恢复正常后自动解除", "it ends by itself once the readings have recovered"};
    auto const look = look_at_what(view);
    return {"请" + look.zh, look.en};
}

}  // namespace yihong
