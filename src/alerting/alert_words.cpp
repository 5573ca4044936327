#include "alert_words.hpp"

#include "alert_names.hpp"

#include "yihong/evaluate/judge.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace yihong {
namespace {

std::vector<RuleKind> kinds_of(Alert const& alert, AlertPlan const& plan)
{
    std::vector<RuleKind> kinds;
    for (auto const& cause : alert.causes)
        kinds.push_back(cause.kind);
    if (kinds.empty())
        for (auto const& id : alert.rules)
            if (auto const rule = std::ranges::find(plan.rules, id, &AlertRule::id); rule != plan.rules.end())
                kinds.push_back(rule->kind);
    return kinds;
}

Both multiple_words(Exceedance const& item)
{
    if (!item.multiple || item.multiple->is_zero())
        return {};                                 // less than a twentieth over
    return {fmt::format("，超标{}倍", item.multiple->to_string()), fmt::format(", {} times over", item.multiple->to_string())};
}

/// Whether the value is on the wrong side of what it was compared with.
bool is_beyond(Exceedance const& item) noexcept { return item.limit && (item.below ? item.value < *item.limit : item.value > *item.limit); }

Both against_class(Exceedance const& item)
{
    auto words = item.item_class > 0 ? class_words(item.item_class) : Both{};
    if (!item.limit || !is_beyond(item) || item.limit_class == 0)
        return words;
    auto const comma = words.zh.empty() ? "" : "，";
    words.zh +=
        fmt::format("{}{}{}类限值{}", comma, item.below ? "低于" : "高于", water_class_label(item.limit_class), number(*item.limit));
    words.en += fmt::format("{}{} the {} limit of {}", words.en.empty() ? "" : ", ", item.below ? "below" : "above",
                            water_class_label_en(item.limit_class), number(*item.limit));
    auto const over = multiple_words(item);
    return {words.zh + over.zh, words.en + over.en};
}

Both against_discharge_limit(Exceedance const& item)
{
    if (!item.limit)
        return {};
    if (!is_beyond(item))
        return {fmt::format("达到排放限值{}", number(*item.limit)), fmt::format("within the discharge limit of {}", number(*item.limit))};
    auto const over = multiple_words(item);
    return {fmt::format("{}排放限值{}{}", item.below ? "低于" : "高于", number(*item.limit), over.zh),
            fmt::format("{} the discharge limit of {}{}", item.below ? "below" : "above", number(*item.limit), over.en)};
}

/// The threshold of the rule is no limit that anybody has set: what is usual here says more.
Both against_median(Exceedance const& item)
{
    auto words = item.item_class > 0 ? class_words(item.item_class) : Both{};
    if (!item.median || item.median->is_zero())
        return words;
    auto const part = item.value.to_double() / item.median->to_double();
    if (!words.zh.empty())
        words = {words.zh + "，", words.en + ", "};
    return {words.zh + fmt::format("为近期中位数{}的{:.2g}倍", number(*item.median), part),
            words.en + fmt::format("{:.2g} times the recent median of {}", part, number(*item.median))};
}

}  // namespace

AlertView::AlertView(Alert const& shown, AlertContext const& with)
    : alert{shown}, context{with}, parameters{with.world.standards->parameters()}, site{with.site(shown)},
      is_over{yihong::is_over(shown.state)}, kinds{kinds_of(shown, *with.world.alerts)}, items{exceedances_of(shown)}
{
    if (!shown.causes.empty())
        return;
    items = shown.present;
    if (shown.told.month_result == MonthResult::met || shown.family == AlertFamily::period)
        items.clear();                             // the mean that was bad last is not what it is now
    std::ranges::stable_sort(items, std::ranges::greater{}, &Exceedance::item_class);
    // what was worst is what everybody waits to hear of
    std::ranges::stable_partition(items, [&](Exceedance const& item) {
        auto const worst = std::ranges::max_element(shown.worst, {}, &Exceedance::item_class);
        return worst != shown.worst.end() && worst->parameter == item.parameter;
    });
}

bool AlertView::has(RuleKind kind) const noexcept { return std::ranges::find(kinds, kind) != kinds.end(); }

bool AlertView::has_only(RuleKind kind) const noexcept
{
    return !kinds.empty() && std::ranges::all_of(kinds, [&](RuleKind known) { return known == kind; });
}

bool AlertView::is_objected_to(Exceedance const& present) const noexcept
{
    return std::ranges::any_of(kinds, [&](RuleKind kind) { return is_objected_to_by(present, kind); });
}

bool AlertView::is_objected_to_by(Exceedance const& present, RuleKind kind) const noexcept
{
    return std::ranges::any_of(alert.causes, [&](AlertCause const& cause) {
        return cause.kind == kind && std::ranges::any_of(cause.items, [&](Exceedance const& item) {
                   // a round that was sent again is newer, and says the same
                   return item.parameter == present.parameter && (item.time >= present.time || item.value == present.value);
               });
    });
}

std::optional<int> AlertView::year_that_ended() const
{
    if (alert.family != AlertFamily::period || !alert.causes.empty() || !alert.resolved_at || !alert.last_time)
        return std::nullopt;
    auto const year_of = [](Date date) { return static_cast<int>(date.year()); };
    auto const resolved = beijing_date(*alert.resolved_at);
    // the mean is that of the months that are over, good days are those up to the day before
    auto const asks_about = has(RuleKind::year_mean)   ? year_of((resolved.year() / resolved.month() - std::chrono::months{1}) / 1)
                            : has(RuleKind::good_days) ? year_of(beijing_date(*alert.resolved_at - std::chrono::days{1}))
                                                       : 0;
    int const spoke_of = year_of(beijing_date(*alert.last_time));
    return asks_about > spoke_of ? std::optional{spoke_of} : std::nullopt;
}

bool AlertView::never_was() const noexcept { return alert.causes.empty() && alert.worst.empty() && !alert.present.empty(); }

ParameterNames names_of(ParameterId id, ParameterBook const& parameters)
{
    if (id == 0)
        return {"空气质量指数", "AQI", ""};
    auto const* parameter = parameters.find(id);
    if (!parameter)
        return {fmt::format("#{}", id), fmt::format("#{}", id), ""};
    return {parameter->name_zh, parameter->name_en.empty() ? parameter->name : parameter->name_en, parameter->unit_suffix()};
}

Both name_of(Alert const& alert, Site const* site)
{
    if (alert.family == AlertFamily::service)
        return {"一泓服务", "Yihong"};
    return {site ? site->name : alert.site_id, site && !site->name_en.empty() ? site->name_en : alert.site_id};
}

Both class_words(int water_class)
{
    return {fmt::format("{}类", water_class_label(water_class)), std::string{water_class_label_en(water_class)}};
}

Both aqi_words(int aqi)
{
    constexpr std::array<std::string_view, 7> english{
        "", "excellent", "good", "lightly polluted", "moderately polluted", "heavily polluted", "severely polluted"};
    auto const level = aqi_level(std::max(0, aqi));
    return {std::string{aqi_category_label(level)}, std::string{english[static_cast<std::size_t>(level)]}};
}

Both value_words(Exceedance const& item, ParameterBook const& parameters, bool with_unit)
{
    auto const [zh, en, unit] = names_of(item.parameter, parameters);
    auto const value = item.value.to_string() + (with_unit ? unit : std::string{});
    return {zh + " " + value, en + " " + value};
}

Both comparison_words(Exceedance const& item)
{
    switch (item.compared_with) {
    case Comparison::class_limit: return against_class(item);
    case Comparison::discharge_limit: return against_discharge_limit(item);
    case Comparison::median: return against_median(item);
    case Comparison::index: return aqi_words(static_cast<int>(item.value.to_double()));
    case Comparison::none: break;
    }
    if (item.parameter == 0)
        return aqi_words(static_cast<int>(item.value.to_double()));
    return item.item_class > 0 ? class_words(item.item_class) : Both{};
}

Both item_words(Exceedance const& item, ParameterBook const& parameters)
{
    auto words = value_words(item, parameters);
    auto const comparison = comparison_words(item);
    if (!comparison.zh.empty())
        words = {words.zh + "（" + comparison.zh + "）", words.en + " (" + comparison.en + ")"};
    return words;
}

std::string short_time(UtcTime time, UtcTime now)
{
    auto const text = format_beijing_minute(time);
    return text.substr(0, 4) == format_beijing_minute(now).substr(0, 4) ? text.substr(5) : text;
}

std::string number(Decimal const& value) { return value.normalized().to_string(); }

Both duration_words(std::chrono::minutes duration)
{
    if (duration < std::chrono::hours{1})
        return {fmt::format("{}分钟", duration.count()), fmt::format("{} min", duration.count())};
    auto const hours = static_cast<double>(duration.count()) / 60.0;
    return {fmt::format("{:g}小时", hours), fmt::format("{:g} h", hours)};
}

Site const* site_of(std::string_view alert_id, SiteRegistry const& sites)
{
    for (auto const family : all_alert_families)
        if (auto const at = alert_id.rfind(fmt::format("-{}-", to_text(family))); at != std::string_view::npos)
            return sites.find(alert_id.substr(0, at));
    return nullptr;
}

}  // namespace yihong
