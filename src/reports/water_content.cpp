#include "yihong/reports/report_content.hpp"

#include "yihong/base/text.hpp"
#include "yihong/evaluate/official_colours.hpp"

#include "charts.hpp"
#include "content_list.hpp"
#include "links.hpp"
#include "report_text.hpp"
#include "section_map.hpp"
#include "water_lists.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace yihong {
namespace {

using namespace water_lists;

Printed water_class(int one) { return {std::string{one > 0 ? water_class_label(one) : "--"}, std::string{class_colour(one)}}; }

/// The records of one item: those of the station, or the samples, which may have been taken in the month before or after.
std::string item_link(SectionRow const& row, ItemPeriod const& item, Sources const& from)
{
    auto const* parameter = from.parameters.find(item.parameter);
    auto period = from.report.query.period;
    auto more = "&parameter=" + (parameter ? parameter->name : std::string{});
    if (item.source == ValueSource::sample) {
        more += "&interval=sample";
        period.begin -= std::chrono::days{31};
        period.end += std::chrono::days{31};
    }
    return links::records(from.options.root_url, row.site->id, period, more);
}

/// `28/31`
Printed valid_days(SectionRow const& row, Sources const& from)
{
    auto const days = station_days(row.now, from.owed);
    return {fmt::format("{}/{}", days.valid, days.due)};
}

/// `0.15`, `0.15 s`: how it was measured stands behind it.
Printed mean(SectionRow const& row, ParameterId id, Sources const& from)
{
    auto const* item = row.now.find(id);
    if (item == nullptr || item->source == ValueSource::none)
        return plain({});
    auto const* mark = item->source == ValueSource::station ? "" : item->source == ValueSource::sample ? " s" : " m";
    return {(item->below_detection ? std::string{"未检出"} : item->shown.to_string()) + mark, {}, item_link(row, *item, from)};
}

PrintedList sections(Sources const& from)
{
    static constexpr Column<SectionRow> columns[]{
        {"标识", [](SectionRow const& row, Sources const&) { return plain(row.site->id); }},
        {"名称", [](SectionRow const& row, Sources const& with) { return Printed{row.site->name, {}, records_link(row, with)}; }},
        {"河流", [](SectionRow const& row, Sources const&) { return plain(row.river); }},
        {"考核归属", [](SectionRow const& row, Sources const&) { return plain(row.place); }},
        {"级别", [](SectionRow const& row, Sources const&) { return plain(row.site->level); }},
        {"目标",
         [](SectionRow const& row, Sources const&) {
             return plain(row.now.target_class ? water_class_label(*row.now.target_class) : std::string_view{});
         }},
        {"类别", [](SectionRow const& row, Sources const&) { return water_class(row.now.judgement.water_class); }},
        {"上期类别", [](SectionRow const& row, Sources const&) { return water_class(row.base ? row.base->judgement.water_class : 0); }},
        {"变化",
         [](SectionRow const& row, Sources const&) {
             auto const change = row.change();
             return plain(change ? change_label(*change) : std::string_view{});
         }},
        {"达标", [](SectionRow const& row, Sources const&) { return plain(target_label(row.now.target)); }},
        {"主要污染指标",
         [](SectionRow const& row, Sources const& with) {
             auto const& judged = row.now.judgement;
             return plain(judged.water_class > 0 ? pollutants_text(judged.main_pollutants, with.parameters) : std::string{});
         }},
        {"自动监测有效天数", valid_days},
        {"说明", [](SectionRow const& row, Sources const& with) { return plain(explain(row.now, with.parameters)); }},
    };
    auto list = list_of(columns, all_of(from.report.sections), from);
    for (std::size_t i = 0; i < list.rows.size(); ++i) {
        auto const& row = from.report.sections[i];
        auto& cells = list.rows[i];
        cells[*list.column("类别")].link =
            row.now.judgement.water_class > 0 ? explained_link(row, from.report.query.period, from) : records_link(row, from);
        if (row.base && row.base->judgement.water_class > 0)
            cells[*list.column("上期类别")].link = explained_link(row, row.base->period, from);
        cells[*list.column("自动监测有效天数")].link = records_link(row, from);
    }
    for (auto const& parameter : from.parameters.all()) {
        if (parameter.medium != Medium::water)
            continue;
        list.columns.push_back(parameter.name_zh);
        for (std::size_t i = 0; i < list.rows.size(); ++i)
            list.rows[i].push_back(mean(from.report.sections[i], parameter.id, from));
    }
    list.columns.emplace_back("序号");
    for (std::size_t i = 0; i < list.rows.size(); ++i)
        list.rows[i].push_back(number(static_cast<std::ptrdiff_t>(i) + 1));
    return list;
}

/// A graded item that not every section owes (X), with a value.
struct OtherItem {
    SectionRow const* section;
    ItemPeriod const* item;
};

/// What a section is graded by beside the items that all owe: a table of its own, since each has others.
PrintedList other_items(Sources const& from)
{
    static constexpr Column<OtherItem> columns[]{
        {"名称",
         [](OtherItem const& row, Sources const& with) {
             return plain(row.section->site->name + " " + item_name(row.item->parameter, with.parameters));
         }},
        {"断面",
         [](OtherItem const& row, Sources const& with) { return Printed{row.section->site->name, {}, records_link(*row.section, with)}; }},
        {"项目", [](OtherItem const& row, Sources const& with) { return plain(item_name(row.item->parameter, with.parameters)); }},
        {"均值", [](OtherItem const& row, Sources const& with) { return mean(*row.section, row.item->parameter, with); }},
        {"项目类别",
         [](OtherItem const& row, Sources const&) {
             for (auto const& judged : row.section->now.judgement.items)
                 if (judged.reading.parameter == row.item->parameter)
                     return water_class(judged.item_class);
             return plain({});
         }},
        {"采样次数", [](OtherItem const& row, Sources const&) { return number(row.item->samples); }},
    };
    std::vector<OtherItem> rows;
    for (auto const& section : from.report.sections)
        for (auto const& item : section.now.items)
            if (item.graded && item.source != ValueSource::none && std::ranges::find(from.owed, item.parameter) == from.owed.end())
                rows.push_back({&section, &item});
    auto list = list_of(columns, all_of(rows), from);
    for (std::size_t i = 0; i < rows.size(); ++i)
        links::under_figures(list.rows[i], item_link(*rows[i].section, *rows[i].item, from));
    return list;
}

/// What lies on rivers; lakes have a list of their own.
std::vector<GroupRow const*> rivers_of(WaterReport const& report)
{
    auto all = all_of(report.rivers);
    std::erase_if(all, [](GroupRow const* row) { return row->lakes_only; });
    return all;
}

PrintedList groups(std::vector<GroupRow const*> const& rows, Sources const& from)
{
    static constexpr Column<GroupRow> columns[]{
        {"名称", [](GroupRow const& row, Sources const&) { return plain(row.name); }},
        {"概述", [](GroupRow const& row, Sources const& with) { return plain(report_text::group(row, with.report, with.parameters)); }},
        {"参评断面", [](GroupRow const& row, Sources const&) { return number(row.now.classes.total()); }},
        {"优良断面", [](GroupRow const& row, Sources const&) { return number(row.now.classes.good); }},
        {"优良比例", [](GroupRow const& row, Sources const&) { return figure(row.now.good_share()); }},
        {"劣Ⅴ类断面", [](GroupRow const& row, Sources const&) { return number(row.now.classes.bad); }},
        {"劣Ⅴ类比例", [](GroupRow const& row, Sources const&) { return figure(row.now.bad_share()); }},
        {"达标断面", [](GroupRow const& row, Sources const&) { return number(std::ssize(row.now.met)); }},
        {"可判定断面", [](GroupRow const& row, Sources const&) { return number(std::ssize(row.now.met) + std::ssize(row.now.missed)); }},
        {"达标率", [](GroupRow const& row, Sources const&) { return figure(row.now.met_share()); }},
        {"水质状况", [](GroupRow const& row, Sources const&) { return plain(row.grade > 0 ? water_grade_label(row.grade) : ""); }},
        {"主要污染指标", [](GroupRow const& row, Sources const& with) { return plain(report_text::pollutants(row, with.parameters)); }},
        {"变化", [](GroupRow const& row, Sources const&) { return plain(row.change ? change_label(*row.change) : std::string_view{}); }},
    };
    auto list = list_of(columns, rows, from);
    link_groups(list, rows, from);
    return list;
}

std::string mean_of(LakePeriod const& lake, std::string_view item, Sources const& from)
{
    auto const* parameter = from.parameters.find(item);
    return report_text::figure(parameter ? lake.mean(parameter->id) : std::nullopt);
}

PrintedList lakes(Sources const& from)
{
    static constexpr Column<LakeRow> columns[]{
        {"名称", [](LakeRow const& row, Sources const&) { return plain(row.name); }},
        {"概述", [](LakeRow const& row, Sources const& with) { return plain(report_text::lake(row, with.report, with.parameters)); }},
        {"点位数", [](LakeRow const& row, Sources const&) { return number(row.now.points); }},
        {"类别", [](LakeRow const& row, Sources const&) { return water_class(row.now.judgement.water_class); }},
        {"上期类别", [](LakeRow const& row, Sources const&) { return water_class(row.base ? row.base->judgement.water_class : 0); }},
        {"变化", [](LakeRow const& row, Sources const&) { return plain(row.change ? change_label(*row.change) : std::string_view{}); }},
        {"主要污染指标",
         [](LakeRow const& row, Sources const& with) {
             auto const& judged = row.now.judgement;
             return plain(judged.water_class > 0 ? pollutants_text(judged.main_pollutants, with.parameters) : std::string{});
         }},
        {"总氮类别", [](LakeRow const& row, Sources const&) { return water_class(row.now.nitrogen_class); }},
        {"叶绿素a", [](LakeRow const& row, Sources const& with) { return Printed{mean_of(row.now, "chlorophyll_a", with)}; }},
        {"透明度", [](LakeRow const& row, Sources const& with) { return Printed{mean_of(row.now, "transparency", with)}; }},
        {"营养状态指数",
         [](LakeRow const& row, Sources const&) { return figure(row.now.trophic ? std::optional{row.now.trophic->shown} : std::nullopt); }},
        {"营养状态",
         [](LakeRow const& row, Sources const&) { return plain(row.now.trophic ? trophic_label(row.now.trophic->grade) : ""); }},
        {"上期营养状态指数",
         [](LakeRow const& row, Sources const&) {
             return figure(row.base && row.base->trophic ? std::optional{row.base->trophic->shown} : std::nullopt);
         }},
        {"上期营养状态",
         [](LakeRow const& row, Sources const&) {
             return plain(row.base && row.base->trophic ? trophic_label(row.base->trophic->grade) : "");
         }},
        {"盐度", [](LakeRow const& row, Sources const& with) { return Printed{mean_of(row.now, "salinity", with)}; }},
        {"水位", [](LakeRow const& row, Sources const& with) { return Printed{mean_of(row.now, "water_level", with)}; }},
    };
    auto list = list_of(columns, all_of(from.report.lakes), from);
    for (std::size_t i = 0; i < list.rows.size(); ++i)
        link_sections(list.rows[i], from.report.lakes[i].points, from);
    return list;
}

/// Those with something to say of what `of` gives.
template <typename Of>
std::vector<SectionRow const*> sections_with(Sources const& from, Of of)
{
    std::vector<SectionRow const*> rows;
    for (auto const& row : from.report.sections)
        if (of(row))
            rows.push_back(&row);
    return rows;
}

PrintedList outlooks(Sources const& from)
{
    static constexpr Column<SectionRow> columns[]{
        {"断面", [](SectionRow const& row, Sources const&) { return plain(row.site->name); }},
        {"目标", [](SectionRow const& row, Sources const&) { return plain(water_class_label(*row.now.target_class)); }},
        {"有值月数", [](SectionRow const& row, Sources const&) { return number(row.outlook->months_with_means()); }},
        {"剩余月数", [](SectionRow const& row, Sources const&) { return number(row.outlook->months_left); }},
        {"判断", [](SectionRow const& row, Sources const&) { return plain(outlook_label(row.outlook->worst())); }},
        {"其余各月", [](SectionRow const& row, Sources const& with) { return plain(report_text::outlook(*row.outlook, with.parameters)); }},
    };
    auto const rows = sections_with(from, [](SectionRow const& row) { return row.outlook.has_value(); });
    auto list = list_of(columns, rows, from);
    auto const year = period_of(PeriodKind::year, from.report.query.period.begin);
    for (std::size_t i = 0; i < rows.size(); ++i)
        links::under_figures(list.rows[i], rows[i]->outlook->months_with_means() > 0
                                               ? explained_link(*rows[i], year, from)
                                               : links::records(from.options.root_url, rows[i]->site->id, year));
    return list;
}

PrintedList trends(Sources const& from)
{
    static constexpr Column<SectionRow> columns[]{
        {"断面", [](SectionRow const& row, Sources const&) { return plain(row.site->name); }},
        {"时段",
         [](SectionRow const& row, Sources const&) {
             auto const basis = trend_basis(*row.trend);
             return plain(trend_span(*row.trend) + (basis.empty() ? basis : "（" + basis + "）"));
         }},
        {"显著上升", [](SectionRow const& row, Sources const& with) { return plain(trend_items(*row.trend, 1, with.parameters)); }},
        {"显著下降", [](SectionRow const& row, Sources const& with) { return plain(trend_items(*row.trend, -1, with.parameters)); }},
        {"无显著变化", [](SectionRow const& row, Sources const& with) { return plain(trend_items(*row.trend, 0, with.parameters)); }},
        {"均值不足", [](SectionRow const& row, Sources const& with) { return plain(items_without_trend(*row.trend, with.parameters)); }},
        {"概述",
         [](SectionRow const& row, Sources const& with) {
             return plain(fmt::format("{}变化趋势：{}。", row.site->name, trend_text(*row.trend, with.parameters)));
         }},
    };
    bool const is_any =
        std::ranges::any_of(from.report.sections, [](SectionRow const& row) { return row.trend && row.trend->has_result(); });
    auto const rows = sections_with(from, [=](SectionRow const& row) { return is_any && row.trend && !row.trend->items.empty(); });
    auto list = list_of(columns, rows, from);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        auto period = from.report.query.period;
        period.begin = std::min(period.begin, rows[i]->trend->periods.empty() ? period.begin : rows[i]->trend->periods.front().begin);
        list.rows[i][*list.column("断面")].link = links::records(from.options.root_url, rows[i]->site->id, period);
    }
    return list;
}

/// A river, a place or a lake with the trend of its figure.
struct TrendOfGroup {
    std::string_view name, figure;
    FigureTrend const* trend;
};

/// Of all, rivers, places and lakes: those with enough parts for a result.
PrintedList group_trends(Sources const& from)
{
    static constexpr Column<TrendOfGroup> columns[]{
        {"名称", [](TrendOfGroup const& row, Sources const&) { return plain(row.name); }},
        {"指标", [](TrendOfGroup const& row, Sources const&) { return plain(row.figure); }},
        {"时段", [](TrendOfGroup const& row, Sources const&) { return plain(figure_trend_span(*row.trend)); }},
        {"趋势", [](TrendOfGroup const& row, Sources const&) { return plain(figure_trend_text(*row.trend)); }},
        {"概述",
         [](TrendOfGroup const& row, Sources const&) {
             return plain(
                 fmt::format("{}{}（{}）：{}。", row.name, row.figure, figure_trend_span(*row.trend), figure_trend_text(*row.trend)));
         }},
    };
    std::vector<TrendOfGroup> rows;
    auto const add = [&](std::string_view name, std::string_view figure, std::optional<FigureTrend> const& trend) {
        if (trend && trend->result)
            rows.push_back({name, figure, &*trend});
    };
    add("全部断面", "优良比例", from.report.all.share_trend);
    for (auto const* river : rivers_of(from.report))
        add(river->name, "优良比例", river->share_trend);
    for (auto const& place : from.report.places)
        add(place.name, "优良比例", place.share_trend);
    for (auto const& lake : from.report.lakes)
        add(lake.name, "综合营养状态指数", lake.tli_trend);
    return list_of(columns, all_of(rows), from);
}

PrintedList drinking_water(Sources const& from)
{
    static constexpr Column<SectionRow> columns[]{
        {"断面", [](SectionRow const& row, Sources const& with) { return Printed{row.site->name, {}, records_link(row, with)}; }},
        {"达标", [](SectionRow const& row, Sources const&) { return plain(drinking_water_label(row.now.drinking_water->met())); }},
        {"超标项目", [](SectionRow const& row,
                        Sources const& with) { return plain(drinking_water_exceeded(*row.now.drinking_water, with.parameters)); }},
        {"未测项目", [](SectionRow const& row,
                        Sources const& with) { return plain(report_text::names(row.now.drinking_water->missing, with.parameters)); }},
        {"概述",
         [](SectionRow const& row, Sources const& with) {
             return plain(fmt::format("{}：{}。", row.site->name, drinking_water_text(*row.now.drinking_water, with.parameters)));
         }},
    };
    return list_of(columns, sections_with(from, [](SectionRow const& row) { return row.now.drinking_water.has_value(); }), from);
}

/// A section and one of its marks.
struct MarkOfSection {
    SectionRow const* row;
    PeriodMark const* mark;
};

PrintedList marks(Sources const& from)
{
    static constexpr ContentColumn<MarkOfSection, Sources> columns[]{
        {"标识", [](MarkOfSection const& one, Sources const&) { return plain(one.mark->id); }},
        {"名称", [](MarkOfSection const& one, Sources const&) { return plain(one.row->site->name); }},
        {"标记", [](MarkOfSection const& one, Sources const&) { return plain(period_mark_label(one.mark->kind)); }},
        {"项目", [](MarkOfSection const& one, Sources const& with) { return plain(mark_items_text(*one.mark, with.parameters)); }},
        {"时间", [](MarkOfSection const& one, Sources const&) { return plain(mark_time_text(*one.mark)); }},
        {"原因", [](MarkOfSection const& one, Sources const&) { return plain(one.mark->reason); }},
        {"文号", [](MarkOfSection const& one, Sources const&) { return plain(one.mark->document); }},
        {"登记", [](MarkOfSection const& one, Sources const&) { return plain(one.mark->by); }},
        {"计入时", [](MarkOfSection const& one,
                      Sources const&) { return plain(report_text::verdict(one.row->as_measured ? *one.row->as_measured : one.row->now)); }},
        {"扣除后", [](MarkOfSection const& one,
                      Sources const&) { return plain(report_text::verdict(one.row->deducted ? *one.row->deducted : one.row->now)); }},
    };
    std::vector<MarkOfSection> found;
    for (auto const& row : from.report.sections)
        for (auto const& mark : row.now.marks)
            found.push_back({&row, mark.get()});
    return list_of(columns, all_of(found), from);
}

PrintedList classes(WaterReport const& report)
{
    PrintedList list{{"类别", "断面数", "比例", "上期断面数", "上期比例"}, {}};
    auto const& now = report.all.now;
    auto const& base = report.all.base;
    for (std::size_t one = 1; one < now.by_class.size(); ++one)
        list.rows.push_back({water_class(static_cast<int>(one)), number(now.by_class[one]),
                             figure(share(now.by_class[one], now.classes.total())),
                             report.query.base ? number(base.by_class[one]) : plain({}),
                             report.query.base ? figure(share(base.by_class[one], base.classes.total())) : plain({})});
    return list;
}

charts::Bar bar_of(std::string name, SectionCounts const& counts)
{
    charts::Bar bar{std::move(name), {}};
    for (std::size_t one = 1; one < counts.by_class.size(); ++one) {
        auto const number = static_cast<int>(one);
        bar.parts.push_back({counts.by_class[one], fmt::format("{} {}", water_class_label(number), counts.by_class[one]),
                             std::string{class_colour(number)}});
    }
    return bar;
}

/// The classes of the period, above those of the compared one.
Picture class_chart(WaterReport const& report)
{
    std::vector bars{bar_of(period_label(report.query.period), report.all.now)};
    if (report.query.base)
        bars.push_back(bar_of(period_label(*report.query.base), report.all.base));
    return charts::shares("各类别断面（点位）数", bars);
}

Picture river_chart(WaterReport const& report)
{
    std::vector<charts::Bar> bars;
    for (auto const* river : rivers_of(report))
        bars.push_back(bar_of(river->name, river->now));
    return charts::shares("各河流的类别构成（断面数）", bars);
}

}  // namespace

ReportContent water_report_content(WaterReport const& report, StandardsBook const& standards, LayerSet const* layers,
                                   PrintOptions const& options, WaterReportKind kind)
{
    auto const& query = report.query;
    Sources const from{report, standards.parameters(), options, standards.water(query.period.last_day())->owed};
    ReportContent content;
    content.fields = common_fields(query.period, query.base, query.as_of, options, name_of(kind).title);
    content.fields.insert({
        {"总体情况", {report_text::overview(report, from.parameters)}},
        {"评价依据", {report_text::basis(report)}},
        {"均值说明", {"单位 mg/L，pH 无量纲；后注 s 为手工采样，m 为自动与手工，其余为自动监测"}},
        {"排名指标", {std::string{figure_label(query.ranking.figure)}}},
        {"排名说明", {rule_text(query.ranking)}},
        {"变化排名指标", {change_figure_label(query.ranking.figure)}},
        {"变化排名说明", {change_rule_text(query.ranking)}},
        {"断面变化排名说明", {change_rule_text(section_rules(query.ranking))}},
        {"年度目标说明", {"从严计算；未结束的月算作剩余；没有均值的月不计入"}},
    });
    content.lists = {
        {"断面", sections(from)},
        {"其他项目", other_items(from)},
        {"河流", groups(rivers_of(report), from)},
        {"湖库", lakes(from)},
        {"区域", groups(all_of(report.places), from)},
        {"排名", ranking(from)},
        {"变化排名", change_ranking(from)},
        {"断面变化排名", section_change_ranking(from)},
        {"年度目标", outlooks(from)},
        {"饮用水源", drinking_water(from)},
        {"趋势", trends(from)},
        {"比例趋势", group_trends(from)},
        {"类别", classes(report)},
        {"标记", marks(from)},
        {"说明", note_list(options.notes, report_text::notes(from.report, from.parameters))},
    };
    content.pictures = {{"类别", class_chart(report)}, {"河流", river_chart(report)}, {"分布", section_map(report, layers)}};
    return content;
}

ReportContent water_report_names(StandardsBook const& standards, Date day)
{
    WaterReport report;
    report.query.period = days_between(day, day);
    report.edition = &standards.water(day)->edition;
    return water_report_content(report, standards, nullptr, {});
}

}  // namespace yihong
