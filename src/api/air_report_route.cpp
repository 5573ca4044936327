#include "air_statistics.hpp"
#include "common.hpp"
#include "prints.hpp"

#include "yihong/reports/air_content.hpp"
#include "yihong/sheets/workbook.hpp"

#include <algorithm>
#include <iterator>

namespace yihong::api {
namespace {

struct AirReportRequest {
    AirRequest what;
    Printing how;
};

/// A list of the report: what is printed as a number is one, with the decimals that it is printed with.
sheets::Sheet sheet_of(std::string name, PrintedList const& list)
{
    sheets::Sheet sheet{std::move(name), {}, {}};
    for (auto const& column : list.columns)
        sheet.columns.push_back({column, column == "内容" || column == "首要污染物" ? 80.0 : 16.0});
    for (auto const& row : list.rows) {
        auto& cells = sheet.rows.emplace_back();
        for (std::size_t i = 0; i < row.size(); ++i) {
            auto text = row[i].text;
            if (text.starts_with("−"))
                text.replace(0, std::string_view{"−"}.size(), "-");
            bool const is_name = list.columns[i] == "名称" || list.columns[i] == "所在区域" || list.columns[i] == "内容";
            auto const number = is_name ? fail(Errc::bad_value, {}) : Decimal::parse(text);
            cells.push_back(text == "--" ? sheets::Cell{} : number ? sheets::Cell{*number} : sheets::Cell{row[i].text});
        }
    }
    return sheet;
}

std::string workbook(ReportContent const& content, UtcTime as_of)
{
    std::vector<sheets::Sheet> all;
    for (auto const* name : {"区域", "站点", "累计区域", "级别", "说明"})
        if (auto const& list = content.lists.at(name); !list.rows.empty())
            all.push_back(sheet_of(name, list));
    return sheets::to_xlsx(all, as_of);
}

/// The report of the period, and of the year so far where the period is a month behind the first.
Result<std::string> print(AirReportRequest const& wanted, World const& world, Records const& records, ReportSettings const& settings)
{
    auto query = query_of(wanted.what, utc_now());
    auto const year_so_far = year_to_date(query.period);
    bool const has_more = query.period.kind == PeriodKind::month && year_so_far != query.period;
    auto const target = query.good_days_target;
    if (has_more)                                          // the target is of the year: it stands where the year does
        query.good_days_target.reset();
    auto const month = make_air_report(query, world, records);
    if (!month)
        return std::unexpected{month.error()};
    query.period = year_so_far;
    query.base = base_of(wanted.what.compare == Compare::previous ? Compare::year : wanted.what.compare, year_so_far);
    query.good_days_target = target;
    auto const so_far = has_more ? make_air_report(query, world, records) : *month;
    if (!so_far)
        return std::unexpected{so_far.error()};
    auto const* more = has_more ? &*so_far : nullptr;
    PrintOptions const options{{}, settings.publisher, wanted.how.number};
    if (wanted.how.print == Print::html)
        return air_report_html(*month, more, *world.standards, options);
    auto const content = air_report_content(*month, more, *world.standards, options);
    return wanted.how.print == Print::xlsx ? workbook(content, month->query.as_of)
                                           : in_template(documents::Kind::air_month, settings.air_template, content);
}

asio::awaitable<Reply> air_month(Services const& services, AirReportRequest const& wanted)
{
    auto const world = services.intake.world();
    auto const settings = services.reports.load();
    auto const make = [&] { return print(wanted, *world, services.records, *settings); };
    auto made = co_await services.heavy.run(make);
    co_return printed_reply(wanted.how.print, std::move(made));
}

}  // namespace

http::Route make_air_report_route(Services const& services)
{
    auto parameters = http::within(air_parameters(), &AirReportRequest::what);
    std::ranges::move(http::within(printing_parameters(), &AirReportRequest::how), std::back_inserter(parameters));
    return http::declare<AirReportRequest>(
        {.path = "/api/v1/reports/air-month",
         .id = "getAirReport",
         .tag = "Statistics",
         .summary = {"环境空气质量报告（当月与今年以来，A4，可打印）",
                     "the air report of a month and of the year so far, to be printed on A4"},
         .responses = printed_responses()},
        std::move(parameters), [&services](Request const&, AirReportRequest const& wanted) { return air_month(services, wanted); });
}

}  // namespace yihong::api
