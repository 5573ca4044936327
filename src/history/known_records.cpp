#include "yihong/history/known_records.hpp"

#include <algorithm>
#include <map>
#include <span>

namespace yihong {
namespace {

/// All that the store has of one record.
struct Versions {
    std::optional<Record> stands;
    std::vector<Revision> superseded;              // in the order in which they were
};
using VersionsByKey = std::map<HistoryKey, Versions>;

std::optional<Record> known(Versions& versions, UtcTime at)
{
    for (auto& revision : versions.superseded)
        if (revision.record.received_at <= at && revision.superseded_at > at)
            return std::move(revision.record);
    return versions.stands && versions.stands->received_at <= at ? std::move(versions.stands) : std::nullopt;
}

/// A walk through records in pieces, each with what was superseded in its stretch of time.
struct Walk {
    /// The next records as they stand, at most `most`, behind `after`.
    std::function<std::vector<Record>(std::optional<HistoryKey> const& after, std::size_t most)> piece;
    /// What was superseded in a stretch of time.
    std::function<std::vector<Revision>(TimeInterval)> revisions;
    TimeInterval time;
    std::vector<ParameterId> const& parameters;    // empty: all
    std::optional<HistoryKey> after;
    std::size_t limit;
    bool newest_first;
    std::function<bool(Record const&)> holds = {};  // of what is known; empty: always
};

void keep_only(std::vector<ParameterId> const& parameters, Record& record)
{
    if (!parameters.empty())
        std::erase_if(record.readings,
                      [&](Reading const& one) { return std::ranges::find(parameters, one.parameter) == parameters.end(); });
}

void visit_known(Walk walk, UtcTime at, std::function<bool(Record const&)> const& visit)
{
    constexpr std::size_t longest_piece = 4096;
    std::size_t const most = walk.holds ? longest_piece : std::clamp<std::size_t>(walk.limit, 16, longest_piece);
    auto const is_behind = [&](HistoryKey const& key, HistoryKey const& other) { return walk.newest_first ? key < other : key > other; };
    for (bool more = walk.limit > 0; more;) {
        auto piece = walk.piece(walk.after, most);
        more = piece.size() == most;
        auto const last = more ? std::optional{history_key(piece.back())} : std::nullopt;
        auto stretch = walk.time;
        if (walk.after)
            (walk.newest_first ? stretch.end : stretch.begin) = walk.after->time;
        if (last)
            (walk.newest_first ? stretch.begin : stretch.end) = last->time;
        VersionsByKey all;
        for (auto& record : piece)
            all[history_key(record)].stands = std::move(record);
        for (auto& revision : walk.revisions(stretch)) {
            auto const key = history_key(revision.record);
            if ((walk.after && !is_behind(key, *walk.after)) || (last && is_behind(key, *last)))
                continue;                          // of another piece
            keep_only(walk.parameters, revision.record);
            all[key].superseded.push_back(std::move(revision));
        }
        auto const show = [&](Versions& versions) {
            auto const record = known(versions, at);
            return !record || (walk.holds && !walk.holds(*record)) || (visit(*record) && --walk.limit > 0);
        };
        bool const goes_on = walk.newest_first ? std::all_of(all.rbegin(), all.rend(), [&](auto& one) { return show(one.second); })
                                               : std::ranges::all_of(all, [&](auto& one) { return show(one.second); });
        if (!goes_on)
            return;
        walk.after = last;
    }
}

}  // namespace

std::optional<Record> KnownRecords::find(SiteNumber site, IntervalKind interval, UtcTime time) const
{
    Versions versions{.stands = records_.find(site, interval, time), .superseded = records_.revisions(site, {time, time})};
    std::erase_if(versions.superseded, [&](Revision const& one) { return one.record.interval != interval; });
    return known(versions, known_at_);
}

void KnownRecords::visit_series(SeriesQuery const& query, std::function<bool(Record const&)> const& visit) const
{
    auto const piece = [&](std::optional<HistoryKey> const& after, std::size_t most) {
        auto asked = query;
        asked.limit = most;
        if (after)
            asked.after = std::pair{after->time, after->interval};
        std::vector<Record> found;
        records_.visit_series(asked, [&](Record const& record) { return found.push_back(record), true; });
        return found;
    };
    auto const revisions = [&](TimeInterval time) {
        auto found = records_.revisions(query.site, time);
        std::erase_if(found, [&](Revision const& one) { return query.interval && one.record.interval != *query.interval; });
        return found;
    };
    auto const after = query.after ? std::optional{HistoryKey{query.after->first, query.site, query.after->second}} : std::nullopt;
    visit_known({piece, revisions, query.time, query.parameters, after, query.limit, query.newest_first}, known_at_, visit);
}

std::vector<Revision> KnownRecords::revisions(SiteNumber site, TimeInterval time, std::size_t limit) const
{
    auto found = records_.revisions(site, time);
    std::erase_if(found, [&](Revision const& one) { return one.superseded_at > known_at_; });
    found.resize(std::min(found.size(), limit));
    return found;
}

std::vector<Record> KnownRecords::newest(NewestQuery const& query) const
{
    std::vector<Record> found;
    for (auto const& series : records_.newest({.before = {}, .sites = query.sites, .interval = query.interval})) {
        SeriesQuery asked{.site = series.site, .interval = series.interval, .time = {}, .parameters = {}, .limit = 1, .after = {}};
        asked.newest_first = true;
        if (query.before)
            asked.time.end = *query.before - std::chrono::milliseconds{1};
        visit_series(asked, [&](Record const& record) { return found.push_back(record), true; });
    }
    return found;
}

void KnownRecords::visit_history(HistoryQuery const& query, std::function<bool(Record const&)> const& visit) const
{
    // What is known may fulfil the condition where what stands does not: it is asked afterwards, and may look at what is not wanted.
    auto whole = query;
    whole.condition = {};
    if (query.condition.holds)
        whole.parameters.clear();
    auto const show = [&](Record record) {
        keep_only(query.parameters, record);
        return visit(record);
    };
    auto const piece = [&](std::optional<HistoryKey> const& after, std::size_t most) {
        auto asked = whole;
        asked.limit = most;
        if (after)
            asked.after = after;
        std::vector<Record> found;
        records_.visit_history(asked, [&](Record const& record) { return found.push_back(record), true; });
        return found;
    };
    auto const revisions = [&](TimeInterval time) {
        std::vector<Revision> found;
        for (auto const site : query.sites)
            for (auto& one : records_.revisions(site, time))
                if (!query.interval || one.record.interval == *query.interval)
                    found.push_back(std::move(one));
        return found;
    };
    visit_known({piece, revisions, query.time, whole.parameters, query.after, query.limit, query.newest_first, query.condition.holds},
                known_at_, query.condition.holds ? show : visit);
}

}  // namespace yihong
