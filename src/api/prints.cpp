#include "prints.hpp"

#include "common.hpp"

#include "yihong/base/json_writer.hpp"
#include "yihong/base/text.hpp"

namespace yihong::api {
namespace {

std::string_view ending_of(Print print) noexcept { return print == Print::xlsx ? "xlsx" : print == Print::docx ? "docx" : "html"; }

std::string type_of(std::string_view ending)
{
    return std::string{ending == "xlsx"   ? workbook_type
                       : ending == "docx" ? "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
                                          : "text/html; charset=utf-8"};
}

/// 500 for a template that does not do, which is no fault of who asks; else 400.
Reply refusal(Failure const& failure)
{
    return http::make_problem(failure.code == Errc::broken_file ? 500 : 400, code_name(failure.code), failure.detail);
}

PrintOptions options_of(Services const& services, Request const& request, Printing const& how)
{
    PrintOptions options;
    auto const settings = services.reports.load();
    options.root_url = how.links == Links::here ? request.root_url() : how.links == Links::published ? settings->public_url : std::string{};
    options.publisher = settings->publisher;
    options.number = how.number;
    return options;
}

/// What was handed out of the compared period.
std::optional<Issue> base_issue(ReportArchive const& archive, Draft const& draft)
{
    return draft.base ? archive.newest(draft.kind, *draft.base, draft.place) : std::nullopt;
}

/// What the bureau says under reports of these periods.
std::vector<std::string> said_of(Draft const& draft, ReportSettings const& settings)
{
    auto const overlaps = [](Period const& a, Period const& b) { return a.begin < b.end && b.begin < a.end; };
    std::vector<std::string> notes;
    for (auto const& note : settings.notes)
        if ((note.reports.empty() || std::ranges::find(note.reports, draft.kind) != note.reports.end()) &&
            (overlaps(note.period, draft.period) || (draft.base && overlaps(note.period, *draft.base))))
            notes.push_back(note.text);
    return notes;
}

struct Handed {
    std::string id;
    std::string file;
};

Result<Handed> hand_out(ReportArchive const& archive, Draft const& draft, PrintOptions options, ReportSettings const& settings, Print print)
{
    if (draft.partial)
        return fail(Errc::bad_value, "site: 印发的报告包括全部断面或站点，只能按 place 限定 a report that is handed out is of all sections "
                                     "or stations, or of a place");
    auto const previous = archive.newest(draft.kind, draft.period, draft.place);
    auto const base = base_issue(archive, draft);
    Issue issue;
    issue.kind = draft.kind;
    issue.period = draft.period;
    issue.place = draft.place;
    issue.version = previous ? previous->version + 1 : 1;
    issue.number = previous ? previous->number : options.number.empty() ? archive.next_number(draft.kind, draft.period) : options.number;
    issue.as_of = draft.as_of;
    issue.issued = utc_now();
    issue.ending = ending_of(print);
    options.number = issue.number;
    options.version = issue.version;
    issue.content = draft.content(options);                // without the notes: they are about it
    options.notes = said_of(draft, settings);
    std::ranges::move(issue_notes(previous ? &*previous : nullptr, base ? &*base : nullptr, issue.content),
                      std::back_inserter(options.notes));
    auto file = draft.print(options);
    if (!file)
        return std::unexpected{file.error()};
    archive.keep(issue, *file);
    return Handed{issue_id(issue), *std::move(file)};
}

std::string issues_json(std::vector<Issue> const& issues)
{
    std::string out;
    JsonWriter json{out};
    json.begin_object().key("issues").begin_array();
    for (auto const& issue : issues) {
        auto const id = issue_id(issue);
        json.begin_object().member("id", id).member("kind", issue.kind).member("period", period_code(issue.period));
        json.member("period_label", period_label(issue.period)).text_or_null("place", issue.place).member("number", issue.number);
        json.member("version", issue.version).member("issued", issue.issued).member("as_of", issue.as_of).member("format", issue.ending);
        json.member("href", "/api/v1/reports/issues/" + percent_encoded(id)).end_object();
    }
    json.end_array().end_object();
    return out;
}

struct IssueRequest {
    std::string id;
};

asio::awaitable<Reply> list_issues(Services const& services)
{
    auto const make = [&] { return issues_json(services.archive.all()); };
    co_return json_reply(co_await services.heavy.run(make));
}

asio::awaitable<Reply> one_issue(Services const& services, IssueRequest const& wanted)
{
    std::string ending;
    auto const read = [&]() -> Result<std::string> {
        auto const issue = services.archive.find(wanted.id);
        if (!issue)
            return fail(Errc::not_found, "没有印发过这份报告 no such report was handed out: " + wanted.id.substr(0, 80));
        ending = issue->ending;
        return services.archive.file_of(*issue);
    };
    auto file = co_await services.heavy.run(read);
    if (!file)
        co_return http::make_problem(404, code_name(file.error().code), file.error().detail);
    co_return http::make_reply(200, type_of(ending), *std::move(file));
}

}  // namespace

http::Parameters<Printing> printing_parameters()
{
    return {
        http::query("links",
                    {"数字链接到其记录：true（默认）用访问本服务的地址，public 用配置的 public_url，false 不链接",
                     "figures lead to their records: by the address of this request (true, the default), by public_url of the "
                     "configuration, or not"},
                    http::one_of<Links>({{"true", Links::here}, {"false", Links::none}, {"public", Links::published}}), &Printing::links),
        http::query("number",
                    {"期号，印在报告上；不写则留空，印发时自动编号",
                     "the number of the issue, printed on it; without: blank, or the next one when it is handed out"},
                    http::text(), &Printing::number),
        http::query("f",
                    {"A4 页面、Excel 工作簿或 Word 文档（按模板）", "a page for A4, a workbook, or a Word document made from the template"},
                    http::one_of<Print>({{"html", Print::html}, {"xlsx", Print::xlsx}, {"docx", Print::docx}}), &Printing::print),
    };
}

std::vector<http::Response> printed_responses(int status)
{
    std::string const binary = R"({"type":"string","format":"binary"})";
    return {{status,
             status == 201 ? http::Text{"已印发并留存", "handed out and kept"} : http::Text{},
             {{"text/html", R"({"type":"string"})"}, {type_of("xlsx"), binary}, {type_of("docx"), binary}}}};
}

Result<std::string> in_template(documents::Kind kind, std::filesystem::path const& file, ReportContent const& content)
{
    auto const docx = documents::read_template(kind, file);
    auto made = docx ? documents::fill_template(*docx, content) : docx;
    if (!made)
        return fail(Errc::broken_file, "模板 " + file.filename().string() + "：" + made.error().detail);
    return made;
}

asio::awaitable<Reply> print_draft(Services const& services, Request const& request, Printing const& how, MakeDraft const& make)
{
    auto options = options_of(services, request, how);
    auto const print = [&]() -> Result<std::string> {
        auto const draft = make();
        if (!draft)
            return std::unexpected{draft.error()};
        options.notes = said_of(*draft, *services.reports.load());
        if (auto const base = base_issue(services.archive, *draft))
            std::ranges::move(issue_notes(nullptr, &*base, draft->content(options)), std::back_inserter(options.notes));
        return draft->print(options);
    };
    auto made = co_await services.heavy.run(print);
    if (!made)
        co_return refusal(made.error());
    co_return http::make_reply(200, type_of(ending_of(how.print)), *std::move(made));
}

asio::awaitable<Reply> issue_report(Services const& services, Request const& request, Printing const& how, MakeDraft const& make)
{
    auto const options = options_of(services, request, how);
    auto const print = [&]() -> Result<Handed> {
        auto const draft = make();
        if (!draft)
            return std::unexpected{draft.error()};
        return hand_out(services.archive, *draft, options, *services.reports.load(), how.print);
    };
    auto made = co_await services.heavy.run(print);
    if (!made)
        co_return refusal(made.error());
    audit(request, "report_issued", {{"report", made->id}});
    auto reply = http::make_reply(201, type_of(ending_of(how.print)), std::move(made->file));
    reply.headers.emplace_back("Location", "/api/v1/reports/issues/" + percent_encoded(made->id));
    co_return reply;
}

std::vector<http::Route> make_issue_routes(Services const& services)
{
    std::vector<http::Route> routes;
    routes.push_back(http::declare<http::NoArguments>(
        {.path = "/api/v1/reports/issues",
         .id = "listReportIssues",
         .tag = "Statistics",
         .summary = {"印发过的报告，最近的在前", "the reports that were handed out, the newest first"},
         .responses = {{200,
                        {},
                        {{"application/json",
                          R"({"type":"object","properties":{"issues":{"type":"array","items":{"type":"object"}}}})"}}}}},
        {}, [&services](Request const&, http::NoArguments const&) { return list_issues(services); }));
    routes.push_back(
        http::declare<IssueRequest>({.path = "/api/v1/reports/issues/{id}",
                                     .id = "getReportIssue",
                                     .tag = "Statistics",
                                     .summary = {"一份印发过的报告", "one report as it was handed out"},
                                     .responses = printed_responses(200)},
                                    {http::path("id", {"见印发清单", "see the list"}, http::text(), &IssueRequest::id)},
                                    [&services](Request const&, IssueRequest const& wanted) { return one_issue(services, wanted); }));
    return routes;
}

}  // namespace yihong::api
