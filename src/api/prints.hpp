#pragma once

#include "yihong/api/routes.hpp"
#include "yihong/documents/template.hpp"
#include "yihong/http/parameters.hpp"

#include <functional>
#include <string>

/// Reports as files: drafts, which anybody may look at, and those that are handed out.
namespace yihong::api {

enum class Print : std::uint8_t { html, xlsx, docx };

/// What every report may be asked with, beside what it is of.
struct Printing {
    bool links = true;
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
/// `/api/v1/reports/issues…`
std::vector<http::Route> make_issue_routes(Services const& services);

/// The content in the bureau's template. \return Errc::broken_file naming the template where it does not do
Result<std::string> in_template(documents::Kind kind, std::filesystem::path const& file, ReportContent const& content);

}  // namespace yihong::api
