#include "yihong/reports/outfall_report.hpp"

#include "yihong/base/text.hpp"
#include "yihong/evaluate/exact.hpp"
#include "yihong/periods/changes.hpp"
#include "yihong/reports/report_kinds.hpp"

#include "charts.hpp"
#include "content_list.hpp"
#include "data_note.hpp"
#include "links.hpp"
#include "page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace yihong {
namespace {

/// An item of an outlet.
struct ItemRow {
    OutfallRow const* outlet;
    OutfallItem const* item;
};
/// A day that is over its limit.
struct DayRow {
    OutfallRow const* outlet;
    OutfallItem const* item;
    OutfallDay const* day;
};
struct Sources {
    ParameterBook const& parameters;
    PrintOptions const& options;
    Period period;
};

/// The hours that the figures come from. \param item null: all
std::string hours_of(OutfallRow const& row, OutfallItem const* item, Period const& period, Sources const& from)
{
    auto const* parameter = item ? from.parameters.find(item->parameter) : nullptr;
    return links::records(from.options.root_url, row.site->id, period,
                          "&interval=hour" + (parameter ? "&parameter=effluent_flow," + parameter->name : std::string{}));
}
Printed name_of(OutfallRow const& row, Sources const& from) { return {row.site->name, {}, hours_of(row, nullptr, from.period, from)}; }

std::optional<Decimal> tonnes(std::optional<Decimal> const& load)
{
    return load ? std::optional{load->rounded_keeping_nonzero(3)} : std::nullopt;
}
/// The same item in the compared period; null: nothing is compared, or it was not there.
OutfallItem const* base_of(ItemRow const& row)
{
    if (!row.outlet->base)
        return nullptr;
    auto const& items = row.outlet->base->items;
    auto const found = std::ranges::find(items, row.item->parameter, &OutfallItem::parameter);
    return found == items.end() ? nullptr : &*found;
}
/// Of printed figures, in percent; none of nothing.
std::optional<Decimal> change(std::optional<Decimal> const& now, std::optional<Decimal> const& before)
{
    return now && before && !before->is_zero() ? std::optional{change_in_percent(*now, *before)} : std::nullopt;
}

OutfallDay const* worst_of(OutfallItem const& item) { return item.worst ? &item.days[*item.worst] : nullptr; }

PrintedList item_list(OutfallReport const& report, Sources const& from)
{
    static constexpr ContentColumn<ItemRow, Sources> columns[]{
        {"企业", [](ItemRow const& row, Sources const& with) { return name_of(*row.outlet, with); }},
        {"名称", [](ItemRow const& row,
                    Sources const& with) { return plain(row.outlet->site->name + " " + item_name(row.item->parameter, with.parameters)); }},
        {"所在区域", [](ItemRow const& row, Sources const&) { return plain(row.outlet->place); }},
        {"污染物", [](ItemRow const& row, Sources const& with) { return plain(item_name(row.item->parameter, with.parameters)); }},
        {"应传", [](ItemRow const& row, Sources const&) { return number(row.item->counts.due); }},
        {"实传", [](ItemRow const& row, Sources const&) { return number(row.item->counts.received); }},
        {"传输率", [](ItemRow const& row, Sources const&) { return figure(row.item->counts.transmission()); }},
        {"有效", [](ItemRow const& row, Sources const&) { return number(row.item->counts.valid); }},
        {"有效率", [](ItemRow const& row, Sources const&) { return figure(row.item->counts.validity()); }},
        {"传输有效率", [](ItemRow const& row, Sources const&) { return figure(row.item->counts.both()); }},
        {"应有天数", [](ItemRow const& row, Sources const&) { return number(std::ssize(row.item->days)); }},
        {"有效天数", [](ItemRow const& row, Sources const&) { return number(row.item->valid_days); }},
        {"超标天数", [](ItemRow const& row, Sources const&) { return row.item->limit ? number(row.item->exceeded_days) : plain({}); }},
        {"达标率", [](ItemRow const& row, Sources const&) { return figure(row.item->met_share()); }},
        {"最大日均值",
         [](ItemRow const& row, Sources const&) {
             auto const* worst = worst_of(*row.item);
             return figure(worst ? worst->shown : std::nullopt);
         }},
        {"均值", [](ItemRow const& row, Sources const&) { return figure(row.item->mean); }},
        {"限值",
         [](ItemRow const& row, Sources const&) { return plain(row.item->limit ? limit_text(row.item->limit->limit) : std::string{}); }},
        {"排放标准", [](ItemRow const& row, Sources const&) { return plain(row.item->limit ? row.item->limit->standard : std::string{}); }},
        {"排放量", [](ItemRow const& row, Sources const&) { return figure(tonnes(row.item->load_t)); }},
        {"补缺天数", [](ItemRow const& row, Sources const&) { return number(row.item->filled_days); }},
        {"补缺后排放量", [](ItemRow const& row, Sources const&) { return figure(tonnes(row.item->filled_load_t)); }},
        {"上期均值",
         [](ItemRow const& row, Sources const&) {
             auto const* base = base_of(row);
             return figure(base ? base->mean : std::nullopt);
         }},
        {"均值变化",
         [](ItemRow const& row, Sources const& with) {
             auto const* base = base_of(row);
             auto const* parameter = with.parameters.find(row.item->parameter);
             bool const is_share = base && parameter && parameter->unit == "mg/L";  // of pH a percentage says nothing
             return signed_figure(is_share ? change(row.item->mean, base->mean) : std::nullopt);
         }},
        {"上期超标天数",
         [](ItemRow const& row, Sources const&) {
             auto const* base = base_of(row);
             return base && base->limit ? number(base->exceeded_days) : plain({});
         }},
        {"上期补缺后排放量",
         [](ItemRow const& row, Sources const&) {
             auto const* base = base_of(row);
             return figure(base ? tonnes(base->filled_load_t) : std::nullopt);
         }},
        {"排放量变化",
         [](ItemRow const& row, Sources const&) {
             auto const* base = base_of(row);
             return signed_figure(base ? change(tonnes(row.item->filled_load_t), tonnes(base->filled_load_t)) : std::nullopt);
         }},
    };
    std::vector<ItemRow> rows;
    for (auto const& outlet : report.rows)
        for (auto const& item : outlet.now.items)
            rows.push_back({&outlet, &item});
    auto list = list_of(columns, all_of(rows), from);
    for (std::size_t i = 0; i < rows.size(); ++i)
        links::under_figures(list.rows[i], hours_of(*rows[i].outlet, rows[i].item, from.period, from));
    return list;
}

PrintedList outlet_list(OutfallReport const& report, Sources const& from)
{
    static constexpr ContentColumn<OutfallRow, Sources> columns[]{
        {"名称", [](OutfallRow const& row, Sources const& with) { return name_of(row, with); }},
        {"所在区域", [](OutfallRow const& row, Sources const&) { return plain(row.place); }},
        {"应传", [](OutfallRow const& row, Sources const&) { return number(row.now.counts.due); }},
        {"实传", [](OutfallRow const& row, Sources const&) { return number(row.now.counts.received); }},
        {"有效", [](OutfallRow const& row, Sources const&) { return number(row.now.counts.valid); }},
        {"传输率", [](OutfallRow const& row, Sources const&) { return figure(row.now.counts.transmission()); }},
        {"有效率", [](OutfallRow const& row, Sources const&) { return figure(row.now.counts.validity()); }},
        {"传输有效率", [](OutfallRow const& row, Sources const&) { return figure(row.now.counts.both()); }},
        {"水量", [](OutfallRow const& row, Sources const&) { return figure(row.now.volume_m3); }},
        {"未扣停运传输有效率",
         [](OutfallRow const& row, Sources const&) { return figure((row.as_measured ? *row.as_measured : row.now).counts.both()); }},
        {"停运小时", [](OutfallRow const& row, Sources const&) { return number(row.now.hours_stopped); }},
        {"无流量小时", [](OutfallRow const& row, Sources const&) { return number(row.now.hours_without_flow); }},
    };
    auto list = list_of(columns, all_of(report.rows), from);
    for (std::size_t i = 0; i < report.rows.size(); ++i)
        links::under_figures(list.rows[i], hours_of(report.rows[i], nullptr, from.period, from));
    return list;
}

PrintedList exceeded_list(OutfallReport const& report, Sources const& from)
{
    static constexpr ContentColumn<DayRow, Sources> columns[]{
        {"名称",
         [](DayRow const& row, Sources const& with) {
             return plain(fmt::format("{} {} {}", row.outlet->site->name, format_date(row.day->date),
                                      item_name(row.item->parameter, with.parameters)));
         }},
        {"企业", [](DayRow const& row, Sources const& with) { return name_of(*row.outlet, with); }},
        {"日期", [](DayRow const& row, Sources const&) { return plain(format_date(row.day->date)); }},
        {"污染物", [](DayRow const& row, Sources const& with) { return plain(item_name(row.item->parameter, with.parameters)); }},
        {"日均值", [](DayRow const& row, Sources const&) { return figure(row.day->shown); }},
        {"限值", [](DayRow const& row, Sources const&) { return figure(row.day->limit); }},
        {"超标倍数", [](DayRow const& row, Sources const&) { return figure(row.day->multiple); }},
        {"有效", [](DayRow const& row, Sources const&) { return number(row.day->counts.valid); }},
        {"应传", [](DayRow const& row, Sources const&) { return number(row.day->counts.due); }},
    };
    std::vector<DayRow> rows;
    for (auto const& outlet : report.rows)
        for (auto const& item : outlet.now.items)
            for (auto const& day : item.days)
                if (day.verdict == DayVerdict::exceeded)
                    rows.push_back({&outlet, &item, &day});
    auto list = list_of(columns, all_of(rows), from);
    for (std::size_t i = 0; i < rows.size(); ++i)
        links::under_figures(list.rows[i],
                             hours_of(*rows[i].outlet, rows[i].item, days_between(rows[i].day->date, rows[i].day->date), from));
    return list;
}

/// The highest daily mean of each item, as a share of its limit.
Picture worst_days(OutfallReport const& report, ParameterBook const& parameters)
{
    std::vector<charts::Length> bars;
    for (auto const& row : report.rows)
        for (auto const& item : row.now.items) {
            auto const* worst = worst_of(item);
            if (!worst || !worst->shown || !worst->limit || (item.limit && item.limit->limit.low) || !(*worst->limit > Decimal{}))
                continue;                                  // pH has a range, not a share
            auto const share = worst->shown->to_double() / worst->limit->to_double();
            bars.push_back({row.site->name + " " + item_name(item.parameter, parameters), share,
                            fmt::format("{} / {}", worst->shown->to_string(), worst->limit->to_string()),
                            share > 1 ? "#ff9b9b" : "#9ecae1"});
        }
    return charts::lengths("最大日均值与限值（mg/L）", bars, 1, "限值");
}

/// The loads of all outlets together, beside the compared period: 化学需氧量排放量12.3吨，与上一时段（2025年9月）相比上升4.2%。
std::string loads_words(OutfallReport const& report, ParameterBook const& parameters)
{
    struct Sum {
        Decimal now, base;
        bool is_whole = true, has_base = true;
    };
    std::map<ParameterId, Sum> sums;
    for (auto const& row : report.rows)
        for (auto const& item : row.now.items) {
            auto const* base = base_of({&row, &item});
            auto& sum = sums[item.parameter];
            sum.is_whole = sum.is_whole && item.filled_load_t;
            sum.has_base = sum.has_base && base && base->filled_load_t;
            if (item.filled_load_t)
                sum.now = exact::plus(sum.now, *item.filled_load_t);
            if (base && base->filled_load_t)
                sum.base = exact::plus(sum.base, *base->filled_load_t);
        }
    std::string out;
    for (auto const& [id, sum] : sums) {
        if (!sum.is_whole)
            continue;
        auto const now = sum.now.rounded_keeping_nonzero(3);
        auto const percent = sum.has_base ? change(now, sum.base.rounded_keeping_nonzero(3)) : std::nullopt;
        out += fmt::format("{}{}排放量（含补缺）{}吨{}", out.empty() ? "" : "；", item_name(id, parameters), now.to_string(),
                           percent ? "，" + change_text(*percent, "%") : "");
    }
    if (out.empty())
        return out;
    auto const base = compared_with(report.query.period, report.query.base);
    return (base.empty() ? std::string{} : "与" + base + "相比：") + out + "。";
}

std::string overview(OutfallReport const& report, ParameterBook const& parameters)
{
    auto out = fmt::format("{}{}，排口{}个", period_label(report.query.period),
                           report.query.as_of < report.query.period.end ? "（至今）" : "", report.rows.size());
    OutfallCounts counts;
    int verdicts = 0;
    std::string over;
    for (auto const& row : report.rows) {
        counts.add(row.now.counts);
        for (auto const& item : row.now.items) {
            verdicts += item.met_days + item.exceeded_days;
            if (item.exceeded_days > 0)
                over += fmt::format("{}{}{}{}天", over.empty() ? "" : "、", row.site->name, item_name(item.parameter, parameters),
                                    item.exceeded_days);
        }
    }
    if (counts.due > 0)
        out += fmt::format("，传输率{}%，有效率{}%，传输有效率{}%", figure(counts.transmission()).text, figure(counts.validity()).text,
                           figure(counts.both()).text);
    out += "。";
    out += !over.empty() ? "日均值超标：" + over + "。" : verdicts > 0 ? "可判定的日均值全部达标。" : "没有可判定的日均值。";
    return out + loads_words(report, parameters) + (report.is_provisional() ? "数据为暂定。" : "");
}

std::vector<std::string> notes(OutfallReport const& report, ParameterBook const& parameters)
{
    std::vector<std::string> all;
    auto const& rules = report.query.rules;
    if (report.is_provisional())
        all.push_back(fmt::format("暂定：停运、维修的报备材料在{}前（含）仍可补交，此后重新出具。",
                                  chinese_date(beijing_date(report.provisional_until - std::chrono::seconds{1}))));
    for (auto const& row : report.rows) {
        std::string few, unlimited;
        for (auto const& item : row.now.items) {
            if (!item.days.empty() && !item.mean)
                few += fmt::format("{}{}（{}/{}天）", few.empty() ? "" : "、", item_name(item.parameter, parameters), item.valid_days,
                                   item.days.size());
            if (!item.limit)
                unlimited += (unlimited.empty() ? "" : "、") + item_name(item.parameter, parameters);
        }
        if (!few.empty())
            all.push_back(fmt::format("{}有效天数不足，无时段均值：{}。", row.site->name, few));
        if (!unlimited.empty())
            all.push_back(fmt::format("{}未设限值，不判定达标：{}。", row.site->name, unlimited));
        if (!row.now.by_flow)
            all.push_back(fmt::format("{}没有流量数据：日均值为算术平均，不计排放量。", row.site->name));
    }
    for (auto const& row : report.rows) {
        for (auto const& stop : row.stops)
            all.push_back(fmt::format("{}报备{}。", row.site->name, mark_text(*stop, parameters)));
        if (row.as_measured)
            all.push_back(fmt::format("{}不扣除停运时传输率{}%，有效率{}%，传输有效率{}%。", row.site->name,
                                      figure(row.as_measured->counts.transmission()).text, figure(row.as_measured->counts.validity()).text,
                                      figure(row.as_measured->counts.both()).text));
    }
    all.push_back(fmt::format("日均值按流量加权，至少{}%的应传值有效；每{}小时应传一次；报备的停运和流量为零的时段不计应传、实传、有效。"
                              "时段均值为有效日均值的算术平均，至少{}%的天有效（HJ 356-2019，数值未核对原文）。",
                              rules.percent_of_hours, rules.cycle_hours, rules.percent_of_days));
    all.emplace_back("传输率=实传/应传，有效率=有效/实传，传输有效率=有效/"
                     "应传。排放量为有效日各时段浓度×流量之和；补缺后排放量另按此前最近30个有效日排放量的最大值补入无有效排放量的日（HJ "
                     "356-2019，未核对原文），有效日内缺失的时段不补。");
    all.emplace_back("接受的低值按 HJ 356 计入：化学需氧量2、氨氮0.01、总磷0.005、总氮0.025 mg/L。pH 按氢离子浓度平均，不加权。");
    all.push_back(data_note(report.data, report.query.as_of));
    return all;
}

}  // namespace

ReportContent outfall_report_content(OutfallReport const& report, ParameterBook const& parameters, PrintOptions const& options)
{
    Sources const from{parameters, options, report.query.period};
    auto const& query = report.query;
    ReportContent content;
    content.fields = common_fields(query.period, query.base, query.as_of, options, find_report("plants")->title);
    content.fields["总体情况"] = {overview(report, parameters)};
    content.fields["评价依据"] = {"HJ 356-2019、各排口的许可证或排放标准限值"};
    content.fields["数据状态"] = {report.is_provisional() ? "暂定" : "正式"};
    content.lists = {{"污染物", item_list(report, from)},
                     {"排口", outlet_list(report, from)},
                     {"超标", exceeded_list(report, from)},
                     {"说明", note_list(options.notes, notes(report, parameters))}};
    content.pictures = {{"浓度", worst_days(report, parameters)}};
    return content;
}

ReportContent outfall_report_names(ParameterBook const& parameters, Date day)
{
    OutfallReport report;
    report.query.period = days_between(day, day);
    return outfall_report_content(report, parameters, {});
}

std::string outfall_report_html(OutfallReport const& report, ParameterBook const& parameters, PrintOptions const& options)
{
    auto const content = outfall_report_content(report, parameters, options);
    auto const field = [&](char const* name) { return html_escaped(content.fields.at(name).text); };
    auto out = page::begin(content, options.publisher);
    out += "<h2>一、总体情况</h2>\n<p>" + field("总体情况") + "</p>\n" + page::picture(content, "浓度");
    out += page::table("各排口数据传输和有效情况", content.lists.at("排口"),
                       {{"排口", "名称"},
                        {"区域", "所在区域"},
                        {"应传", "应传"},
                        {"实传", "实传"},
                        {"有效", "有效"},
                        {"传输率%", "传输率"},
                        {"有效率%", "有效率"},
                        {"传输有效率%", "传输有效率"},
                        {"水量m³", "水量"},
                        {"停运h", "停运小时"},
                        {"无流量h", "无流量小时"}});
    out += "<h2>二、达标情况</h2>\n" + page::table("各排口各污染物（浓度 mg/L）", content.lists.at("污染物"),
                                                   {{"排口", "企业"},
                                                    {"污染物", "污染物"},
                                                    {"传输有效率%", "传输有效率"},
                                                    {"有效天数", "有效天数"},
                                                    {"应有天数", "应有天数"},
                                                    {"超标天数", "超标天数"},
                                                    {"达标率%", "达标率"},
                                                    {"最大日均值", "最大日均值"},
                                                    {"均值", "均值"},
                                                    {"限值", "限值"},
                                                    {"标准", "排放标准"}});
    out += page::table(fmt::format("排放量与比较时段（{}）", field("比较时段")), content.lists.at("污染物"),
                       {{"排口", "企业"},
                        {"污染物", "污染物"},
                        {"排放量t", "排放量"},
                        {"补缺天数", "补缺天数"},
                        {"补缺后t", "补缺后排放量"},
                        {"上期t", "上期补缺后排放量"},
                        {"变化%", "排放量变化"},
                        {"均值", "均值"},
                        {"上期均值", "上期均值"},
                        {"变化%", "均值变化"},
                        {"超标天数", "超标天数"},
                        {"上期", "上期超标天数"}});
    out += page::table("日均值超标", content.lists.at("超标"),
                       {{"排口", "企业"},
                        {"日期", "日期"},
                        {"污染物", "污染物"},
                        {"日均值", "日均值"},
                        {"限值", "限值"},
                        {"超标倍数", "超标倍数"},
                        {"有效值", "有效"},
                        {"应传", "应传"}});
    return out + page::end(content);
}

}  // namespace yihong
