#include "console.hpp"

#include "yihong/http/page.hpp"
#include "yihong/http/static_files.hpp"

namespace yihong {
namespace {

/// Nothing from elsewhere, no script or style but the files beside the page; the map draws its symbols from images of its own making.
constexpr std::string_view policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; worker-src 'self'; "
    "manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'";

http::Reply not_built(http::Request const& request)
{
    auto page = http::page_for(request, "值班页面尚未生成", "The console is not built");
    page.main += http::element(
        "p", http::both(
                 "在源码目录运行 scripts/console.sh 生成，再启动服务；或在配置的 [console] folder 中写明已生成的文件夹。其余功能不受影响。",
                 "Run scripts/console.sh in the source tree and start the service again, or name the built folder in [console] "
                 "folder. All else works without it."));
    return http::page_reply(http::html_page(page), 404);
}

}  // namespace

bool has_console(Config const& config)
{
    std::error_code ignored;
    return std::filesystem::is_regular_file(config.console.folder / "index.html", ignored);
}

std::vector<http::Route> console_routes(Config const& config, net::Pool& readers)
{
    if (has_console(config))
        return http::static_files({.folder = config.console.folder,
                                   .prefix = "/console",
                                   .pool = &readers,
                                   .fallback = "index.html",
                                   .headers = {{"Content-Security-Policy", std::string{policy}},
                                               {"Referrer-Policy", "same-origin"},
                                               {"X-Content-Type-Options", "nosniff"}}});
    std::vector<http::Route> routes;
    for (auto const* pattern : {"/console", "/console/{*}"})
        routes.push_back({.pattern = pattern, .scope = http::Scope::none, .handler = not_built});
    return routes;
}

}  // namespace yihong
