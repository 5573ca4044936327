#include "yihong/reports/report_content.hpp"

#include "yihong/base/text.hpp"
#include "yihong/evaluate/official_colours.hpp"

#include "report_text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace yihong {
namespace {

constexpr std::string_view nothing = "--";

/// What every part of the content needs.
struct Sources {
    WaterReport const& report;
    ParameterBook const& parameters;
    PrintOptions const& options;
    std::vector<ParameterId> const& owed;  ///< by every section
};

Printed plain(std::string_view text) { return {std::string{text.empty() ? nothing : text}}; }
Printed number(std::ptrdiff_t value) { return {std::to_string(value)}; }
Printed figure(std::optional<Decimal> const& value) { return {report_text::figure(value)}; }
Printed water_class(int one) { return {std::string{one > 0 ? water_class_label(one) : nothing}, std::string{class_colour(one)}}; }

/// A column of a list: its name, and what stands in it.
template <typename Row>
struct Column {
    std::string_view name;
    Printed (*show)(Row const& row, Sources const& from);
};

template <typename Row, std::size_t n>
PrintedList list_of(Column<Row> const (&columns)[n], std::vector<Row const*> const& rows, Sources const& from)
{
    PrintedList list;
    for (auto const& column : columns)
        list.columns.emplace_back(column.name);
    for (auto const* row : rows) {
        auto& cells = list.rows.emplace_back();
        for (auto const& column : columns)
            cells.push_back(column.show(*row, from));
    }
    return list;
}

template <typename Row>
std::vector<Row const*> all_of(std::vector<Row> const& rows)
{
    std::vector<Row const*> all;
    for (auto const& row : rows)
        all.push_back(&row);
    return all;
}

/// 2025年11月5日
std::string chinese_date(Date date)
{
    return fmt::format("{}年{}月{}日", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                       static_cast<unsigned>(date.day()));
}

std::string records_link(SectionRow const& row, Sources const& from)
{
    if (from.options.root_url.empty())
        return {};
    auto const& period = from.report.query.period;
    return from.options.root_url + "/api/v1/sites/" + percent_encoded(row.site->id) +
           "/readings?f=html&datetime=" + format_rfc3339(period.begin) + "/" + format_rfc3339(period.end - std::chrono::milliseconds{1});
}

/// How many days the item of the fewest days has, of those due: `28/31`.
Printed station_days(SectionRow const& row, Sources const& from)
{
    int fewest = -1;
    int due = 0;
    for (auto const id : from.owed)
        if (auto const* item = row.now.find(id)) {
            fewest = fewest < 0 ? item->days : std::min(fewest, item->days);
            due = item->days_due;
        }
    return {fmt::format("{}/{}", std::max(fewest, 0), due)};
}

/// `0.15`, `0.15 s`: how it was measured stands behind it.
Printed mean(SectionRow const& row, ParameterId id)
{
    auto const* item = row.now.find(id);
    if (item == nullptr || item->source == ValueSource::none)
        return plain({});
    auto const* mark = item->source == ValueSource::station ? "" : item->source == ValueSource::sample ? " s" : " m";
    return {(item->below_detection ? std::string{"未检出"} : item->shown.to_string()) + mark};
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
        {"自动监测有效天数", station_days},
        {"说明", [](SectionRow const& row, Sources const& with) { return plain(explain(row.now, with.parameters)); }},
    };
    auto list = list_of(columns, all_of(from.report.sections), from);
    for (auto const& parameter : from.parameters.all()) {
        if (parameter.medium != Medium::water)
            continue;
        list.columns.push_back(parameter.name_zh);
        for (std::size_t i = 0; i < list.rows.size(); ++i)
            list.rows[i].push_back(mean(from.report.sections[i], parameter.id));
    }
    list.columns.emplace_back("序号");
    for (std::size_t i = 0; i < list.rows.size(); ++i)
        list.rows[i].push_back(number(static_cast<std::ptrdiff_t>(i) + 1));
    return list;
}

PrintedList groups(std::vector<GroupRow> const& rows, Sources const& from)
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
    return list_of(columns, all_of(rows), from);
}

/// Places by their rank; nothing where there is nobody to be compared with.
PrintedList ranking(Sources const& from)
{
    static constexpr Column<GroupRow> columns[]{
        {"排名", [](GroupRow const& row, Sources const&) { return number(row.rank); }},
        {"区域", [](GroupRow const& row, Sources const&) { return plain(row.name); }},
        {"断面数", [](GroupRow const& row, Sources const&) { return number(row.now.classes.total()); }},
        {"指数", [](GroupRow const& row, Sources const&) { return figure(row.index->total); }},
    };
    std::vector<GroupRow const*> ranked;
    for (auto const& place : from.report.places)
        if (place.rank > 0)
            ranked.push_back(&place);
    if (ranked.size() < 2)
        ranked.clear();
    std::ranges::sort(ranked,
                      [](GroupRow const* a, GroupRow const* b) { return a->rank != b->rank ? a->rank < b->rank : a->name < b->name; });
    return list_of(columns, ranked, from);
}

PrintedList outlooks(Sources const& from)
{
    static constexpr Column<SectionRow> columns[]{
        {"断面", [](SectionRow const& row, Sources const&) { return plain(row.site->name); }},
        {"目标", [](SectionRow const& row, Sources const&) { return plain(water_class_label(*row.now.target_class)); }},
        {"判断", [](SectionRow const& row, Sources const&) { return plain(outlook_label(row.outlook->worst())); }},
        {"其余各月", [](SectionRow const& row, Sources const& with) { return plain(report_text::outlook(*row.outlook, with.parameters)); }},
    };
    std::vector<SectionRow const*> rows;
    for (auto const& row : from.report.sections)
        if (row.outlook)
            rows.push_back(&row);
    return list_of(columns, rows, from);
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

PrintedList notes(Sources const& from)
{
    PrintedList list{{"序号", "内容"}, {}};
    for (auto& text : report_text::notes(from.report, from.parameters))
        list.rows.push_back({number(std::ssize(list.rows) + 1), {std::move(text)}});
    return list;
}

}  // namespace

std::optional<std::size_t> PrintedList::column(std::string_view name) const noexcept
{
    auto const found = std::ranges::find(columns, name);
    return found == columns.end() ? std::nullopt : std::optional{static_cast<std::size_t>(found - columns.begin())};
}

ReportContent water_report_content(WaterReport const& report, StandardsBook const& standards, PrintOptions const& options)
{
    auto const& query = report.query;
    Sources const from{report, standards.parameters(), options, standards.water(query.period.last_day())->owed};
    ReportContent content;
    content.fields = {
        {"标题", {period_label(query.period) + "地表水水质报告"}},
        {"单位", {options.publisher.empty() ? "（单位名称）" : options.publisher}},
        {"期号", {options.number.empty() ? "　　" : options.number}},
        {"时段", {period_label(query.period)}},
        {"比较时段", plain(query.base ? period_label(*query.base) : std::string{})},
        {"年份", number(static_cast<int>(query.period.first_day().year()))},
        {"日期", {chinese_date(beijing_date(query.as_of))}},
        {"总体情况", {report_text::overview(report, from.parameters)}},
        {"评价依据", {report_text::basis(report)}},
        {"均值说明", {"单位 mg/L，pH 无量纲；后注 s 为手工采样，m 为自动与手工，其余为自动监测"}},
        {"排名说明", {"环办监测〔2017〕51号；越小越好，按显示的四位小数排名，相同者并列；河流与湖库按断面数加权"}},
        {"年度目标说明", {"从严计算；未结束的月算作剩余"}},
    };
    content.lists = {
        {"断面", sections(from)}, {"河流", groups(report.rivers, from)}, {"区域", groups(report.places, from)},
        {"排名", ranking(from)},  {"年度目标", outlooks(from)},          {"类别", classes(report)},
        {"说明", notes(from)},
    };
    return content;
}

ReportContent water_report_names(StandardsBook const& standards, Date day)
{
    WaterReport report;
    report.query.period = days_between(day, day);
    report.edition = &standards.water(day)->edition;
    return water_report_content(report, standards, {});
}

}  // namespace yihong
