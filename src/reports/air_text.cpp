#include "air_text.hpp"

#include "yihong/evaluate/exact.hpp"

#include "data_note.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace yihong::air_text {
namespace {

/// 平均浓度, 日最大8小时平均第90百分位浓度, …
std::string_view measure_of(AirFigures const& one, std::string_view name)
{
    return one.pollutant.mean ? "平均浓度"
           : name == "co"     ? "日均值第95百分位浓度"
           : name == "o3_8h"  ? "日最大8小时平均第90百分位浓度"
                              : "百分位浓度";
}

std::string_view unit_in_words(std::string_view unit) { return unit == "mg/m3" ? "毫克/立方米" : "微克/立方米"; }

/// ，同比下降4.1%; nothing where nothing can be compared.
std::string change_words(AirReport const& report, std::optional<Decimal> const& now, std::optional<Decimal> const& before)
{
    auto const percent = change(now, before);
    return percent ? fmt::format("，{}{}", compared(report), change_text(*percent, "%")) : std::string{};
}

std::string good_days_words(AirReport const& report)
{
    auto const& now = report.all.now.valid_then;
    if (now.days.valid == 0)
        return "没有有效监测日，优良天数未作统计。";
    auto out = fmt::format("有效监测{}天，优良{}天，优良天数比例{}%", now.days.valid, now.days.good, now.days.percent.to_string());
    auto const& before = report.all.base.valid_then;
    if (report.query.base && before.days.valid > 0)
        out += fmt::format("，{}{}", compared(report), change_text(change_in_points(now.days.percent, before.days.percent), "个百分点"));
    return out + fmt::format("；重度及以上污染{}天。", now.heavy);
}

/// Where the dust was: 全部空气站, a county, or a station.
std::string dust_place(PeriodMark const& mark, AirReport const& report)
{
    if (mark.site.empty())
        return mark.place.empty() ? "全部空气站" : mark.place;
    auto const station = std::ranges::find(report.stations, mark.site, &AirRow::id);
    return station == report.stations.end() ? mark.site : station->name;
}

/// What dust made of the period, as measured and without: nothing without a marked day.
std::string dust_effect(AirReport const& report, ParameterBook const& parameters)
{
    auto const& all = report.all;
    if (!all.as_measured)
        return {};
    auto const& with = *all.as_measured;
    std::string dates;
    for (auto const& day : all.dust)
        dates += (dates.empty() ? "" : "、") + format_date(day);
    auto out = fmt::format("{}沙尘日{}天：{}。PM10、PM2.5 不计入当日评价和均值、百分位数，该日保留，按其余污染物评价。扣除沙尘后优良{}天，"
                           "未扣除{}天（比例{}%）",
                           period_label(report.query.period), all.dust.size(), dates, all.now.valid_then.days.good,
                           with.now.valid_then.days.good, with.now.valid_then.days.percent.to_string());
    for (auto const* name : {"pm10", "pm25"})
        if (auto const* parameter = parameters.find(name))
            if (auto const value = printed(with.figures, parameter->id))
                out += fmt::format("；未扣除的{}为{}", pollutant(parameter->id, parameters), value->to_string());
    if (auto const share = all.share_by_dust())
        out += fmt::format("。由沙尘天气导致的超标天数{}天，比例{}%，其中重度及以上{}天", all.exceeded_by_dust(), share->to_string(),
                           all.heavy_by_dust());
    return out + "。";
}

}  // namespace

std::string pollutant(ParameterId id, ParameterBook const& parameters)
{
    auto const* parameter = parameters.find(id);
    if (parameter == nullptr)
        return "?";
    auto const& name = parameter->name;
    return name == "pm25" ? "PM2.5" : name == "pm10" ? "PM10" : name == "o3_8h" ? "臭氧" : parameter->name_zh;
}

std::string compared(AirReport const& report)
{
    auto const& query = report.query;
    if (!query.base)
        return {};
    if (query.base == year_before(query.period))
        return "同比";
    return query.base == previous(query.period) ? "环比" : fmt::format("较{}年同期", year_of(*query.base));
}

std::optional<Decimal> printed(std::vector<AirFigures> const& figures, ParameterId id)
{
    auto const found = std::ranges::find(figures, id, [](AirFigures const& one) { return one.pollutant.parameter; });
    if (found == figures.end() || found->valid_days == 0)
        return std::nullopt;
    return found->pollutant.mean ? found->pollutant.mean : found->pollutant.percentile;
}

std::optional<Decimal> change(std::optional<Decimal> const& now, std::optional<Decimal> const& before)
{
    return now && before ? change_in_percent(*now, *before) : std::nullopt;
}

std::string overview(AirReport const& report, ParameterBook const& parameters)
{
    auto const& all = report.all;
    auto out =
        fmt::format("{}{}，{}个{}平均：", period_label(report.query.period), report.query.as_of < report.query.period.end ? "（至今）" : "",
                    report.stations.size() - report.not_points.size(), report.not_points.empty() ? "站点" : "评价点位");
    bool any = false;
    for (auto const* name : {"pm25", "pm10", "o3_8h", "so2", "no2", "co"}) {
        auto const* parameter = parameters.find(name);
        auto const found = std::ranges::find_if(all.figures, [&](AirFigures const& one) {
            return parameter && one.pollutant.parameter == parameter->id && one.valid_days > 0;
        });
        if (found == all.figures.end())
            continue;
        auto const value = printed(all.figures, parameter->id);
        if (!value)
            continue;
        out +=
            fmt::format("{}{}{}{}{}{}", any ? "；" : "", pollutant(parameter->id, parameters), measure_of(*found, name), value->to_string(),
                        unit_in_words(parameter->unit), change_words(report, value, printed(all.base_figures, parameter->id)));
        any = true;
    }
    out += (any ? "。" : "") + good_days_words(report);
    if (all.index.missing.empty()) {
        auto const before = all.base_index && all.base_index->missing.empty() ? std::optional{all.base_index->total} : std::nullopt;
        out += fmt::format("综合指数{}{}，最大单项为{}", all.index.total.to_string(), change_words(report, all.index.total, before),
                           pollutant(all.index.largest, parameters));
        if (auto const share = all.index.share(all.index.largest))
            out += fmt::format("（分担率{}%）", share->to_string());
        out += "。";
    }
    if (all.needed && (all.needed->ratio_so_far || all.needed->needed > 0)) {  // of a year without a valid day nothing is known
        auto const& needed = *all.needed;
        out += needed.bad_allowed < 0 ? "全年优良天数目标已无法完成。"
               : needed.needed <= 0
                   ? "全年优良天数目标已完成。"
                   : fmt::format("要完成全年优良天数目标，年内还需优良{}天，最多还能有{}天不优良。", needed.needed, needed.bad_allowed);
    }
    return out + (all.outlook ? outlook(*all.outlook, parameters) : std::string{});
}

std::string outlook(AirOutlook const& of, ParameterBook const& parameters)
{
    std::string out;
    if (of.pm25) {
        auto const& pm25 = *of.pm25;
        out += fmt::format("PM2.5今年以来均值{}（有效{}天），{}{}微克/立方米：", pm25.so_far.to_string(), pm25.valid_days,
                           pm25.is_limit ? "二级年均限值" : "全年目标", pm25.target.to_string());
        out += pm25.is_out_of_reach() ? of.days_left > 0 ? "已无法完成。" : "未完成。"
               : !pm25.rest           ? std::string{"已完成。"}
                                      : fmt::format("若要完成，未来{}天日均浓度需要控制在{}微克/立方米以内（计入修约{}）。", of.days_left,
                                                    pm25.rest->strict.to_string(), pm25.rest->with_margin.to_string());
    }
    for (auto const& one : of.percentiles) {
        if (of.days_left == 0)
            break;                                         // the percentile itself stands above
        auto const what = exact::product(one.percentile, Decimal{100, 0}).rounded(0).to_string();
        out += fmt::format("{}已超标{}天，", pollutant(one.parameter, parameters), one.over);
        out += one.is_missed()               ? fmt::format("全年第{}百分位已无法达标。", what)
               : one.may_still_exceed() >= 0 ? fmt::format("要使全年第{}百分位达标，最多还可超标{}天。", what, one.may_still_exceed())
                                             : fmt::format("全年第{}百分位能否达标取决于插值。", what);
    }
    return out;
}

std::string primary(AirCounts const& counts, ParameterBook const& parameters)
{
    std::vector<std::pair<ParameterId, int>> days{counts.primary.begin(), counts.primary.end()};
    std::ranges::sort(days, {}, [](auto const& entry) { return std::pair{-entry.second, entry.first}; });
    std::string out;
    for (auto const& [parameter, count] : days)
        out += fmt::format("{}{}（{}天）", out.empty() ? "" : "、", pollutant(parameter, parameters), count);
    return out.empty() ? "—" : out;
}

std::vector<std::string> notes(AirReport const& report, AirReport const* so_far, ParameterBook const& parameters)
{
    std::vector<std::string> all;
    for (auto const* one : {&report, so_far}) {
        std::string few;
        if (one)
            for (auto const& place : one->places)
                if (place.rank == 0)
                    few += fmt::format("{}{}（有效{}天）", few.empty() ? "" : "、", place.name, place.now.valid_then.days.valid);
        if (!few.empty())
            all.push_back(fmt::format("{}数据不足、不参加排名：{}；有效日至少{}天，六项均有数值。", period_label(one->query.period), few,
                                      one->days_needed));
    }
    for (auto const* one : {&report, so_far})
        if (auto with = one ? dust_effect(*one, parameters) : std::string{}; !with.empty())
            all.push_back(std::move(with));
    for (auto const& mark : (so_far ? *so_far : report).marks)
        all.push_back(fmt::format("{}{}。", dust_place(*mark, report), mark_text(*mark, parameters)));
    std::string editions;
    int with_days = 0;
    for (auto const& [label, counts] : report.all.now.by_edition) {
        auto const& days = counts.days;
        editions += fmt::format("；按{}优良{}天，比例{}%", label, days.good, days.valid > 0 ? days.percent.to_string() : "--");
        with_days += days.valid > 0;
    }
    all.push_back("每日按当日有效的版本评价" + (with_days > 1 ? editions + "（全部站点平均，两期比较宜用同一版本）" : std::string{}) +
                  "。");
    all.push_back(fmt::format("评价依据：{}。区域日值为其各站点的平均，至少75%的站点有效；全部站点的数值由各站点得出，不是各区域的平均。",
                              report.edition));
    if (auto const& others = report.not_points; !others.empty())
        all.push_back(
            fmt::format("{}在{}不是评价点位，不计入区域日值和应有的75%。", fmt::join(others, "、"), period_label(report.query.period)));
    std::string form;
    for (auto const* name : {"pm25", "no2", "o3_8h", "pm10", "so2", "co"})
        if (auto const weight = report.query.index.weights.find(std::string_view{name}); weight != report.query.index.weights.end()) {
            auto const* parameter = parameters.find(std::string_view{name});
            form +=
                fmt::format("{}{}×{}", form.empty() ? "" : "、", parameter ? pollutant(parameter->id, parameters) : name, weight->second);
        }
    if (!form.empty())
        form = "（本单位加权：" + form + "）";
    if (report.query.index.decimals > 2)
        form += "，单项指数先取三位小数，";
    all.push_back("综合指数" + form + "由显示的均值和百分位数得出，由小到大排名，相同者并列，其后名次空出。变化按印出的数字计算。");
    all.push_back(data_note(report.data, report.query.as_of));
    return all;
}

}  // namespace yihong::air_text
