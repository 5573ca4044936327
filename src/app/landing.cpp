#include "landing.hpp"

#include "yihong/base/text.hpp"
#include "yihong/evaluate/judge.hpp"
#include "yihong/state/site_feature.hpp"

#include <algorithm>

namespace yihong {
namespace {

std::string link(std::string const& path, std::string_view text) { return "<a href=\"{root}" + path + "\">" + html_escaped(text) + "</a>"; }

struct Row {
    int water_class;
    int order;
    std::string html;
};

Row section_row(SiteState const& state, int order)
{
    auto const& site = state.site();
    auto const& record = *state.newest;
    auto const& standards = *state.world->standards;
    auto const* standard = standards.water_edition(record.verdict.edition);
    std::string reasons;
    if (standard) {
        auto const judgement = judge_water(record, site.kind == SiteKind::lake_section, *standard, standards.parameters());
        for (auto const& item : judgement.items) {
            if (!item.decided)
                continue;
            auto const* parameter = standards.parameters().find(item.reading.parameter);
            reasons += (reasons.empty() ? "" : "；") + parameter->name_zh + " " + item.assessed.normalized().to_string() +
                       parameter->unit_suffix();
            if (item.item->rule != LimitRule::range)
                reasons += "（Ⅲ类限值 " + item.limits[2].normalized().to_string() + "）";
        }
    }
    std::string alert;
    if (state.alert)
        alert = "<br>" + link("/api/v1/alerts/" + percent_encoded(state.alert->id) + "?f=html",
                              std::string{label_zh(state.alert->severity)} + "·" + std::string{label_zh(state.alert->state)} + " " +
                                  std::string{to_text(state.alert->severity)});
    int const water_class = record.verdict.water_class;
    return {water_class, order,
            std::string{water_class > 3 ? "<tr class=\"worse\">" : "<tr>"} + "<td>" +
                link("/collections/water-sections/items/" + percent_encoded(site.id) + "?f=html", site.name) + "</td><td>" +
                html_escaped(site.water_body) + "</td><td>" + format_beijing_minute(record.time) + "</td><td>" +
                std::string{water_class_label(water_class)} + " " + std::string{water_quality_label(water_class)} + "</td><td>" +
                html_escaped(reasons) + "</td><td>" +
                link("/api/v1/sites/" + percent_encoded(site.id) + "/judgement?f=html", "评价依据 why") + alert + "</td></tr>"};
}

}  // namespace

std::string landing_html(Catalog const& catalog)
{
    std::string html;
    std::size_t judged = 0;
    std::size_t worse = 0;
    std::vector<Row> rows;
    if (auto const sections = catalog.find("water-sections")) {
        auto const all = sections->select({});
        std::size_t const count = sections->metadata().count.value_or(0);
        while (auto const feature = all->next()) {
            auto const state = site_state(*feature);
            if (!state || !state->newest || state->newest->verdict.water_class == 0)
                continue;
            ++judged;
            worse += state->newest->verdict.water_class > 3;
            // a bureau's own network fits on the page; of a national one only what is worse than III does
            if (count <= 60 || state->newest->verdict.water_class > 3)
                rows.push_back(section_row(*state, static_cast<int>(rows.size())));
        }
    }
    // worst first; among equals the order of the ids stays
    std::ranges::sort(rows, std::greater{}, [](Row const& row) { return std::pair{row.water_class, -row.order}; });
    if (rows.size() > 60)
        rows.resize(60);
    if (judged > 0) {
        html += "<h2>断面水质 Water sections</h2><p>已评价 " + std::to_string(judged) + " 个断面，其中劣于Ⅲ类 <strong>" +
                std::to_string(worse) + "</strong> 个。 " + std::to_string(judged) + " sections judged, " + std::to_string(worse) +
                " of them worse than class III.</p><table><tr><th>断面 Section</th><th>水体 Water</th><th>监测时间（北京时间） "
                "Time</th><th>水质类别 "
                "Class</th><th>定类项目 Decided by</th><th></th></tr>";
        for (auto const& row : rows)
            html += row.html;
        html += "</table>";
    } else {
        html += "<p>还没有监测数据：用 <code>yihong import</code> 导入，或 <code>POST /api/v1/readings</code>。 No readings yet: import an "
                "archive or post some.</p>";
    }
    html += "<h2>试一试 What to try</h2><ul><li>" +
            link("/collections/water-sections/items?limit=10000&f=json", "全部断面 GeoJSON · all sections") + "</li><li>" +
            link("/collections/water-sections/items?water_class=4&f=html", "Ⅳ类断面 · sections of class IV") + "</li><li>" +
            link("/collections/air-stations/items?f=html", "空气站 · air stations") + "</li><li>" +
            link("/collections/alerts/items?f=html", "预警 · alerts") + "</li><li>" + link("/api/v1/parameters", "监测因子 · parameters") +
            "</li><li><code>ogrinfo OAPIF:{root}</code></li></ul>";
    return html;
}

}  // namespace yihong
