#include "story.hpp"
#include "story_evidence.hpp"

#include "yihong/base/text.hpp"
#include "yihong/evaluate/judge.hpp"
#include "yihong/http/page.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>

namespace yihong::alerts {
namespace {

using http::both;
using http::Html;

constexpr std::size_t steps_on_the_sheet = 8;

std::string step_label(std::string_view kind)
{
    for (int i = 0; i <= static_cast<int>(AlertStepKind::reopened); ++i)
        if (auto const known = static_cast<AlertStepKind>(i); to_text(known) == kind)
            return std::string{label_zh(known)};
    return {};
}

Html step_time(StoryStep const& step)
{
    auto const time = parse_rfc3339(step.at);
    return time ? http::second(*time) : Html{step.at};
}

std::string step_author(StoryStep const& step) { return step.by == "engine" ? "系统" : step.by; }

Html class_html(int water_class)
{
    return water_class > 0 ? http::class_badge(water_class, water_class_label(water_class)) + " " + water_quality_label(water_class)
                           : Html{};
}

/// `2 天 20 小时`
std::string duration_zh(UtcTime from, UtcTime to)
{
    auto const hours = std::max<std::int64_t>(std::chrono::duration_cast<std::chrono::hours>(to - from).count(), 0);
    return hours < 24 ? fmt::format("{} 小时", hours) : fmt::format("{} 天 {} 小时", hours / 24, hours % 24);
}

Html who(std::optional<UtcTime> time, std::string const& name)
{
    return time ? http::instant(*time) + (name.empty() ? "" : "，" + name) : Html{};
}

/// What a value was held against: a limit and whose it is, or what is usual here, which is no limit.
std::string limit_of(Exceedance const& item)
{
    if (item.compared_with == Comparison::median && item.median)
        return "常值 " + item.median->normalized().to_string();
    if (!item.limit)
        return {};
    auto text = (item.below ? "≥ " : "≤ ") + item.limit->normalized().to_string();
    return item.limit_class > 0 ? text + "（" + std::string{water_class_label(item.limit_class)} + "类）" : text;
}

/// What the page is about, one thing a function; each in the order in which it stands on paper.
class Sheet {
public:
    Sheet(Alert const& alert, Story const& story, AlertContext const& context, StoryLinks const& links)
        : alert_{alert}, story_{story}, context_{context}, links_{links}, site_{context.site(alert)}, facts_{context.facts(alert)}
    {}

    [[nodiscard]] Html all() const
    {
        return state_line() + three_boxes() + items() + what_to_do() + causes() + last_steps() + chain_line() + signatures();
    }

private:
    /// Severity and state in words, and since when.
    [[nodiscard]] Html state_line() const
    {
        return http::element("p",
                             http::badge(to_text(alert_.severity), both(label_zh(alert_.severity), to_text(alert_.severity))) + " " +
                                 http::element("strong", label_zh(alert_.state)) + " " +
                                 http::element("small", to_text(alert_.state), {{"lang", "en"}}) + Html{" · 发布 "} +
                                 http::instant(alert_.opened_at) + " · " + both(label_zh(alert_.family), to_text(alert_.family)),
                             {{"class", "lead"}}) +
               http::table(place_facts(), "facts");
    }

    [[nodiscard]] Html place_facts() const
    {
        Html name{site_ ? site_->name : alert_.site_id};
        if (site_ && !links_.site_collection.empty())
            name = http::link(
                fmt::format("{}/collections/{}/items/{}?f=html", links_.root, links_.site_collection, percent_encoded(alert_.site_id)),
                name);
        if (site_ && !site_->name_en.empty())
            name += Html{" "} + http::element("small", site_->name_en, {{"lang", "en"}});
        if (facts_ && !facts_->county.empty())
            name += " · " + facts_->county;
        Html upstream;
        for (auto const& id : alert_.consequence_of)
            upstream += http::link(fmt::format("{}/api/v1/alerts/{}?f=html", links_.root, percent_encoded(id)), upstream_name(id)) + " ";
        return http::fact("站点", "Site", alert_.site_id.empty() ? Html{} : name) +
               http::fact("河流", "River", site_ && facts_ ? Html{river_of(*site_, *facts_)} : Html{}) +
               http::fact("考核归属", "Assessed for", site_ ? Html{site_->assessed_for} : Html{}) +
               http::fact("水质目标", "Target class",
                          site_ && site_->target_class ? http::class_badge(*site_->target_class, water_class_label(*site_->target_class))
                                                       : Html{}) +
               http::fact("可能受上游影响", "Likely from upstream", upstream) +
               http::fact("静默至", "Silent until", http::second(alert_.silent_until));
    }

    /// The section upstream, not the alert's id.
    [[nodiscard]] std::string upstream_name(std::string const& alert_id) const
    {
        auto const end = alert_id.rfind('-', alert_id.rfind('-') - 1);
        auto const* site = context_.world.sites->find(std::string_view{alert_id}.substr(0, end));
        return site ? site->name : alert_id;
    }

    [[nodiscard]] Html three_boxes() const
    {
        auto const box = [](std::string_view zh, std::string_view en, Html const& what, Html const& more) {
            return http::element("div", both(zh, en) + http::element("strong", what) + more);
        };
        auto const end = alert_.resolved_at ? *alert_.resolved_at : alert_.updated_at;
        auto const judged = [](int water_class, int aqi) { return aqi > 0 ? Html{"AQI " + std::to_string(aqi)} : class_html(water_class); };
        Html now = judged(alert_.water_class, alert_.aqi);
        if (alert_.resolved_at)
            now = now.empty() ? Html{"已解除"} : Html{"已解除，"} + now;
        else if (now.empty())
            now = label_zh(alert_.severity);
        auto const worst = judged(alert_.peak_class, alert_.peak_aqi);
        auto const worst_at = alert_.peak_time ? http::instant(*alert_.peak_time) + " · " : Html{};
        return http::element(
                   "div",
                   box("现在", "Now", now,
                       alert_.resolved_at ? http::instant(*alert_.resolved_at) : Html{"更新 "} + http::instant(alert_.updated_at)) +
                       box("最重", "Worst", worst.empty() ? Html{label_zh(alert_.peak_severity)} : worst,
                           worst_at + Html{"最高级别 "} + label_zh(alert_.peak_severity)) +
                       box("持续", "Lasting", duration_zh(alert_.first_time.value_or(alert_.opened_at), end),
                           alert_.first_time ? Html{"自 "} + http::instant(*alert_.first_time) : Html{}),
                   {{"class", "three"}}) +
               "\n";
    }

    [[nodiscard]] Html items() const
    {
        auto const found = exceedances_of(alert_);
        if (found.empty())
            return {};
        Html rows = http::head_row({{"项目", "Parameter"},
                                    {"数值", "Value"},
                                    {"限值", "Limit"},
                                    {"超标倍数", "Times over"},
                                    {"类别", "Class"},
                                    {"监测时间", "Measured"}});
        auto const& parameters = context_.world.standards->parameters();
        for (auto const& item : found) {
            auto const* parameter = parameters.find(item.parameter);
            rows += http::row({parameter ? both(parameter->name_zh, parameter->name_en) : both("空气质量指数", "AQI"),
                               item.value.to_string() + (parameter ? parameter->unit_suffix() : ""), limit_of(item),
                               item.multiple ? item.multiple->to_string() : "",
                               http::class_badge(item.item_class, water_class_label(item.item_class)), http::instant(item.time)});
        }
        return http::heading("超标项目", "What it objects to") + http::table(rows);
    }

    /// Who does what by when: the clocks of the 13710 rule, and who has it in hand.
    [[nodiscard]] Html what_to_do() const
    {
        Html out = http::heading("处置", "What is to be done");
        Html facts = http::fact("确认", "Acknowledged",
                                alert_.acknowledged_at ? who(alert_.acknowledged_at, alert_.acknowledged_by) : Html{"待确认"}) +
                     http::fact("承办", "Assigned to", alert_.assigned_at ? who(alert_.assigned_at, alert_.assignee) : Html{"未交办"}) +
                     http::fact("解除", "Resolved", who(alert_.resolved_at, alert_.resolved_by_person ? "人工认定" : "监测数据恢复")) +
                     http::fact("销号", "Closed", who(alert_.closed_at, ""));
        out += http::table(facts, "facts");
        if (!alert_.deadlines)
            return out;
        auto const& due = *alert_.deadlines;
        auto const step = [&](std::string_view zh, std::string_view en, UtcTime by, std::optional<UtcTime> done, unsigned overdue_bit) {
            bool const late = done ? *done > by : (alert_.reminded >> overdue_bit & 1U) != 0;
            return http::row({both(zh, en), http::instant(by),
                              (done ? http::instant(*done) : Html{"未完成"}) +
                                  (late ? Html{" "} + http::element("span", both("超期", "overdue"), {{"class", "bad"}}) : Html{})});
        };
        out += http::table(
            http::head_row({{due.major ? "13710 时限（重大复杂事项）" : "13710 时限", "Step"}, {"时限", "Due"}, {"完成", "Done"}}) +
            step("交办", "Assigned", due.assign_by, alert_.assigned_at, 1) +
            step("反馈进展", "Progress", due.progress_by, alert_.progress_at, 3) +
            step("办结", "Solved", due.resolve_by, alert_.resolved_at, 5));
        return out;
    }

    /// The rules that hold now.
    [[nodiscard]] Html causes() const
    {
        Html rows;
        for (auto const& cause : alert_.causes) {
            auto const [zh, en] = describe_rule(cause.rule, context_.world);
            rows += http::row({http::badge(to_text(cause.severity), label_zh(cause.severity)),
                               cause.said.empty() ? both(zh, en) : both(zh, en) + both(cause.said, cause.said_en),
                               Html{"自 "} + http::instant(cause.since)});
        }
        return rows.empty() ? Html{} : http::heading("触发的规则", "Rules that hold") + http::table(rows);
    }

    /// What people did, and the newest of what the engine did.
    [[nodiscard]] Html last_steps() const
    {
        auto const& steps = story_.steps;
        std::vector<std::size_t> shown;
        for (std::size_t i = 0; i < steps.size(); ++i) {
            bool const is_turn = i == 0 || i + 1 == steps.size() || steps[i].by != "engine";
            if (is_turn || i + steps_on_the_sheet > steps.size())
                shown.push_back(i);
        }
        if (shown.size() > steps_on_the_sheet)
            shown.erase(shown.begin() + 1, shown.end() - static_cast<std::ptrdiff_t>(steps_on_the_sheet - 1));
        Html rows;
        for (auto const i : shown)
            rows += http::row({std::to_string(i + 1), step_time(steps[i]), step_label(steps[i].kind), step_author(steps[i]),
                               steps[i].readable ? Html{steps[i].text.title_zh} : http::element("span", "无法读取", {{"class", "bad"}})});
        auto const others = steps.size() - shown.size();
        return http::heading("全过程", "Course") + http::table(rows) +
               (others > 0 ? http::element("p", both(fmt::format("另有 {} 步，见附件。", others), "more in the annex")) : Html{});
    }

    [[nodiscard]] Html chain_line() const
    {
        if (story_.steps.empty())
            return {};
        auto const hash = http::element("code", "SHA-256 " + story_.steps.back().kept.hash);
        return http::element("p", http::element("small", Html{story_.is_verified() ? "校验链完整 " : "校验链不符，见附件 "} + hash));
    }

    [[nodiscard]] static Html signatures()
    {
        return http::element("div", http::element("div", "值班") + http::element("div", "承办") + http::element("div", "审核"),
                             {{"class", "sign-off"}});
    }

    Alert const& alert_;
    Story const& story_;
    AlertContext const& context_;
    StoryLinks const& links_;
    Site const* site_;
    OverlayFacts const* facts_;
};

Html timeline(Story const& story, bool with_from)
{
    Html rows =
        http::head_row({{"序号", "Step"}, {"时间", "Time"}, {"事项", "What"}, {"处理人", "By"}, {"内容", "Told"}, {"校验", "Chain"}});
    for (std::size_t i = 0; i < story.steps.size(); ++i) {
        auto const& step = story.steps[i];
        Html told = both(step.text.title_zh, step.text.title_en);
        if (!step.note.empty())
            told += Html::markup("<br>") + both("说明", "Note") + " " + step.note;
        for (auto const& address : step.links)
            told += Html::markup("<br>") + http::foreign_link(address);
        if (!step.readable)
            told = http::element("span", both("无法读取", "unreadable"), {{"class", "bad"}});
        Html by{step_author(step)};
        if (with_from && step.from != "engine")
            by += Html::markup("<br>") + http::element("small", step.from);
        Html const fits = step.verified ? Html{"✓"} : http::element("span", "✗", {{"class", "bad"}});
        rows += http::row({std::to_string(i + 1), step_time(step), both(step_label(step.kind), step.kind), by, told,
                           fits + " " + http::element("code", std::string_view{step.kept.hash}.substr(0, 16))});
    }
    return http::heading("处置过程", "Timeline") + http::table(rows);
}

Html annex(Story const& story, AlertContext const& context, StoryLinks const& links, bool with_from)
{
    Html out = http::element("h2", both("附件：全过程与证据", "Annex: course and evidence")) + timeline(story, with_from);
    Evidence evidence{context.world, links.root};
    for (std::size_t i = 0; i < story.steps.size(); ++i) {
        auto const& step = story.steps[i];
        if (step.evidence.empty())
            continue;
        Html inside;
        try {
            inside = evidence.of(step, i + 1);
        } catch (simdjson::simdjson_error const&) {
            inside = http::element("p", both("无法读取", "unreadable"), {{"class", "bad"}});
        }
        out += http::heading(fmt::format("证据：第 {} 步，{}", i + 1, step_label(step.kind)),
                             fmt::format("Evidence of step {}, {}", i + 1, step.kind)) +
               inside;
    }
    out += http::heading("校验", "Chain of hashes");
    out +=
        story.is_verified()
            ? http::element("p", both("每一步都与日志中的前一步相符。", "Every step fits the one before it in the log."))
            : http::element("p", both("有的步骤与日志不符，日志可能被改动过。", "A step does not fit the log: it may have been altered."),
                            {{"class", "bad"}});
    out += http::element("p", both("时间均为北京时间。", "All times are Beijing time."));
    return http::element("section", out, {{"class", "annex"}});
}

}  // namespace

std::string story_as_html(Alert const& alert, Story const& story, AlertContext const& context, StoryLinks const& links, bool with_from)
{
    auto const text = alert_text(alert, standing_step(alert), context);
    http::Page page;
    page.root = links.root;
    if (links.frame != nullptr)
        page.frame = *links.frame;
    page.title = text.title_zh;
    page.title_en = text.title_en;
    if (!alert.site_id.empty())
        page.trail = {{links.root + "/collections/alerts/items?f=html", "预警"}};
    page.as_of = alert.updated_at;
    auto const self = fmt::format("{}/api/v1/alerts/{}", links.root, percent_encoded(alert.id));
    page.main = http::element("section", Sheet{alert, story, context, links}.all(), {{"class", "sheet"}}) +
                http::element("p", http::element("small", both("编号", "Id") + " " + http::element("code", alert.id)) + " " +
                                       http::link(self + "?f=json", "JSON", {{"class", "screen"}})) +
                annex(story, context, links, with_from);
    return http::html_page(page);
}

}  // namespace yihong::alerts
