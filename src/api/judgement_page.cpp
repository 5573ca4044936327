#include "judgement.hpp"

#include "site_pages.hpp"

#include "yihong/base/text.hpp"
#include "yihong/evaluate/judge.hpp"

#include <array>

namespace yihong::api {
namespace {

using http::Html;

std::string plain(Decimal const& value) { return value.normalized().to_string(); }

Html reading_cells(Reading const& reading, SourcedReading const& source, ParameterBook const& parameters)
{
    auto const* parameter = parameters.find(reading.parameter);
    return http::cell(http::both(parameter->name_zh, parameter->name_en)) +
           http::cell(reading.has_value ? reading.value.to_string() + parameter->unit_suffix() : "—") + http::cell(reading.flag.text()) +
           http::cell(http::instant(source.time)) + http::cell(interval_zh(source.interval));
}

/// The columns that every table begins with: a value, and the record that it comes from.
Html reading_heads()
{
    Html all;
    for (auto const& [zh, en] : {std::pair{"项目", "Parameter"}, std::pair{"监测值", "Value"}, std::pair{"标记", "Flag"},
                                 std::pair{"监测时间", "Time"}, std::pair{"数据类型", "Interval"}})
        all += http::element("th", http::both(zh, en));
    return all;
}

/// The limit of a class, or the range that holds for all; nothing where the standard has none.
std::string limit_of(ItemJudgement const& item, std::size_t class_index, bool lake)
{
    if (!item.item)
        return {};
    if (item.item->rule == LimitRule::range)
        return plain(item.item->range_low) + "–" + plain(item.item->range_high);
    return has_class_limits(*item.item, lake) ? plain(item.limits[class_index]) : std::string{};
}

Html water_table(Explanation const& of, ParameterBook const& parameters)
{
    auto const& judgement = *of.water;
    Html head = reading_heads();
    for (auto const& [zh, en] : {std::pair{"评价值", "Assessed"}, std::pair{"Ⅰ", ""}, std::pair{"Ⅱ", ""}, std::pair{"Ⅲ", ""},
                                 std::pair{"Ⅳ", ""}, std::pair{"Ⅴ", ""}, std::pair{"类别", "Class"}, std::pair{"条款", "Clause"}})
        head += http::element("th", http::both(zh, en));
    Html rows = http::element("tr", head) + "\n";
    auto source = of.sources.begin();
    for (auto const& item : judgement.items) {
        Html cells = reading_cells(item.reading, *source++, parameters) +
                     http::cell(item.counted ? plain(item.assessed) : std::string{item.why_not_counted_zh});
        for (std::size_t i = 0; i < 5; ++i)
            cells += http::cell(limit_of(item, i, judgement.lake));
        cells += http::cell(http::class_badge(item.item_class, water_class_label(item.item_class))) +
                 http::cell(item.item ? std::string_view{item.item->clause_zh} : std::string_view{});
        rows += http::element("tr", cells, {{"class", item.decided ? "decided" : ""}}) + "\n";
    }
    return http::table(rows);
}

Html air_table(Explanation const& of, ParameterBook const& parameters)
{
    Html head = reading_heads();
    for (auto const& [zh, en] : {std::pair{"浓度区间", "Breakpoints"}, std::pair{"IAQI", ""}, std::pair{"列", "Column"}})
        head += http::element("th", http::both(zh, en));
    Html rows = http::element("tr", head) + "\n";
    auto source = of.sources.begin();
    for (auto const& item : of.air->items) {
        auto const cells = reading_cells(item.reading, *source++, parameters) +
                           http::cell(item.counted ? plain(item.concentration_low) + "–" + plain(item.concentration_high)
                                                   : std::string{item.why_not_counted_zh}) +
                           http::cell(item.counted ? std::to_string(item.iaqi) : "") + http::cell(item.column ? item.column->name : "");
        rows += http::element("tr", cells, {{"class", item.primary ? "decided" : ""}}) + "\n";
    }
    return http::table(rows);
}

Html readings_table(Explanation const& of, ParameterBook const& parameters)
{
    Html rows = http::element("tr", reading_heads()) + "\n";
    for (auto const& source : of.sources)
        rows += http::element("tr", reading_cells(source.reading, source, parameters)) + "\n";
    return http::table(rows);
}

}  // namespace

std::string explain_as_html(Explanation const& of, Site const& site, World const& world, std::string_view collection,
                            http::Request const& request)
{
    auto const& parameters = world.standards->parameters();
    auto page = http::page_for(request, site.name + " 评价依据", "Why this class");
    page.trail = crumbs_to(request, site, collection);
    auto const summary = summary_of(of, site, world);
    page.main += http::element("p", Html{site.water_body.empty() ? "" : site.water_body + " · "} +
                                        (of.now ? "现状，最新数据 " : "监测时间 ") + http::instant(of.head.time) + Html{"（北京时间） · "} +
                                        http::both(interval_zh(of.head.interval), to_text(of.head.interval)));
    if (of.now && of.now->stale)
        page.main += http::element("p", http::both("数据已过期，以下为最后所知。", "Out of date: as last known."), {{"class", "bad"}});
    page.main +=
        http::element("p", http::element("strong", summary.zh) + Html::markup("<br>") + http::element("span", summary.en, {{"lang", "en"}}),
                      {{"class", "lead"}});
    page.main += of.water ? water_table(of, parameters) : of.air ? air_table(of, parameters) : readings_table(of, parameters);
    if (auto const* edition = of.water ? of.water->edition : of.air ? of.air->edition : nullptr)
        page.main +=
            http::element("p", http::both("依据", "Standard") + " " + edition->label + " " + edition->title_zh + " — " + edition->source);
    auto const own = site_url(request, site);
    page.main += http::element(
        "nav",
        http::link(own + "/readings?f=html", "监测数据 Series") +
            http::link(request.root_url() + "/collections/alerts/items?f=html&site=" + percent_encoded(site.id), "历次预警 Its alerts") +
            http::link("?f=json", "JSON"),
        {{"class", "links screen"}});
    return http::html_page(page);
}

}  // namespace yihong::api
