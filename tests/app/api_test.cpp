#include "process.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <simdjson.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <set>
#include <sstream>

namespace yihong::e2e {
namespace {

namespace dom = simdjson::dom;

constexpr std::string_view tables_begin = "<!-- routes: written by `yihong api-tables`, kept true by a test -->\n";
constexpr std::string_view tables_end = "<!-- end of routes -->\n";

std::string text(dom::element element) { return std::string{element.get_string().value()}; }

/// What /api says of one operation.
struct Operation {
    std::string method, path, scope;
    dom::object object;
    [[nodiscard]] std::string name() const { return method + " " + path; }
    /// The items of one collection, told apart for its queryables: the same route as those of any collection.
    [[nodiscard]] bool repeats() const { return path.starts_with("/collections/") && path.ends_with("/items") && !path.contains('{'); }
};

/// A running service without public reads, a token for every scope, and what it says of itself.
class ApiTest : public ::testing::Test {
protected:
    void SetUp() override
    {
        config_ = small_config(folder_.path(), "[server]\npublic_reads = false\n");
        for (auto const* scope : {"read", "ingest", "operate", "admin"}) {
            auto const made = yihong({"token", "create", scope, "--scope", scope, "--config", config_, "--data", folder_ / "data"});
            ASSERT_EQ(made.code, 0) << made.err;
            tokens_[scope] = made.last_line();
        }
        service_ = std::make_unique<Service>(folder_ / "data", ServeOptions{.config = config_});
        auto const reply = ask("GET", "/api", "read");
        ASSERT_EQ(reply.status, 200) << reply.body;
        api_ = parser_.parse(reply.body).value();
        for (auto const& [path, item] : api_["paths"].get_object().value())
            for (auto const& [method, operation] : item.get_object().value()) {
                std::string upper{method};
                std::ranges::transform(upper, upper.begin(), [](char c) { return static_cast<char>(c - 'a' + 'A'); });
                operations_.push_back({upper, std::string{path}, text(operation["x-scope"].value()), operation.get_object().value()});
            }
        ASSERT_GT(operations_.size(), 50U);
    }
    [[nodiscard]] http::ClientReply ask(std::string_view method, std::string const& target, std::string const& scope) const
    {
        http::Headers headers{{"Accept", "application/json, */*;q=0.5"}};
        if (scope != "none")
            headers.emplace_back("Authorization", "Bearer " + tokens_.at(scope));
        if (target.starts_with("/api/v1/ws"))
            for (auto const& [name, value] : {std::pair{"Connection", "Upgrade"},
                                              {"Upgrade", "websocket"},
                                              {"Sec-WebSocket-Version", "13"},
                                              {"Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="}})
                headers.emplace_back(name, value);
        return http::request("127.0.0.1", service_->port(), method, target, headers);
    }
    /// `{"$ref":…}` leads to what it names.
    [[nodiscard]] dom::element resolved(dom::element element) const
    {
        std::string_view reference;
        if (element["$ref"].get(reference) != simdjson::SUCCESS)
            return element;
        return api_.at_pointer(reference.substr(1)).value();
    }
    [[nodiscard]] std::vector<dom::element> parameters_of(Operation const& operation) const
    {
        std::vector<dom::element> all;
        dom::array given;
        if (operation.object["parameters"].get(given) == simdjson::SUCCESS)
            for (auto const parameter : given)
                all.push_back(resolved(parameter));
        return all;
    }
    /// A value that the schema takes.
    static std::string example(dom::element schema)
    {
        dom::element inner;
        if (schema["items"].get(inner) == simdjson::SUCCESS) {
            std::uint64_t least = 1;
            [[maybe_unused]] auto const absent = schema["minItems"].get(least);
            std::string all = example(inner);
            for (std::uint64_t i = 1; i < least; ++i)
                all += "," + example(inner);
            return all;
        }
        dom::array values;
        if (schema["enum"].get(values) == simdjson::SUCCESS)
            return text(values.at(0).value());
        auto const type = text(schema["type"].value());
        std::string_view format;
        if (schema["format"].get(format) == simdjson::SUCCESS && format == "date-time")
            return "2025-11-06T00:00:00Z";
        return type == "string" ? "a" : type == "boolean" ? "false" : "1";
    }
    /// The path with examples in the places of its parameters.
    [[nodiscard]] std::string target_of(Operation const& operation) const
    {
        auto target = operation.path;
        for (auto const parameter : parameters_of(operation)) {
            if (text(parameter["in"].value()) != "path")
                continue;
            auto const name = text(parameter["name"].value());
            auto const at = target.find("{" + name + "}");
            EXPECT_NE(at, std::string::npos) << operation.name() << " has no " << name;
            target.replace(at, name.size() + 2, name == "collectionId" ? "water-sections" : example(parameter["schema"].value()));
        }
        EXPECT_EQ(target.find('{'), std::string::npos) << operation.name() << " says nothing of a part of its path";
        return target;
    }

    TemporaryFolder folder_;
    std::filesystem::path config_;
    std::map<std::string, std::string> tokens_;
    std::unique_ptr<Service> service_;
    dom::parser parser_;
    dom::element api_;
    std::vector<Operation> operations_;
};

/// Every `$ref` leads somewhere.
void check_references(dom::element root, dom::element element)
{
    dom::object object;
    dom::array array;
    if (element.get(object) == simdjson::SUCCESS) {
        for (auto const& [key, value] : object) {
            if (key == "$ref")
                EXPECT_EQ(root.at_pointer(value.get_string().value().substr(1)).error(), simdjson::SUCCESS) << value;
            else
                check_references(root, value);
        }
    } else if (element.get(array) == simdjson::SUCCESS) {
        for (auto const value : array)
            check_references(root, value);
    }
}

TEST_F(ApiTest, IsWholeInItself)
{
    EXPECT_EQ(text(api_["openapi"].value()), "3.0.3");
    check_references(api_, api_);
    std::set<std::string> ids;
    for (auto const& operation : operations_) {
        for (auto const* member : {"summary", "operationId", "tags", "responses"})
            EXPECT_EQ(operation.object[member].error(), simdjson::SUCCESS) << operation.name() << " " << member;
        EXPECT_TRUE(ids.insert(text(operation.object["operationId"].value())).second) << operation.name();
        std::size_t in_path = 0;
        for (auto const parameter : parameters_of(operation)) {
            for (auto const* member : {"name", "in", "required", "style", "explode", "schema", "description"})
                EXPECT_EQ(parameter[member].error(), simdjson::SUCCESS) << operation.name() << " " << member;
            in_path += text(parameter["in"].value()) == "path";
        }
        EXPECT_EQ(in_path, static_cast<std::size_t>(std::ranges::count(operation.path, '{'))) << operation.name();
        for (auto const& [status, response] : operation.object["responses"].get_object().value())
            EXPECT_EQ(resolved(response)["description"].error(), simdjson::SUCCESS) << operation.name() << " " << status;
    }
}

TEST_F(ApiTest, HasTheRoutesThatThereAreAndNoOther)
{
    // what the router knows: the hidden command asks it, OPTIONS asks the service that runs
    auto const tables = yihong({"api-tables", "--config", config_, "--data", folder_ / "other"});
    ASSERT_EQ(tables.code, 0) << tables.err;
    std::set<std::string> in_router, in_api;
    std::istringstream lines{tables.out.substr(0, tables.out.find("\n\n"))};
    for (std::string line; std::getline(lines, line);)
        if (auto const begin = line.find("| `"); begin == 0) {
            auto const end = line.find('`', 3);
            auto const scope = line.substr(end + 4, line.find(" |", end + 4) - end - 4);
            in_router.insert(line.substr(3, end - 3) + " " + scope);
        }
    std::map<std::string, std::set<std::string>> methods;
    for (auto const& operation : operations_) {
        if (!operation.repeats())
            in_api.insert(operation.name() + " " + operation.scope);
        methods[target_of(operation)].insert(operation.method);
    }
    EXPECT_EQ(in_api, in_router);
    for (auto const& [target, documented] : methods) {
        auto const reply = ask("OPTIONS", target, "admin");
        auto const* allow = reply.header("Allow");
        ASSERT_NE(allow, nullptr) << target;
        std::set<std::string> allowed;
        std::istringstream names{*allow};
        for (std::string name; std::getline(names, name, ',');) {
            std::erase(name, ' ');
            if (name != "HEAD" && name != "OPTIONS")
                allowed.insert(name);
        }
        EXPECT_EQ(allowed, documented) << target;
    }
}

/// What a reader sees of a page: its words, with one blank between them.
std::string words_of(std::string const& html)
{
    std::string text;
    bool in_tag = false;
    for (char const c : html) {
        in_tag = c == '<' || (in_tag && c != '>');
        char const shown = in_tag || c == '>' || c == '\n' ? ' ' : c;
        if (shown != ' ' || (!text.empty() && text.back() != ' '))
            text += shown;
    }
    return text + ' ';
}

TEST_F(ApiTest, ThePageToReadHasEveryRoute)
{
    auto const page = ask("GET", "/api.html", "read");
    ASSERT_EQ(page.status, 200);
    auto const words = words_of(page.body);
    for (auto const& operation : operations_)
        EXPECT_TRUE(operation.repeats() || words.contains(" " + operation.name() + " ")) << operation.name();
}

TEST_F(ApiTest, EveryRouteAsksForTheScopeItNamesAndRefusesParametersThatItDoesNot)
{
    std::map<std::string, std::set<std::string>> const opens{{"none", {"none", "read", "ingest", "operate", "admin"}},
                                                             {"read", {"read", "operate", "admin"}},
                                                             {"ingest", {"ingest", "operate", "admin"}},
                                                             {"operate", {"operate", "admin"}},
                                                             {"admin", {"admin"}},
                                                             {"metrics", {"read", "operate", "admin"}}};
    for (auto const& operation : operations_)
        for (auto const* scope : {"none", "read", "ingest", "operate", "admin"}) {
            auto const reply = ask(operation.method, target_of(operation) + "?no-such-parameter=zz-9", scope);
            if (!opens.at(operation.scope).contains(scope)) {
                EXPECT_EQ(reply.status, std::string_view{scope} == "none" ? 401 : 403) << operation.name() << " with " << scope;
                continue;
            }
            EXPECT_EQ(reply.status, 400) << operation.name() << " with " << scope << "\n" << reply.body;
            Json const problem{reply.body};
            EXPECT_EQ(problem.at("/code"), "unknown_field") << operation.name();
            for (auto const* part : {"no-such-parameter", "zz-9"})
                EXPECT_NE(problem.at("/detail").find(part), std::string::npos) << operation.name() << "\n" << reply.body;
        }
}

TEST_F(ApiTest, EveryParameterIsTakenByItsRouteAndRefusedWhenItIsGivenTwice)
{
    std::size_t seen = 0;
    for (auto const& operation : operations_) {
        bool const stream = operation.path == "/api/v1/stream";    // HEAD: it would not end
        auto const method = stream ? "HEAD" : operation.method;
        for (auto const parameter : parameters_of(operation)) {
            if (text(parameter["in"].value()) != "query")
                continue;
            auto const name = text(parameter["name"].value());
            auto const given = name + "=" + example(parameter["schema"].value());
            bool const is_ws = operation.path == "/api/v1/ws";
            auto const twice = ask(operation.method, target_of(operation) + "?" + given + "&" + name + "=other", "admin");
            EXPECT_EQ(twice.status, 400) << operation.name() << " " << name;
            EXPECT_NE(twice.body.find(name), std::string::npos) << twice.body;
            EXPECT_NE(Json{twice.body}.at("/code"), "unknown_field") << operation.name() << " " << name << "\n" << twice.body;
            ++seen;
            if (is_ws)
                continue;                                          // taken, it would not end either
            auto const reply = ask(method, target_of(operation) + "?" + given, "admin");
            if (reply.status == 400 && !stream)
                EXPECT_NE(Json{reply.body}.at("/code"), "unknown_field") << operation.name() << " " << name << "\n" << reply.body;
        }
    }
    EXPECT_GT(seen, 80U);
}

/// Whether a schema takes any text.
bool takes_any_text(dom::element schema)
{
    dom::element inner;
    if (schema["items"].get(inner) == simdjson::SUCCESS)
        return takes_any_text(inner);
    dom::array values;
    std::string_view format;
    return text(schema["type"].value()) == "string" && schema["enum"].get(values) != simdjson::SUCCESS &&
           (schema["format"].get(format) != simdjson::SUCCESS || format != "date-time");
}

TEST_F(ApiTest, AWrongValueIsRefusedWithItsParameterAndItself)
{
    std::size_t seen = 0;
    for (auto const& operation : operations_) {
        auto const parameters = parameters_of(operation);
        for (auto const parameter : parameters) {
            auto const name = text(parameter["name"].value());
            if (text(parameter["in"].value()) != "query" || takes_any_text(parameter["schema"].value()))
                continue;
            auto target = target_of(operation) + "?" + name + "=zz-9";
            for (auto const other : parameters)
                if (text(other["in"].value()) == "query" && other["required"].get_bool().value() && text(other["name"].value()) != name)
                    target += "&" + text(other["name"].value()) + "=" + example(other["schema"].value());
            auto const reply = ask(operation.method, target, "admin");
            ASSERT_EQ(reply.status, 400) << operation.method << " " << target << "\n" << reply.body;
            auto const detail = Json{reply.body}.at("/detail");
            for (auto const& part : {name, std::string{"zz-9"}})
                EXPECT_NE(detail.find(part), std::string::npos)
                    << operation.method << " " << target << " leaves out " << part << ": " << detail;
            ++seen;
        }
    }
    EXPECT_GT(seen, 60U);
}

TEST(ApiPage, HasTheTablesThatTheProgramWrites)
{
    TemporaryFolder const folder;
    auto const tables = yihong({"api-tables", "--config", small_config(folder.path()), "--data", folder / "data"});
    ASSERT_EQ(tables.code, 0) << tables.err;
    auto const file = source_dir / "docs/api.md";
    auto const page = read_file(file);
    auto const begin = page.find(tables_begin);
    auto const end = page.find(tables_end);
    ASSERT_TRUE(begin != std::string::npos && end != std::string::npos && begin < end) << "docs/api.md has lost its markers";
    auto const from = begin + tables_begin.size();
    if (std::getenv("YIHONG_RENEW_DOCS") != nullptr)
        write_file(file, page.substr(0, from) + tables.out + page.substr(end));
    else
        EXPECT_EQ(page.substr(from, end - from), tables.out)
            << "the routes are others than docs/api.md says; renew it with\n  YIHONG_RENEW_DOCS=1 ctest -R ApiPage";
}

}  // namespace
}  // namespace yihong::e2e
