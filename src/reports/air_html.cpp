#include "yihong/reports/air_content.hpp"

#include "yihong/base/text.hpp"

#include "page.hpp"

#include <fmt/format.h>

namespace yihong {
namespace {

std::vector<page::Column> columns_of(std::string_view what, bool ranked)
{
    std::vector<page::Column> columns;
    if (ranked)
        columns.push_back({"排名", "排名"});
    columns.insert(columns.end(), {{what, "名称"},
                                   {"综合指数", "综合指数"},
                                   {"变化", "综合指数变化"},
                                   {"SO₂", "二氧化硫"},
                                   {"NO₂", "二氧化氮"},
                                   {"PM₁₀", "PM10"},
                                   {"PM₂.₅", "PM2.5"},
                                   {"CO", "一氧化碳"},
                                   {"O₃", "臭氧"},
                                   {"优良天数", "优良天数"},
                                   {"有效天数", "有效天数"},
                                   {"优良%", "优良天数比例"},
                                   {"变化", "优良天数比例变化"},
                                   {"重污染天数", "重污染天数"}});
    return columns;
}

}  // namespace

std::string air_report_html(AirReport const& month, AirReport const* so_far, StandardsBook const& standards, PrintOptions const& options)
{
    auto const content = air_report_content(month, so_far, standards, options);
    auto const field = [&](char const* name) { return html_escaped(content.fields.at(name).text); };
    auto const heading = [&](std::string_view period) { return fmt::format("{}各区域环境空气质量（{}）", period, field("浓度说明")); };
    auto out = page::begin(content, options.publisher);
    out += "<h2>一、总体情况</h2>\n<p>" + field("总体情况") + "</p>\n" + page::picture(content, "级别");
    out +=
        page::table("各级别天数（全部站点平均）", content.lists.at("级别"), {{"级别", "级别"}, {"天数", "天数"}, {"上期天数", "上期天数"}});
    out += "<h2>二、区域</h2>\n" + page::table(heading(field("时段")), content.lists.at("区域"), columns_of("区域", true));
    out += "<h2>三、站点</h2>\n" +
           page::table(fmt::format("{}各站点环境空气质量", field("时段")), content.lists.at("站点"), columns_of("站点", false));
    if (so_far)
        out += "<h2>四、今年以来</h2>\n<p>" + field("累计情况") + "</p>\n" +
               page::table(heading(field("累计时段")), content.lists.at("累计区域"), columns_of("区域", true));
    return out + page::end(content);
}

}  // namespace yihong
