#include "alert_names.hpp"
#include "alert_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace yihong {
namespace {

/// What is the matter: as it is said where there is room, and as it is said where there is none.
struct Matter {
    Both full, brief;
};

Matter plain(std::string zh, std::string en) { return {.full = {zh, en}, .brief = {zh, en}}; }

/// `before` and the first item, with the number of the others.
Matter with_item(Both const& before, AlertView const& view, Both const& behind = {})
{
    if (view.items.empty())
        return {.full = {before.zh + behind.zh, before.en + behind.en}, .brief = before};
    auto const full = value_words(view.items[0], view.parameters);
    auto const brief = value_words(view.items[0], view.parameters, false);
    auto const others = view.items.size() - 1;
    auto const more = others == 0 ? Both{} : Both{fmt::format("等{}项", others + 1), fmt::format(" and {} more", others)};
    auto const colon = Both{view.is_over ? "，" : "：", ", "};
    return {.full = {before.zh + colon.zh + full.zh + more.zh + behind.zh, before.en + colon.en + full.en + more.en + behind.en},
            .brief = {before.zh + colon.zh + brief.zh, before.en + colon.en + brief.en}};
}

int class_of(AlertView const& view)
{
    int worst = view.alert.water_class;
    if (worst == 0)
        for (auto const& item : view.items)
            worst = std::max(worst, item.item_class);
    return worst;
}

Matter water(AlertView const& view)
{
    int const now = class_of(view);
    if (now == 0)
        return view.is_over ? plain("水质已恢复", "water quality has recovered") : with_item({"水质需关注", "needs attention"}, view);
    auto const words = class_words(now);
    if (view.never_was())
        return with_item({"数据已更正，现为" + words.zh, "corrected, " + words.en}, view);
    if (view.alert.causes.empty())
        return with_item(now < view.alert.peak_class ? Both{"恢复至" + words.zh, "back to " + words.en}
                                                     : Both{"现为" + words.zh, "now " + words.en},
                         view);
    if (view.is_over)                              // by a person's word
        return with_item({"现仍为" + words.zh, "still " + words.en}, view);
    auto const target = view.site ? view.site->target_class.value_or(3) : 3;
    if (!view.is_bad_now() && now <= std::max(3, target))
        return with_item({"水质暂回" + words.zh, "for now " + words.en}, view);
    if (view.has_only(RuleKind::approaching))
        return with_item({"水质" + words.zh, words.en}, view, {"，接近Ⅲ类限值", ", near the class III limit"});
    if (view.has_only(RuleKind::jump))
        return with_item({"水质" + words.zh + "，突变", words.en + ", sudden change"}, view);
    if (now <= 3 && now > target)
        return with_item({fmt::format("水质{}，未达{}目标", words.zh, class_words(target).zh),
                          fmt::format("{}, target {}", words.en, class_words(target).en)},
                         view);
    return with_item({"水质" + words.zh, words.en}, view);
}

Matter month(AlertView const& view)
{
    constexpr std::array<std::string_view, 12> english{"January", "February", "March",     "April",   "May",      "June",
                                                       "July",    "August",   "September", "October", "November", "December"};
    auto const number = view.alert.last_time ? static_cast<unsigned>(beijing_date(*view.alert.last_time).month()) : 1U;
    Both const mean{fmt::format("{}月均值", number), fmt::format("mean of {}", english[number - 1])};
    auto const result = view.alert.told.month_result;
    if (view.alert.causes.empty() && result != MonthResult::missed)
        return plain(mean.zh + "达到目标", mean.en + " meets its target");
    int worst = 0;
    for (auto const& item : view.items)
        worst = std::max(worst, item.item_class);
    auto const what = worst > 0 ? class_words(worst) : Both{};
    if (result == MonthResult::missed)
        return with_item({mean.zh + what.zh + "，未达目标", mean.en + " " + what.en + ", misses its target"}, view);
    return with_item({mean.zh + "暂为" + what.zh, mean.en + " so far " + what.en}, view);
}

Matter air(AlertView const& view)
{
    auto const aqi = view.alert.aqi > 0 ? view.alert.aqi : view.items.empty() ? 0 : static_cast<int>(view.items[0].value.to_double());
    if (aqi == 0)
        return view.is_over ? plain("空气质量已恢复", "air quality has recovered") : plain("空气质量需关注", "air quality needs attention");
    auto const words = aqi_words(aqi);
    auto const said = [&](std::string_view zh, std::string_view en) {
        return plain(fmt::format("{}AQI {}（{}）", zh, aqi, words.zh), fmt::format("{}AQI {} ({})", en, aqi, words.en));
    };
    if (view.never_was())
        return said("数据已更正，", "corrected, ");
    if (view.alert.causes.empty())
        return said("恢复至", "back to ");
    if (view.is_over)
        return said("现仍为", "still ");
    return view.is_bad_now() ? said("空气质量", "") : said("暂回", "for now ");
}

Matter discharge(AlertView const& view)
{
    if (view.never_was())
        return with_item({"数据已更正", "corrected"}, view);
    if (view.alert.causes.empty())
        return with_item({"排放恢复达标", "discharge within limits"}, view);
    if (!view.is_bad_now())
        return with_item({"排放暂回限值内", "discharge for now within limits"}, view);
    return with_item(view.is_over ? Both{"排放仍超标", "discharge still over limit"} : Both{"排放超标", "discharge over limit"}, view);
}

/// The first item that a rule of this kind objects to, with the number of the others.
Both first_of(AlertView const& view, RuleKind kind)
{
    Both words;
    std::size_t count = 0;
    for (auto const& cause : view.alert.causes)
        for (auto const& item : cause.items)
            if (cause.kind == kind && count++ == 0) {
                auto const names = names_of(item.parameter, view.parameters);
                words = {names.zh, names.en};
            }
    return count > 1 ? Both{fmt::format("{}等{}项", words.zh, count), fmt::format("{} and {} more", words.en, count - 1)} : words;
}

Matter operation_again(AlertView const& view)
{
    if (view.has_only(RuleKind::data_gap))
        return plain("数据恢复上传", "data comes again");
    if (view.has_only(RuleKind::out_of_service))
        return plain("恢复正常运行", "in service again");
    if (view.items.empty())
        return plain("运行恢复正常", "works normally again");
    auto const names = names_of(view.items[0].parameter, view.parameters);
    return plain("恢复正常：" + names.zh, "normal again, " + names.en);
}

Matter operation(AlertView const& view)
{
    if (view.alert.causes.empty())
        return operation_again(view);
    if (view.has(RuleKind::out_of_service))
        return plain("长时间维护或故障", "out of service for long");
    if (view.has(RuleKind::data_gap) || view.items.empty())
        return plain("数据中断", "no data");
    if (view.has(RuleKind::over_range)) {
        auto const first = first_of(view, RuleKind::over_range);
        return plain("数据异常：" + first.zh + "超出量程", "doubtful data, " + first.en + " over range");
    }
    if (view.has(RuleKind::item_gap)) {
        auto const first = first_of(view, RuleKind::item_gap);
        return plain("缺数：" + first.zh + "没有有效数据", "no valid " + first.en);
    }
    if (view.has(RuleKind::item_owed)) {
        auto const first = first_of(view, RuleKind::item_owed);
        return plain("缺项：" + first.zh + "从未上报", first.en + " has never come");
    }
    auto const value = value_words(view.items[0], view.parameters);
    auto const first = first_of(view, RuleKind::frozen);
    return {.full = {"数据异常：" + value.zh + "持续不变", "doubtful data, " + value.en + " does not change"},
            .brief = {"数据异常：" + first.zh + "持续不变", "doubtful data, " + first.en + " does not change"}};
}

Matter service(AlertView const& view)
{
    if (view.alert.causes.empty())
        return plain("恢复正常", "works normally again");
    Both text;
    for (auto const kind : view.kinds) {
        text.zh += (text.zh.empty() ? "" : "、") + std::string{kind == RuleKind::outbox_stalled ? "通知积压"
                                                               : kind == RuleKind::store_full   ? "存储将满"
                                                               : kind == RuleKind::clock_jump   ? "时钟跳变"
                                                                                                : "全网无数据"};
        text.en += (text.en.empty() ? "" : ", ") + std::string{kind == RuleKind::outbox_stalled ? "notifications are stuck"
                                                               : kind == RuleKind::store_full   ? "disk nearly full"
                                                               : kind == RuleKind::clock_jump   ? "the clock was set"
                                                                                                : "no data from any station"};
    }
    return plain(text.zh, text.en);
}

/// Whether a rule that holds says that no day of the year may be bad any more.
bool is_used_up(AlertView const& view)
{
    auto const& rules = view.context.world.alerts->rules;
    return std::ranges::any_of(view.alert.causes, [&](AlertCause const& cause) {
        auto const rule = std::ranges::find(rules, cause.rule, &AlertRule::id);
        return cause.kind == RuleKind::good_days && rule != rules.end() && rule->percent >= 100;
    });
}

Matter period(AlertView const& view)
{
    if (view.alert.causes.empty()) {
        if (view.has(RuleKind::discharge_day))
            return plain("日均值不再超标", "daily mean no longer over its limit");
        bool const by_days = view.has(RuleKind::good_days);
        if (auto const year = view.year_that_ended())
            return plain(fmt::format("{}年度已结束，{}预警随之解除", *year, by_days ? "优良天数" : "年均值"),
                         fmt::format("{} is over, and with it the alert about its {}", *year, by_days ? "good days" : "mean"));
        return by_days ? plain("优良天数余量恢复", "good days are enough again")
                       : plain("年初以来均值不再判为劣于目标",
                               "year so far no longer judged to miss its target");  // met, or too little is left
    }
    if (view.has(RuleKind::discharge_day))
        return with_item({"日均值超标", "daily mean over its limit"}, view);
    if (view.has(RuleKind::year_mean))
        return with_item({"年初以来均值劣于目标", "year so far misses its target"}, view);
    return is_used_up(view) ? plain("不达优良天数的余量已用完", "no day left that may not be good")
                            : plain("不达优良天数的余量将用完", "few days left that may not be good");
}

Matter matter_of(AlertView const& view)
{
    switch (view.alert.family) {
    case AlertFamily::water: return water(view);
    case AlertFamily::month: return month(view);
    case AlertFamily::air: return air(view);
    case AlertFamily::discharge: return discharge(view);
    case AlertFamily::operation: return operation(view);
    case AlertFamily::service: return service(view);
    case AlertFamily::period: return period(view);
    }
    return {};
}

std::string_view severity_en(AlertSeverity severity) noexcept
{
    return severity == AlertSeverity::notice ? "Notice" : severity == AlertSeverity::alert ? "Alert" : "High";
}

/// What happened, and how severe it is now.
Both mark_of(AlertView const& view, AlertStepInfo const& step)
{
    auto const zh = label_zh(view.alert.severity);
    auto const en = severity_en(view.alert.severity);
    auto const with_level = [&](std::string_view word, std::string_view word_en) {
        return Both{fmt::format("{}·{}", word, zh), fmt::format("{}, {}", word_en, en)};
    };
    bool const same_level = step.was == view.alert.severity;
    switch (step.kind) {
    case AlertStepKind::opened: return {std::string{zh}, std::string{en}};
    case AlertStepKind::escalated:
        return same_level ? with_level("无人确认", "Unanswered") : Both{fmt::format("升为{}", zh), fmt::format("Raised to {}", en)};
    case AlertStepKind::eased: return {fmt::format("降为{}", zh), fmt::format("Eased to {}", en)};
    case AlertStepKind::updated: return with_level("更新", "Update");
    case AlertStepKind::acknowledged: return with_level("已确认", "Acknowledged");
    case AlertStepKind::assigned: return with_level("已交办", "Assigned");
    case AlertStepKind::progressed: return with_level("进展", "Progress");
    case AlertStepKind::commented: return with_level("备注", "Comment");
    case AlertStepKind::silenced: return with_level("静默", "Silenced");
    case AlertStepKind::reminded: return with_level("催办", "Reminder");
    case AlertStepKind::overdue: return with_level("超期", "Overdue");
    case AlertStepKind::resolved: return view.alert.resolved_by_person ? Both{"人工解除", "Called solved"} : Both{"解除", "Resolved"};
    case AlertStepKind::closed: return {"销号", "Closed"};
    case AlertStepKind::reopened: return with_level("重新发布", "Reopened");
    }
    return {};
}

std::size_t characters(std::string_view text) noexcept
{
    return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U; }));
}

/// At most so many characters, the last of them … where some are missing.
std::string shortened(std::string text, std::size_t limit)
{
    if (characters(text) <= limit)
        return text;
    std::size_t end = 0;
    for (std::size_t left = limit; end < text.size(); ++end)
        if ((static_cast<unsigned char>(text[end]) & 0xc0U) != 0x80U && left-- == 1)
            break;
    return text.substr(0, end) + "…";
}

/// Without what stands in brackets: `小韩村（西曲村）` is 小韩村.
std::string without_brackets(std::string name)
{
    for (auto const& [open, close] : {std::pair<std::string_view, std::string_view>{"（", "）"}, {"(", ")"}}) {
        auto const from = name.find(open);
        auto const to = name.find(close, from);
        if (from != std::string::npos && from > 0 && to != std::string::npos)
            name.erase(from, to + close.size() - from);
    }
    while (name.ends_with(' '))
        name.pop_back();
    return name;
}

/// The first of these that fits: everything; a shorter name; fewer words; a name that is cut.
std::string fitted(std::string const& mark, std::string const& name, std::string_view glue, std::string const& full,
                   std::string const& brief, std::size_t limit)
{
    auto const plain_name = without_brackets(name);
    for (auto const& [said, matter] : {std::pair{&name, &full}, {&plain_name, &full}, {&plain_name, &brief}})
        if (auto title = fmt::format("{}{}{}{}", mark, *said, glue, *matter); characters(title) <= limit)
            return title;
    auto const others = characters(mark) + characters(glue) + characters(brief);
    constexpr std::size_t least = 4;
    auto const room = others + least < limit ? limit - others : least;
    return shortened(fmt::format("{}{}{}{}", mark, shortened(plain_name, room), glue, brief), limit);
}

}  // namespace

Both title_of(AlertView const& view, AlertStepInfo const& step)
{
    auto const mark = mark_of(view, step);
    auto const name = name_of(view.alert, view.site);
    auto const matter = matter_of(view);
    return {fitted("【" + mark.zh + "】", name.zh, "", matter.full.zh, matter.brief.zh, title_limit_zh),
            fitted("[" + mark.en + "] ", name.en, ": ", matter.full.en, matter.brief.en, title_limit_en)};
}

}  // namespace yihong
