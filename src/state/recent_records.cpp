#include "yihong/state/recent_records.hpp"

#include "yihong/evaluate/present_state.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <tuple>
#include <utility>

namespace yihong {
namespace {

/// What a coarse series holds for long, a finer one may have superseded since: so they are read in this order.
constexpr std::array coarse_first{IntervalKind::sample, IntervalKind::day,    IntervalKind::four_hours,
                                  IntervalKind::hour,   IntervalKind::minute, IntervalKind::realtime};

/// \param newest of each of the site's series; one at least \param until none: all later ones count
void read_back(Records const& records, Site const& site, std::span<Record const> newest, std::optional<UtcTime> until,
               std::vector<Record>& into)
{
    auto const rank = [&](Record const& r) { return std::tuple{site.judges(r.interval), r.time, r.interval}; };
    auto const earliest_state = std::ranges::max_element(newest, {}, rank)->time;      // that of a stale site
    auto oldest = earliest_state;                      // of what may be superseded
    for (auto const kind : coarse_first) {
        auto const series = std::ranges::find(newest, kind, &Record::interval);
        auto const from = kind < IntervalKind::hour ? earliest_state - freshness(kind) : std::min(oldest, earliest_state - freshness(kind));
        if (series == newest.end() || series->time < from)
            continue;
        SeriesQuery query;
        query.site = site.number;
        query.interval = kind;
        query.time = {from, until};
        query.limit = SIZE_MAX;
        records.visit_series(query, [&](Record const& record) {
            if (kind >= IntervalKind::hour)
                oldest = std::min(oldest, record.time);
            into.push_back(record);
            return true;
        });
    }
}

}  // namespace

std::vector<Record> recent_records(Records const& records, SiteRegistry const& registry, std::optional<std::vector<SiteNumber>> sites,
                                   std::optional<UtcTime> at)
{
    std::vector<Record> recent;
    auto const before = at ? std::optional{*at + std::chrono::milliseconds{1}} : std::nullopt;
    auto const newest = records.newest({.before = before, .sites = std::move(sites), .interval = {}});
    for_each_site(newest, [&](std::span<Record const> series) {
        if (auto const* site = registry.numbered(series.front().site))
            read_back(records, *site, series, at, recent);
    });
    return recent;
}

}  // namespace yihong
