#include "console.hpp"

#include "yihong/base/json_writer.hpp"
#include "yihong/http/handlers.hpp"
#include "yihong/http/page.hpp"
#include "yihong/http/static_files.hpp"

#include <set>

namespace yihong {
namespace {

/// `https://host` of an address that begins with it.
std::string origin_of(std::string const& url)
{
    auto const scheme_end = url.find("://");
    return scheme_end == std::string::npos ? std::string{} : url.substr(0, url.find('/', scheme_end + 3));
}

/// Nothing from elsewhere but the tiles of a configured basemap, no script or style but the files beside the page; the map draws its symbols
/// from images of its own making.
std::string policy_of(Config::Console::Basemap const& basemap)
{
    std::string elsewhere;
    for (auto const& origin : std::set{origin_of(basemap.url), origin_of(basemap.labels_url)})
        elsewhere += origin.empty() ? "" : " " + origin;
    return "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:" + elsewhere + "; connect-src 'self'" +
           elsewhere + "; worker-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'";
}

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

/// The basemap, for the page: in place of `settings.json` of its folder.
std::string settings_of(Config const& config)
{
    auto const& map = config.console.basemap;
    std::string out;
    JsonWriter json{out};
    json.begin_object()
        .key("basemap")
        .begin_object()
        .member("url", map.url)
        .member("labels_url", map.labels_url)
        .member("attribution", map.attribution)
        .member("max_zoom", map.max_zoom)
        .member("colours", map.colours)
        .end_object()
        .end_object();
    return out;
}

}  // namespace

bool has_console(Config const& config)
{
    std::error_code ignored;
    return std::filesystem::is_regular_file(config.console.folder / "index.html", ignored);
}

std::vector<http::Route> console_routes(Config const& config, net::Pool& readers)
{
    if (has_console(config)) {
        auto routes = http::static_files({.folder = config.console.folder,
                                          .prefix = "/console",
                                          .pool = &readers,
                                          .fallback = "index.html",
                                          .headers = {{"Content-Security-Policy", policy_of(config.console.basemap)},
                                                      {"Referrer-Policy", "same-origin"},
                                                      {"X-Content-Type-Options", "nosniff"}}});
        if (!config.console.basemap.url.empty())  // the file of that name in the folder says that there is none
            routes.push_back({.pattern = "/console/settings.json",
                              .scope = http::Scope::none,
                              .handler = [settings = settings_of(config)](http::Request const&) { return http::json_reply(settings); }});
        return routes;
    }
    std::vector<http::Route> routes;
    for (auto const* pattern : {"/console", "/console/{*}"})
        routes.push_back({.pattern = pattern, .scope = http::Scope::none, .handler = not_built});
    return routes;
}

}  // namespace yihong
