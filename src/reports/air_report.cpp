#include "yihong/reports/air_report.hpp"

#include "yihong/evaluate/exact.hpp"
#include "yihong/periods/air_days.hpp"
#include "yihong/reports/air_months.hpp"

#include "add_records.hpp"

#include <algorithm>
#include <map>

namespace yihong {
namespace {

/// The days of a place in the period, in the base, and in the year so far; and those of them that are marked as dust, ascending.
struct Days {
    std::vector<Record> now, base, year;
    std::vector<Date> dust;
    std::string_view station = {};  ///< id; empty: of several
};

AirPeriod count(std::vector<Record> const& days, std::vector<Date> const& dust, Period const& period, AirQuery const& query,
                StandardsBook const& standards)
{
    std::vector<AirDay> judged;
    for (auto const& day : days)
        judged.push_back(judge_day(day, standards, std::ranges::binary_search(dust, beijing_date(day.time))));
    return count_air_days(period, judged, standards, query.as_of);
}

/// The dates that the marks cover within any of these periods, ascending.
std::vector<Date> dates_of(PeriodMarks const& marks, std::initializer_list<std::optional<Period>> periods)
{
    using std::chrono::days;
    std::vector<Date> dates;
    for (auto const& period : periods)
        if (period)
            for (auto const& [begin, end] : MarkBook::covered(marks, {period->begin, period->end}))
                for (auto day = begin; day < end; day += days{1})
                    dates.push_back(beijing_date(day));
    std::ranges::sort(dates);
    dates.erase(std::ranges::unique(dates).begin(), dates.end());
    return dates;
}

AirRow row_of(Days const& days, AirQuery const& query, StandardsBook const& standards)
{
    AirRow row;
    auto const date = query.period.last_day();
    row.now = count(days.now, days.dust, query.period, query, standards);
    if (query.base)
        row.base = count(days.base, days.dust, *query.base, query, standards);
    row.figures = air_figures(days.now, days.dust, date, standards);
    row.index = composite_of(row.figures, date, standards, query.index);
    std::ranges::copy_if(days.dust, std::back_inserter(row.dust), [&](Date day) { return query.period.contains(beijing_midnight(day)); });
    if (!row.dust.empty()) {
        auto& measured = row.as_measured.emplace();
        measured.now = count(days.now, {}, query.period, query, standards);
        measured.figures = air_figures(days.now, {}, date, standards);
        measured.index = composite_of(measured.figures, date, standards, query.index);
    }
    if (query.base) {
        row.base_figures = air_figures(days.base, days.dust, date, standards);
        row.base_index = composite_of(row.base_figures, date, standards, query.index);
    }
    auto const year = period_of(PeriodKind::year, query.period.begin);
    int const left = days_in(year) - days_in(until(year, query.as_of));
    if (query.good_days_target) {
        auto const so_far = count(days.year, days.dust, year, query, standards);
        row.needed = good_days_needed(*query.good_days_target, so_far.valid_then.days.valid, so_far.valid_then.days.good, left);
    }
    if (query.outlook)
        row.outlook = air_outlook(days.year, days.dust, year.last_day(), query.pm25_target, left, standards);
    return row;
}

AirRow row_of_points(std::vector<Days const*> const& points, AirQuery const& query, StandardsBook const& standards)
{
    auto const together = [&](std::vector<Record> Days::* part) {
        std::vector<std::vector<Record>> all;
        for (auto const* point : points)
            all.push_back(point->*part);
        auto const counts = [&](std::size_t station, Date day) { return is_point(points[station]->station, day, query.points); };
        return mean_days(all, counts, standards);
    };
    std::vector<Date> dust;
    for (auto const* point : points)
        std::ranges::copy_if(point->dust, std::back_inserter(dust), [&](Date day) { return is_point(point->station, day, query.points); });
    std::ranges::sort(dust);
    dust.erase(std::ranges::unique(dust).begin(), dust.end());
    return row_of({together(&Days::now), together(&Days::base), together(&Days::year), std::move(dust)}, query, standards);
}

/// Valid days that a rank needs: those of a month or a year by HJ 663; of another period, and of one that is not over, the share of a year.
int days_needed(AirQuery const& query, AirStatistics const& statistics)
{
    auto const due = days_in(until(query.period, query.as_of));
    bool const over = query.as_of >= query.period.end;
    if (over && query.period.kind == PeriodKind::month)
        return query.period.first_day().month() == std::chrono::February ? statistics.days_in_february : statistics.days_a_month;
    if (over && query.period.kind == PeriodKind::year)
        return statistics.days_a_year;
    constexpr int days_in_a_year = 365;
    return (due * statistics.days_a_year + days_in_a_year - 1) / days_in_a_year;
}

void rank(AirReport& report)
{
    std::vector<AirRow*> ranked;
    std::vector<Decimal> shown;
    for (auto& place : report.places) {
        if (!place.index.missing.empty() || place.now.valid_then.days.valid < std::max(report.days_needed, 1))
            continue;
        ranked.push_back(&place);
        shown.push_back(place.index.total);
    }
    auto const given = ranks(shown);
    for (std::size_t i = 0; i < given.size(); ++i)
        ranked[i]->rank = given[i];
}

bool is_ever_point(std::string_view station, AirQuery const& query)
{
    using std::chrono::days;
    for (auto day = query.period.begin; day < query.period.end; day += days{1})
        if (is_point(station, beijing_date(day), query.points))
            return true;
    return false;
}

/// Days that exceed the limits: AQI above 100.
int exceeding(AirCounts const& counts) { return counts.days.valid - counts.days.good; }

}  // namespace

int AirRow::exceeded_by_dust() const noexcept
{
    return as_measured ? exceeding(as_measured->now.valid_then) - exceeding(now.valid_then) : 0;
}
int AirRow::heavy_by_dust() const noexcept { return as_measured ? as_measured->now.valid_then.heavy - now.valid_then.heavy : 0; }
std::optional<Decimal> AirRow::share_by_dust() const
{
    if (!as_measured || as_measured->now.valid_then.days.valid == 0)
        return std::nullopt;
    return exact::quotient(Decimal{std::int64_t{exceeded_by_dust()} * 100, 0}, Decimal{as_measured->now.valid_then.days.valid, 0}, 1);
}

std::vector<Record> read_air_days(ReportRecords const& records, Site const& site, Period const& period, StandardsBook const& standards,
                                  DataState& data)
{
    std::vector<Record> all;
    for (auto begin = period.begin; begin < period.end;) {
        auto const month = period_of(PeriodKind::month, begin);
        auto const end = records.air_months ? std::min(month.end, period.end) : period.end;
        if (records.air_months && begin == month.begin && end == month.end) {
            auto const kept = records.air_months->get(site.number, month, standards);
            data.add(kept->read);
            kept->append_to(all);
        } else {
            Period const part{.kind = PeriodKind::interval, .begin = begin, .end = end};
            AirDays days{part, standards};
            add_records(days, records.records, site.number, part, data);
            std::ranges::move(days.finish(), std::back_inserter(all));
        }
        begin = end;
    }
    return all;
}

std::vector<Record> mean_days(std::vector<std::vector<Record>> const& stations, std::function<bool(std::size_t, Date)> const& counts,
                              StandardsBook const& standards)
{
    using Points = std::vector<std::optional<Decimal>>;
    std::map<UtcTime, std::map<ParameterId, Points>> values;
    for (std::size_t station = 0; station < stations.size(); ++station)
        for (auto const& day : stations[station])
            for (auto const& reading : day.readings) {
                auto& points = values[day.time][reading.parameter];
                points.resize(stations.size());
                points[station] = reading.value;
            }
    std::vector<Record> means;
    for (auto const& [time, pollutants] : values) {
        auto const date = beijing_date(time);
        auto const* statistics = standards.air_statistics(date);
        std::vector<std::size_t> in_use;
        for (std::size_t station = 0; station < stations.size(); ++station)
            if (counts(station, date))
                in_use.push_back(station);
        if (in_use.empty())
            continue;
        Record made;
        made.interval = IntervalKind::day;
        made.time = time;
        for (auto const& [parameter, all] : pollutants) {
            Points points;
            for (auto const station : in_use)
                points.push_back(all[station]);
            auto const* known = standards.parameters().find(parameter);
            auto const mean = statistics ? city_mean(points, *statistics, known ? known->decimals : 0) : std::nullopt;
            if (!mean)
                continue;
            Reading reading;
            reading.parameter = parameter;
            reading.value = *mean;
            made.readings.push_back(reading);
        }
        if (!made.readings.empty())
            means.push_back(std::move(made));
    }
    return means;
}

Result<AirReport> make_air_report(AirQuery const& query, World const& world, ReportRecords const& records)
{
    auto const& standards = *world.standards;
    auto const* statistics = standards.air_statistics(query.period.last_day());
    auto const* limits = standards.air_limits(query.period.last_day());
    if (!statistics || !limits)
        return fail(Errc::bad_value, "period: no edition of the air standards is in force then");
    for (auto const& id : query.sites)
        if (auto const* site = world.sites->find(id); !site || site->kind != SiteKind::air_station)
            return fail(Errc::bad_value, "site: '" + id.substr(0, 80) + "' is no air station");
    AirReport report;
    report.query = query;
    report.edition = statistics->edition.label + "、" + limits->edition.label;
    auto const year = period_of(PeriodKind::year, query.period.begin);
    bool const asks_for_year = query.good_days_target || query.outlook;
    std::vector<Days> days;
    std::map<std::string, std::vector<std::size_t>> places;
    auto const& all = world.sites->all();
    for (std::size_t i = 0; i < all.size(); ++i) {
        auto const& site = all[i];
        if (site.kind != SiteKind::air_station || (!query.sites.empty() && std::ranges::find(query.sites, site.id) == query.sites.end()))
            continue;
        Days read;
        read.station = site.id;
        if (!is_ever_point(site.id, query))
            report.not_points.push_back(site.name);
        read.now = read_air_days(records, site, query.period, standards, report.data);
        if (query.base)
            read.base = read_air_days(records, site, *query.base, standards, report.data);
        if (asks_for_year)
            read.year = read_air_days(records, site, year, standards, report.data);
        auto const marks = [&](Period const& period) { return records.marks->dust_at(site, world.facts[i], {period.begin, period.end}); };
        auto all_marks = marks(query.period);
        for (auto const& mark : all_marks)
            if (std::ranges::find(report.marks, mark) == report.marks.end())
                report.marks.push_back(mark);
        for (auto const& other : {query.base, asks_for_year ? std::optional{year} : std::nullopt})
            if (other)
                std::ranges::move(marks(*other), std::back_inserter(all_marks));
        read.dust = dates_of(all_marks, {query.period, query.base, year});
        auto row = row_of(read, query, standards);
        row.id = site.id;
        row.name = site.name;
        row.place = world.facts[i].county;
        if (!row.place.empty())
            places[row.place].push_back(days.size());
        report.stations.push_back(std::move(row));
        days.push_back(std::move(read));
    }
    auto const group = [&](std::vector<std::size_t> const& members) {
        std::vector<Days const*> points;
        for (auto const member : members)
            points.push_back(&days[member]);
        return row_of_points(points, query, standards);
    };
    std::vector<std::size_t> everyone;
    for (std::size_t i = 0; i < days.size(); ++i)
        everyone.push_back(i);
    report.all = group(everyone);
    for (auto const& [name, members] : places) {
        report.places.push_back(group(members));
        report.places.back().name = name;
    }
    report.all.name = "全部站点平均";
    report.days_needed = days_needed(query, *statistics);
    rank(report);
    return report;
}

}  // namespace yihong
