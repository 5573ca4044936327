#include "yihong/reports/outfall_report.hpp"

#include "yihong/base/text.hpp"

#include "content_list.hpp"
#include "data_note.hpp"
#include "page.hpp"

#include <fmt/format.h>

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

/// The address of the hours that the figures come from.
Printed name_of(OutfallRow const& row, Sources const& from)
{
    Printed printed{row.site->name};
    if (!from.options.root_url.empty())
        printed.link = fmt::format("{}/api/v1/sites/{}/readings?f=html&interval=hour&datetime={}/{}", from.options.root_url,
                                   percent_encoded(row.site->id), format_rfc3339(from.period.begin),
                                   format_rfc3339(from.period.end - std::chrono::milliseconds{1}));
    return printed;
}

/// `40`, `6—9`, `5（水温≤12℃为8）`
std::string limit_text(std::optional<OutfallLimit> const& of)
{
    if (!of)
        return {};
    auto const& limit = of->limit;
    if (limit.low && limit.high)
        return limit.low->to_string() + "—" + limit.high->to_string();
    if (limit.low)
        return "不低于" + limit.low->to_string();
    return limit.high->to_string() + (limit.cold_high ? "（水温≤12℃为" + limit.cold_high->to_string() + "）" : "");
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
        {"限值", [](ItemRow const& row, Sources const&) { return plain(limit_text(row.item->limit)); }},
        {"排放标准", [](ItemRow const& row, Sources const&) { return plain(row.item->limit ? row.item->limit->standard : std::string{}); }},
        {"排放量",
         [](ItemRow const& row, Sources const&) {
             return figure(row.item->load_t ? std::optional{row.item->load_t->rounded_keeping_nonzero(3)} : std::nullopt);
         }},
    };
    std::vector<ItemRow> rows;
    for (auto const& outlet : report.rows)
        for (auto const& item : outlet.now.items)
            rows.push_back({&outlet, &item});
    return list_of(columns, all_of(rows), from);
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
         [](OutfallRow const& row, Sources const&) { return figure(row.as_measured ? row.as_measured->both() : row.now.counts.both()); }},
        {"停运小时", [](OutfallRow const& row, Sources const&) { return number(row.now.hours_stopped); }},
        {"无流量小时", [](OutfallRow const& row, Sources const&) { return number(row.now.hours_without_flow); }},
    };
    return list_of(columns, all_of(report.rows), from);
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
    return list_of(columns, all_of(rows), from);
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
    return out + (report.is_provisional() ? "数据为暂定。" : "");
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
                                      figure(row.as_measured->transmission()).text, figure(row.as_measured->validity()).text,
                                      figure(row.as_measured->both()).text));
    }
    all.push_back(fmt::format("日均值按流量加权，至少{}%的应传值有效；每{}小时应传一次；报备的停运和流量为零的时段不计应传、实传、有效。"
                              "时段均值为有效日均值的算术平均，至少{}%的天有效（HJ 356-2019，数值未核对原文）。",
                              rules.percent_of_hours, rules.cycle_hours, rules.percent_of_days));
    all.emplace_back(
        "传输率=实传/应传，有效率=有效/实传，传输有效率=有效/应传。排放量为有效日各时段浓度×流量之和，缺失的时段和无效日不补。");
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
    content.fields = common_fields(query.period, {}, query.as_of, options, "污水处理厂和排口达标报告");
    content.fields["总体情况"] = {overview(report, parameters)};
    content.fields["评价依据"] = {"HJ 356-2019、各排口的许可证或排放标准限值"};
    content.fields["数据状态"] = {report.is_provisional() ? "暂定" : "正式"};
    content.lists = {{"污染物", item_list(report, from)},
                     {"排口", outlet_list(report, from)},
                     {"超标", exceeded_list(report, from)},
                     {"说明", note_list(options.notes, notes(report, parameters))}};
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
    out += "<h2>一、总体情况</h2>\n<p>" + field("总体情况") + "</p>\n";
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
    out += "<h2>二、达标情况</h2>\n" + page::table("各排口各污染物（浓度 mg/L，排放量 t）", content.lists.at("污染物"),
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
                                                    {"标准", "排放标准"},
                                                    {"排放量", "排放量"}});
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
