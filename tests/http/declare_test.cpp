#include "yihong/http/openapi.hpp"
#include "yihong/http/parameters.hpp"
#include "yihong/http/route_tables.hpp"

#include <gtest/gtest.h>

#include <array>

namespace yihong::http {
namespace {

struct Arguments {
    std::string id;
    std::size_t limit = 0;
    std::vector<std::uint64_t> numbers;
    std::optional<TimeInterval> time;
    Form form = Form::json;
    bool deep = false;
};

Parameters<Arguments> all_parameters()
{
    return {path("id", {"标识", "its id"}, text(), &Arguments::id),
            limit({"条数", "things"}, 10, 100, &Arguments::limit),
            query("numbers", {"数", "numbers"}, list_of(whole_number(1, 9), 3), &Arguments::numbers),
            datetime({"时间", "when"}, &Arguments::time),
            query("deep", {"深", "deep"}, flag(), &Arguments::deep),
            form({Form::json, Form::html}, &Arguments::form)};
}

Declaration things()
{
    return {.path = "/things/{id}", .id = "getThings", .tag = "Things", .summary = {"东西", "things"}, .responses = {{200}}};
}

Request asking(std::vector<std::pair<std::string, std::string>> query, std::string accept = {})
{
    Request request;
    request.path_parameters = {"a"};
    request.query = std::move(query);
    request.accept = std::move(accept);
    return request;
}

/// What the route answers: its values, or why not.
std::string answer(Request const& request)
{
    auto const route = declare<Arguments>(things(), all_parameters(), [](Request const&, Arguments const& got) {
        std::string out = got.id + " " + std::to_string(got.limit) + " " + std::string{to_text(got.form)} + (got.deep ? " deep" : "");
        for (auto const number : got.numbers)
            out += " " + std::to_string(number);
        return make_reply(200, "text/plain", std::move(out));
    });
    auto const reply = std::get<QuickHandler>(route.handler)(request);
    auto const& body = reply.content()->plain();
    if (reply.status == 200)
        return body;
    auto const begin = body.find("\"detail\":\"") + 10;
    return std::to_string(reply.status) + " " + body.substr(begin, body.find("\",\"code\"") - begin);
}

TEST(Declared, GivesTheHandlerValues)
{
    EXPECT_EQ(answer(asking({})), "a 10 json");
    EXPECT_EQ(answer(asking({{"limit", "7"}, {"numbers", "3, 1"}, {"deep", "true"}})), "a 7 json deep 3 1");
    EXPECT_EQ(answer(asking({{"limit", "1000000000000000000000"}})), "a 100 json");
    EXPECT_EQ(answer(asking({}, "text/html")), "a 10 html");
    EXPECT_EQ(answer(asking({{"f", "json"}}, "text/html")), "a 10 json");
    EXPECT_EQ(answer(asking({{"", ""}})), "a 10 json");
}

TEST(Declared, RefusesWithTheNameWhatWasGivenAndWhatIsTaken)
{
    for (auto const& [name, value, detail] : std::vector<std::array<std::string, 3>>{
             {"colour", "red", "400 'colour' ('red') is not a parameter here; known: limit numbers datetime deep f"},
             {"id", "b", "400 'id' ('b') is not a parameter here; known: limit numbers datetime deep f"},
             {"limit", "0", "400 limit: '0' is not a whole number of at least 1 (more than 100 counts as 100)"},
             {"limit", "+1", "400 limit: '+1' is not a whole number of at least 1 (more than 100 counts as 100)"},
             {"numbers", "1,,2", "400 numbers: '1,,2' must hold 1 to 3 values by commas, none of them empty"},
             {"numbers", "1,2,3,4", "400 numbers: '1,2,3,4' must hold 1 to 3 values by commas, none of them empty"},
             {"numbers", "10", "400 numbers: '10' is not a whole number from 1 to 9"},
             {"deep", "yes", "400 deep: 'yes' is not one of true, false"},
             {"f", "csv", "400 f: 'csv' is not one of json, html"}})
        EXPECT_EQ(answer(asking({{name, value}})), detail);
    EXPECT_TRUE(answer(asking({{"datetime", "never"}})).starts_with("400 datetime: ")) << answer(asking({{"datetime", "never"}}));
    EXPECT_EQ(answer(asking({{"limit", "1"}, {"limit", "1"}})), "400 limit: is given twice, as '1' and '1'; once is allowed");
    EXPECT_EQ(answer(asking({{"numbers", "1"}, {"numbers", "2"}})),
              "400 numbers: is given twice, as '1' and '2'; write its values with commas");
}

TEST(Declared, CannotContradictItself)
{
    auto const handler = [](Request const&, Arguments const&) { return Reply{}; };
    auto other_path = things();
    other_path.path = "/things/{name}";
    EXPECT_THROW(declare<Arguments>(other_path, all_parameters(), handler), std::logic_error);
    auto twice = all_parameters();
    twice.push_back(twice.back());
    EXPECT_THROW(declare<Arguments>(things(), twice, handler), std::logic_error);
    auto const route = declare<Arguments>(things(), all_parameters(), handler);
    EXPECT_EQ(route.pattern, "/things/{}");
    auto const of_one_name = declare<Arguments>(things(), all_parameters(), handler);
    EXPECT_THROW((void)declarations_of({route, of_one_name}), std::logic_error);
    EXPECT_EQ(declarations_of({route, route}).size(), 1U) << "the same under another address";
    Route silent;
    silent.pattern = "/x";
    EXPECT_THROW((void)declarations_of({silent}), std::logic_error);
}

TEST(Declared, ABlockBringsItsParametersToALargerQuery)
{
    struct Page {
        std::size_t limit = 0;
    };
    struct Whole {
        Page page;
    };
    auto const parameters = within(Parameters<Page>{limit({"条数", "things"}, 10, 100, &Page::limit)}, &Whole::page);
    EXPECT_EQ(read_parameters(parameters, asking({{"limit", "5"}})).value().page.limit, 5U);
    EXPECT_EQ(read_parameters(parameters, asking({})).value().page.limit, 10U);
    EXPECT_EQ(read_parameters(parameters, asking({{"limit", "x"}})).error().code, Errc::bad_value);
}

TEST(Declared, TellsOfItselfInTheTablesAndInTheDocument)
{
    auto const all =
        declarations_of({declare<Arguments>(things(), all_parameters(), [](Request const&, Arguments const&) { return Reply{}; })});
    auto const tables = route_tables(all);
    EXPECT_NE(tables.find("| `GET /things/{id}` | read | 东西<br>things |\n"), std::string::npos) << tables;
    EXPECT_NE(tables.find("| `limit` | integer 1–100 (10) | "), std::string::npos) << tables;
    auto const document =
        openapi_document({.title = "t", .description = "d", .version = "1", .root = "http://x", .access_key_parameter = "k"}, all);
    EXPECT_NE(
        document.find(R"("/things/{id}":{"get":{"tags":["Things"],"summary":"东西 things","operationId":"getThings","x-scope":"read")"),
        std::string::npos)
        << document;
    EXPECT_NE(document.find(R"("schema":{"type":"array","items":{"type":"integer","minimum":1,"maximum":9}})"), std::string::npos)
        << document;
    EXPECT_NE(document.find(R"("404":{"$ref":"#/components/responses/NotFound"})"), std::string::npos) << document;
}

TEST(ChosenForm, IsTheFirstWhereNothingElseIsSaid)
{
    constexpr std::array forms{Form::json, Form::csv};
    EXPECT_EQ(choose_form("", forms), Form::json);
    EXPECT_EQ(choose_form("text/csv", forms), Form::csv);
    EXPECT_EQ(choose_form("text/csv, */*", forms), Form::csv);
    EXPECT_EQ(choose_form("text/csv;q=0.1, application/json", forms), Form::json);
    EXPECT_EQ(choose_form("text/html,application/xhtml+xml,*/*;q=0.8", forms), Form::json);
    EXPECT_EQ(choose_form("image/png", forms), std::nullopt);
}

}  // namespace
}  // namespace yihong::http
