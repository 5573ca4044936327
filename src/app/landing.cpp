#include "landing.hpp"

#include "presentation.hpp"

#include "yihong/base/text.hpp"
#include "yihong/evaluate/present_state.hpp"
#include "yihong/http/html.hpp"
#include "yihong/state/site_feature.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace yihong {
namespace {

using http::Html;

constexpr std::size_t alerts_shown = 30;
constexpr std::size_t sites_shown = 60;            // a bureau's own network fits on the page; of a national one what matters most does

Html ours(std::string const& path, Html const& inside) { return http::link("{root}" + path, inside); }

/// What can be said of a site now, best known first.
enum class Standing : std::uint8_t {
    judged,                                        ///< current and complete
    partly,                                        ///< current, but items are missing: its class is a lower bound
    unjudged,                                      ///< current, but nothing in it can be judged
    stale,                                         ///< its newest data are too old
    silent,                                        ///< nothing ever came
};

struct SiteRow {
    Standing standing = Standing::silent;
    int badness = 0;                               ///< class or AQI; 0: none
    std::optional<UtcTime> time;
    std::shared_ptr<SiteState const> state;
    std::string missing;                           ///< names of items without a current value
};

/// Names of parameters as people say them.
std::string names_of(std::vector<ParameterId> const& ids, ParameterBook const& parameters)
{
    std::string out;
    for (auto const id : ids)
        if (auto const* parameter = parameters.find(id))
            out.append(out.empty() ? "" : "、").append(parameter->name_zh);
    return out;
}

SiteRow row_of(Feature const& feature, std::shared_ptr<SiteState const> state, bool is_water)
{
    SiteRow made;
    made.time = feature.time();
    made.state = std::move(state);
    if (!made.time)
        return made;
    auto const& present = made.state->present->state();
    made.badness = is_water ? present.water.water_class : present.air.aqi;
    made.missing = names_of(is_water ? present.missing : present.air.missing, made.state->world->standards->parameters());
    made.standing = made.state->stale                       ? Standing::stale
                    : made.badness == 0                     ? Standing::unjudged
                    : is_water && !present.class_complete() ? Standing::partly
                                                            : Standing::judged;
    return made;
}

/// Those with data of now first, worst first; the oldest last.
std::vector<SiteRow> rows_of(FeatureSource const& collection, bool is_water)
{
    std::vector<SiteRow> rows;
    auto const all = collection.select({});
    while (auto const feature = all->next())
        if (auto state = site_state(*feature))
            rows.push_back(row_of(*feature, std::move(state), is_water));
    std::ranges::sort(rows, [](SiteRow const& a, SiteRow const& b) {
        auto const group = [](SiteRow const& site) { return std::max(site.standing, Standing::partly); };
        if (group(a) != group(b))
            return group(a) < group(b);
        if (group(a) == Standing::partly && a.badness != b.badness)
            return a.badness > b.badness;
        return a.time != b.time ? b.time < a.time : id_less(a.state->site().id, b.state->site().id);
    });
    return rows;
}

std::size_t count_of(std::vector<SiteRow> const& rows, Standing standing)
{
    return static_cast<std::size_t>(std::ranges::count(rows, standing, &SiteRow::standing));
}

/// `高锰酸盐指数 6.8 mg/L（Ⅲ类限值 6）` for every item that decides.
std::string reasons_of(SiteState const& state)
{
    std::string reasons;
    auto const& parameters = state.world->standards->parameters();
    for (auto const& item : state.present->state().water.items) {
        if (!item.decided)
            continue;
        auto const* parameter = parameters.find(item.reading.parameter);
        reasons +=
            (reasons.empty() ? "" : "；") + parameter->name_zh + " " + item.assessed.normalized().to_string() + parameter->unit_suffix();
        if (item.item->rule != LimitRule::range)
            reasons += "（Ⅲ类限值 " + item.limits[2].normalized().to_string() + "）";
    }
    return reasons;
}

Html class_html(SiteRow const& site)
{
    auto const letter = http::class_badge(site.badness, water_class_label(site.badness));
    auto const badge = letter + " " + water_quality_label(site.badness);
    switch (site.standing) {
    case Standing::judged: return badge;
    case Standing::partly:
        return (is_bound(site.badness, false) ? Html{"不优于 "} + letter : badge) + ("，缺 " + site.missing) + " " +
               http::element("small", "incomplete", {{"lang", "en"}});
    case Standing::unjudged: return http::both("未评价", "not judged");
    case Standing::stale: return http::both("数据过期", "stale") + (site.badness > 0 ? Html{"，当时 "} + badge : Html{});
    case Standing::silent: return http::both("无数据", "no data");
    }
    return {};
}

Html air_html(SiteRow const& site)
{
    switch (site.standing) {
    case Standing::judged:
    case Standing::partly: return aqi_badge(site.badness);
    case Standing::unjudged: return http::both("未评价", "no index");
    case Standing::stale: return http::both("数据过期", "stale") + (site.badness > 0 ? Html{"，当时 "} + aqi_badge(site.badness) : Html{});
    case Standing::silent: return http::both("无数据", "no data");
    }
    return {};
}

/// What the station says of itself, and without what there is no index.
Html status_of(SiteRow const& site)
{
    constexpr std::array<std::string_view, 5> labels{"", "维护", "校准", "故障", "停运"};
    auto const status = site.state->newest ? static_cast<std::size_t>(site.state->newest->status) : 0;
    std::string told = status == 0 || status >= labels.size() ? "" : "站点" + std::string{labels[status]};
    if (site.standing == Standing::unjudged && !site.missing.empty())
        told += (told.empty() ? "缺" : "，缺") + site.missing;
    return Html{told};
}

/// Why, and what is open: leads on.
Html leads_of(SiteState const& state)
{
    Html out;
    if (state.newest)
        out += ours("/api/v1/sites/" + percent_encoded(state.site().id) + "/judgement?f=html", "评价依据 why");
    if (state.alert)
        out += Html::markup("<br>") + ours("/api/v1/alerts/" + percent_encoded(state.alert->id) + "?f=html",
                                           std::string{label_zh(state.alert->severity)} + "·" + std::string{label_zh(state.alert->state)} +
                                               " " + std::string{to_text(state.alert->severity)});
    return out;
}

Html site_row(SiteRow const& site, std::string_view collection, bool is_water)
{
    auto const& of = site.state->site();
    bool const is_now = site.standing <= Standing::unjudged;
    auto const name = ours(fmt::format("/collections/{}/items/{}?f=html", collection, percent_encoded(of.id)), of.name);
    auto const why = is_water && site.standing <= Standing::partly ? Html{reasons_of(*site.state)} : status_of(site);
    return http::row({name, is_water ? of.water_body : site.state->facts().county, is_water ? class_html(site) : air_html(site), why,
                      site.time ? (is_now ? Html{} : Html{"止于 "}) + http::instant(*site.time) : Html{"—"}, leads_of(*site.state)},
                     is_now ? "" : "old");
}

Html rows_html(std::vector<SiteRow> const& rows, std::string_view collection, bool is_water)
{
    Html shown = http::head_row({{is_water ? "断面" : "空气站", is_water ? "Section" : "Station"},
                                 {is_water ? "水体" : "区县", is_water ? "Water" : "County"},
                                 {is_water ? "水质类别" : "AQI", is_water ? "Class" : "AQI"},
                                 {is_water ? "定类项目" : "情况", is_water ? "Decided by" : "Status"},
                                 {"监测时间（北京时间）", "Time"},
                                 {"", ""}});
    for (std::size_t i = 0; i < std::min(rows.size(), sites_shown); ++i)
        shown += site_row(rows[i], collection, is_water);
    Html out = http::table(shown, "rows");
    if (rows.size() > sites_shown)
        out += http::element("p",
                             ours(fmt::format("/collections/{}/items?f=html", collection),
                                  fmt::format("另有 {} 个，见全部列表 and {} more", rows.size() - sites_shown, rows.size() - sites_shown)));
    return out;
}

/// `；未评价 1 个，数据过期 2 个`: who is left out of the shares, and is not forgotten.
std::string others_zh(std::vector<SiteRow> const& rows)
{
    std::string out;
    for (auto const& [standing, name] : {std::pair{Standing::partly, "项目不全"}, std::pair{Standing::unjudged, "未评价"},
                                         std::pair{Standing::stale, "数据过期"}, std::pair{Standing::silent, "无数据"}})
        if (auto const count = count_of(rows, standing))
            out += fmt::format("{}{} {} 个", out.empty() ? "；不计入比例：" : "，", name, count);
    return out;
}

Html water_html(std::vector<SiteRow> const& rows)
{
    auto const judged = count_of(rows, Standing::judged);
    auto const good = static_cast<std::size_t>(
        std::ranges::count_if(rows, [](SiteRow const& site) { return site.standing == Standing::judged && site.badness <= 3; }));
    auto zh = fmt::format("共 {} 个断面，现有完整评价 {} 个", rows.size(), judged);
    if (judged > 0)
        zh += fmt::format("，其中达到或优于Ⅲ类 {} 个（{:.1f}%），劣于Ⅲ类 {} 个", good,
                          100.0 * static_cast<double>(good) / static_cast<double>(judged), judged - good);
    auto const en = fmt::format("{} sections, {} judged from complete data of now, {} of these worse than class III; {} incomplete, {} not "
                                "judged, {} stale, {} without data.",
                                rows.size(), judged, judged - good, count_of(rows, Standing::partly), count_of(rows, Standing::unjudged),
                                count_of(rows, Standing::stale), count_of(rows, Standing::silent));
    return http::heading("断面水质", "Water sections") + http::element("p", http::both(zh + others_zh(rows) + "。", en)) +
           rows_html(rows, "water-sections", true);
}

Html stations_html(std::vector<SiteRow> const& rows)
{
    auto const judged = count_of(rows, Standing::judged) + count_of(rows, Standing::partly);
    auto const zh = fmt::format("共 {} 个空气站，现有指数 {} 个{}。", rows.size(), judged, others_zh(rows));
    auto const en = fmt::format("{} stations, {} with an index of now.", rows.size(), judged);
    return http::heading("空气质量", "Air quality") + http::element("p", http::both(zh, en)) + rows_html(rows, "air-stations", false);
}

/// An alert that somebody has to do something about.
struct AlertRow {
    AlertSeverity severity;
    bool waits;                                    ///< nobody has seen it yet
    std::string opened_at;
    Html html;
};

AlertRow alert_row(FeatureSource const& alerts, Feature const& feature)
{
    auto const text = [&](std::string_view column) { return text_of(alerts, feature, column); };
    auto const severity = text("severity");
    auto const since = text("opened_at");
    auto const time = parse_rfc3339(since);
    auto const who = text("assignee");
    return {parse_alert_severity(severity).value_or(AlertSeverity::notice), text("state") == "open", since,
            http::row({ours("/api/v1/alerts/" + percent_encoded(feature.id()) + "?f=html", text("title")), severity_badge(severity),
                       http::both(state_label(text("state")), text("state")), time ? http::instant(*time) : Html{since},
                       who.empty() ? Html{"—"} : Html{who}})};
}

Html alerts_html(FeatureSource const& alerts)
{
    std::vector<AlertRow> rows;
    std::size_t resolved = 0;
    auto const all = alerts.select({});
    while (auto const feature = all->next()) {
        auto const state = text_of(alerts, *feature, "state");
        resolved += state == "resolved";
        if (state == "open" || state == "acknowledged")
            rows.push_back(alert_row(alerts, *feature));
    }
    std::ranges::sort(rows, [](AlertRow const& a, AlertRow const& b) {
        return a.severity != b.severity ? a.severity > b.severity : a.waits != b.waits ? a.waits : a.opened_at < b.opened_at;
    });
    auto const waiting = static_cast<std::size_t>(std::ranges::count(rows, true, &AlertRow::waits));
    Html out = http::heading("预警", "Alerts");
    if (rows.empty())
        out += http::element("p", http::both("现在没有未解除的预警。", "No alert is open."), {{"class", "lead"}});
    else
        out += http::element("p",
                             http::both(fmt::format("未解除 {} 条，待确认 {} 条。", rows.size(), waiting),
                                        fmt::format("{} open, {} nobody has acknowledged.", rows.size(), waiting)),
                             {{"class", "lead"}});
    if (resolved > 0)
        out += http::element(
            "p", ours("/collections/alerts/items?f=html&state=resolved", fmt::format("已解除待销号 {} 条 resolved, not closed", resolved)));
    if (rows.empty())
        return out;
    Html shown =
        http::head_row({{"预警", "Alert"}, {"级别", "Severity"}, {"状态", "State"}, {"自（北京时间）", "Since"}, {"承办", "Assigned to"}});
    for (std::size_t i = 0; i < std::min(rows.size(), alerts_shown); ++i)
        shown += rows[i].html;
    out += http::table(shown, "rows");
    if (rows.size() > alerts_shown)
        out += http::element(
            "p", ours("/collections/alerts/items?f=html&state=open", fmt::format("另有 {} 条 and more", rows.size() - alerts_shown)));
    return out;
}

Html to_try()
{
    constexpr std::array<std::pair<std::string_view, std::string_view>, 6> links{{
        {"/collections/water-sections/items?limit=10000&f=json", "全部断面 GeoJSON · all sections"},
        {"/collections/water-sections/items?water_class=4&f=html", "Ⅳ类断面 · sections of class IV"},
        {"/collections/air-stations/items?f=html", "空气站 · air stations"},
        {"/collections/alerts/items?f=html", "预警 · alerts"},
        {"/api/v1/parameters", "监测因子 · parameters"},
        {"/api.html", "接口 · API"},
    }};
    Html all;
    for (auto const& [path, title] : links)
        all += http::element("li", ours(std::string{path}, title));
    return http::heading("试一试", "What to try") +
           http::element("ul", all + http::element("li", http::element("code", "ogrinfo OAPIF:{root}")));
}

}  // namespace

std::string landing_html(Catalog const& catalog)
{
    Html html;
    if (auto const alerts = catalog.find("alerts"))
        html += alerts_html(*alerts);
    bool has_data = false;
    auto const rows_in = [&](std::string_view collection, bool is_water) {
        auto const source = catalog.find(collection);
        auto rows = source ? rows_of(*source, is_water) : std::vector<SiteRow>{};
        has_data = has_data || count_of(rows, Standing::silent) < rows.size();
        return rows;
    };
    auto const sections = rows_in("water-sections", true);
    auto const stations = rows_in("air-stations", false);
    if (!has_data)
        html += http::element("p", Html{"还没有监测数据：用 "} + http::element("code", "yihong import") + " 导入，或 " +
                                       http::element("code", "POST /api/v1/readings") + "。" +
                                       http::element("small", " No readings yet: import an archive or post some.", {{"lang", "en"}}));
    if (!sections.empty())
        html += water_html(sections);
    if (!stations.empty())
        html += stations_html(stations);
    html += to_try();
    return html.text();
}

}  // namespace yihong
