#include "yihong/http/login.hpp"

#include "harness.hpp"

#include <gtest/gtest.h>

namespace yihong::http::test {
namespace {

std::optional<Principal> knows(std::string_view token)
{
    if (token == "reader")
        return Principal{"r", {Scope::read}};
    if (token == "chief")
        return Principal{"c", {Scope::admin}};
    if (token == "station")
        return Principal{"s", {Scope::ingest}};
    return std::nullopt;
}

ServerOptions closed_to_the_public()
{
    ServerOptions options;
    options.public_reads = false;
    return options;
}

constexpr std::string_view browser = "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8\r\n";

/// A server whose reads are not public, and a browser.
struct SignIn : ::testing::Test {
    TestServer server{closed_to_the_public(), browser_routes(knows, {.failures = 3})};

    [[nodiscard]] WireReply post(std::string_view path, std::string_view body, std::string const& lines = {}) const
    {
        return server.ask("POST " + std::string{path} + " HTTP/1.1\r\nHost: example.test\r\n" + lines +
                          "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
                          std::string{body});
    }
    [[nodiscard]] WireReply read(std::string_view path, std::string_view lines) const { return server.get(path, lines); }
};

TEST_F(SignIn, ABrowserThatMayNotReadIsLedToTheFormAndBack)
{
    auto const refused = read("/collections/a/items?x=1&access_token=", browser);
    EXPECT_EQ(refused.status, 401);
    EXPECT_EQ(refused.header("Content-Type"), "text/html; charset=utf-8");
    EXPECT_EQ(refused.header("WWW-Authenticate").substr(0, 6), "Bearer");
    EXPECT_EQ(refused.header("Cache-Control"), "no-store");
    auto const plain = read("/collections/a/items?x=1", browser);
    EXPECT_NE(plain.body.find("/login?next=%2Fcollections%2Fa%2Fitems%3Fx%3D1"), std::string::npos) << plain.body;

    auto const form = read("/login?next=/collections/a/items?x=1", browser);
    EXPECT_EQ(form.status, 200);
    EXPECT_NE(form.body.find("name=\"next\" value=\"/collections/a/items?x=1\""), std::string::npos) << form.body;

    auto const entered = post("/login", "token=reader&next=%2Fcollections%2Fa%2Fitems%3Fx%3D1");
    EXPECT_EQ(entered.status, 303);
    EXPECT_EQ(entered.header("Location"), "/collections/a/items?x=1");
    EXPECT_EQ(entered.header("Set-Cookie"), "yihong_token=reader; Path=/; HttpOnly; SameSite=Strict");
    EXPECT_EQ(entered.header("Cache-Control"), "no-store");

    auto const shown = read("/collections/a/items?x=1", "Cookie: other=1; yihong_token=reader\r\n");
    EXPECT_EQ(shown.status, 200);
    EXPECT_NE(shown.body.find("\"principal\":\"r\""), std::string::npos);
    EXPECT_EQ(shown.header("Cache-Control").substr(0, 7), "private");
    EXPECT_NE(shown.header("Vary").find("Cookie"), std::string::npos);
    EXPECT_EQ(shown.header("Set-Cookie"), "(none)");
    EXPECT_NE(read("/login", "Cookie: yihong_token=reader\r\n").body.find("action=\"/logout\""), std::string::npos);

    auto const left = post("/logout", "");
    EXPECT_EQ(left.status, 303);
    EXPECT_EQ(left.header("Set-Cookie"), "yihong_token=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0");
    EXPECT_EQ(left.header("Clear-Site-Data"), "\"cache\"");
}

TEST_F(SignIn, TheCookieWritesForPagesOfTheServiceItselfAlone)
{
    for (auto const* path : {"/ingest", "/admin"}) {
        EXPECT_EQ(post(path, "x", "Cookie: yihong_token=chief\r\n").status, 401) << path;
        EXPECT_EQ(post(path, "x", "Cookie: yihong_token=chief\r\nOrigin: https://elsewhere.test\r\n").status, 401) << path;
        EXPECT_EQ(post(path, "x", "Cookie: yihong_token=chief\r\nOrigin: null\r\n").status, 401) << path;
        EXPECT_EQ(post(path, "x", "Cookie: yihong_token=chief\r\nOrigin: http://example.test\r\n").status, 200) << path;
    }
    EXPECT_EQ(post("/admin", "x", "Cookie: yihong_token=reader\r\nOrigin: http://example.test\r\n").status, 403)
        << "no more than its token may";
    EXPECT_EQ(post("/admin", "x", "Cookie: yihong_token=chief\r\nAuthorization: Bearer chief\r\n").status, 200);
}

TEST_F(SignIn, ASessionSaysWhoItIsAndWhatHeMay)
{
    EXPECT_EQ(read("/api/v1/session", "Cookie: yihong_token=reader\r\n").body.substr(0, 31), R"({"name":"r","scopes":["read"],")");
    EXPECT_NE(read("/api/v1/session", "Cookie: yihong_token=chief\r\n").body.find(R"("scopes":["read","ingest","operate","admin"])"),
              std::string::npos);
    auto const nobody = read("/api/v1/session", "");
    EXPECT_EQ(nobody.status, 200);
    EXPECT_EQ(nobody.body.substr(0, 25), R"({"name":null,"scopes":[],)");
    EXPECT_EQ(nobody.header("Cache-Control"), "no-store");
}

TEST_F(SignIn, APageOfAnotherSiteReadsNothingByTheCookie)
{
    EXPECT_EQ(read("/echo", "Cookie: yihong_token=reader\r\nOrigin: https://elsewhere.test\r\n").status, 401);
    EXPECT_EQ(read("/echo", "Cookie: yihong_token=reader\r\nOrigin: null\r\n").status, 401);
    EXPECT_EQ(read("/echo", "Cookie: yihong_token=reader\r\nOrigin: http://example.test\r\n").status, 200);
    EXPECT_EQ(post("/login", "token=reader", "Origin: https://elsewhere.test\r\n").status, 403);
    EXPECT_EQ(post("/logout", "", "Origin: https://elsewhere.test\r\n").status, 403);
    EXPECT_EQ(post("/login", "token=reader", "Origin: https://example.test\r\n").status, 303) << "a proxy ends TLS";
}

TEST_F(SignIn, ACookieWhoseTokenIsGoneIsCleared)
{
    auto const refused = read("/echo", std::string{browser} + "Cookie: yihong_token=revoked\r\n");
    EXPECT_EQ(refused.status, 401);
    EXPECT_EQ(refused.header("Set-Cookie"), "yihong_token=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0");
    EXPECT_EQ(read("/free", "Cookie: yihong_token=revoked\r\n").status, 200) << "what is open stays open";
}

TEST_F(SignIn, NothingLeadsToAnotherSite)
{
    for (auto const* next : {"//evil.test", "https://evil.test/", "/\\evil.test", "/%09/evil.test", "/%0d%0aSet-Cookie:x",
                             "javascript:alert(1)", "", "%2F%2Fevil.test"})
        EXPECT_EQ(post("/login", "token=reader&next=" + std::string{next}).header("Location"), "/") << next;
    auto const form = read("/login?next=%22%3E%3Cscript%3Ealert(1)%3C/script%3E", browser);
    EXPECT_EQ(form.body.find("<script"), std::string::npos);
}

TEST_F(SignIn, WrongTokensHaveToWaitAndRightOnesMustRead)
{
    EXPECT_EQ(post("/login", "token=station").status, 403);
    EXPECT_EQ(post("/login", "token=").status, 401);
    EXPECT_EQ(post("/login", "token=%0d%0ax").status, 401) << "no header can be made of it";
    auto const wrong = post("/login", "token=wrong");
    EXPECT_EQ(wrong.status, 401);
    EXPECT_EQ(wrong.header("Set-Cookie"), "(none)");
    EXPECT_EQ(wrong.body.find("wrong"), std::string::npos) << "a token is never shown";
    auto const limited = post("/login", "token=reader");
    EXPECT_EQ(limited.status, 429);
    EXPECT_NE(limited.header("Retry-After"), "(none)");
    EXPECT_NE(limited.body.find("秒后再试"), std::string::npos);
}

TEST(SignInBehindAProxy, TheCookieKeepsToItsPathAndToTls)
{
    auto options = closed_to_the_public();
    options.trusted_proxies = {"127.0.0.1"};
    TestServer const server{options, browser_routes(knows)};
    std::string const forwarded = "X-Forwarded-Proto: https\r\nX-Forwarded-Prefix: /water\r\nOrigin: https://example.test\r\n";
    auto const entered =
        server.ask("POST /login HTTP/1.1\r\nHost: example.test\r\n" + forwarded +
                   "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 33\r\n\r\ntoken=reader&keep=1&next=/echo%3F");
    EXPECT_EQ(entered.status, 303);
    EXPECT_EQ(entered.header("Location"), "/water/echo?");
    EXPECT_EQ(entered.header("Set-Cookie"), "yihong_token=reader; Path=/water; HttpOnly; SameSite=Strict; Secure; Max-Age=2592000");
    auto const refused = server.get("/echo", forwarded + std::string{browser});
    EXPECT_NE(refused.body.find("https://example.test/water/login?next=%2Fecho"), std::string::npos);
}

TEST(ProblemPages, ABrowserIsToldWhatHappenedAndWhatToDo)
{
    TestServer const server;
    struct Case {
        std::string_view request;
        int status;
        std::string_view says;
    };
    for (auto const& [request, status, says] :
         {Case{"GET /nowhere%3Cb%3E HTTP/1.1\r\n", 404, "没有这个页面"}, Case{"DELETE /echo HTTP/1.1\r\n", 405, "此处不能这样访问"},
          Case{"GET /throws HTTP/1.1\r\n", 500, "稍后再试"}, Case{"POST /admin HTTP/1.1\r\nContent-Length: 0\r\n", 401, "请先登录"},
          Case{"POST /admin HTTP/1.1\r\nAuthorization: Bearer reader\r\nContent-Length: 0\r\n", 403, "权限不够"},
          Case{"GET /a//b HTTP/1.1\r\n", 400, "请求有误"}, Case{"TRACE / HTTP/1.1\r\n", 405, "此处不能这样访问"}}) {
        auto const ask = [&](std::string_view accept) {
            return server.ask(std::string{request} + "Host: example.test\r\n" + std::string{accept} + "\r\n");
        };
        auto const page = ask(browser);
        EXPECT_EQ(page.status, status) << request;
        EXPECT_EQ(page.header("Content-Type"), "text/html; charset=utf-8") << request;
        EXPECT_NE(page.body.find(says), std::string::npos) << request << page.body;
        EXPECT_EQ(page.body.find("<b>/"), std::string::npos);
        EXPECT_NE(page.header("Content-Security-Policy").find("default-src 'none'"), std::string::npos);
        for (auto const* accept : {"", "Accept: */*\r\n", "Accept: application/json\r\n"}) {
            auto const problem = ask(accept);
            EXPECT_EQ(problem.status, status) << request << accept;
            EXPECT_EQ(problem.header("Content-Type"), "application/problem+json") << request << accept;
        }
    }
    EXPECT_EQ(server.get("/nowhere?f=json", browser).header("Content-Type"), "application/problem+json");
    EXPECT_EQ(server.get("/nowhere?f=html").header("Content-Type"), "text/html; charset=utf-8");
}

TEST(ProblemPages, BusyIsAPageThatSaysHowLong)
{
    std::vector<Route> more{
        {.pattern = "/busy", .handler = QuickHandler{[](Request const&) { return make_problem(Failure{Errc::busy, "too much waits"}); }}}};
    TestServer const server{{}, std::move(more)};
    auto const page = server.get("/busy", browser);
    EXPECT_EQ(page.status, 503);
    EXPECT_EQ(page.header("Retry-After"), "1");
    EXPECT_NE(page.body.find("请等 1 秒"), std::string::npos);
}

TEST(Icon, IsThereForEveryBrowser)
{
    TestServer const server{closed_to_the_public(), browser_routes(knows)};
    auto const icon = server.get("/favicon.ico");
    EXPECT_EQ(icon.status, 200);
    EXPECT_EQ(icon.header("Content-Type"), "image/svg+xml");
    EXPECT_TRUE(icon.body.starts_with("<svg"));
}

}  // namespace
}  // namespace yihong::http::test
