#include "problem_page.hpp"

#include "yihong/base/text.hpp"
#include "yihong/http/form.hpp"
#include "yihong/http/page.hpp"

#include <boost/beast/core/string.hpp>

#include <algorithm>
#include <array>

namespace yihong::http {
namespace {

/// What people are told of a status: what happened, and what to do.
struct Advice {
    int status;
    std::string_view zh, en, do_zh, do_en;
};
constexpr std::array advice_of_all{
    Advice{400, "请求有误", "Bad request", "检查网址中的参数，或从首页重新进入。",
           "Check the parameters in the address, or begin at the first page."},
    Advice{401, "请先登录", "Sign in first", "这里的数据不公开：用访问令牌登录后查看。",
           "These data are not public: sign in with an access token."},
    Advice{403, "权限不够", "Not allowed", "当前令牌不包括此项：换一个令牌登录，或请管理员授权。",
           "Your token does not cover this: sign in with another one, or ask the administrator."},
    Advice{404, "没有这个页面", "Not found", "网址可能有误，或内容已不存在：从首页重新进入。",
           "The address may be wrong, or the thing is gone: begin at the first page."},
    Advice{405, "此处不能这样访问", "Method not allowed", "这个网址不接受这种请求；要查看，从首页进入。",
           "This address does not take such a request; to read, begin at the first page."},
    Advice{406, "没有所要的格式", "Not acceptable", "去掉网址中的 f= 再试。", "Try without f= in the address."},
    Advice{413, "内容太大", "Too large", "分成几次发送。", "Send it in several pieces."},
    Advice{414, "网址太长", "Address too long", "减少参数再试。", "Try with fewer parameters."},
    Advice{429, "请求过于频繁", "Too many requests", "稍候再试。", "Wait a moment and try again."},
    Advice{500, "服务出错", "Something broke", "稍后再试；仍不行请告知运维人员，原因在服务日志中。",
           "Try again later; if it stays, tell the operator: the cause is in the log."},
    Advice{503, "服务忙", "Busy", "稍候刷新本页。", "Reload this page in a moment."},
};
constexpr Advice other_client{0, "请求未能处理", "The request was refused", "检查网址，或从首页重新进入。",
                              "Check the address, or begin at the first page."};
constexpr Advice other_server{0, "服务出错", "Something broke", "稍后再试；仍不行请告知运维人员。",
                              "Try again later; if it stays, tell the operator."};

Advice const& advice_of(int status) noexcept
{
    auto const found = std::ranges::find(advice_of_all, status, &Advice::status);
    return found != advice_of_all.end() ? *found : status < 500 ? other_client : other_server;
}

bool wants_page(Request const& request)
{
    constexpr std::array forms{Form::json, Form::html};
    bool const prefers_page = choose_form(request.accept, forms) == Form::html;
    auto const* const form = request.query_value("f");
    if (!form)
        return prefers_page;
    // a program that asks for a page to keep it says what it reads itself
    return *form == "html" && (prefers_page || request.accept.find("application/json") == std::string::npos);
}

/// Where to go on after signing in: here again, where this can be read again.
std::string login_path(Exchange const& exchange)
{
    auto const& request = exchange.request;
    if (request.method != Method::get || request.path.empty() || request.path == "/login")
        return "/login";
    std::string here;
    for (auto const segment : split(std::string_view{request.path}.substr(1), '/'))
        here.append("/").append(percent_encoded(segment));
    if (!request.query_text.empty())
        here.append("?").append(request.query_text);
    return "/login?next=" + percent_encoded(here);
}

}  // namespace

void show_to_people(Exchange const& exchange, Reply& reply)
{
    auto const& request = exchange.request;
    if (!reply.problem || !wants_page(request))
        return;
    auto const& advice = advice_of(reply.status);
    auto page = page_for(request, std::string{advice.zh}, std::string{advice.en});
    page.main += element("p", both(advice.do_zh, advice.do_en), {{"class", "lead"}});
    for (auto const& [name, value] : reply.headers)
        if (boost::beast::iequals(name, "Retry-After"))
            page.main += element("p", both("请等 " + value + " 秒。", "Wait " + value + " s."));
    Html links;
    if (reply.status == 401 || reply.status == 403)
        links += link(page.root + login_path(exchange), both("登录", "Sign in"));
    links += link(page.root + "/", both("首页", "First page"));
    page.main += element("div", links, {{"class", "links"}});
    page.main += element("p",
                         Html{std::to_string(reply.status) + " · "} + element("code", reply.problem->code) + " · " +
                             element("span", to_valid_utf8(reply.problem->detail), {{"lang", "en"}}),
                         {{"class", "asof"}});
    auto shown = page_reply(html_page(page), reply.status);
    reply.content_type = std::move(shown.content_type);
    reply.body = std::move(shown.body);
    std::ranges::move(shown.headers, std::back_inserter(reply.headers));
    reply.headers.emplace_back("Vary", "Accept");
}

}  // namespace yihong::http
