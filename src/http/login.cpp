#include "yihong/http/login.hpp"

#include "yihong/base/json_writer.hpp"
#include "yihong/base/text.hpp"
#include "yihong/http/handlers.hpp"
#include "yihong/http/page.hpp"
#include "yihong/http/parameters.hpp"
#include "yihong/net/networks.hpp"

#include "attempts.hpp"
#include "cookie.hpp"
#include "target.hpp"

#include <algorithm>
#include <memory>

namespace yihong::http {
namespace {

constexpr std::size_t form_limit = 8 * 1024;
constexpr int kept_days = 30;

struct Login {
    std::string next;
};

/// What the form sends.
struct Sent {
    std::string token;
    std::string next;
    bool keep = false;
};

std::optional<Sent> read_form(Request const& request)
{
    auto const type = trimmed(std::string_view{request.content_type}.substr(0, request.content_type.find(';')));
    auto fields = parse_target("/?" + request.body, "");
    if (type != "application/x-www-form-urlencoded" || !fields)
        return std::nullopt;
    Sent form;
    for (auto& [name, value] : fields->query) {
        if (name == "token")
            form.token = trimmed(value);
        else if (name == "next")
            form.next = std::move(value);
        else if (name == "keep")
            form.keep = true;
    }
    return form;
}

/// A place of ours to go on to: never another site, whatever the form says.
bool is_local(std::string_view next) noexcept
{
    bool const plain = std::ranges::all_of(next, [](char c) { return c > 0x20 && c < 0x7F && c != '\\'; });
    return plain && next.starts_with('/') && !next.starts_with("//");
}

Reply see_other(Request const& request, std::string_view path)
{
    Reply reply;
    reply.status = 303;
    reply.cache_control = "no-store";
    reply.headers.emplace_back("Location", request.base_path + std::string{path});
    return reply;
}

Html form_html(Request const& request, std::string_view next)
{
    auto const hidden =
        is_local(next) ? Html::markup("<input type=\"hidden\" name=\"next\" value=\"" + html_escaped(next) + "\">") : Html{};
    auto const inside =
        hidden + element("label", both("访问令牌", "Access token"), {{"for", "token"}}) +
        Html::markup("<input type=\"text\" name=\"user\" value=\"yihong\" autocomplete=\"username\" hidden>"   // for password managers
                     "<input type=\"password\" id=\"token\" name=\"token\" required autofocus "
                     "autocomplete=\"current-password\" maxlength=\"200\">") +
        element("label",
                Html::markup("<input type=\"checkbox\" name=\"keep\" value=\"1\">") +
                    both("在此浏览器上保持登录 30 天", "keep me signed in here for 30 days"),
                {{"class", "tick"}}) +
        element("button", both("登录", "Sign in"), {{"type", "submit"}});
    return element("form", inside, {{"class", "sign"}, {"method", "post"}, {"action", request.base_path + "/login"}});
}

Html logout_form(Request const& request)
{
    return element("form", element("button", both("退出", "Sign out"), {{"type", "submit"}}),
                   {{"class", "sign"}, {"method", "post"}, {"action", request.base_path + "/logout"}});
}

/// \param trouble what went wrong with the last try; may be empty
Reply login_page(Request const& request, std::string_view next, Html const& trouble = {}, int status = 200)
{
    auto page = page_for(request, "登录", "Sign in");
    if (!trouble.empty())
        page.main += element("p", trouble, {{"class", "lead bad"}, {"role", "alert"}});
    if (auto const& who = request.principal; !who.name.empty() && trouble.empty())
        page.main +=
            who.by_proxy
                ? element("p",
                          Html{who.name} + both(" 已由单点登录登录，无需令牌。", "is signed in by single sign-on; no token is needed."),
                          {{"class", "lead"}})
                : element("p", Html{"已用令牌“"} + who.name + both("”登录。", "is the token that you are signed in with."),
                          {{"class", "lead"}}) +
                      logout_form(request) + heading("换一个令牌", "Another token");
    page.main += form_html(request, next);
    page.main += element("p", both("令牌由管理员用 yihong token create 名称 --scope read 建立；要处置预警的用 --scope operate。",
                                   "The administrator makes tokens by yihong token create; to act on alerts they need --scope operate."));
    auto reply = page_reply(html_page(page), status);
    reply.cache_control = "no-store";
    return reply;
}

class Logins {
public:
    Logins(Authenticate authenticate, LoginLimits limits)
        : authenticate_{std::move(authenticate)}, attempts_{limits.failures, limits.window}
    {}

    Reply sign_in(Request const& request)
    {
        if (!is_own_origin(request.origin, request.host))
            return make_problem(403, "foreign_origin",
                                "the form was sent by a page of another site; behind a proxy, have it pass the Host header on");
        auto const form = read_form(request);
        if (!form)
            return make_problem(400, code_name(Errc::bad_syntax), "the body must be a form with the field token");
        auto const now = Attempts::Clock::now();
        if (auto const wait = attempts_.wait_of(net::source_of(request.peer), now); wait.count() > 0)
            return too_many(request, *form, wait);
        auto const principal = fits_cookie(form->token) ? authenticate_(form->token) : std::nullopt;
        if (!principal || principal->name.empty()) {
            attempts_.failed(net::source_of(request.peer), now);
            log::warning("login_refused", {{"from", request.peer}});
            auto reply =
                login_page(request, form->next, both("没有这个令牌，或已过期、已撤销。", "The token is unknown, expired or revoked."), 401);
            reply.headers.emplace_back("WWW-Authenticate", "Bearer realm=\"yihong\", error=\"invalid_token\"");
            return reply;
        }
        if (!principal->may(Scope::read))
            return login_page(request, form->next, both("这个令牌不能查看：它没有 read 权限。", "This token does not read."), 403);
        log::info("login", {{"who", principal->name}, {"from", request.peer}});
        auto reply = see_other(request, is_local(form->next) ? form->next : "/");
        reply.headers.emplace_back("Set-Cookie", keep_in_cookie(form->token, request, form->keep ? kept_days : 0));
        return reply;
    }

private:
    static Reply too_many(Request const& request, Sent const& form, std::chrono::seconds wait)
    {
        auto const seconds = std::to_string(wait.count());
        auto reply =
            login_page(request, form.next,
                       both("尝试次数过多，请 " + seconds + " 秒后再试。", "Too many attempts; wait " + seconds + " seconds."), 429);
        reply.headers.emplace_back("Retry-After", seconds);
        return reply;
    }

    Authenticate const authenticate_;
    Attempts attempts_;
};

Reply sign_out(Request const& request)
{
    if (!is_own_origin(request.origin, request.host))
        return make_problem(403, "foreign_origin", "the form was sent by a page of another site");
    auto reply = see_other(request, "/login");
    reply.headers.emplace_back("Set-Cookie", forget_cookie(request));
    reply.headers.emplace_back("Clear-Site-Data", "\"cache\"");    // a browser without it asks again anyway
    return reply;
}

std::string_view name_of(Scope scope) noexcept
{
    switch (scope) {
    case Scope::none: break;
    case Scope::read: return "read";
    case Scope::ingest: return "ingest";
    case Scope::operate: return "operate";
    case Scope::admin: return "admin";
    case Scope::metrics: return "metrics";
    }
    return "none";
}

/// Who asks, and what he may: what a page needs to show no button that would be refused.
Reply session(Request const& request)
{
    std::string out;
    JsonWriter json{out};
    json.begin_object().text_or_null("name", request.principal.name).key("scopes").begin_array();
    for (auto const scope : {Scope::read, Scope::ingest, Scope::operate, Scope::admin})
        if (request.principal.may(scope))
            json.value(name_of(scope));
    json.end_array().member("can_sign_out", !request.principal.name.empty() && !request.principal.by_proxy);
    json.member("title", request.frame == nullptr ? std::string_view{} : std::string_view{request.frame->title}).end_object();
    auto reply = make_reply(200, "application/json", std::move(out));
    reply.cache_control = "no-store";
    return reply;
}

Reply icon()
{
    auto reply = make_reply(200, "image/svg+xml", std::string{icon_svg()});
    reply.cache_control = "max-age=86400";
    return reply;
}

Declaration declared(Method method, std::string path, std::string id, Text summary, std::vector<Response> responses)
{
    return {.method = method,
            .path = std::move(path),
            .scope = Scope::none,
            .id = std::move(id),
            .tag = "Browser",
            .summary = std::move(summary),
            .responses = std::move(responses)};
}

}  // namespace

std::vector<Route> browser_routes(Authenticate authenticate, LoginLimits limits)
{
    auto const logins = std::make_shared<Logins>(std::move(authenticate), limits);
    Media const page{"text/html", R"({"type":"string"})"};
    auto signing_in = declared(Method::post, "/login", "signIn", {"登录：令牌存入 cookie", "sign in: the token goes into a cookie"},
                               {{303, {"已登录", "Signed in."}}, {429, {"失败次数过多", "Too many failures."}}});
    signing_in.body = RequestBody{
        .media = {
            {"application/x-www-form-urlencoded",
             R"({"type":"object","required":["token"],"properties":{"token":{"type":"string"},"next":{"type":"string"},"keep":{"type":"string"}}})"}}};
    return {
        declare<Login>(declared(Method::get, "/login", "getSignIn", {"登录页", "the form to sign in with"}, {{200, {}, {page}}}),
                       {query("next", {"登录后转到的本服务路径", "path of this service to go on to"}, text(), &Login::next)},
                       [](Request const& request, Login const& login) { return login_page(request, login.next); }),
        declare<NoArguments>(
            std::move(signing_in), {}, [logins](Request const& request, NoArguments const&) { return logins->sign_in(request); },
            form_limit),
        declare<NoArguments>(
            declared(Method::post, "/logout", "signOut", {"退出登录", "sign out"}, {{303, {"已退出", "Signed out."}}}), {},
            [](Request const& request, NoArguments const&) { return sign_out(request); }, form_limit),
        declare<NoArguments>(
            declared(
                Method::get, "/api/v1/session", "getSession", {"我是谁，能做什么", "who I am and what I may do"},
                {{200,
                  {},
                  {{"application/json",
                    R"({"type":"object","properties":{"name":{"type":"string","nullable":true},"scopes":{"type":"array","items":{"type":"string"}},"title":{"type":"string"}}})"}}}}),
            {only_json<NoArguments>()}, [](Request const& request, NoArguments const&) { return session(request); }),
        declare<NoArguments>(
            declared(Method::get, "/favicon.ico", "getIcon", {"图标", "the icon"}, {{200, {}, {{"image/svg+xml", page.schema}}}}), {},
            [](Request const&, NoArguments const&) { return icon(); }),
    };
}

}  // namespace yihong::http
