#include "landing.hpp"

#include "yihong/base/text.hpp"
#include "yihong/evaluate/present_state.hpp"
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
    auto const& parameters = state.world->standards->parameters();
    auto const& present = state.present->state();
    std::string reasons;
    for (auto const& item : present.water.items) {
        if (!item.decided)
            continue;
        auto const* parameter = parameters.find(item.reading.parameter);
        reasons +=
            (reasons.empty() ? "" : "；") + parameter->name_zh + " " + item.assessed.normalized().to_string() + parameter->unit_suffix();
        if (item.item->rule != LimitRule::range)
            reasons += "（Ⅲ类限值 " + item.limits[2].normalized().to_string() + "）";
    }
    std::string alert;
    if (state.alert)
        alert = "<br>" + link("/api/v1/alerts/" + percent_encoded(state.alert->id) + "?f=html",
                              std::string{label_zh(state.alert->severity)} + "·" + std::string{label_zh(state.alert->state)} + " " +
                                  std::string{to_text(state.alert->severity)});
    int const water_class = present.water.water_class;
    std::string const words = is_bound(water_class, present.missing.empty())
                                  ? water_class_text(water_class, present.missing, parameters)
                                  : std::string{water_class_label(water_class)} + " " + std::string{water_quality_label(water_class)};
    return {water_class, order,
            std::string{water_class > 3 ? "<tr class=\"worse\">" : "<tr>"} + "<td>" +
                link("/collections/water-sections/items/" + percent_encoded(site.id) + "?f=html", site.name) + "</td><td>" +
                html_escaped(site.water_body) + "</td><td>" + format_beijing_minute(state.newest->time) + "</td><td>" +
                html_escaped(words) + "</td><td>" + html_escaped(reasons) + "</td><td>" +
                link("/api/v1/sites/" + percent_encoded(site.id) + "/judgement?f=html", "评价依据 why") + alert + "</td></tr>"};
}

/// Sections with items missing, which no share counts.
std::string incomplete_text(std::size_t sections, std::size_t worse)
{
    if (sections == 0)
        return {};
    return " 另有 " + std::to_string(sections) + " 个断面缺应测项目，不参与统计" +
           (worse > 0 ? "，其中 " + std::to_string(worse) + " 个已劣于Ⅲ类" : "") + "。 " + std::to_string(sections) +
           " more lack items that they owe and are not counted" +
           (worse > 0 ? ", " + std::to_string(worse) + " of them already worse than class III." : ".");
}

}  // namespace

std::string landing_html(Catalog const& catalog)
{
    std::string html;
    std::size_t judged = 0;
    std::size_t worse = 0;
    std::size_t incomplete = 0;                    // their class is only a bound: apart from the others
    std::size_t incomplete_worse = 0;
    std::vector<Row> rows;
    if (auto const sections = catalog.find("water-sections")) {
        auto const all = sections->select({});
        std::size_t const count = sections->metadata().count.value_or(0);
        while (auto const feature = all->next()) {
            auto const state = site_state(*feature);
            auto const* const present = state && state->newest ? &state->present->state() : nullptr;
            if (!present || present->water.water_class == 0)
                continue;
            bool const is_worse = present->water.water_class > 3;
            if (present->class_complete()) {
                ++judged;
                worse += is_worse;
            } else {
                ++incomplete;
                incomplete_worse += is_worse;
            }
            // a bureau's own network fits on the page; of a national one only what is worse than III does
            if (count <= 60 || is_worse)
                rows.push_back(section_row(*state, static_cast<int>(rows.size())));
        }
    }
    // worst first; among equals the order of the ids stays
    std::ranges::sort(rows, std::greater{}, [](Row const& row) { return std::pair{row.water_class, -row.order}; });
    if (rows.size() > 60)
        rows.resize(60);
    if (judged + incomplete > 0) {
        html += "<h2>断面水质 Water sections</h2><p>已评价 " + std::to_string(judged) + " 个断面，其中劣于Ⅲ类 <strong>" +
                std::to_string(worse) + "</strong> 个。 " + std::to_string(judged) + " sections judged, " + std::to_string(worse) +
                " of them worse than class III." + incomplete_text(incomplete, incomplete_worse) +
                "</p><table><tr><th>断面 Section</th><th>水体 Water</th><th>监测时间（北京时间） "
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
