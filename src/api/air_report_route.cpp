#include "air_statistics.hpp"
#include "prints.hpp"

#include "yihong/reports/air_content.hpp"

#include <memory>

namespace yihong::api {
namespace {

/// The report of the period, and of the year so far where the period is a month behind the first. \param world, settings outlive the draft
Result<Draft> air_draft(Asked<AirRequest> const& wanted, World const& world, ReportRecords const& records, ReportSettings const& settings)
{
    auto asked = query_of(wanted.what, settings, utc_now());
    if (!asked)
        return std::unexpected{asked.error()};
    auto query = *std::move(asked);
    auto const year_so_far = year_to_date(query.period);
    bool const has_more = query.period.kind == PeriodKind::month && year_so_far != query.period;
    auto const target = query.good_days_target;
    query.outlook = !has_more;                             // targets are of the year: they stand where the year does
    if (has_more)
        query.good_days_target.reset();
    auto made = make_air_report(query, world, records);
    if (!made)
        return std::unexpected{made.error()};
    auto const month = std::make_shared<AirReport const>(*std::move(made));
    std::shared_ptr<AirReport const> so_far;
    if (has_more) {
        query.period = year_so_far;
        bool const is_previous = wanted.what.compare.with == CompareWith::previous;
        auto const base = base_of(is_previous ? PeriodComparison{} : wanted.what.compare, year_so_far, settings);
        if (!base)
            return std::unexpected{base.error()};
        query.base = *base;
        query.good_days_target = target;
        query.outlook = true;
        auto more = make_air_report(query, world, records);
        if (!more)
            return std::unexpected{more.error()};
        so_far = std::make_shared<AirReport const>(*std::move(more));
    }
    auto const content = [=, &world](PrintOptions const& options) {
        return air_report_content(*month, so_far.get(), *world.standards, options);
    };
    auto const print = [=, &world, &settings, as = wanted.how.print](PrintOptions const& options) -> Result<std::string> {
        if (as == Print::xlsx)
            return content_xlsx(content(options), {"区域", "站点", "累计区域", "级别", "说明"}, month->query.as_of);
        if (as == Print::docx)
            return in_template(documents::Kind::air_month, settings.air_template, content(options));
        return air_report_html(*month, so_far.get(), *world.standards, options);
    };
    return Draft{"air-month", month->query.period, month->query.base, {}, month->query.as_of, !month->query.sites.empty(), content, print};
}

}  // namespace

http::Route make_air_report_route(Services const& services, http::Method method)
{
    return report_route<AirRequest>(
        services, method,
        {.name = "air-month",
         .id = "AirReport",
         .draft_text = {"环境空气质量报告（当月与今年以来，A4，可打印）",
                        "the air report of a month and of the year so far, to be printed on A4"},
         .issue_text = {"印发环境空气质量报告：编号、留存，再次印发注明变化",
                        "hands the air report out: it is numbered and kept, and a new version says what changed"},
         .parameters = air_parameters(),
         .draft = air_draft});
}

}  // namespace yihong::api
