#include "yihong/reports/black_report.hpp"

#include <algorithm>
#include <limits>
#include <map>

namespace yihong {
namespace {

std::vector<Record> samples_of(Site const& site, Period const& period, Records const& records, DataState& data)
{
    SeriesQuery query;
    query.site = site.number;
    query.interval = IntervalKind::sample;
    query.time = {period.begin, period.end - std::chrono::milliseconds{1}};
    query.limit = std::numeric_limits<std::size_t>::max();
    std::vector<Record> samples;
    records.visit_series(query, [&](Record const& record) {
        data.note(record.received_at);
        samples.push_back(record);
        return true;
    });
    return samples;
}

bool has_redox_potential(std::vector<Record> const& samples, ParameterBook const& parameters)
{
    auto const* redox = parameters.find("redox_potential");
    return redox && std::ranges::any_of(samples, [&](Record const& one) {
               return std::ranges::find(one.readings, redox->id, &Reading::parameter) != one.readings.end();
           });
}

}  // namespace

Result<BlackReport> make_black_report(Period const& period, std::vector<std::string> const& sites, World const& world,
                                      Records const& records)
{
    for (auto const& id : sites)
        if (auto const* site = world.sites->find(id); !site || !is_water(site->kind))
            return fail(Errc::bad_value, "site: '" + id.substr(0, 80) + "' is no section");
    BlackReport report;
    report.period = period;
    std::map<std::string, std::vector<Blackness>> waters;
    auto const& parameters = world.standards->parameters();
    for (std::size_t i = 0; i < world.sites->all().size(); ++i) {
        auto const& site = world.sites->all()[i];
        bool const named = std::ranges::find(sites, site.id) != sites.end();
        if (!is_water(site.kind) || (!sites.empty() && !named))
            continue;
        DataState read = report.data;
        auto const samples = samples_of(site, period, records, read);
        if (!named && !has_redox_potential(samples, parameters))
            continue;
        report.data = read;
        auto& row = report.points.emplace_back(&site, std::string{river_of(site, world.facts[i])}, judge_black_point(samples, parameters));
        waters[row.water.empty() ? site.name : row.water].push_back(row.point.grade);
    }
    for (auto const& [name, points] : waters)
        report.waters.emplace_back(name, judge_black_water(points));
    return report;
}

}  // namespace yihong
