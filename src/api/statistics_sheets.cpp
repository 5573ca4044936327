#include "statistics.hpp"

#include "yihong/reports/report_content.hpp"

#include "yihong/sheets/workbook.hpp"

#include <algorithm>
#include <tuple>

namespace yihong::api {
namespace {

using sheets::Cell;
using sheets::Sheet;

Cell number(std::int64_t value) { return Decimal{value, 0}; }
Cell maybe(std::optional<Decimal> const& value) { return value ? Cell{*value} : Cell{}; }
Cell text(std::string_view value) { return value.empty() ? Cell{} : Cell{std::string{value}}; }

/// Numbers and texts that lead to an address; others stay as they are.
Cell led(Cell const& shown, std::string const& url)
{
    if (auto const* number = std::get_if<Decimal>(&shown); number && !url.empty())
        return sheets::Linked{*number, url};
    if (auto const* name = std::get_if<std::string>(&shown); name && !url.empty())
        return sheets::Linked{*name, url};
    return shown;
}
void lead_numbers(std::vector<Cell>& row, std::string const& url)
{
    for (auto& cell : row)
        if (std::holds_alternative<Decimal>(cell))
            cell = led(cell, url);
}
/// Where the report leads from there; empty where it has no such column.
std::string link_of(PrintedList const& list, std::size_t row, std::string_view column)
{
    auto const found = list.column(column);
    return found && row < list.rows.size() ? list.rows[row][*found].link : std::string{};
}

Sheet compliance(WaterReport const& report, ParameterBook const& parameters, PrintedList const& printed)
{
    Sheet sheet{"断面达标",
                {{"断面标识", 14},
                 {"断面", 14},
                 {"河流", 10},
                 {"考核归属", 14},
                 {"目标", 6},
                 {"类别", 6},
                 {"上期类别", 9},
                 {"变化", 12},
                 {"达标", 10},
                 {"主要污染指标", 30},
                 {"说明", 60}},
                {}};
    for (auto const& row : report.sections) {
        int const now = row.now.judgement.water_class;
        int const before = row.base ? row.base->judgement.water_class : 0;
        auto const change = row.change();
        sheet.rows.push_back({text(row.site->id), text(row.site->name), text(row.river), text(row.place),
                              text(row.now.target_class ? water_class_label(*row.now.target_class) : std::string_view{}),
                              text(water_class_label(now)), text(water_class_label(before)),
                              text(change ? change_label(*change) : std::string_view{}), text(target_label(row.now.target)),
                              text(now > 0 ? pollutants_text(row.now.judgement.main_pollutants, parameters) : std::string{}),
                              text(explain(row.now, parameters))});
        auto& cells = sheet.rows.back();
        for (auto const& [at, column] : {std::pair{1U, "名称"}, std::pair{5U, "类别"}, std::pair{6U, "上期类别"}})
            cells[at] = led(cells[at], link_of(printed, sheet.rows.size() - 1, column));
    }
    return sheet;
}

/// What people have marked, with the verdicts as measured and with the deduction.
Sheet marks(WaterReport const& report, ParameterBook const& parameters)
{
    Sheet sheet{"人工标记",
                {{"断面标识", 14},
                 {"断面", 14},
                 {"标记", 10},
                 {"项目", 16},
                 {"时间", 24},
                 {"原因", 30},
                 {"文号", 20},
                 {"登记", 10},
                 {"计入时类别", 10},
                 {"计入时达标", 10},
                 {"扣除后类别", 10},
                 {"扣除后达标", 10}},
                {}};
    for (auto const& row : report.sections) {
        auto const& with = row.as_measured ? *row.as_measured : row.now;
        auto const& without = row.deducted ? *row.deducted : row.now;
        for (auto const& mark : row.now.marks)
            sheet.rows.push_back({text(row.site->id), text(row.site->name), text(period_mark_label(mark->kind)),
                                  text(mark_items_text(*mark, parameters)), text(mark_time_text(*mark)), text(mark->reason),
                                  text(mark->document), text(mark->by), text(water_class_label(with.judgement.water_class)),
                                  text(target_label(with.target)), text(water_class_label(without.judgement.water_class)),
                                  text(target_label(without.target))});
    }
    return sheet;
}

/// One row a section and item: the shown mean with its decimals, the exact one behind it.
Sheet means(WaterReport const& report, ParameterBook const& parameters, PrintedList const& printed)
{
    Sheet sheet{"项目均值",
                {{"断面标识", 14},
                 {"断面", 14},
                 {"项目", 16},
                 {"均值", 10},
                 {"单位", 10},
                 {"未修约均值", 18},
                 {"来源", 12},
                 {"有效天数", 9},
                 {"应有天数", 9},
                 {"采样次数", 9},
                 {"有值月数", 9},
                 {"应有月数", 9},
                 {"参评", 6},
                 {"未检出", 7},
                 {"说明", 40}},
                {}};
    for (std::size_t i = 0; i < report.sections.size(); ++i)
        for (auto const& item : report.sections[i].now.items) {
            auto const& row = report.sections[i];
            auto const* parameter = parameters.find(item.parameter);
            bool const has_value = item.source != ValueSource::none;
            sheet.rows.push_back({text(row.site->id), text(row.site->name), text(parameter ? parameter->name_zh : std::string{}),
                                  has_value ? Cell{item.shown} : Cell{}, text(parameter ? parameter->unit : std::string{}),
                                  has_value ? Cell{item.exact} : Cell{}, text(source_label(item.source)), number(item.days),
                                  number(item.days_due), number(item.samples), number(item.months), number(item.months_due),
                                  text(item.graded ? "是" : "否"), text(item.below_detection ? "是" : ""), text(item.note)});
            lead_numbers(sheet.rows.back(), link_of(printed, i, parameter ? parameter->name_zh : std::string{}));
        }
    return sheet;
}

/// \param lakes whether groups of lakes alone stand here; they have a sheet of their own
/// \param ranking the name of the figure that ranks
Sheet groups(std::string name, std::string_view what, std::vector<GroupRow> const& rows, bool lakes, std::string_view ranking,
             PrintedList const& printed)
{
    Sheet sheet{std::move(name),
                {{std::string{what}, 14},
                 {"参评断面", 9},
                 {"未参评", 9},
                 {"Ⅰ", 5},
                 {"Ⅱ", 5},
                 {"Ⅲ", 5},
                 {"Ⅳ", 5},
                 {"Ⅴ", 5},
                 {"劣Ⅴ", 5},
                 {"优良%", 8},
                 {"劣Ⅴ%", 8},
                 {"达标", 6},
                 {"未达标", 8},
                 {"达标率%", 9},
                 {"水质状况", 10},
                 {"可比断面", 9},
                 {"可比优良%", 10},
                 {"上期优良%", 10},
                 {"变化", 12},
                 {std::string{ranking}, 18},
                 {"排名", 6}},
                {}};
    for (auto const& row : rows) {
        if (row.lakes_only && !lakes)
            continue;
        std::vector<Cell> cells{text(row.name), number(row.now.classes.total()), number(std::ssize(row.now.not_evaluated))};
        for (std::size_t one = 1; one < row.now.by_class.size(); ++one)
            cells.push_back(number(row.now.by_class[one]));
        cells.insert(cells.end(),
                     {maybe(row.now.good_share()), maybe(row.now.bad_share()), number(std::ssize(row.now.met)),
                      number(std::ssize(row.now.missed)), maybe(row.now.met_share()), text(water_grade_label(row.grade)),
                      number(row.compared.now.classes.total()), maybe(row.compared.now.good_share()),
                      maybe(row.compared.before.good_share()), text(row.change ? change_label(*row.change) : std::string_view{}),
                      maybe(row.ranked_by), row.rank > 0 ? number(row.rank) : Cell{}});
        lead_numbers(cells, link_of(printed, sheet.rows.size(), "参评断面"));
        sheet.rows.push_back(std::move(cells));
    }
    return sheet;
}

/// Who changed by how much, those without a rank with the reason.
/// \param names of those of `rows`
template <typename Row, typename Name>
Sheet change_ranking(std::string name, std::string_view what, std::vector<Row> const& rows, std::optional<FigureChange> Row::* change,
                     Name name_of, PrintedList const& printed)
{
    Sheet sheet{std::move(name),
                {{std::string{what}, 14}, {"排名", 6}, {"可比断面", 9}, {"指标值", 10}, {"上期", 10}, {"变化", 10}, {"未排名原因", 30}},
                {}};
    std::vector<Row const*> order;                         // as it is printed, those without a rank behind
    for (auto const& row : rows)
        if (row.*change)
            order.push_back(&row);
    std::ranges::sort(order, {}, [&](Row const* row) { return std::tuple{(row->*change)->rank == 0, (row->*change)->rank, row}; });
    for (auto const* row : order) {
        auto const& of = *(row->*change);
        sheet.rows.push_back({text(name_of(*row)), of.rank > 0 ? number(of.rank) : Cell{}, number(of.sections), maybe(of.now),
                              maybe(of.base), maybe(of.change), text(of.unranked ? unranked_label(*of.unranked) : std::string_view{})});
        if (of.rank > 0)
            lead_numbers(sheet.rows.back(), link_of(printed, sheet.rows.size() - 1, "指数"));
    }
    return sheet;
}

Sheet lakes(WaterReport const& report, ParameterBook const& parameters, PrintedList const& printed)
{
    Sheet sheet{"湖库",
                {{"湖库", 14},
                 {"点位", 6},
                 {"类别", 6},
                 {"上期类别", 9},
                 {"变化", 12},
                 {"主要污染指标", 30},
                 {"总氮类别", 9},
                 {"叶绿素a（μg/L）", 14},
                 {"透明度（m）", 11},
                 {"营养状态指数", 12},
                 {"营养状态", 12},
                 {"上期营养状态指数", 16},
                 {"上期营养状态", 12},
                 {"盐度（g/L）", 11},
                 {"水位（m）", 10}},
                {}};
    auto const mean = [&](LakePeriod const& lake, std::string_view item) {
        auto const* parameter = parameters.find(item);
        return maybe(parameter ? lake.mean(parameter->id) : std::nullopt);
    };
    auto const index = [](std::optional<TrophicState> const& state) { return state ? Cell{state->shown} : Cell{}; };
    auto const label = [](std::optional<TrophicState> const& state) { return state ? text(trophic_label(state->grade)) : Cell{}; };
    for (auto const& row : report.lakes) {
        auto const& now = row.now;
        auto const& judged = now.judgement;
        auto const before = row.base ? row.base->trophic : std::nullopt;
        sheet.rows.push_back({text(row.name), number(now.points), text(water_class_label(judged.water_class)),
                              text(water_class_label(row.base ? row.base->judgement.water_class : 0)),
                              text(row.change ? change_label(*row.change) : std::string_view{}),
                              text(judged.water_class > 0 ? pollutants_text(judged.main_pollutants, parameters) : std::string{}),
                              text(water_class_label(now.nitrogen_class)), mean(now, "chlorophyll_a"), mean(now, "transparency"),
                              index(now.trophic), label(now.trophic), index(before), label(before), mean(now, "salinity"),
                              mean(now, "water_level")});
        lead_numbers(sheet.rows.back(), link_of(printed, sheet.rows.size() - 1, "点位数"));
    }
    return sheet;
}

Sheet outlook(WaterReport const& report, ParameterBook const& parameters, PrintedList const& printed)
{
    Sheet sheet{"年度目标",
                {{"断面", 14},
                 {"项目", 16},
                 {"目标", 6},
                 {"限值", 8},
                 {"有值月数", 9},
                 {"剩余月数", 9},
                 {"累计均值", 12},
                 {"方向", 8},
                 {"其余各月（从严）", 16},
                 {"计入修约", 12},
                 {"判断", 12},
                 {"最好可达", 9}},
                {}};
    std::size_t at = 0;                                    // of the rows that the report prints
    for (auto const& row : report.sections) {
        if (!row.outlook)
            continue;
        auto const url = link_of(printed, at++, "有值月数");
        bool const is_decided = row.outlook->worst() != Outlook::undecided;
        for (auto const& item : row.outlook->items) {
            auto const* parameter = parameters.find(item.parameter);
            bool const open = item.outlook == Outlook::open;
            sheet.rows.push_back({text(row.site->name), text(parameter ? parameter->name_zh : std::string{}),
                                  text(water_class_label(item.target_class)), Cell{item.limit}, number(item.months),
                                  number(row.outlook->months_left), Cell{item.mean_so_far}, text(item.at_least ? "不低于" : "不高于"),
                                  open ? Cell{item.strict_shown} : Cell{}, open ? Cell{item.with_margin_shown} : Cell{},
                                  text(outlook_label(is_decided ? item.outlook : Outlook::undecided)),
                                  text(water_class_label(item.best_class))});
            lead_numbers(sheet.rows.back(), url);
        }
    }
    return sheet;
}

/// One row a section and item.
Sheet trends(WaterReport const& report, ParameterBook const& parameters, PrintedList const& printed)
{
    Sheet sheet{"变化趋势",
                {{"断面标识", 14},
                 {"断面", 14},
                 {"项目", 16},
                 {"分期", 8},
                 {"首期", 14},
                 {"末期", 14},
                 {"期数", 6},
                 {"秩相关系数", 12},
                 {"临界值", 9},
                 {"趋势", 14}},
                {}};
    std::size_t at = 0;                                    // of the rows that the report prints
    for (auto const& row : report.sections) {
        if (printed.rows.empty() || !row.trend || row.trend->items.empty())
            continue;
        auto const url = link_of(printed, at++, "断面");
        for (auto const& [id, means, result] : row.trend->items) {
            auto const& periods = row.trend->periods;
            sheet.rows.push_back({text(row.site->id), text(row.site->name), text(item_name(id, parameters)),
                                  text(trend_step_label(*row.trend)), text(period_label(periods[means.front().first])),
                                  text(period_label(periods[means.back().first])), number(std::ssize(means)),
                                  result ? Cell{result->rs} : Cell{}, result ? Cell{result->critical} : Cell{},
                                  text(result ? trend_label(*result) : std::string_view{"期数不足"})});
            lead_numbers(sheet.rows.back(), url);
        }
    }
    return sheet;
}

/// One row a river, place or lake.
Sheet group_trends(PrintedList const& printed)
{
    Sheet sheet{"比例趋势", {{"名称", 14}, {"指标", 16}, {"时段", 36}, {"趋势", 40}}, {}};
    for (auto const& row : printed.rows)
        sheet.rows.push_back({text(row[0].text), text(row[1].text), text(row[2].text), text(row[3].text)});
    return sheet;
}

/// One row a drinking-water source and item of GB 3838 Table 2.
Sheet drinking_water(WaterReport const& report, ParameterBook const& parameters, PrintedList const& printed)
{
    Sheet sheet{
        "饮用水源",
        {{"断面标识", 14}, {"断面", 14}, {"项目", 16}, {"均值", 10}, {"单位", 10}, {"限值", 8}, {"判断", 8}, {"超标倍数", 9}, {"条款", 12}},
        {}};
    std::size_t at = 0;
    for (auto const& row : report.sections) {
        if (!row.now.drinking_water)
            continue;
        auto const url = link_of(printed, at++, "断面");
        auto const add = [&](ParameterId id, std::vector<Cell> const& judged) {
            auto const* parameter = parameters.find(id);
            std::vector<Cell> cells{text(row.site->id), text(row.site->name), text(item_name(id, parameters)), judged[0],
                                    text(parameter ? parameter->unit : std::string{})};
            cells.insert(cells.end(), judged.begin() + 1, judged.end());
            lead_numbers(cells, url);
            sheet.rows.push_back(std::move(cells));
        };
        for (auto const& judged : row.now.drinking_water->items)
            add(judged.item->parameter, {Cell{judged.assessed}, Cell{judged.item->limit}, text(judged.met ? "达标" : "不达标"),
                                         maybe(judged.multiple), text(judged.item->clause_zh)});
        for (auto const id : row.now.drinking_water->missing)
            add(id, {Cell{}, Cell{}, text("未测"), Cell{}, Cell{}});
    }
    return sheet;
}

Sheet about(WaterReport const& report, PrintOptions const& options)
{
    auto const& query = report.query;
    Sheet sheet{"说明", {{"项目", 16}, {"内容", 80}}, {}};
    auto const say = [&](std::string_view name, std::string value) { sheet.rows.push_back({text(name), text(value)}); };
    if (!options.number.empty())
        say("期号", options.number + (options.version > 1 ? "（第" + std::to_string(options.version) + "版）" : ""));
    for (auto const& note : options.notes)
        say("说明", note);
    say("时段", period_label(query.period));
    say("比较", query.base ? period_label(*query.base) : "不比较");
    say("评价依据", report.edition->label + "、环办〔2011〕22号、环办监测函〔2020〕714号");
    say("日均值", std::to_string(query.validity.rounds_a_day) + " 次中至少 " + std::to_string(query.validity.rounds_needed) + " 次有效");
    say("月均值", "有效日至少占应有天数的 " + std::to_string(query.validity.percent_of_days) + "%");
    say("年度达标", "至少 " + std::to_string(query.validity.months_needed) + " 个月有均值才判定，不足一年的按比例");
    say("区域排名", std::string{figure_label(query.ranking.figure)} + "：" + rule_text(query.ranking));
    if (query.base) {
        say("区域变化排名", change_figure_label(query.ranking.figure) + "：" + change_rule_text(query.ranking));
        say("断面变化排名", "水质指数变化幅度（%）：" + change_rule_text(section_rules(query.ranking)));
    }
    say("应有数量计算至", format_beijing_minute(query.as_of));
    say("读取记录", std::to_string(report.data.records) + " 条");
    say("最后一条收到于", report.data.last_received ? format_beijing_minute(*report.data.last_received) : "--");
    return sheet;
}

}  // namespace

std::string statistics_xlsx(WaterReport const& report, World const& world, PrintOptions const& options, WaterReportKind kind)
{
    auto const& parameters = world.standards->parameters();
    auto const label = figure_label(report.query.ranking.figure);
    auto const content = water_report_content(report, *world.standards, nullptr, options, kind);  // its addresses
    auto const list = [&](char const* name) -> PrintedList const& { return content.lists.at(name); };
    bool const is_whole = kind == WaterReportKind::month, ranks = kind != WaterReportKind::compliance;
    std::vector<Sheet> all;
    auto const add_filled = [&](Sheet sheet) {
        if (!sheet.rows.empty())
            all.push_back(std::move(sheet));
    };
    if (kind != WaterReportKind::ranking)
        all.push_back(compliance(report, parameters, list("断面")));
    if (is_whole) {
        all.push_back(means(report, parameters, list("断面")));
        all.push_back(groups("河流", "河流", report.rivers, false, label, list("河流")));
    }
    all.push_back(groups("区域", "区域", report.places, true, label, list("区域")));
    if (ranks && report.query.base) {
        all.push_back(change_ranking(
            "区域变化排名", "区域", report.places, &GroupRow::figure_change, [](GroupRow const& row) { return row.name; },
            list("变化排名")));
        all.push_back(change_ranking(
            "断面变化排名", "断面", report.sections, &SectionRow::index_change, [](SectionRow const& row) { return row.site->name; },
            list("断面变化排名")));
    }
    if (is_whole) {
        add_filled(lakes(report, parameters, list("湖库")));
        add_filled(outlook(report, parameters, list("年度目标")));
        add_filled(drinking_water(report, parameters, list("饮用水源")));
        add_filled(trends(report, parameters, list("趋势")));
        add_filled(group_trends(list("比例趋势")));
    }
    if (kind != WaterReportKind::ranking)
        add_filled(marks(report, parameters));
    all.push_back(about(report, options));
    return sheets::to_xlsx(all, report.query.as_of);
}

}  // namespace yihong::api
