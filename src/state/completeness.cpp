#include "yihong/state/completeness.hpp"

#include <algorithm>
#include <cassert>
#include <ranges>

namespace yihong {
namespace {

constexpr std::chrono::minutes grace{30};

}  // namespace

bool is_late(Record const& record) noexcept { return record.received_at - record.time > period_length(record.interval) + late_after; }

std::vector<DayCompleteness> completeness(Records const& records, SiteNumber site, IntervalKind kind, Date first, Date last, UtcTime now)
{
    using std::chrono::days;
    using std::chrono::sys_days;
    auto const length = period_length(kind);
    assert(length.count() > 0);
    struct Period {
        bool present = false;
        bool late = false;
    };
    auto const begin = beijing_midnight(first);
    auto const day_count = (sys_days{last} - sys_days{first}).count() + 1;
    if (day_count <= 0)
        return {};
    auto const periods_a_day = static_cast<std::size_t>(std::chrono::hours{24} / length);
    std::vector<Period> periods(static_cast<std::size_t>(day_count) * periods_a_day);
    SeriesQuery query;
    query.site = site;
    query.interval = kind;
    query.time = {begin, begin + days{day_count} - std::chrono::milliseconds{1}};
    query.limit = SIZE_MAX;
    records.visit_series(query, [&](Record const& record) {
        auto& period = periods[static_cast<std::size_t>((record.time - begin) / length)];
        period.late = (period.late || !period.present) && is_late(record);
        period.present = true;
        return true;
    });
    std::vector<DayCompleteness> all;
    for (std::size_t i = 0; i < periods.size(); ++i) {
        auto const starts = begin + length * static_cast<std::int64_t>(i);
        if (i % periods_a_day == 0)
            all.push_back({.date = beijing_date(starts), .expected = 0, .present = 0, .late = 0, .missing = {}});
        auto& day = all.back();
        bool const owed = starts + length + grace <= now;
        if (!owed && !periods[i].present)
            continue;
        ++day.expected;
        day.present += periods[i].present;
        day.late += periods[i].late;
        if (!periods[i].present)
            day.missing.push_back(starts);
    }
    return all;
}

std::optional<Gap> newest_gap(std::vector<DayCompleteness> const& days, IntervalKind kind, int most, std::vector<UtcTime> const& skip)
{
    auto const length = period_length(kind);
    std::optional<Gap> gap;
    for (auto const& day : days | std::views::reverse) {
        for (auto const starts : day.missing | std::views::reverse) {
            bool const wanted = std::ranges::find(skip, starts) == skip.end();
            if (gap && (!wanted || gap->periods == most || starts + length != gap->first))
                return gap;
            if (!wanted)
                continue;
            if (!gap)
                gap = Gap{starts, starts, 0};
            gap->first = starts;
            ++gap->periods;
        }
    }
    return gap;
}

}  // namespace yihong
