#include "bytes.hpp"
#include "history_reader.hpp"
#include "keys.hpp"
#include "newest_reader.hpp"
#include "series_merge.hpp"
#include "series_reader.hpp"
#include "state.hpp"

#include <algorithm>
#include <map>

namespace yihong {

using namespace store_local;

namespace {

/// Site, kind, time, then when it was superseded and a number that makes the key its own.
constexpr std::size_t revision_key_size = 4 + 1 + 8 + 8 + 8;

Row row_of(Record const& r) { return {r.time, r.received_at, r.status, r.verdict, r.readings}; }

/// Records of one chunk go into one merge: the fewer entries, the cheaper the commit and everything after it.
void add_records(std::span<Record const> records, rocksdb::ColumnFamilyHandle* family, rocksdb::WriteBatch& batch)
{
    struct Place {
        SiteNumber site;
        IntervalKind interval;
        std::int64_t chunk;
        UtcTime time;
        std::uint32_t index;
        [[nodiscard]] bool same_chunk(Place const& o) const noexcept
        {
            return site == o.site && interval == o.interval && chunk == o.chunk;
        }
    };
    std::vector<Place> places;
    places.reserve(records.size());
    for (std::uint32_t i = 0; i < records.size(); ++i) {
        auto const& r = records[i];
        places.push_back({r.site, r.interval, chunk_number(r.interval, r.time), r.time, i});
    }
    std::ranges::sort(places, {}, [](Place const& p) { return std::tuple{p.site, p.interval, p.time, p.index}; });

    std::vector<Row> rows;
    std::string value;
    for (auto at = places.begin(); at != places.end();) {
        rows.clear();
        auto const first = at;
        for (; at != places.end() && at->same_chunk(*first); ++at) {
            Row const row = row_of(records[at->index]);
            if (!rows.empty() && rows.back().time == row.time)
                rows.back() = row;                                  // twice in one group: the later one stays
            else
                rows.push_back(row);
        }
        value.clear();
        encode_chunk(rows, value);
        batch.Merge(family, series_key(first->site, first->interval, first->chunk), value);
    }
}

Record only_record(Database const& database, SeriesKey key, std::string_view chunk)
{
    SeriesRows rows;
    if (!rows.append(chunk) || rows.rows().size() != 1)
        database.refuse_bytes("a revision");
    return to_record(key, rows.rows().front());
}

}  // namespace

void Writing::add(RecordChanges const& changes)
{
    auto const withdrawn = take_out(changes.withdrawn);
    add_records(changes.added, database.family(Family::series), batch);
    std::string value;
    for (auto const* group : {&changes.superseded, &changes.came_late, &changes.withdrawn}) {
        for (auto const& r : *group) {
            std::string key = series_prefix(r.site, r.interval);
            append_time(key, r.time);
            append_time(key, changes.superseded_at);
            append_big_endian(key, own++);
            value.clear();
            Row const row = row_of(r);
            encode_chunk({&row, 1}, value);
            put(Family::revisions, key, value);
        }
    }
    counters.records += changes.added.size() - std::min(changes.added.size(), changes.superseded.size());
    counters.records -= std::min(counters.records, withdrawn);
}

std::uint64_t Writing::take_out(std::span<Record const> records)
{
    std::map<std::string, std::vector<UtcTime>> times;     // of each chunk
    for (auto const& r : records)
        times[series_key(r.site, r.interval, chunk_number(r.interval, r.time))].push_back(r.time);
    std::uint64_t taken = 0;
    ReadingMerge const reading;
    SeriesRows rows;
    std::string value;
    for (auto const& [key, gone] : times) {
        rocksdb::PinnableSlice chunk;
        if (!database.get(Family::series, key, chunk))
            continue;
        if (!read_merged(chunk.ToStringView(), rows))
            database.refuse_bytes("a piece of a series");
        std::vector<Row> rest{rows.rows().begin(), rows.rows().end()};
        taken += std::erase_if(rest, [&](Row const& row) { return std::ranges::find(gone, row.time) != gone.end(); });
        value.clear();
        if (!rest.empty())
            encode_chunk(rest, value);
        rest.empty() ? remove(Family::series, key) : put(Family::series, key, value);
    }
    return taken;
}

std::optional<Record> LocalStore::find(SiteNumber site, IntervalKind interval, UtcTime time) const
{
    ReadingMerge const reading;
    rocksdb::PinnableSlice chunk;
    if (!state_->database.get(Family::series, series_key(site, interval, chunk_number(interval, time)), chunk))
        return std::nullopt;
    SeriesRows rows;
    if (!read_merged(chunk.ToStringView(), rows))
        state_->database.refuse_bytes("a piece of a series");
    auto const row = std::ranges::lower_bound(rows.rows(), time, {}, &Row::time);
    if (row == rows.rows().end() || row->time != time)
        return std::nullopt;
    return to_record({site, interval}, *row);
}

void LocalStore::visit_series(SeriesQuery const& query, std::function<bool(Record const&)> const& visit) const
{
    std::vector<std::unique_ptr<SeriesCursor>> cursors;
    for (auto const kind : all_interval_kinds) {
        if (query.interval && *query.interval != kind)
            continue;
        auto cursor = std::make_unique<SeriesCursor>(state_->database, query, kind);
        if (cursor->row() != nullptr)
            cursors.push_back(std::move(cursor));
    }
    auto const order = [](std::unique_ptr<SeriesCursor> const& c) { return std::pair{c->row()->time, c->interval()}; };
    Record record;
    for (std::size_t left = query.limit; left > 0 && !cursors.empty(); --left) {
        auto const next = query.newest_first ? std::ranges::max_element(cursors, {}, order) : std::ranges::min_element(cursors, {}, order);
        to_record({query.site, (*next)->interval()}, *(*next)->row(), record);
        if (!visit(record))
            return;
        (*next)->advance();
        if ((*next)->row() == nullptr)
            cursors.erase(next);
    }
}

std::vector<Revision> LocalStore::revisions(SiteNumber site, TimeInterval time, std::size_t limit) const
{
    std::vector<Revision> found;
    auto const it = state_->database.iterate(Family::revisions);
    for (auto const kind : all_interval_kinds) {
        std::string const prefix = series_prefix(site, kind);
        std::string from = prefix;
        append_time(from, time.begin.value_or(UtcTime::min()));
        auto left = limit;
        for (it->Seek(from); left > 0 && it->Valid() && it->key().starts_with(prefix); it->Next(), --left) {
            auto const key = it->key().ToStringView();
            if (key.size() != revision_key_size)
                state_->database.refuse_bytes("the key of a revision");
            if (time.end && read_time(key.substr(5)) > *time.end)
                break;
            found.push_back({only_record(state_->database, {site, kind}, it->value().ToStringView()), read_time(key.substr(13))});
        }
        state_->database.check(it->status());
    }
    std::ranges::sort(
        found, {}, [](Revision const& r) { return std::tuple{r.record.time, r.record.interval, r.superseded_at, r.record.received_at}; });
    if (found.size() > limit)
        found.resize(limit);
    return found;
}

std::vector<Record> LocalStore::newest(NewestQuery const& query) const
{
    if (query.before == UtcTime::min())
        return {};
    NewestReader reader{state_->database, query.before ? *query.before - std::chrono::milliseconds{1} : UtcTime::max()};
    if (!query.sites)
        return reader.of_all(query.interval);
    auto sites = *query.sites;
    std::ranges::sort(sites);
    sites.erase(std::ranges::unique(sites).begin(), sites.end());
    return reader.of(sites, query.interval);
}

void LocalStore::visit_history(HistoryQuery const& query, std::function<bool(Record const&)> const& visit) const
{
    constexpr std::size_t first_page = 1024;       // a visitor may soon have enough; one that has not is served in long pages
    constexpr std::size_t longest_page = 16 * 1024;
    HistoryReader reader{state_->database, query};
    auto page = query.limit <= longest_page ? query.limit : first_page;    // so few are wanted all: one walk
    for (auto left = query.limit; left > 0; page = std::min(page * 4, longest_page)) {
        auto const wanted = std::min(left, page);
        auto const& records = reader.next(wanted);
        for (auto const& record : records)
            if (!visit(record))
                return;
        if (records.size() < wanted)
            return;
        left -= wanted;
    }
}

}  // namespace yihong
