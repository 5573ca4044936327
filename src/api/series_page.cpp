#include "series.hpp"

#include "site_pages.hpp"

#include "yihong/base/text.hpp"
#include "yihong/evaluate/judge.hpp"

#include <algorithm>
#include <map>

namespace yihong::api {
namespace {

using http::Html;

constexpr std::size_t most_rows = 200;

Html judged_as(Record const& record)
{
    if (record.verdict.water_class > 0)
        return http::class_badge(record.verdict.water_class, water_class_label(record.verdict.water_class));
    return record.verdict.aqi > 0 ? Html{"AQI " + std::to_string(record.verdict.aqi)} : Html{"—"};
}

/// A value, its flag beside it where that says that it does not count.
Html value_of(Record const& record, ParameterId parameter)
{
    auto const* reading = record.find(parameter);
    if (!reading)
        return {};
    Html out{reading->has_value ? reading->value.to_string() : std::string{"—"}};
    if (!reading->flag.is_normal())
        out += Html{" "} + http::element("small", reading->flag.text());
    return out;
}

}  // namespace

SeriesPage render_series_page(SeriesRequest const& wanted, Site const& site, World const& world, Records const& records,
                              std::string_view collection, http::Request const& request, std::string const& page_url)
{
    auto const& parameters = world.standards->parameters();
    auto query = wanted.query;
    query.newest_first = true;
    auto const limit = std::min(query.limit, most_rows);
    query.limit = limit + 1;                       // one more tells whether there is a next page
    std::vector<Record> found;
    SeriesPage page;
    records.visit_series(query, [&](Record const& record) {
        if (found.size() == limit) {
            page.next = series_cursor(found.back());
            return false;
        }
        found.push_back(record);
        return true;
    });
    std::map<ParameterId, std::size_t> columns;    // ascending
    for (auto const& record : found)
        for (auto const& reading : record.readings)
            if (parameters.find(reading.parameter) &&
                (wanted.parameters.empty() || std::ranges::binary_search(wanted.parameters, reading.parameter)))
                ++columns[reading.parameter];

    Html head = http::element("th", http::both("监测时间", "Time")) + http::element("th", http::both("数据", "Kind")) +
                http::element("th", http::both("类别", "Class"));
    for (auto const& [id, count] : columns) {
        auto const& parameter = *parameters.find(id);
        head += http::element(
            "th", http::both(parameter.name_zh, parameter.name_en + (parameter.unit.empty() ? "" : " (" + parameter.unit + ")")));
    }
    Html rows = http::element("tr", head) + "\n";
    auto const own = site_url(request, site);
    for (auto const& record : found) {
        auto const why =
            own + "/judgement?f=html&time=" + format_rfc3339(record.time) + "&interval=" + std::string{to_text(record.interval)};
        Html cells = http::cell(http::link(why, http::instant(record.time))) + http::cell(interval_zh(record.interval)) +
                     http::cell(judged_as(record));
        for (auto const& [id, count] : columns)
            cells += http::cell(value_of(record, id));
        rows += http::element("tr", cells) + "\n";
    }

    auto made = http::page_for(request, site.name + " 监测数据", "Series");
    made.trail = crumbs_to(request, site, collection);
    made.main += http::element("p", http::both("最新的在前，时间为北京时间；标记非 N 的值旁注明标记。",
                                               "Newest first, in Beijing time; flags other than N beside "
                                               "the value."));
    made.main += found.empty() ? http::element("p", http::both("这段时间没有数据。", "No records in this time."), {{"class", "lead"}})
                               : http::table(rows, "columns");
    Html links;
    if (!page.next.empty())
        links += http::link(page_url + "&after=" + page.next, "更早 Older");
    links += http::link(own + "/judgement?f=html", "评价依据 Judgement") + http::link(own + "/readings?f=csv", "CSV") +
             http::link(own + "/readings?f=json", "JSON");
    made.main += http::element("nav", links, {{"class", "links screen"}});
    page.body = http::html_page(made);
    return page;
}

}  // namespace yihong::api
