#pragma once

#include "common.hpp"
#include "csv_rows.hpp"
#include "report_basis.hpp"

#include <string>

namespace yihong::api {

/// Answers with the figures of a period, made from what there is, or from what was known at the request's `asof`, as JSON or CSV.
/// \param wanted has `known_at`, `form` and `bom`
/// \param make the report, of a world and records; it may fail
/// \param json, csv of a report and the world that it was made from
template <typename Request, typename Make, typename Json, typename Csv>
asio::awaitable<Reply> figures(Services const& services, Request const& wanted, Make make, Json json, Csv csv)
{
    auto const world = services.intake.world();
    auto const write = [&]() -> Result<std::string> {
        ReportBasis const basis{services, wanted.known_at};
        auto report = make(*world, basis.records());
        if (!report)
            return std::unexpected{report.error()};
        report->data.known_at = wanted.known_at;
        return wanted.form == http::Form::csv ? csv(*report, *world, wanted.bom) : json(*report, *world);
    };
    co_return co_await computed(services, std::string{wanted.form == http::Form::csv ? csv_type : json_type}, write);
}

}  // namespace yihong::api
