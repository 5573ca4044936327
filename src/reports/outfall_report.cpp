#include "yihong/reports/outfall_report.hpp"

#include "add_records.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

namespace yihong {
namespace {

/// Midnight behind the 10th of the month after that of the period's last day.
UtcTime end_of_corrections(Period const& period)
{
    using namespace std::chrono;
    auto const last = period.last_day();
    auto const next = last.year() / last.month() + months{1};
    return beijing_midnight(next / day{11});
}

/// The stops of an outlet that are reported for the period.
PeriodMarks stops_of(MarkBook const& marks, Site const& site, Period const& period)
{
    auto stops = marks.of_site(site.id, {period.begin, period.end});
    std::erase_if(stops, [](auto const& mark) { return mark->kind != PeriodMarkKind::stop; });
    return stops;
}

/// The sums of an outlet, and what they would be if it had reported no stop.
struct BothSums {
    OutfallSums now;
    std::optional<OutfallSums> as_measured;
    void add(Record const& record)
    {
        now.add(record);
        if (as_measured)
            as_measured->add(record);
    }
};

/// What the outlet has to measure by itself: its own lists of these years, else of the items of HJ 356-2019 those that have a limit.
std::vector<ParameterId> owed_by(Site const& site, std::pair<int, int> years, std::vector<OutfallLimit> const& limits,
                                 ParameterBook const& parameters)
{
    static constexpr std::array usual{"ph", "cod", "ammonia_nitrogen", "total_phosphorus", "total_nitrogen"};
    std::vector<ParameterId> owed;
    if (!site.has_owed_list(years.first))
        for (auto const* name : usual)
            if (auto const* parameter = parameters.find(name);
                parameter && std::ranges::find(limits, parameter->id, &OutfallLimit::parameter) != limits.end())
                owed.push_back(parameter->id);
    for (auto const& list : site.owed_lists(years.first, years.second))
        for (auto const& name : list.parameters)
            if (auto const* parameter = parameters.find(name); parameter && std::ranges::find(owed, parameter->id) == owed.end())
                owed.push_back(parameter->id);
    return owed;
}

/// Fills the loads of missing days by those of the 60 days before the period. \param read reads the outlet over a period
void fill_from_before(OutfallPeriod& made, Period const& period, auto const& read, DataState& data)
{
    std::chrono::sys_days const first{period.first_day()};
    DataState earlier;
    fill_loads(made, read(days_between(first - std::chrono::days{60}, first - std::chrono::days{1}), earlier));
    earlier.records = 0;                                   // they are of the compared period, or of none
    data.add(earlier);
}

/// Whether `a` leaves less room than `b`.
bool is_stricter(DischargeLimit const& a, DischargeLimit const& b) { return a.high && (!b.high || *a.high < *b.high); }

}  // namespace

std::vector<OutfallLimit> limits_of(Site const& site, OverlayFacts const& facts, AlertPlan const& plan, ParameterBook const& parameters)
{
    std::vector<OutfallLimit> limits;
    std::vector<bool> own;
    for (auto const& compiled : rules_for(plan, site, facts, parameters)) {
        bool const names_it = !compiled.rule->scope.sites.empty();
        for (auto const& [parameter, limit] : compiled.limits) {
            auto const known = std::ranges::find(limits, parameter, &OutfallLimit::parameter);
            auto const place = static_cast<std::size_t>(known - limits.begin());
            if (known == limits.end()) {
                limits.push_back({parameter, *limit, compiled.rule->standard});
                own.push_back(names_it);
            } else if (names_it != own[place] ? names_it : is_stricter(*limit, known->limit)) {
                *known = {parameter, *limit, compiled.rule->standard};
                own[place] = names_it;
            }
        }
    }
    return limits;
}

Result<OutfallReport> make_outfall_report(OutfallQuery const& query, World const& world, ReportRecords const& records)
{
    for (auto const& id : query.sites)
        if (auto const* site = world.sites->find(id); !site || !is_outlet(site->kind))
            return fail(Errc::bad_value, "site: '" + id.substr(0, 80) + "' is no outfall or plant");
    OutfallReport report;
    report.query = query;
    report.provisional_until = end_of_corrections(query.period);
    auto const& parameters = world.standards->parameters();
    auto const& all = world.sites->all();
    for (std::size_t i = 0; i < all.size(); ++i) {
        auto const& site = all[i];
        auto const& facts = world.facts[i];
        if (!is_outlet(site.kind) || (!query.sites.empty() && std::ranges::find(query.sites, site.id) == query.sites.end()) ||
            (!query.place.empty() && !is_assessed_for(site, query.place) && facts.county != query.place))
            continue;
        auto const limits = limits_of(site, facts, *world.alerts, parameters);
        std::map<std::pair<int, int>, std::vector<ParameterId>> owed;  // by first and last year; the sums look into it
        auto const owed_in = [&](Period const& period) -> std::vector<ParameterId> const& {
            std::pair const years{static_cast<int>(period.first_day().year()), static_cast<int>(period.last_day().year())};
            auto const known = owed.find(years);
            return known != owed.end() ? known->second : owed.emplace(years, owed_by(site, years, limits, parameters)).first->second;
        };
        auto const sums_of = [&](Period const& period, PeriodMarks const& stops) {
            return OutfallSums{period,    query.as_of,     query.rules,
                               limits,    owed_in(period), MarkBook::covered(stops, {period.begin, period.end}),
                               parameters};
        };
        auto const read = [&](Period const& period, DataState& data) {
            auto sums = sums_of(period, stops_of(*records.marks, site, period));
            add_records(sums, records.records, site.number, period, data);
            return sums.finish();
        };
        auto stops = stops_of(*records.marks, site, query.period);
        BothSums sums{sums_of(query.period, stops), stops.empty() ? std::nullopt : std::optional{sums_of(query.period, {})}};
        add_records(sums, records.records, site.number, query.period, report.data);
        OutfallRow row{&site,
                       site.assessed_for.empty() ? facts.county : site.assessed_for,
                       sums.now.finish(),
                       std::move(stops),
                       sums.as_measured ? std::optional{sums.as_measured->finish()} : std::nullopt,
                       {}};
        if (query.fills_loads)
            fill_from_before(row.now, query.period, read, report.data);
        if (query.base) {
            row.base = read(*query.base, report.data);
            if (query.fills_loads)
                fill_from_before(*row.base, *query.base, read, report.data);
        }
        report.rows.push_back(std::move(row));
    }
    return report;
}

}  // namespace yihong
