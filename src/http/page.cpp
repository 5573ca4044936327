#include "yihong/http/page.hpp"

#include "yihong/base/text.hpp"

#include "style.hpp"

#include <openssl/sha.h>

#include <array>

namespace yihong::http {
namespace {

constexpr std::string_view icon =
    R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="6" fill="#1d6fc0"/><path d="M4 13q4-5 8 0t8 0 8 0M4 21q4-5 8 0t8 0 8 0" fill="none" stroke="#fff" stroke-width="3" stroke-linecap="round"/></svg>)";

Html navigation(Page const& page)
{
    Html all;
    for (auto const& entry : page.frame.entries)
        all += link(page.root + entry.path, both(entry.zh, entry.en));
    return all.empty() ? Html{} : element("nav", all, {{"aria-label", "导航"}});
}

Html header_of(Page const& page)
{
    auto const brand = element("strong", link(page.root + "/", page.frame.title));
    Html out = element("header", brand + navigation(page), {{"class", "site"}}) + "\n";
    Html trail;
    for (auto const& crumb : page.trail)
        trail += link(crumb.href, crumb.text) + " ";
    if (!trail.empty())
        out += element("nav", link(page.root + "/", "首页") + " " + trail, {{"class", "trail"}, {"aria-label", "位置"}}) + "\n";
    return out;
}

}  // namespace

Page page_for(Request const& request, std::string title, std::string title_en)
{
    Page page;
    page.root = request.host.empty() ? request.base_path : request.root_url();
    if (request.frame != nullptr)
        page.frame = *request.frame;
    page.title = std::move(title);
    page.title_en = std::move(title_en);
    return page;
}

std::string html_page(Page const& page)
{
    Html body = header_of(page);
    Html inside = element("h1", both(page.title, page.title_en)) + "\n";
    if (page.as_of)
        inside +=
            element("p", Html{"数据截至 "} + instant(*page.as_of) + both("（北京时间）", "as of, Beijing time"), {{"class", "asof"}}) +
            "\n";
    body += element("main", inside + page.main) + "\n";
    if (!page.foot.empty())
        body += element("footer", page.foot, {{"class", "screen"}}) + "\n";

    std::string out;
    out.reserve(body.size() + page.head.size() + style_sheet.size() + 2048);
    out.append("<!DOCTYPE html>\n<html lang=\"zh-CN\">\n<head>\n<meta charset=\"utf-8\">\n"
               "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>")
        .append(html_escaped(page.title == page.frame.title ? page.title : page.title + " · " + page.frame.title))
        .append("</title>\n<link rel=\"icon\" type=\"image/svg+xml\" href='data:image/svg+xml,")
        .append(percent_encoded(icon))
        .append("'>\n")
        .append(page.head.text())
        .append("<style>")
        .append(style_sheet)
        .append("</style>\n</head>\n<body>\n")
        .append(body.text())
        .append("</body>\n</html>\n");
    return out;
}

std::string const& page_policy()
{
    static std::string const policy = [] {
        std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
        SHA256(reinterpret_cast<unsigned char const*>(style_sheet.data()), style_sheet.size(), digest.data());
        return "default-src 'none'; img-src 'self' data:; style-src 'sha256-" +
               to_base64({reinterpret_cast<char const*>(digest.data()), digest.size()}) +
               "'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'";
    }();
    return policy;
}

Reply page_reply(std::string html, int status)
{
    auto reply = make_reply(status, std::string{html_type}, std::move(html));
    reply.headers.emplace_back("Content-Security-Policy", page_policy());
    return reply;
}

std::string_view icon_svg() noexcept { return icon; }

}  // namespace yihong::http
