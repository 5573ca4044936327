#include "statistics.hpp"

#include "air_statistics.hpp"
#include "black_odorous.hpp"
#include "figures.hpp"
#include "outfall_statistics.hpp"
#include "prints.hpp"

#include "yihong/reports/water_html.hpp"

#include <algorithm>
#include <iterator>
#include <memory>

namespace yihong::api {
namespace {

/// The parts that a program finds its way by; docs/reports.md tells of the rest.
constexpr std::string_view statistics_schema =
    R"({"type":"object","properties":{"period":{"type":"object"},"base":{"type":"object","nullable":true},"as_of":{"type":"string","format":"date-time"},"edition":{"type":"string"},"data":{"type":"object","properties":{"records":{"type":"integer"},"last_received":{"type":"string","nullable":true,"format":"date-time"},"asof":{"type":"string","nullable":true,"format":"date-time"}}},"all":{"type":"object"},"rivers":{"type":"array","items":{"type":"object"}},"lakes":{"type":"array","items":{"type":"object"}},"places":{"type":"array","items":{"type":"object"}},"sections":{"type":"array","items":{"type":"object","properties":{"id":{"type":"string"},"name":{"type":"string"},"water_class":{"type":"integer","nullable":true},"target":{"type":"string","nullable":true,"enum":["met","missed","unknown",null]},"explanation":{"type":"string"},"items":{"type":"array","items":{"type":"object"}}}}}}})";

http::Parameters<StatisticsRequest> period_parameters()
{
    return {
        period_parameter<StatisticsRequest>(
            {"时段（北京时间）：2025、2025-H1、2025-Q3、2025-10、2025-10-X2（中旬）、2025-W45、2025-10-03，或 "
             "起/"
             "止；滚动：2025-10-YTD（今年以来）、2025-10-M12（近12个月）、2025-10-03-D30（近30天）、year-to-date、last-12-months、last-30-"
             "days",
             "period of Beijing time: 2025, 2025-H1, 2025-Q3, 2025-10, 2025-10-X2 (10 days), 2025-W45, 2025-10-03, or two of "
             "them with / between; running: 2025-10-YTD, 2025-10-M12, 2025-10-03-D30, or as they are now year-to-date, last-12-months, "
             "last-30-days"}),
        compare_parameter<StatisticsRequest>({"不写则为上年同期", "without: year"}),
        http::query("site", {"断面标识；不写则全部", "ids of sections; without: all"}, http::list_of(http::text()),
                    &StatisticsRequest::sites),
        http::query("place", {"考核归属或所在县", "whose sections, or in which county"}, http::text(), &StatisticsRequest::place),
        http::query("as_of", {"截至何时：应有数量按此计算；不写则为现在", "what is due is counted up to then; without: now"},
                    http::instant(), &StatisticsRequest::as_of),
        http::query("outlook", {"并给出今年其余各月怎样才达标", "also what the rest of the year may have"}, http::flag(),
                    &StatisticsRequest::outlook),
        http::query(
            "trend",
            {"并给出各项目均值的变化趋势（秩相关）：时段内逐年、逐季或逐月，取满5期的最长者",
             "also the trend of each item (rank correlation) over the years, quarters or months of the period, the longest of which "
             "there are five"},
            http::flag(), &StatisticsRequest::trend),
        http::query(
            "trend_since",
            {"变化趋势改按这一年以来每年的同期，如 2020", "the trend is of the same period of each year since this one, such as 2020"},
            http::whole_number(1900, 2999), &StatisticsRequest::trend_since),
        http::query("rounds_needed",
                    {"日均值至少几次有效（每日6次）；不写则按配置", "valid rounds of six that a day needs; without: as configured"},
                    http::whole_number(1, 6), &StatisticsRequest::rounds_needed),
        http::query(
            "percent_of_days",
            {"月均值的有效日至少占应有天数的百分之几；不写则按配置", "percent of the days due that a month needs; without: as configured"},
            http::whole_number(1, 100), &StatisticsRequest::percent_of_days),
    };
}

asio::awaitable<Reply> statistics(Services const& services, StatisticsRequest const& wanted)
{
    auto const make = [&](World const& world, ReportRecords const& records) -> Result<WaterReport> {
        auto const query = query_of(wanted, *services.reports.load(), wanted.known_at.value_or(utc_now()));
        return query ? make_water_report(*query, world, records) : std::unexpected{query.error()};
    };
    return figures(services, wanted, make, statistics_json, statistics_csv);
}

/// What a kind is printed into.
std::pair<documents::Kind, std::filesystem::path> template_of(WaterReportKind kind, ReportSettings const& settings)
{
    switch (kind) {
    case WaterReportKind::compliance: return {documents::Kind::section_compliance, settings.compliance_template};
    case WaterReportKind::ranking: return {documents::Kind::ranking, settings.ranking_template};
    case WaterReportKind::month: break;
    }
    return {documents::Kind::water_month, settings.water_template};
}

/// \param world, settings outlive the draft
template <WaterReportKind kind>
Result<Draft> water_draft(Asked<StatisticsRequest> const& wanted, World const& world, ReportRecords const& records,
                          ReportSettings const& settings)
{
    auto asked = query_of(wanted.what, settings, utc_now());
    if (!asked)
        return std::unexpected{asked.error()};
    auto query = *std::move(asked);
    query.outlook = query.trend = kind == WaterReportKind::month;
    bool const has_base_year = settings.base_year && *settings.base_year < year_of(query.period);
    if (query.trend && !query.trend_since && query.period.kind == PeriodKind::year &&
        has_base_year)  // the report of a year: by years, as far back as the plan goes
        query.trend_since = settings.base_year;
    auto made = make_water_report(query, world, records);
    if (!made)
        return std::unexpected{made.error()};
    auto const report = std::make_shared<WaterReport const>(*std::move(made));
    auto const content = [report, &world](PrintOptions const& options) {
        return water_report_content(*report, *world.standards, world.layers.get(), options, kind);
    };
    auto const print = [=, &world, &settings, as = wanted.how.print](PrintOptions const& options) -> Result<std::string> {
        if (as == Print::xlsx)
            return statistics_xlsx(*report, world, options, kind);
        if (as == Print::html)
            return water_report_html(*report, world, options, kind);
        auto const [in, file] = template_of(kind, settings);
        return in_template(in, file, content(options));
    };
    return Draft{std::string{name_of(kind).kind}, query.period, query.base, query.place, query.as_of, !query.sites.empty(), content, print};
}

/// What a kind of water report says of itself in the description of the API.
struct WaterRoute {
    std::string id;
    http::Text draft_text, issue_text;
};
template <WaterReportKind kind>
http::Route water_route(Services const& services, http::Method method, WaterRoute const& of)
{
    return report_route<StatisticsRequest>(services, method,
                                           {.name = name_of(kind).kind,
                                            .id = of.id,
                                            .draft_text = of.draft_text,
                                            .issue_text = of.issue_text,
                                            .parameters = period_parameters(),
                                            .draft = water_draft<kind>});
}

std::vector<http::Route> water_routes(Services const& services, http::Method method)
{
    return {
        water_route<WaterReportKind::month>(services, method,
                                            {"WaterReport",
                                             {"地表水水质报告（A4，可打印）", "the water report of a period, to be printed on A4"},
                                             {"印发地表水水质报告：编号、留存，再次印发注明变化",
                                              "hands the water report out: it is numbered and kept, and a new version says what changed"}}),
        water_route<WaterReportKind::compliance>(
            services, method,
            {"ComplianceReport",
             {"断面水质达标情况表（A4，可打印）：水质报告中的断面和区域表",
              "classes and targets of sections and places, the tables of the water report, to be printed on A4"},
             {"印发断面水质达标情况表：编号、留存，再次印发注明变化",
              "hands the table of compliance out: it is numbered and kept, and a new version says what changed"}}),
        water_route<WaterReportKind::ranking>(
            services, method,
            {"RankingReport",
             {"水质排名（A4，可打印）：水质报告中按数值和按变化的排名",
              "places and sections ranked by value and by change, the tables of the water report, to be printed on A4"},
             {"印发水质排名：编号、留存，再次印发注明变化",
              "hands the ranking out: it is numbered and kept, and a new version says what changed"}})};
}

}  // namespace

Result<WaterQuery> query_of(StatisticsRequest const& wanted, ReportSettings const& settings, UtcTime now)
{
    auto const base = base_of(wanted.compare, wanted.period, settings);
    if (!base)
        return std::unexpected{base.error()};
    WaterQuery query;
    query.period = wanted.period;
    query.base = *base;
    query.as_of = wanted.as_of.value_or(now);
    query.sites = wanted.sites;
    query.place = wanted.place;
    query.outlook = wanted.outlook;
    query.trend = wanted.trend || wanted.trend_since;
    if (wanted.trend_since)
        query.trend_since = static_cast<int>(*wanted.trend_since);
    query.validity = settings.validity;
    query.ranking = settings.ranking;
    if (wanted.rounds_needed)
        query.validity.rounds_needed = static_cast<int>(*wanted.rounds_needed);
    if (wanted.percent_of_days)
        query.validity.percent_of_days = static_cast<int>(*wanted.percent_of_days);
    return query;
}

std::vector<http::Route> make_statistics_routes(Services const& services)
{
    auto parameters = period_parameters();
    parameters.push_back(known_at_parameter<StatisticsRequest>());
    add_csv_parameters(parameters);
    auto statistics_route = http::declare<StatisticsRequest>(
        {.path = "/api/v1/statistics/water-sections",
         .id = "getWaterStatistics",
         .tag = "Statistics",
         .summary = {"断面时段评价：均值、类别、达标、变化，按断面、河流、区域",
                     "sections over a period: means, classes, targets, changes, by section, river and place"},
         .responses = {{200, {}, {{"application/json", std::string{statistics_schema}}, {"text/csv", std::string{text_schema}}}}}},
        std::move(parameters), [&services](Request const&, StatisticsRequest const& wanted) { return statistics(services, wanted); });
    std::vector<http::Route> routes;
    routes.push_back(std::move(statistics_route));
    routes.push_back(make_air_statistics_route(services));
    for (auto const method : {http::Method::get, http::Method::post}) {
        std::ranges::move(water_routes(services, method), std::back_inserter(routes));
        routes.push_back(make_air_report_route(services, method));
        routes.push_back(make_outfall_report_route(services, method));
    }
    routes.push_back(make_outfall_statistics_route(services));
    routes.push_back(make_black_odorous_route(services));
    std::ranges::move(make_issue_routes(services), std::back_inserter(routes));
    return routes;
}

}  // namespace yihong::api
