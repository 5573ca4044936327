#include "yihong/reports/air_content.hpp"

#include "yihong/evaluate/official_colours.hpp"
#include "yihong/reports/report_kinds.hpp"

#include "air_text.hpp"
#include "charts.hpp"
#include "content_list.hpp"
#include "links.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace yihong {
namespace {

/// What every part of the content needs.
struct Sources {
    AirReport const& report;
    ParameterBook const& parameters;
    std::string const& root_url;
};

/// Of a station its hours, of a place the report of its stations, of all stations none: the report is that.
std::string link_of(AirRow const& row, Sources const& from)
{
    auto const& period = from.report.query.period;
    if (!row.id.empty())
        return links::records(from.root_url, row.id, period, "&interval=hour");
    std::vector<std::string_view> sites;
    for (auto const& station : from.report.stations)
        if (station.place == row.name)
            sites.push_back(station.id);
    return links::draft(from.root_url, "air-month", period, sites);
}

std::optional<Decimal> share_of(AirCounts const& counts)
{
    return counts.days.valid > 0 ? std::optional{counts.days.percent} : std::nullopt;
}
std::optional<Decimal> total_of(CompositeIndex const& index) { return index.missing.empty() ? std::optional{index.total} : std::nullopt; }

template <char const* name>
Printed concentration(AirRow const& row, Sources const& with)
{
    auto const* parameter = with.parameters.find(std::string_view{name});
    return figure(parameter ? air_text::printed(row.figures, parameter->id) : std::nullopt);
}
template <char const* name>
Printed as_measured(AirRow const& row, Sources const& with)
{
    auto const* parameter = with.parameters.find(std::string_view{name});
    auto const& figures = row.as_measured ? row.as_measured->figures : row.figures;
    return figure(parameter ? air_text::printed(figures, parameter->id) : std::nullopt);
}
constexpr char so2[] = "so2", no2[] = "no2", pm10[] = "pm10", pm25[] = "pm25", co[] = "co", o3[] = "o3_8h";

PrintedList rows_of(std::vector<AirRow const*> const& rows, Sources const& from)
{
    static constexpr ContentColumn<AirRow, Sources> columns[]{
        {"排名", [](AirRow const& row, Sources const&) { return row.rank > 0 ? number(row.rank) : plain({}); }},
        {"名称", [](AirRow const& row, Sources const&) { return plain(row.name); }},
        {"所在区域", [](AirRow const& row, Sources const&) { return plain(row.place); }},
        {"综合指数", [](AirRow const& row, Sources const&) { return figure(total_of(row.index)); }},
        {"综合指数变化",
         [](AirRow const& row, Sources const&) {
             return signed_figure(air_text::change(total_of(row.index), row.base_index ? total_of(*row.base_index) : std::nullopt));
         }},
        {"最大单项",
         [](AirRow const& row, Sources const& with) {
             return plain(total_of(row.index) ? air_text::pollutant(row.index.largest, with.parameters) : std::string{});
         }},
        {"最大单项分担率",
         [](AirRow const& row, Sources const&) { return figure(total_of(row.index) ? row.index.share(row.index.largest) : std::nullopt); }},
        {"二氧化硫", concentration<so2>},
        {"二氧化氮", concentration<no2>},
        {"PM10", concentration<pm10>},
        {"PM2.5", concentration<pm25>},
        {"一氧化碳", concentration<co>},
        {"臭氧", concentration<o3>},
        {"PM2.5变化",
         [](AirRow const& row, Sources const& with) {
             auto const* parameter = with.parameters.find(std::string_view{pm25});
             return signed_figure(parameter ? air_text::change(air_text::printed(row.figures, parameter->id),
                                                               air_text::printed(row.base_figures, parameter->id))
                                            : std::nullopt);
         }},
        {"优良天数", [](AirRow const& row, Sources const&) { return number(row.now.valid_then.days.good); }},
        {"有效天数", [](AirRow const& row, Sources const&) { return number(row.now.valid_then.days.valid); }},
        {"应有天数", [](AirRow const& row, Sources const&) { return number(row.now.days_due); }},
        {"优良天数比例", [](AirRow const& row, Sources const&) { return figure(share_of(row.now.valid_then)); }},
        {"上期优良天数比例", [](AirRow const& row, Sources const&) { return figure(share_of(row.base.valid_then)); }},
        {"优良天数比例变化",
         [](AirRow const& row, Sources const&) {
             auto const now = share_of(row.now.valid_then);
             auto const before = share_of(row.base.valid_then);
             return signed_figure(now && before ? std::optional{change_in_points(*now, *before)} : std::nullopt);
         }},
        {"重污染天数", [](AirRow const& row, Sources const&) { return number(row.now.valid_then.heavy); }},
        {"沙尘天数", [](AirRow const& row, Sources const&) { return number(std::ssize(row.dust)); }},
        {"未扣沙尘优良天数",
         [](AirRow const& row, Sources const&) { return number((row.as_measured ? row.as_measured->now : row.now).valid_then.days.good); }},
        {"未扣沙尘PM10", as_measured<pm10>},
        {"未扣沙尘PM2.5", as_measured<pm25>},
        {"首要污染物",
         [](AirRow const& row, Sources const& with) { return plain(air_text::primary(row.now.valid_then, with.parameters)); }},
    };
    auto list = list_of(columns, rows, from);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        auto const link = link_of(*rows[i], from);
        list.rows[i][*list.column("名称")].link = link;
        links::under_figures(list.rows[i], link);
    }
    return list;
}

PrintedList places(Sources const& from)
{
    auto rows = all_of(from.report.places);
    std::ranges::sort(rows, {},
                      [](AirRow const* row) { return std::pair{row->rank > 0 ? row->rank : std::numeric_limits<int>::max(), row->name}; });
    if (!from.report.stations.empty())
        rows.push_back(&from.report.all);
    return rows_of(rows, from);
}

PrintedList levels(AirReport const& report)
{
    PrintedList list{{"级别", "天数", "上期天数"}, {}};
    for (int level = 1; level <= 6; ++level)
        list.rows.push_back(
            {{std::string{aqi_category_label(level)}, std::string{aqi_level_colour(level)}},
             number(report.all.now.valid_then.by_level.at(static_cast<std::size_t>(level))),
             report.query.base ? number(report.all.base.valid_then.by_level.at(static_cast<std::size_t>(level))) : plain({})});
    return list;
}

charts::Bar levels_of(std::string name, AirCounts const& counts)
{
    charts::Bar bar{std::move(name), {}};
    for (int level = 1; level <= 6; ++level) {
        int const days = counts.by_level.at(static_cast<std::size_t>(level));
        bar.parts.push_back({days, fmt::format("{} {}", aqi_category_label(level), days), std::string{aqi_level_colour(level)}});
    }
    return bar;
}

/// The days of each level: the period above the compared one, the year so far above that before.
Picture level_chart(AirReport const& month, AirReport const* so_far)
{
    std::vector<charts::Bar> bars;
    for (auto const* report : {&month, so_far}) {
        if (report == nullptr)
            continue;
        bars.push_back(levels_of(period_label(report->query.period), report->all.now.valid_then));
        if (report->query.base)
            bars.push_back(levels_of(period_label(*report->query.base), report->all.base.valid_then));
    }
    return charts::shares("各级别天数（全部站点平均）", bars);
}

}  // namespace

ReportContent air_report_content(AirReport const& month, AirReport const* so_far, StandardsBook const& standards,
                                 PrintOptions const& options)
{
    Sources const from{month, standards.parameters(), options.root_url};
    auto const& query = month.query;
    ReportContent content;
    content.fields = common_fields(query.period, query.base, query.as_of, options, find_report("air-month")->title);
    content.fields["总体情况"] = {air_text::overview(month, from.parameters)};
    content.fields["累计时段"] = plain(so_far ? period_label(so_far->query.period) : std::string{});
    content.fields["累计情况"] = plain(so_far ? air_text::overview(*so_far, from.parameters) : std::string{});
    content.fields["评价依据"] = {month.edition};
    content.fields["浓度说明"] = {
        "CO 为 mg/m³，其余为 μg/m³；CO 为第95百分位，O₃ 为日最大8小时平均第90百分位；变化为%，优良天数比例变化为百分点"};
    static AirReport const nothing{};
    content.lists = {{"区域", places(from)},
                     {"站点", rows_of(all_of(month.stations), from)},
                     {"累计区域", places({so_far ? *so_far : nothing, from.parameters, options.root_url})},
                     {"级别", levels(month)},
                     {"说明", note_list(options.notes, air_text::notes(month, so_far, from.parameters))}};
    content.pictures = {{"级别", level_chart(month, so_far)}};
    return content;
}

ReportContent air_report_names(StandardsBook const& standards, Date day)
{
    AirReport report;
    report.query.period = days_between(day, day);
    return air_report_content(report, nullptr, standards, {});
}

}  // namespace yihong
