#include "yihong/reports/water_html.hpp"

#include "yihong/base/text.hpp"
#include "yihong/evaluate/official_colours.hpp"
#include "yihong/reports/report_content.hpp"

#include <fmt/format.h>

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

/// A column of a table: its heading, and what of the list stands in it.
struct Column {
    std::string_view heading;
    std::string_view name;
    bool is_text = false;  ///< runs from the left
};

std::string cell(Printed const& shown, bool is_text)
{
    if (!shown.fill.empty())
        return fmt::format("<td class=\"class\" style=\"background:{}\">{}</td>", shown.fill, html_escaped(shown.text));
    if (!shown.link.empty())
        return fmt::format("<td><a href=\"{}\">{}</a></td>", html_escaped(shown.link), html_escaped(shown.text));
    return fmt::format("<td{}>{}</td>", is_text ? " class=\"text\"" : "", html_escaped(shown.text));
}

/// Nothing without rows. \pre the list has the columns
std::string table(std::string_view caption, PrintedList const& list, std::vector<Column> const& columns)
{
    if (list.rows.empty())
        return {};
    auto out = fmt::format("<table><caption>{}</caption><thead><tr>", html_escaped(caption));
    for (auto const& column : columns)
        out += fmt::format("<th>{}</th>", html_escaped(column.heading));
    out += "</tr></thead>\n<tbody>\n";
    for (auto const& row : list.rows) {
        out += "<tr>";
        for (auto const& column : columns)
            out += cell(row[*list.column(column.name)], column.is_text);
        out += "</tr>\n";
    }
    return out + "</tbody></table>\n";
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

std::string counts_table(std::string_view what, PrintedList const& list)
{
    return table(fmt::format("{}水质状况", what), list,
                 {{what, "名称"},
                  {"参评断面", "参评断面"},
                  {"Ⅰ—Ⅲ类", "优良断面"},
                  {"优良%", "优良比例"},
                  {"劣Ⅴ类", "劣Ⅴ类断面"},
                  {"达标", "达标断面"},
                  {"可判定", "可判定断面"},
                  {"达标率%", "达标率"},
                  {"水质状况", "水质状况"},
                  {"主要污染指标", "主要污染指标", true}});
}

/// The means of the items that every section owes; how they were measured stands behind them.
std::string means_table(ReportContent const& content, std::vector<std::string> const& owed)
{
    std::vector<Column> columns{{"断面", "名称"}};
    for (auto const& name : owed)
        columns.push_back({name, name});
    columns.push_back({"自动监测有效天数", "自动监测有效天数"});
    return table(fmt::format("主要项目均值（{}）", content.fields.at("均值说明").text), content.lists.at("断面"), columns);
}

}  // namespace

std::string water_report_html(WaterReport const& report, World const& world, PrintOptions const& options)
{
    auto const content = water_report_content(report, *world.standards, options);
    auto const field = [&](char const* name) { return html_escaped(content.fields.at(name).text); };
    std::vector<std::string> owed;
    for (auto const id : world.standards->water(report.query.period.last_day())->owed)
        owed.push_back(item_name(id, world.standards->parameters()));
    auto out =
        fmt::format("<!doctype html>\n<html lang=\"zh-CN\"><head><meta charset=\"utf-8\"><title>{}</title><style>{}</style></head><body>\n",
                    field("标题"), style);
    out += fmt::format("<h1>{}</h1>\n<div class=\"head\"><span>第{}期</span><span>{}</span><span>{}</span></div>\n", field("标题"),
                       field("期号"), options.publisher.empty() ? std::string{} : field("单位"), field("日期"));
    out += "<h2>一、总体情况</h2>\n<p>" + field("总体情况") + "</p>\n" + chart(report);
    out += "<h2>二、河流</h2>\n";
    auto const& rivers = content.lists.at("河流");
    for (auto const& river : rivers.rows)
        out += "<p>" + html_escaped(river[*rivers.column("概述")].text) + "</p>\n";
    out += counts_table("河流", rivers);
    out += "<h2>三、区域</h2>\n" + counts_table("区域", content.lists.at("区域")) +
           table(fmt::format("城市水质指数（{}）", content.fields.at("排名说明").text), content.lists.at("排名"),
                 {{"排名", "排名"}, {"区域", "区域"}, {"断面", "断面数"}, {"指数", "指数"}});
    out += "<h2>四、断面</h2>\n" + table(fmt::format("断面水质与达标情况（{}）", content.fields.at("时段").text), content.lists.at("断面"),
                                         {{"断面", "名称"},
                                          {"河流", "河流"},
                                          {"考核归属", "考核归属"},
                                          {"目标", "目标"},
                                          {"类别", "类别"},
                                          {"上期类别", "上期类别"},
                                          {"变化", "变化"},
                                          {"达标", "达标"},
                                          {"主要污染指标", "主要污染指标", true}});
    out += means_table(content, owed);
    if (auto const rest =
            table(fmt::format("{}年目标：其余各月怎样才达标（{}）", content.fields.at("年份").text, content.fields.at("年度目标说明").text),
                  content.lists.at("年度目标"), {{"断面", "断面"}, {"目标", "目标"}, {"判断", "判断"}, {"其余各月", "其余各月", true}});
        !rest.empty())
        out += "<h2>五、年度目标</h2>\n" + rest;
    out += "<h2>说明</h2>\n<div class=\"notes\">";
    for (auto const& note : content.lists.at("说明").rows)
        out += fmt::format("<p>{}. {}</p>\n", note[0].text, html_escaped(note[1].text));
    out += "</div>\n<div class=\"sign\"><span>编写：</span><span>审核：</span><span>签发：</span></div>\n</body></html>\n";
    return out;
}

}  // namespace yihong
