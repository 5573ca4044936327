#include "yihong/periods/trend.hpp"

#include <algorithm>

namespace yihong {
namespace {

/// Some of the months of a period that make one mean.
struct Part {
    Period period;
    std::size_t begin = 0, end = 0;  ///< among them
};

std::size_t needed_of(WaterEvaluation const& evaluation) noexcept
{
    return evaluation.critical.empty() ? 0 : static_cast<std::size_t>(evaluation.critical.front().n);
}

bool are_enough(std::size_t months, std::size_t of) noexcept
{
    return static_cast<int>(months) >= WaterValidity{}.months_needed_of(static_cast<int>(of));
}

/// Those of a kind that lie within the months.
std::vector<Part> parts_of(std::span<Period const> months, PeriodKind kind)
{
    std::vector<Part> parts;
    for (std::size_t i = 0; i < months.size();) {
        auto const whole = kind == PeriodKind::month ? months[i] : period_of(kind, months[i].begin);
        auto end = i + 1;
        while (end < months.size() && months[end].begin < whole.end)
            ++end;
        if (whole.begin == months[i].begin && whole.end <= months.back().end)
            parts.push_back({whole, i, end});
        i = end;
    }
    return parts;
}

/// The longest of which there are enough. \return none where there are not
std::pair<PeriodKind, std::vector<Part>> parts_of(std::span<Period const> months, std::size_t needed)
{
    for (auto const& [kind, count] :
         {std::pair{PeriodKind::year, 12U}, std::pair{PeriodKind::quarter, 3U}, std::pair{PeriodKind::month, 1U}}) {
        if (months.size() < needed * count)
            continue;
        if (auto parts = parts_of(months, kind); parts.size() >= needed)
            return {kind, std::move(parts)};
    }
    return {};
}

void conclude(ItemTrend& item, WaterEvaluation const& evaluation, std::vector<Decimal>& room)
{
    room.clear();
    for (auto const& mean : item.means)
        room.push_back(mean.second);
    item.result = trend_of(room, evaluation);
}

ItemTrend trend_of_parts(ItemPeriod const& item, std::span<Part const> parts, ParameterBook const& parameters)
{
    auto const* parameter = parameters.find(item.parameter);
    ItemTrend made{item.parameter, {}, {}};
    made.means.reserve(parts.size());
    auto month = item.by_month.begin();
    for (std::size_t i = 0; i < parts.size(); ++i) {
        auto const& part = parts[i];
        while (month != item.by_month.end() && month->piece < part.begin)
            ++month;
        auto const first = month;
        while (month != item.by_month.end() && month->piece < part.end)
            ++month;
        auto const count = static_cast<std::size_t>(month - first);
        if (!are_enough(count, part.end - part.begin))
            continue;
        if (count == 1) {
            made.means.emplace_back(i, printed_mean(first->exact, parameter));
            continue;
        }
        ValueSum sum{parameter && parameter->name == "ph"};
        std::for_each(first, month, [&](MonthValue const& one) { sum.add({one.exact, false}); });
        if (auto const mean = sum.mean(Decimal::max_scale))
            made.means.emplace_back(i, printed_mean(*mean, parameter));
    }
    return made;
}

/// \return null where there is none
ItemTrend const* most_means(SectionTrend const& trend) noexcept
{
    auto const most = std::ranges::max_element(trend.items, {}, [](ItemTrend const& item) { return item.means.size(); });
    return most == trend.items.end() ? nullptr : &*most;
}

std::string_view step_label(PeriodKind step) noexcept
{
    return step == PeriodKind::year ? "逐年" : step == PeriodKind::quarter ? "逐季" : "逐月";
}

void append_basis(std::string& out, ItemTrend const& item)
{
    out.append(std::to_string(item.means.size())).append("期，临界值");
    item.result->critical.append_to(out);
}

}  // namespace

bool SectionTrend::has_result() const noexcept
{
    return std::ranges::any_of(items, [](ItemTrend const& item) { return item.result.has_value(); });
}

std::optional<SectionTrend> trend_within(SectionPeriod const& section, WaterEvaluation const& evaluation, ParameterBook const& parameters,
                                         UtcTime now)
{
    auto const needed = needed_of(evaluation);
    if (needed == 0 || section.pieces.size() < needed)
        return std::nullopt;
    auto [step, parts] = parts_of(months_of(section.period), needed);
    if (parts.empty())
        return std::nullopt;
    std::erase_if(parts, [&](Part const& part) { return now < part.period.end; });
    SectionTrend made{step, static_cast<int>(needed), {}, {}};
    for (auto const& part : parts)
        made.periods.push_back(part.period);
    std::vector<Decimal> room;
    made.items.reserve(section.items.size());
    for (auto const& item : section.items) {
        if (!item.graded)
            continue;
        auto trend = trend_of_parts(item, parts, parameters);
        if (trend.means.empty())
            continue;
        conclude(trend, evaluation, room);
        made.items.push_back(std::move(trend));
    }
    return made;
}

SectionTrend trend_over_years(std::span<SectionPeriod const> years, WaterEvaluation const& evaluation, UtcTime now)
{
    SectionTrend made{PeriodKind::year, static_cast<int>(needed_of(evaluation)), {}, {}};
    for (auto const& year : years) {
        if (now < year.period.end)
            continue;
        auto const place = made.periods.size();
        made.periods.push_back(year.period);
        for (auto const& item : year.items) {
            if (!item.graded || !are_enough(static_cast<std::size_t>(item.months), year.pieces.size()))
                continue;
            auto at = std::ranges::lower_bound(made.items, item.parameter, {}, &ItemTrend::parameter);
            if (at == made.items.end() || at->parameter != item.parameter)
                at = made.items.insert(at, {item.parameter, {}, {}});
            at->means.emplace_back(place, item.shown);
        }
    }
    std::vector<Decimal> room;
    for (auto& item : made.items)
        conclude(item, evaluation, room);
    return made;
}

std::optional<TrendParts> trend_parts(Period const& period, WaterEvaluation const& evaluation, UtcTime now)
{
    auto const needed = needed_of(evaluation);
    if (needed == 0 || !is_whole_months(period))
        return std::nullopt;
    auto const [step, parts] = parts_of(months_of(period), needed);
    if (parts.empty())
        return std::nullopt;
    TrendParts made{step, static_cast<int>(needed), {}};
    for (auto const& part : parts)
        if (part.period.end <= now)
            made.periods.push_back(part.period);
    return made;
}

TrendParts trend_parts(std::vector<Period> years, WaterEvaluation const& evaluation, UtcTime now)
{
    std::erase_if(years, [&](Period const& year) { return now < year.end; });
    return {PeriodKind::year, static_cast<int>(needed_of(evaluation)), std::move(years)};
}

FigureTrend figure_trend(TrendParts const& parts, std::span<std::optional<Decimal> const> values, WaterEvaluation const& evaluation)
{
    FigureTrend made{parts.step, parts.needed, {}, {}};
    std::vector<Decimal> known;
    for (std::size_t i = 0; i < parts.periods.size(); ++i)
        if (values[i]) {
            made.values.emplace_back(parts.periods[i], *values[i]);
            known.push_back(*values[i]);
        }
    made.result = trend_of(known, evaluation);
    return made;
}

std::string figure_trend_span(FigureTrend const& trend)
{
    if (trend.values.empty())
        return {};
    auto const& [first, last] = std::pair{trend.values.front().first, trend.values.back().first};
    return period_label(first) + "至" + period_label(last) + std::string{step_label(trend.step)};
}

std::string figure_trend_text(FigureTrend const& trend)
{
    if (!trend.result)
        return "不足" + std::to_string(trend.needed) + "期，不作趋势分析";
    auto text = std::string{trend_label(*trend.result)} + "（rs=";
    trend.result->rs.append_to(text);
    text += "，" + std::to_string(trend.values.size()) + "期，临界值";
    trend.result->critical.append_to(text);
    return text + "）";
}

std::string_view to_text(Trend const& trend) noexcept
{
    return trend.direction > 0 ? "rising" : trend.direction < 0 ? "falling" : "stable";
}
std::string_view trend_label(Trend const& trend) noexcept
{
    return trend.direction > 0 ? "显著上升" : trend.direction < 0 ? "显著下降" : "无显著变化";
}

std::string_view trend_step_label(SectionTrend const& trend) noexcept { return step_label(trend.step); }

std::string trend_span(SectionTrend const& trend)
{
    if (trend.periods.empty())
        return {};
    return period_label(trend.periods.front()).append("至").append(period_label(trend.periods.back())).append(trend_step_label(trend));
}

std::string trend_basis(SectionTrend const& trend)
{
    auto const* most = most_means(trend);
    if (most == nullptr || !most->result)
        return {};
    std::string out;
    append_basis(out, *most);
    return out;
}

std::string trend_items(SectionTrend const& trend, int direction, ParameterBook const& parameters)
{
    std::string all;
    auto const* most = most_means(trend);
    for (auto const& item : trend.items) {
        if (!item.result || item.result->direction != direction)
            continue;
        all.append(all.empty() ? "" : "、").append(item_name(item.parameter, parameters));
        if (direction == 0)
            continue;
        all += "（rs=";
        item.result->rs.append_to(all);
        if (item.means.size() != most->means.size()) {
            all += "，";
            append_basis(all, item);
        }
        all += "）";
    }
    return all;
}

std::string items_without_trend(SectionTrend const& trend, ParameterBook const& parameters)
{
    std::string all;
    for (auto const& item : trend.items)
        if (!item.result)
            all.append(all.empty() ? "" : "、").append(item_name(item.parameter, parameters));
    return all;
}

std::string trend_text(SectionTrend const& trend, ParameterBook const& parameters)
{
    if (trend.periods.empty())
        return "还没有结束的时段，满" + std::to_string(trend.needed) + "期后作趋势分析";
    auto all = trend_span(trend) + "均值";
    if (auto const basis = trend_basis(trend); !basis.empty())
        all.append("（").append(basis).append("）");
    auto const length = all.size();
    auto const say = [&](std::string_view label, std::string const& items) {
        if (!items.empty())
            all.append(all.size() == length ? "：" : "；").append(label).append(" ").append(items);
    };
    say("显著上升", trend_items(trend, 1, parameters));
    say("显著下降", trend_items(trend, -1, parameters));
    say("无显著变化", trend_items(trend, 0, parameters));
    if (auto const few = items_without_trend(trend, parameters); !few.empty())
        say("不足" + std::to_string(trend.needed) + "期，不作趋势分析", few);
    return all.size() == length ? all + "：没有均值" : all;
}

}  // namespace yihong
