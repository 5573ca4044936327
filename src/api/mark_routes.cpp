#include "common.hpp"
#include "marks.hpp"

#include "yihong/base/text.hpp"
#include "yihong/net/answer_of.hpp"

#include <algorithm>

namespace yihong::api {
namespace {

constexpr std::size_t body_limit = 64U << 10U;
constexpr std::size_t list_limit = 4U << 20U;

constexpr http::Component mark_component{
    "mark",
    R"({"type":"object","properties":{"id":{"type":"string"},"kind":{"type":"string","enum":["dry","not_measured","background","upstream","dust","stop"]},"label":{"type":"string"},"state":{"type":"string","enum":["standing","withdrawn","rejected"]},"site":{"type":"string","nullable":true},"place":{"type":"string","nullable":true},"parameters":{"type":"array","items":{"type":"string"}},"begin":{"type":"string","format":"date-time"},"begin_beijing":{"type":"string"},"end":{"type":"string","format":"date-time","nullable":true},"end_beijing":{"type":"string","nullable":true},"time_label":{"type":"string"},"reason":{"type":"string"},"document":{"type":"string","nullable":true},"by":{"type":"string"},"note":{"type":"string","nullable":true},"at":{"type":"string","format":"date-time"},"at_beijing":{"type":"string"},"version":{"type":"integer"}}})"};

struct MarksRequest {
    std::vector<PeriodMarkKind> kinds;
    std::vector<PeriodMarkState> states;
    std::string site, place;
    TimeInterval time;
};
struct MarkName {
    std::string id;
};
struct ListRequest {
    std::string reason, document, by;
};

MarkPlaces places_of(World const& world, ReportSettings const& settings) { return {world, settings.city}; }

template <typename T>
bool is_wanted(std::vector<T> const& wanted, T one)
{
    return wanted.empty() || std::ranges::find(wanted, one) != wanted.end();
}

bool is_wanted(PeriodMark const& mark, MarksRequest const& wanted)
{
    auto const far = UtcTime::max();
    return is_wanted(wanted.kinds, mark.kind) && is_wanted(wanted.states, mark.state) &&
           (wanted.site.empty() || mark.site == wanted.site) && (wanted.place.empty() || mark.place == wanted.place) &&
           mark.touches(wanted.time.begin.value_or(UtcTime{}), wanted.time.end ? *wanted.time.end + std::chrono::milliseconds{1} : far);
}

Reply list(Services const& services, MarksRequest const& wanted)
{
    auto const book = services.state.marks.load();
    std::string out;
    JsonWriter json{out};
    json.begin_object().key("marks").begin_array();
    auto const& all = book->all();
    for (auto mark = all.rbegin(); mark != all.rend(); ++mark)
        if (is_wanted(**mark, wanted))
            write_mark(json, **mark);
    json.end_array().end_object();
    return tagged_reply(std::move(out));
}

Reply no_such_mark(std::string const& id)
{
    return http::make_problem(404, "not_found", "there is no mark '" + to_valid_utf8(std::string_view{id}.substr(0, 60)) + "'");
}

/// Every version, the oldest first.
asio::awaitable<Reply> one(Services const& services, MarkName const& wanted)
{
    auto const mark = services.state.marks.load()->find(wanted.id);
    if (!mark)
        co_return no_such_mark(wanted.id);
    auto const read = [&] { return services.journal.story(mark_topic, mark->id); };
    auto const story = co_await services.readers.run(read);
    std::string out;
    JsonWriter json{out};
    write_mark(json.begin_object().key("mark"), *mark);
    json.key("versions").begin_array();
    for (auto const& entry : story)
        json.begin_object()
            .member("number", static_cast<std::int64_t>(entry.number))
            .member("hash", entry.hash)
            .key("mark")
            .raw(entry.document)
            .end_object();
    json.end_array().end_object();
    co_return tagged_reply(std::move(out));
}

/// Has the writer keep it. \return nothing when the store failed and nothing was kept
asio::awaitable<std::optional<MarkOutcome>> carry_out(Services const& services, MarkCommand command)
{
    auto const start = [&services, &command](std::function<void(std::optional<MarkOutcome>)> done) {
        if (!services.writer.submit(MarkJob{std::move(command), done}))
            done(MarkOutcome{fail(Errc::busy, "too much waits to be written; send the same again in a moment")});
    };
    co_return co_await net::answer_of<std::optional<MarkOutcome>>(start);
}

Reply not_kept() { return http::make_problem(503, "store_unavailable", "the store could not write; nothing was changed, try again later"); }

void audit_mark(Request const& request, std::string_view action, PeriodMark const& mark)
{
    audit(request, action,
          {{"mark", mark.id},
           {"kind", to_text(mark.kind)},
           {"site", mark.site},
           {"place", mark.place},
           {"time", mark_time_text(mark)},
           {"by", mark.by},
           {"reason", mark.note.empty() ? mark.reason : mark.note},
           {"document", mark.document}});
}

asio::awaitable<Reply> add(Services const& services, Request const& request)
{
    auto const world = services.intake.world();
    auto const settings = services.reports.load();
    auto mark = parse_mark(request.body, places_of(*world, *settings), request.principal.name);
    if (!mark)
        co_return http::make_problem(mark.error());
    auto const outcome = co_await carry_out(services, AddMarks{{*std::move(mark)}});
    if (!outcome)
        co_return not_kept();
    if (!*outcome)
        co_return http::make_problem(outcome->error());
    if ((*outcome)->empty())
        co_return http::make_problem({Errc::conflict, "the same is marked already; see GET /api/v1/marks"});
    auto const& made = *(*outcome)->front();
    audit_mark(request, made.state == PeriodMarkState::rejected ? "dust_rejected" : "mark_made", made);
    co_return json_reply(mark_document(made), 201);
}

using ParseNext = Result<PeriodMark> (*)(std::string_view body, PeriodMark const& mark, MarkPlaces const& places, std::string_view by);

asio::awaitable<Reply> change(Services const& services, Request const& request, MarkName const& wanted, ParseNext parse,
                              std::string_view action)
{
    auto const world = services.intake.world();
    auto const settings = services.reports.load();
    auto const known = services.state.marks.load()->find(wanted.id);
    if (!known)
        co_return no_such_mark(wanted.id);
    auto next = parse(request.body, *known, places_of(*world, *settings), request.principal.name);
    if (!next)
        co_return http::make_problem(next.error());
    auto const outcome = co_await carry_out(services, ChangeMark{*std::move(next)});
    if (!outcome)
        co_return not_kept();
    if (!*outcome)
        co_return http::make_problem(outcome->error());
    auto const& made = *(*outcome)->front();
    audit_mark(request, action, made);
    co_return json_reply(mark_document(made));
}

asio::awaitable<Reply> take_list(Services const& services, Request const& request, ListRequest const& wanted)
{
    auto const world = services.intake.world();
    auto const settings = services.reports.load();
    PeriodMark common;
    common.reason = wanted.reason.empty() ? "沙尘天气，列入扣除清单" : wanted.reason;
    common.document = wanted.document;
    common.by = wanted.by.empty() ? request.principal.name : wanted.by;
    auto const read = [&]() -> Result<DustMarks> {
        auto days = read_dust_list(request.body);
        if (!days && days.error().code == Errc::broken_file)       // that came broken is the sender's, not ours
            days.error().code = Errc::bad_syntax;
        return days ? dust_marks(*days, places_of(*world, *settings), common) : std::unexpected{days.error()};
    };
    auto list = co_await services.heavy.run(read);
    if (!list)
        co_return http::make_problem(list.error());
    if (list->marks.empty())
        co_return http::make_problem(
            {Errc::bad_value, "city (城市): none of the air stations is of " +
                                  (list->elsewhere.empty() ? std::string{"an empty list"} : list->elsewhere.front()) +
                                  "; the name of the city stands in [reports] city"});
    auto const rows = list->marks.size();
    auto const outcome = co_await carry_out(services, AddMarks{std::move(list->marks)});
    if (!outcome)
        co_return not_kept();
    if (!*outcome)
        co_return http::make_problem(outcome->error());
    auto const& made = **outcome;
    audit(request, "dust_list", {{"made", static_cast<std::int64_t>(made.size())}, {"by", common.by}, {"document", common.document}});
    std::string out;
    JsonWriter json{out};
    json.begin_object().member("made", made.size()).member("known", rows - made.size()).key("elsewhere").begin_array();
    for (auto const& place : list->elsewhere)
        json.value(place);
    json.end_array().key("marks").begin_array();
    for (auto const& mark : made)
        write_mark(json, *mark);
    json.end_array().end_object();
    co_return json_reply(std::move(out), 201);
}

constexpr std::string_view time_member = R"({"type":"string","description":"2025-10-03, or RFC 3339"})";

std::string body_schema(std::string_view required, std::string_view more)
{
    auto const time = std::string{time_member};
    auto const needed = required.empty() ? std::string{} : R"("required":[)" + std::string{required} + "],";  // OpenAPI takes no empty list
    return R"({"type":"object",)" + needed + R"("properties":{)" + std::string{more} + R"("begin":)" + time + R"(,"end":)" + time +
           R"(,"parameters":{"type":"array","items":{"type":"string"}},"reason":{"type":"string"},"document":{"type":"string"},"by":{"type":"string"}},"additionalProperties":false})";
}

http::Parameter<MarkName> mark_id() { return http::path("id", {"标记标识", "id of a mark"}, http::text(), &MarkName::id); }

http::Route list_route(Services const& services)
{
    return http::declare<MarksRequest>(
        {.path = "/api/v1/marks",
         .id = "getMarks",
         .tag = "Marks",
         .summary = {"人工标记：断流、停测、自然本底、上游来水、沙尘、停运，最近登记的在前",
                     "what people have marked: dry, not measured, natural background, water from upstream, dust, stops; the newest first"},
         .responses = {{200,
                        {},
                        {{"application/json",
                          R"({"type":"object","properties":{"marks":{"type":"array","items":)" + reference_to(mark_component) + "}}}"}}},
                       {304}},
         .components = {&mark_component}},
        {http::query("kind", {"种类；不写则全部", "kinds; without: all"},
                     http::list_of(http::one_of_all<PeriodMarkKind>(all_period_mark_kinds)), &MarksRequest::kinds),
         http::query("state", {"状态；不写则全部", "states; without: all"},
                     http::list_of(http::one_of_all<PeriodMarkState>(all_period_mark_states)), &MarksRequest::states),
         http::query("site", {"站点标识", "id of a site"}, http::text(), &MarksRequest::site),
         http::query("place", {"沙尘的县（市、区）或考核归属", "of dust: the county, or whose stations"}, http::text(),
                     &MarksRequest::place),
         http::datetime({"涉及的时间", "the time that they touch"}, &MarksRequest::time), http::only_json<MarksRequest>()},
        [&services](Request const&, MarksRequest const& wanted) { return list(services, wanted); });
}

http::Route add_route(Services const& services)
{
    auto const body = body_schema(
        R"("kind","begin","reason")",
        R"("kind":{"type":"string","enum":["dry","not_measured","background","upstream","dust","stop"]},"site":{"type":"string"},"place":{"type":"string"},"rejected":{"type":"boolean"},)");
    return http::declare<http::NoArguments>(
        {.method = http::Method::post,
         .path = "/api/v1/marks",
         .scope = http::Scope::operate,
         .id = "postMark",
         .tag = "Marks",
         .summary = {"登记一个标记；否决沙尘日建议写 rejected", "mark something; rejected turns down a proposed dust day"},
         .body = http::RequestBody{.media = {{"application/json", body}}},
         .responses = {{201, {"已存盘", "On disk."}, {{"application/json", reference_to(mark_component)}}},
                       {409, {"已有相同的标记", "The same is marked already."}}},
         .components = {&mark_component}},
        {}, [&services](Request const& request, http::NoArguments const&) { return add(services, request); }, body_limit);
}

http::Route one_route(Services const& services)
{
    return http::declare<MarkName>(
        {.path = "/api/v1/marks/{id}",
         .id = "getMark",
         .tag = "Marks",
         .summary = {"一个标记及其各个版本，按日志的链", "a mark with all of its versions, as the journal has chained them"},
         .responses = {{200,
                        {},
                        {{"application/json", R"({"type":"object","properties":{"mark":)" + reference_to(mark_component) +
                                                  R"(,"versions":{"type":"array","items":{"type":"object"}}}})"}}},
                       {304}},
         .components = {&mark_component}},
        {mark_id(), http::only_json<MarkName>()}, [&services](Request const&, MarkName const& wanted) { return one(services, wanted); });
}

http::Route correct_route(Services const& services)
{
    return http::declare<MarkName>(
        {.method = http::Method::patch,
         .path = "/api/v1/marks/{id}",
         .scope = http::Scope::operate,
         .id = "patchMark",
         .tag = "Marks",
         .summary = {"更正标记（如断流结束）：成为新版本，旧版本保留",
                     "correct a mark, such as when it ended: another version, the old one is kept"},
         .body = http::RequestBody{.media = {{"application/json", body_schema("", R"("note":{"type":"string"},)")}}},
         .responses = {{200, {"已存盘", "On disk."}, {{"application/json", reference_to(mark_component)}}},
                       {409, {"已撤销，或他人刚刚改过", "It was withdrawn, or somebody changed it meanwhile."}}},
         .components = {&mark_component}},
        {mark_id()},
        [&services](Request const& request, MarkName const& wanted) {
            return change(services, request, wanted, parse_correction, "mark_corrected");
        },
        body_limit);
}

http::Route withdraw_route(Services const& services)
{
    ParseNext const parse = [](std::string_view body, PeriodMark const& mark, MarkPlaces const&, std::string_view by) {
        return parse_withdrawal(body, mark, by);
    };
    return http::declare<MarkName>(
        {.method = http::Method::post,
         .path = "/api/v1/marks/{id}/withdraw",
         .scope = http::Scope::operate,
         .id = "withdrawMark",
         .tag = "Marks",
         .summary = {"撤销标记：不删除，写明为何", "withdraw a mark: it is not deleted, and says why"},
         .body =
             http::RequestBody{
                 .media =
                     {{"application/json",
                       R"({"type":"object","required":["note"],"properties":{"note":{"type":"string"},"by":{"type":"string"}},"additionalProperties":false})"}}},
         .responses = {{200, {"已存盘", "On disk."}, {{"application/json", reference_to(mark_component)}}},
                       {409, {"已经撤销", "It is withdrawn already."}}},
         .components = {&mark_component}},
        {mark_id()},
        [&services, parse](Request const& request, MarkName const& wanted) {
            return change(services, request, wanted, parse, "mark_withdrawn");
        },
        body_limit);
}

http::Route dust_list_route(Services const& services)
{
    return http::declare<ListRequest>(
        {.method = http::Method::post,
         .path = "/api/v1/marks/dust-list",
         .scope = http::Scope::operate,
         .id = "postDustList",
         .tag = "Marks",
         .summary =
             {"导入沙尘日清单（CSV 或 XLSX：城市、日期）；已有的跳过，别处的列出",
              "import a list of dust days (CSV or XLSX: city, date); those that are known are passed over, those of other places named"},
         .body = http::RequestBody{.media = {{"text/csv", R"({"type":"string"})"},
                                             {std::string{workbook_type}, R"({"type":"string","format":"binary"})"}}},
         .responses =
             {{201,
               {"已存盘", "On disk."},
               {{"application/json",
                 R"({"type":"object","properties":{"made":{"type":"integer"},"known":{"type":"integer"},"elsewhere":{"type":"array","items":{"type":"string"}},"marks":{"type":"array","items":)" +
                     reference_to(mark_component) + "}}}"}}}},
         .components = {&mark_component}},
        {http::query("reason", {"原因；清单中有则用清单的", "why; that of the list goes before"}, http::text(), &ListRequest::reason),
         http::query("document", {"文号；清单中有则用清单的", "number of the paper; that of the list goes before"}, http::text(),
                     &ListRequest::document),
         http::query("by", {"登记人；不写则为令牌的名称", "who marks it; without: the name of the token"}, http::text(), &ListRequest::by)},
        [&services](Request const& request, ListRequest const& wanted) { return take_list(services, request, wanted); }, list_limit);
}

}  // namespace

std::vector<http::Route> make_mark_routes(Services const& services)
{
    std::vector<http::Route> routes;
    routes.push_back(list_route(services));
    routes.push_back(add_route(services));
    routes.push_back(dust_list_route(services));
    routes.push_back(make_dust_proposal_route(services));
    routes.push_back(one_route(services));
    routes.push_back(correct_route(services));
    routes.push_back(withdraw_route(services));
    return routes;
}

}  // namespace yihong::api
