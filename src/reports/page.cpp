#include "page.hpp"

#include "yihong/base/text.hpp"

#include <fmt/format.h>

namespace yihong::page {
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
.picture{margin:2mm 0;font-family:"宋体",SimSun,"Noto Serif CJK SC",serif}
.class,.picture{-webkit-print-color-adjust:exact;print-color-adjust:exact}
.notes{font-size:10.5pt;line-height:1.5}
.notes p{text-indent:0}
.sign{display:flex;justify-content:space-between;margin-top:10mm}
a{color:inherit;text-decoration:none;border-bottom:1px dotted #888}
@media print{a{border:0}}
)";

std::string cell(Printed const& shown, bool is_text)
{
    auto const text = shown.link.empty() ? html_escaped(shown.text)
                                         : fmt::format("<a href=\"{}\">{}</a>", html_escaped(shown.link), html_escaped(shown.text));
    if (!shown.fill.empty())
        return fmt::format("<td class=\"class\" style=\"background:{}\">{}</td>", shown.fill, text);
    return fmt::format("<td{}>{}</td>", is_text ? " class=\"text\"" : "", text);
}

}  // namespace

std::string begin(ReportContent const& content, std::string_view publisher)
{
    auto const field = [&](char const* name) { return html_escaped(content.fields.at(name).text); };
    return fmt::format(
        "<!doctype html>\n<html lang=\"zh-CN\"><head><meta charset=\"utf-8\"><title>{0}</title><style>{1}</style></head><body>\n"
        "<h1>{0}</h1>\n<div class=\"head\"><span>第{2}期{5}</span><span>{3}</span><span>{4}</span></div>\n",
        field("标题"), style, field("期号"), html_escaped(publisher), field("日期"), field("版本"));
}

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

std::string picture(ReportContent const& content, std::string_view name) { return picture_svg(content.pictures.find(name)->second); }

std::string end(ReportContent const& content)
{
    std::string out = "<h2>说明</h2>\n<div class=\"notes\">";
    for (auto const& note : content.lists.at("说明").rows)
        out += fmt::format("<p>{}. {}</p>\n", note[0].text, html_escaped(note[1].text));
    return out + "</div>\n<div class=\"sign\"><span>编写：</span><span>审核：</span><span>签发：</span></div>\n</body></html>\n";
}

}  // namespace yihong::page
