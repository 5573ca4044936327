#include "yihong/reports/water_html.hpp"

#include "yihong/base/text.hpp"
#include "yihong/reports/report_content.hpp"

#include "page.hpp"

#include <fmt/format.h>

namespace yihong {
namespace {

std::string counts_table(std::string_view what, PrintedList const& list)
{
    return page::table(fmt::format("{}水质状况", what), list,
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
    std::vector<page::Column> columns{{"断面", "名称"}};
    for (auto const& name : owed)
        columns.push_back({name, name});
    columns.push_back({"自动监测有效天数", "自动监测有效天数"});
    return page::table(fmt::format("主要项目均值（{}）", content.fields.at("均值说明").text), content.lists.at("断面"), columns);
}

/// The ranks of places, by value and by change.
std::string place_ranks(ReportContent const& content)
{
    auto const field = [&](char const* name) { return content.fields.at(name).text; };
    return page::table(fmt::format("区域排名：{}（{}）", field("排名指标"), field("排名说明")), content.lists.at("排名"),
                       {{"排名", "排名"}, {"区域", "区域"}, {"断面", "断面数"}, {"指标值", "指数"}}) +
           page::table(fmt::format("区域变化排名：{}（{}）", field("变化排名指标"), field("变化排名说明")), content.lists.at("变化排名"),
                       {{"排名", "排名"},
                        {"区域", "区域"},
                        {"可比断面", "可比断面"},
                        {"指标值", "指数"},
                        {"上期", "上期指数"},
                        {"变化", "变化幅度"}});
}

std::string section_ranks(ReportContent const& content)
{
    return page::table(
        fmt::format("断面变化排名：水质指数变化幅度（%）（{}）", content.fields.at("断面变化排名说明").text),
        content.lists.at("断面变化排名"),
        {{"排名", "排名"}, {"断面", "断面"}, {"考核归属", "考核归属"}, {"指数", "指数"}, {"上期", "上期指数"}, {"变化", "变化幅度"}});
}

std::string compliance_table(ReportContent const& content)
{
    return page::table(fmt::format("断面水质与达标情况（{}）", content.fields.at("时段").text), content.lists.at("断面"),
                       {{"断面", "名称"},
                        {"河流", "河流"},
                        {"考核归属", "考核归属"},
                        {"目标", "目标"},
                        {"类别", "类别"},
                        {"上期类别", "上期类别"},
                        {"变化", "变化"},
                        {"达标", "达标"},
                        {"主要污染指标", "主要污染指标", true}});
}

std::string summary(ReportContent const& content) { return "<p>" + html_escaped(content.fields.at("总体情况").text) + "</p>\n"; }

std::string compliance_parts(ReportContent const& content)
{
    return "<h2>一、总体情况</h2>\n" + summary(content) + "<h2>二、断面</h2>\n" + compliance_table(content) + "<h2>三、区域</h2>\n" +
           counts_table("区域", content.lists.at("区域"));
}

std::string ranking_parts(ReportContent const& content)
{
    auto const places = place_ranks(content), sections = section_ranks(content);
    std::string const nobody = "<p>能排名的不足两个，不排名。</p>\n";
    return "<h2>一、区域</h2>\n" + (places.empty() ? nobody : places) + "<h2>二、断面</h2>\n" + (sections.empty() ? nobody : sections);
}

std::string month_parts(ReportContent const& content, WaterReport const& report, World const& world)
{
    std::vector<std::string> owed;
    for (auto const id : world.standards->water(report.query.period.last_day())->owed)
        owed.push_back(item_name(id, world.standards->parameters()));
    auto out = "<h2>一、总体情况</h2>\n" + summary(content) + page::picture(content, "类别") + page::picture(content, "分布");
    out += "<h2>二、河流和湖库</h2>\n";
    auto const& rivers = content.lists.at("河流");
    for (auto const& river : rivers.rows)
        out += "<p>" + html_escaped(river[*rivers.column("概述")].text) + "</p>\n";
    out += page::picture(content, "河流") + counts_table("河流", rivers);
    auto const& lakes = content.lists.at("湖库");
    for (auto const& lake : lakes.rows)
        out += "<p>" + html_escaped(lake[*lakes.column("概述")].text) + "</p>\n";
    out += page::table("湖库水质与营养状态（叶绿素a μg/L，透明度 m）", lakes,
                       {{"湖库", "名称"},
                        {"点位", "点位数"},
                        {"类别", "类别"},
                        {"上期类别", "上期类别"},
                        {"总氮", "总氮类别"},
                        {"叶绿素a", "叶绿素a"},
                        {"透明度", "透明度"},
                        {"TLI", "营养状态指数"},
                        {"营养状态", "营养状态"},
                        {"上期营养状态", "上期营养状态"},
                        {"主要污染指标", "主要污染指标", true}});
    out += "<h2>三、区域</h2>\n" + counts_table("区域", content.lists.at("区域")) + place_ranks(content);
    out += "<h2>四、断面</h2>\n" + compliance_table(content) + section_ranks(content);
    out += means_table(content, owed);
    out +=
        page::table("其余参评项目均值（5+X，单位 mg/L；后注 s 为手工采样，m 为自动与手工，其余为自动监测）", content.lists.at("其他项目"),
                    {{"断面", "断面"}, {"项目", "项目"}, {"均值", "均值"}, {"该项类别", "项目类别"}, {"采样次数", "采样次数"}});
    out += page::table("集中式饮用水水源地补充项目（GB 3838 表2）", content.lists.at("饮用水源"),
                       {{"断面", "断面"}, {"判断", "达标"}, {"超标项目（超标倍数）", "超标项目", true}, {"未测项目", "未测项目", true}});
    out += page::table("变化趋势（各期均值与时间的秩相关，单侧0.05）", content.lists.at("趋势"),
                       {{"断面", "断面"},
                        {"时段", "时段"},
                        {"显著上升", "显著上升", true},
                        {"显著下降", "显著下降", true},
                        {"无显著变化", "无显著变化", true},
                        {"均值不足", "均值不足"}});
    out += page::table("优良比例和营养状态的变化趋势（各期数值与时间的秩相关，单侧0.05）", content.lists.at("比例趋势"),
                       {{"名称", "名称"}, {"指标", "指标"}, {"时段", "时段"}, {"趋势", "趋势", true}});
    if (auto const rest = page::table(
            fmt::format("{}年目标：其余各月怎样才达标（{}）", content.fields.at("年份").text, content.fields.at("年度目标说明").text),
            content.lists.at("年度目标"),
            {{"断面", "断面"},
             {"目标", "目标"},
             {"有值月数", "有值月数"},
             {"剩余月数", "剩余月数"},
             {"判断", "判断"},
             {"其余各月", "其余各月", true}});
        !rest.empty())
        out += "<h2>五、年度目标</h2>\n" + rest;
    return out;
}

}  // namespace

std::string water_report_html(WaterReport const& report, World const& world, PrintOptions const& options, WaterReportKind kind)
{
    auto const content = water_report_content(report, *world.standards, world.layers.get(), options, kind);
    auto const parts = kind == WaterReportKind::compliance ? compliance_parts(content)
                       : kind == WaterReportKind::ranking  ? ranking_parts(content)
                                                           : month_parts(content, report, world);
    return page::begin(content, options.publisher) + parts + page::end(content);
}

}  // namespace yihong
