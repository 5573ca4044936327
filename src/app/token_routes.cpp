#include "token_routes.hpp"

#include "yihong/base/json_writer.hpp"
#include "yihong/base/log.hpp"
#include "yihong/http/declare.hpp"
#include "yihong/http/handlers.hpp"
#include "yihong/http/parameters.hpp"

#include <chrono>
#include <optional>
#include <stdexcept>
#include <string>
#include <type_traits>

namespace yihong {
namespace {

namespace asio = boost::asio;

struct NewToken {
    std::string name;
    std::vector<std::string> scopes;
    std::uint64_t days = 0;                        ///< 0: does not expire
};
struct TokenName {
    std::string name;
};

void write(JsonWriter& json, Token const& token, UtcTime now)
{
    json.begin_object().member("name", token.name).key("scopes").begin_array();
    for (auto const& scope : token.scopes)
        json.value(scope);
    json.end_array().member("created", token.created).member_or_null("expires", token.expires);
    json.member("valid", token.is_valid(now)).end_object();
}

asio::awaitable<http::Reply> list(TokenFile& tokens, net::Pool& pool)
{
    auto const read = [&] { return tokens.list(); };
    auto const all = co_await pool.run(read);
    auto const now = utc_now();
    std::string out;
    JsonWriter json{out};
    json.begin_object().key("tokens").begin_array();
    for (auto const& token : all)
        write(json, token, now);
    json.end_array().end_object();
    co_return http::json_reply(std::move(out));
}

/// A file that cannot be read or written is told to whoever asked.
template <typename Use>
std::invoke_result_t<Use> telling_of_the_file(Use use)
{
    try {
        return use();
    } catch (std::runtime_error const& problem) {
        return fail(Errc::broken_file, problem.what());
    }
}

http::Reply refusal(Failure const& failure)
{
    return failure.code == Errc::duplicate_id ? http::make_problem(409, "duplicate_id", failure.detail) : http::make_problem(failure);
}

asio::awaitable<http::Reply> create(TokenFile& tokens, net::Pool& pool, http::Request const& request, NewToken const& wanted)
{
    auto const now = utc_now();
    auto const expires = wanted.days == 0 ? std::optional<UtcTime>{} : std::optional<UtcTime>{now + std::chrono::days{wanted.days}};
    auto const make = [&] { return telling_of_the_file([&] { return tokens.create(wanted.name, wanted.scopes, expires, now); }); };
    auto const secret = co_await pool.run(make);
    http::audit(request, "token_create", {{"token", std::string_view{wanted.name}}, {"ok", secret.has_value()}});
    if (!secret)
        co_return refusal(secret.error());
    std::string out;
    JsonWriter{out}.begin_object().member("name", wanted.name).member("secret", *secret).end_object();
    auto reply = http::json_reply(std::move(out), 201);
    reply.headers.emplace_back("Cache-Control", "no-store");
    co_return reply;
}

asio::awaitable<http::Reply> revoke(TokenFile& tokens, net::Pool& pool, http::Request const& request, TokenName const& wanted)
{
    auto const take = [&] { return telling_of_the_file([&] { return tokens.revoke(wanted.name); }); };
    auto const done = co_await pool.run(take);
    http::audit(request, "token_revoke", {{"token", std::string_view{wanted.name}}, {"ok", done.has_value()}});
    if (!done)
        co_return refusal(done.error());
    http::Reply reply;
    reply.status = 204;
    co_return reply;
}

constexpr std::string_view list_schema =
    R"({"type":"object","properties":{"tokens":{"type":"array","items":{"type":"object","properties":{"name":{"type":"string"},"scopes":{"type":"array","items":{"type":"string"}},"created":{"type":"string","format":"date-time"},"expires":{"type":"string","format":"date-time","nullable":true},"valid":{"type":"boolean"}}}}}})";
constexpr std::string_view made_schema = R"({"type":"object","properties":{"name":{"type":"string"},"secret":{"type":"string"}}})";

}  // namespace

std::vector<http::Route> token_routes(TokenFile& tokens, net::Pool& pool)
{
    return {
        http::declare<http::NoArguments>({.path = "/api/v1/admin/tokens",
                                          .scope = http::Scope::admin,
                                          .id = "getTokens",
                                          .tag = "Operation",
                                          .summary = {"访问令牌：谁、能做什么、到何时", "access tokens: who, what for, until when"},
                                          .responses = {{200, {}, {{"application/json", std::string{list_schema}}}}}},
                                         {},
                                         [&tokens, &pool](http::Request const&, http::NoArguments const&) { return list(tokens, pool); }),
        http::declare<NewToken>(
            {.method = http::Method::post,
             .path = "/api/v1/admin/tokens",
             .scope = http::Scope::admin,
             .id = "createToken",
             .tag = "Operation",
             .summary = {"创建令牌；口令只在这一次应答中", "make a token; its secret is in this one reply"},
             .responses = {{201, {"已创建", "It is made."}, {{"application/json", std::string{made_schema}}}},
                           {409, {"已有同名令牌", "There is one of this name."}}}},
            {http::required_query("name", {"令牌的名字，处置记录中写它", "its name, which stands in logs"}, http::text(), &NewToken::name),
             http::required_query("scope", {"权限，逗号分隔", "what it may, by commas"}, http::list_of(http::text()), &NewToken::scopes),
             http::query("days", {"有效天数；不写为不过期", "days that it is valid; without: for ever"}, http::whole_number(1, 36500),
                         &NewToken::days)},
            [&tokens, &pool](http::Request const& request, NewToken const& wanted) { return create(tokens, pool, request, wanted); }),
        http::declare<TokenName>(
            {.method = http::Method::del,
             .path = "/api/v1/admin/tokens/{name}",
             .scope = http::Scope::admin,
             .id = "revokeToken",
             .tag = "Operation",
             .summary = {"撤销令牌，一秒左右生效", "take a token back, within a second or so"},
             .responses = {{204, {"已撤销", "It is gone."}}, {404, {"没有这个令牌", "There is no such token."}}}},
            {http::path("name", {"令牌的名字", "name of the token"}, http::text(), &TokenName::name)},
            [&tokens, &pool](http::Request const& request, TokenName const& wanted) { return revoke(tokens, pool, request, wanted); }),
    };
}

}  // namespace yihong
