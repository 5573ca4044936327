#pragma once

#include "yihong/api/routes.hpp"
#include "yihong/documents/template.hpp"
#include "yihong/http/parameters.hpp"

#include <algorithm>
#include <functional>
#include <initializer_list>
#include <iterator>
#include <string>
#include <string_view>

/// Reports as files: drafts, which anybody may look at, and those that are handed out.
namespace yihong::api {

enum class Print : std::uint8_t { html, xlsx, docx };
/// Where figures of a report lead: nowhere, to the service as it was asked, or as others reach it (`public_url`).
enum class Links : std::uint8_t { none, here, published };

/// What every report may be asked with, beside what it is of.
struct Printing {
    Links links = Links::here;
    std::string number;
    Print print = Print::html;
};
http::Parameters<Printing> printing_parameters();

/// A report that is computed and not yet printed.
struct Draft {
    std::string kind;  ///< `water-month`
    Period period;
    std::optional<Period> base;
    std::string place;
    UtcTime as_of{};
    bool partial = false;  ///< of some sections or stations only: a draft, never handed out as the report of its period
    std::function<ReportContent(PrintOptions const&)> content;
    std::function<Result<std::string>(PrintOptions const&)> print;  ///< \return Errc::broken_file for a template that does not do
};
/// Makes a draft on the heavy pool. \return Errc::bad_value for what cannot be asked
using MakeDraft = std::function<Result<Draft>()>;

/// Prints the draft, with a note where its compared period was printed otherwise.
boost::asio::awaitable<http::Reply> print_draft(Services const& services, http::Request const& request, Printing const& how,
                                                MakeDraft const& make);
/// Hands it out: it gets its number, or is the next version of what was handed out of that period, with what changed; it is kept. 201
boost::asio::awaitable<http::Reply> issue_report(Services const& services, http::Request const& request, Printing const& how,
                                                 MakeDraft const& make);
/// The bodies that a report comes as, for its declaration.
std::vector<http::Response> printed_responses(int status);

/// A report as it is asked for: what it is of, and how it is printed.
template <typename Wanted>
struct Asked {
    Wanted what;
    Printing how;
};
/// A kind of report: how it is named, asked for and drafted.
template <typename Wanted>
struct ReportKind {
    std::string_view name;  ///< of the path: `water-month`
    std::string_view id;  ///< of the operations, behind `get` and `issue`: `WaterReport`
    http::Text draft_text, issue_text;
    http::Parameters<Wanted> parameters;
    Result<Draft> (*draft)(Asked<Wanted> const& wanted, World const& world, ReportRecords const& records, ReportSettings const& settings);
};
/// `/api/v1/reports/NAME`: a draft by GET, handed out by POST.
template <typename Wanted>
http::Route report_route(Services const& services, http::Method method, ReportKind<Wanted> kind)
{
    bool const issues = method == http::Method::post;
    auto parameters = http::within(std::move(kind.parameters), &Asked<Wanted>::what);
    std::ranges::move(http::within(printing_parameters(), &Asked<Wanted>::how), std::back_inserter(parameters));
    auto const answer = [&services, issues, draft = kind.draft](http::Request const& request,
                                                                Asked<Wanted> const& wanted) -> boost::asio::awaitable<http::Reply> {
        auto const world = services.intake.world();
        auto const settings = services.reports.load();
        ReportRecords const records{services.records, &services.months, services.state.marks.load(), &services.air_months};
        MakeDraft const make = [&] { return draft(wanted, *world, records, *settings); };
        co_return co_await (issues ? issue_report : print_draft)(services, request, wanted.how, make);
    };
    return http::declare<Asked<Wanted>>({.method = method,
                                         .path = "/api/v1/reports/" + std::string{kind.name},
                                         .scope = issues ? http::Scope::operate : http::Scope::read,
                                         .id = (issues ? "issue" : "get") + std::string{kind.id},
                                         .tag = "Statistics",
                                         .summary = issues ? kind.issue_text : kind.draft_text,
                                         .responses = printed_responses(issues ? 201 : 200)},
                                        std::move(parameters), answer);
}

/// `/api/v1/reports/issues…`
std::vector<http::Route> make_issue_routes(Services const& services);

/// Those lists of the content that have rows, as the sheets of a workbook.
std::string content_xlsx(ReportContent const& content, std::initializer_list<std::string_view> lists, UtcTime as_of);
/// The content in the bureau's template. \return Errc::broken_file naming the template where it does not do
Result<std::string> in_template(documents::Kind kind, std::filesystem::path const& file, ReportContent const& content);

}  // namespace yihong::api
