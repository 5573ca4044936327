#include "judgement.hpp"

#include "site_pages.hpp"

#include "yihong/base/text.hpp"
#include "yihong/evaluate/judge.hpp"

#include <array>

namespace yihong::api {
namespace {

using http::Html;

std::string plain(Decimal const& value) { return value.normalized().to_string(); }

Html reading_cells(Reading const& reading, ParameterBook const& parameters)
{
    auto const* parameter = parameters.find(reading.parameter);
    return http::cell(http::both(parameter->name_zh, parameter->name_en)) +
           http::cell(reading.has_value ? reading.value.to_string() + parameter->unit_suffix() : "—") + http::cell(reading.flag.text());
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

Html water_table(WaterJudgement const& judgement, ParameterBook const& parameters)
{
    Html rows = http::head_row({{"项目", "Parameter"},
                                {"监测值", "Value"},
                                {"标记", "Flag"},
                                {"评价值", "Assessed"},
                                {"Ⅰ", ""},
                                {"Ⅱ", ""},
                                {"Ⅲ", ""},
                                {"Ⅳ", ""},
                                {"Ⅴ", ""},
                                {"类别", "Class"},
                                {"条款", "Clause"}});
    for (auto const& item : judgement.items) {
        Html cells = reading_cells(item.reading, parameters) +
                     http::cell(item.counted ? plain(item.assessed) : std::string{item.why_not_counted_zh});
        for (std::size_t i = 0; i < 5; ++i)
            cells += http::cell(limit_of(item, i, judgement.lake));
        cells += http::cell(http::class_badge(item.item_class, water_class_label(item.item_class))) +
                 http::cell(item.item ? std::string_view{item.item->clause_zh} : std::string_view{});
        rows += http::element("tr", cells, {{"class", item.decided ? "decided" : ""}}) + "\n";
    }
    return http::table(rows);
}

Html air_table(AirJudgement const& judgement, ParameterBook const& parameters)
{
    Html rows = http::head_row(
        {{"项目", "Parameter"}, {"监测值", "Value"}, {"标记", "Flag"}, {"浓度区间", "Breakpoints"}, {"IAQI", ""}, {"列", "Column"}});
    for (auto const& item : judgement.items) {
        auto const cells = reading_cells(item.reading, parameters) +
                           http::cell(item.counted ? plain(item.concentration_low) + "–" + plain(item.concentration_high)
                                                   : std::string{item.why_not_counted_zh}) +
                           http::cell(item.counted ? std::to_string(item.iaqi) : "") + http::cell(item.column ? item.column->name : "");
        rows += http::element("tr", cells, {{"class", item.primary ? "decided" : ""}}) + "\n";
    }
    return http::table(rows);
}

Html readings_table(Record const& record, ParameterBook const& parameters)
{
    Html rows = http::head_row({{"项目", "Parameter"}, {"监测值", "Value"}, {"标记", "Flag"}});
    for (auto const& reading : record.readings)
        rows += http::element("tr", reading_cells(reading, parameters)) + "\n";
    return http::table(rows);
}

}  // namespace

std::string explain_as_html(Record const& record, Site const& site, World const& world, std::string_view collection,
                            http::Request const& request)
{
    auto const& standards = *world.standards;
    auto const& parameters = standards.parameters();
    auto page = http::page_for(request, site.name + " 评价依据", "Why this class");
    page.trail = crumbs_to(request, site, collection);
    auto const summary = summary_of(record, site, world);
    page.main +=
        http::element("p", Html{site.water_body.empty() ? "" : site.water_body + " · "} + "监测时间 " + http::instant(record.time) +
                               Html{"（北京时间） · "} + http::both(interval_zh(record.interval), to_text(record.interval)));
    page.main +=
        http::element("p", http::element("strong", summary.zh) + Html::markup("<br>") + http::element("span", summary.en, {{"lang", "en"}}),
                      {{"class", "lead"}});
    Edition const* edition = nullptr;
    if (auto const* water = standards.water_edition(record.verdict.edition)) {
        auto const judgement = judge_water(record, site.kind == SiteKind::lake_section, *water, parameters);
        edition = judgement.edition;
        page.main += water_table(judgement, parameters);
    } else if (auto const* air = standards.aqi_edition(record.verdict.edition)) {
        auto const judgement = judge_air(record, *air, parameters);
        edition = judgement.edition;
        page.main += air_table(judgement, parameters);
    } else {
        page.main += readings_table(record, parameters);
    }
    if (edition)
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
