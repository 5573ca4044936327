#include "yihong/reports/water_html.hpp"

#include "yihong/base/text.hpp"
#include "yihong/evaluate/official_colours.hpp"

#include "report_text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace yihong {
namespace {

constexpr std::string_view style = R"(@page{size:A4;margin:37mm 26mm 35mm 28mm}
body{font:16pt/28pt "仿宋_GB2312","仿宋",FangSong,"Noto Serif CJK SC",serif;color:#000;margin:0 auto;max-width:156mm}
h1{font:22pt/1.4 "方正小标宋简体","Noto Serif CJK SC",serif;text-align:center;margin:0 0 4mm}
h2{font:16pt/28pt "黑体",SimHei,"Noto Sans CJK SC",sans-serif;margin:4mm 0 2mm;break-after:avoid}
.head{display:flex;justify-content:space-between;border-bottom:2px solid #c00;margin-bottom:6mm}
p{text-indent:2em;margin:0}
table{border-collapse:collapse;width:100%;font-size:10.5pt;line-height:1.35;margin:2mm 0}
caption{font-size:12pt;margin-bottom:1mm}
th,td{border:1px solid #000;padding:1mm 1.5mm;text-align:center}
td.text{text-align:left}
thead{display:table-header-group}
tr,svg,.sign{break-inside:avoid}
.class{-webkit-print-color-adjust:exact;print-color-adjust:exact}
.notes{font-size:10.5pt;line-height:1.5}
.notes p{text-indent:0}
.sign{display:flex;justify-content:space-between;margin-top:10mm}
a{color:inherit;text-decoration:none;border-bottom:1px dotted #888}
@media print{a{border:0}}
)";

std::string cell(std::string_view text, std::string_view kind = {})
{
    return fmt::format("<td{}>{}</td>", kind.empty() ? "" : fmt::format(" class=\"{}\"", kind), html_escaped(text));
}

std::string class_cell(int water_class)
{
    return fmt::format("<td class=\"class\" style=\"background:{}\">{}</td>", class_colour(water_class),
                       water_class > 0 ? water_class_label(water_class) : "--");
}

std::string head_row(std::initializer_list<std::string_view> names)
{
    std::string out = "<thead><tr>";
    for (auto const name : names)
        out += fmt::format("<th>{}</th>", name);
    return out + "</tr></thead>\n";
}

/// The classes of the period, above those of the base: one bar each, as wide as its share.
std::string chart(WaterReport const& report)
{
    auto const bar = [](SectionCounts const& counts, int y, std::string_view name) {
        constexpr double left = 180, width = 415;
        auto out = fmt::format("<text x=\"0\" y=\"{}\" font-size=\"12\">{}</text>", y + 19, html_escaped(name));
        double x = left;
        for (std::size_t one = 1; one < counts.by_class.size(); ++one) {
            if (counts.by_class[one] == 0)
                continue;
            double const wide = width * counts.by_class[one] / counts.classes.total();
            out +=
                fmt::format("<rect x=\"{:.1f}\" y=\"{}\" width=\"{:.1f}\" height=\"28\" fill=\"{}\" stroke=\"#000\" stroke-width=\"0.5\"/>"
                            "<text x=\"{:.1f}\" y=\"{}\" text-anchor=\"middle\">{} {}</text>",
                            x, y, wide, class_colour(static_cast<int>(one)), x + wide / 2, y + 19, water_class_label(static_cast<int>(one)),
                            counts.by_class[one]);
            x += wide;
        }
        return out;
    };
    if (report.all.now.classes.total() == 0)
        return {};
    bool const both = report.query.base && report.all.base.classes.total() > 0;
    auto out =
        fmt::format("<svg class=\"class\" viewBox=\"0 0 600 {}\" width=\"100%\" font-size=\"14\" role=\"img\" aria-label=\"各类别断面数\">",
                    both ? 78 : 40);
    out += bar(report.all.now, 6, period_label(report.query.period));
    if (both)
        out += bar(report.all.base, 44, period_label(*report.query.base));
    return out + "</svg>\n";
}

std::string counts_table(std::vector<GroupRow> const& rows, std::string_view what, ParameterBook const& parameters)
{
    auto out = fmt::format("<table><caption>{}水质状况</caption>", what) +
               head_row({what, "参评断面", "Ⅰ—Ⅲ类", "优良%", "劣Ⅴ类", "达标/可判定", "达标率%", "水质状况", "主要污染指标"}) + "<tbody>\n";
    for (auto const& row : rows)
        out += "<tr>" + cell(row.name) + cell(std::to_string(row.now.classes.total())) + cell(std::to_string(row.now.classes.good)) +
               cell(report_text::figure(row.now.good_share())) + cell(std::to_string(row.now.classes.bad)) +
               cell(fmt::format("{}/{}", row.now.met.size(), row.now.met.size() + row.now.missed.size())) +
               cell(report_text::figure(row.now.met_share())) + cell(row.grade > 0 ? water_grade_label(row.grade) : "--") +
               cell(report_text::pollutants(row, parameters), "text") + "</tr>\n";
    return out + "</tbody></table>\n";
}

std::string linked(SectionRow const& row, Period const& period, PrintOptions const& options)
{
    if (options.root_url.empty())
        return fmt::format("<td>{}</td>", html_escaped(row.site->name));
    auto const url = options.root_url + "/api/v1/sites/" + percent_encoded(row.site->id) +
                     "/readings?f=html&datetime=" + format_rfc3339(period.begin) + "/" +
                     format_rfc3339(period.end - std::chrono::milliseconds{1});
    return fmt::format("<td><a href=\"{}\">{}</a></td>", html_escaped(url), html_escaped(row.site->name));
}

std::string compliance_table(WaterReport const& report, ParameterBook const& parameters, PrintOptions const& options)
{
    auto out = fmt::format("<table><caption>断面水质与达标情况（{}）</caption>", period_label(report.query.period)) +
               head_row({"断面", "河流", "考核归属", "目标", "类别", "上期类别", "变化", "达标", "主要污染指标"}) + "<tbody>\n";
    for (auto const& row : report.sections) {
        int const before = row.base ? row.base->judgement.water_class : 0;
        int const now = row.now.judgement.water_class;
        auto const change = row.change();
        out += "<tr>" + linked(row, report.query.period, options) + cell(row.river.empty() ? "--" : row.river) +
               cell(row.place.empty() ? "--" : row.place) +
               cell(row.now.target_class ? water_class_label(*row.now.target_class) : std::string_view{"--"}) + class_cell(now) +
               class_cell(before) + cell(change ? change_label(*change) : std::string_view{"--"}) + cell(target_label(row.now.target)) +
               cell(now > 0 ? pollutants_text(row.now.judgement.main_pollutants, parameters) : "--", "text") + "</tr>\n";
    }
    return out + "</tbody></table>\n";
}

/// The means of the items that every section owes; how they were measured stands behind them.
std::string means_table(WaterReport const& report, World const& world)
{
    auto const& parameters = world.standards->parameters();
    auto const& owed = world.standards->water(report.query.period.last_day())->owed;
    std::string out = "<table><caption>主要项目均值（单位 mg/L，pH 无量纲；后注 s 为手工采样，m "
                      "为自动与手工，其余为自动监测）</caption><thead><tr><th>断面</th>";
    for (auto const id : owed)
        out += fmt::format("<th>{}</th>", report_text::names({id}, parameters));
    out += "<th>自动监测有效天数</th></tr></thead><tbody>\n";
    for (auto const& row : report.sections) {
        out += "<tr>" + cell(row.site->name);
        int fewest = -1;
        int due = 0;
        for (auto const id : owed) {
            auto const* item = row.now.find(id);
            bool const has_value = item && item->source != ValueSource::none;
            auto const* mark = !has_value || item->source == ValueSource::station ? "" : item->source == ValueSource::sample ? " s" : " m";
            out += cell(!has_value              ? std::string{"--"}
                        : item->below_detection ? std::string{"未检出"} + mark
                                                : item->shown.to_string() + mark);
            if (item) {
                fewest = fewest < 0 ? item->days : std::min(fewest, item->days);
                due = item->days_due;
            }
        }
        out += cell(fmt::format("{}/{}", std::max(fewest, 0), due)) + "</tr>\n";
    }
    return out + "</tbody></table>\n";
}

std::string ranking_table(WaterReport const& report)
{
    std::vector<GroupRow const*> ranked;
    for (auto const& place : report.places)
        if (place.rank > 0)
            ranked.push_back(&place);
    if (ranked.size() < 2)
        return {};
    std::ranges::sort(ranked,
                      [](GroupRow const* a, GroupRow const* b) { return a->rank != b->rank ? a->rank < b->rank : a->name < b->name; });
    auto out =
        std::string{"<table><caption>"
                    "城市水质指数（环办监测〔2017〕51号；越小越好，按显示的四位小数排名，相同者并列；河流与湖库按断面数加权）</caption>"} +
        head_row({"排名", "区域", "断面", "指数"}) + "<tbody>\n";
    for (auto const* place : ranked)
        out += "<tr>" + cell(std::to_string(place->rank)) + cell(place->name) + cell(std::to_string(place->now.classes.total())) +
               cell(place->index->total.to_string()) + "</tr>\n";
    return out + "</tbody></table>\n";
}

std::string outlook_table(WaterReport const& report, ParameterBook const& parameters)
{
    std::string rows;
    for (auto const& row : report.sections)
        if (row.outlook)
            rows += "<tr>" + cell(row.site->name) + cell(water_class_label(*row.now.target_class)) +
                    cell(outlook_label(row.outlook->worst())) + cell(report_text::outlook(*row.outlook, parameters), "text") + "</tr>\n";
    if (rows.empty())
        return {};
    return fmt::format("<table><caption>{}年目标：其余各月怎样才达标（从严计算；未结束的月算作剩余）</caption>",
                       static_cast<int>(report.query.period.first_day().year())) +
           head_row({"断面", "目标", "判断", "其余各月"}) + "<tbody>\n" + rows + "</tbody></table>\n";
}

std::string notes(WaterReport const& report, ParameterBook const& parameters)
{
    std::string out = "<div class=\"notes\">";
    int number = 0;
    auto const note = [&](std::string_view text) { out += fmt::format("<p>{}. {}</p>\n", ++number, html_escaped(text)); };
    for (auto const& text : report_text::incomplete(report, parameters))
        note(text + "。");
    auto const& validity = report.query.validity;
    note(fmt::format("评价依据：{}、环办〔2011〕22号、环办监测函〔2020〕714号。先平均后修约（四舍六入五成双），再评价类别；pH "
                     "按氢离子浓度平均；年、季为各月未修约均值的平均。",
                     report.edition->label));
    note(fmt::format("日均值：{}次中至少{}次有效；月均值：有效日至少占应有天数的{}%"
                     "（本程序规定，未查到国家数值）；五项与总氮以自动监测优先，其余为手工采样。",
                     validity.rounds_a_day, validity.rounds_needed, validity.percent_of_days));
    note("变化按印出的数字计算；比较只用两期都参评的断面。优良、达标、劣Ⅴ类是三个不同的数。");
    note(fmt::format("数据状态：读取记录{}条，最后一条收到于{}；应有数量计算至{}（北京时间）。", report.data.records,
                     report.data.last_received ? format_beijing_minute(*report.data.last_received) : "--",
                     format_beijing_minute(report.query.as_of)));
    return out + "</div>\n";
}

}  // namespace

std::string water_report_html(WaterReport const& report, World const& world, PrintOptions const& options)
{
    auto const& parameters = world.standards->parameters();
    auto const title = period_label(report.query.period) + "地表水水质报告";
    auto out =
        fmt::format("<!doctype html>\n<html lang=\"zh-CN\"><head><meta charset=\"utf-8\"><title>{}</title><style>{}</style></head><body>\n",
                    html_escaped(title), style);
    out += fmt::format("<h1>{}</h1>\n<div class=\"head\"><span>第　　期</span><span>{}</span><span>{}</span></div>\n", html_escaped(title),
                       html_escaped(options.title), format_beijing(report.query.as_of).substr(0, 10));
    out += "<h2>一、总体情况</h2>\n<p>" + html_escaped(report_text::overview(report, parameters)) + "</p>\n" + chart(report);
    out += "<h2>二、河流</h2>\n";
    for (auto const& river : report.rivers)
        out += "<p>" + html_escaped(report_text::group(river, report, parameters)) + "</p>\n";
    out += counts_table(report.rivers, "河流", parameters);
    out += "<h2>三、区域</h2>\n" + counts_table(report.places, "区域", parameters) + ranking_table(report);
    out += "<h2>四、断面</h2>\n" + compliance_table(report, parameters, options) + means_table(report, world);
    if (auto const table = outlook_table(report, parameters); !table.empty())
        out += "<h2>五、年度目标</h2>\n" + table;
    out += "<h2>说明</h2>\n" + notes(report, parameters);
    out += "<div class=\"sign\"><span>编写：</span><span>审核：</span><span>签发：</span></div>\n</body></html>\n";
    return out;
}

}  // namespace yihong
