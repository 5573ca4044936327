#include "newest_reader.hpp"

#include "series_merge.hpp"

#include <algorithm>
#include <cstdint>

namespace yihong::store_local {
namespace {

rocksdb::ReadOptions options()
{
    rocksdb::ReadOptions made;
    made.fill_cache = false;               // the ends of all series are read once and would push out what is asked for again
    return made;
}

}  // namespace

NewestReader::NewestReader(Database const& database, UtcTime last)
    : database_{database}, last_{last}, chunks_{database.iterate(Family::series, options())}
{}

SeriesKey NewestReader::series() const
{
    auto const key = parse_series_key(chunks_->key().ToStringView());
    if (!key)
        database_.refuse_bytes("a piece of a series");
    return *key;
}

void NewestReader::step_to(SeriesKey series)
{
    chunks_->SeekForPrev(series_key(series.site, series.interval, chunk_number(series.interval, last_)));
}

void NewestReader::read(SeriesKey series, std::vector<Record>& found)
{
    auto const prefix = series_prefix(series.site, series.interval);
    for (; chunks_->Valid() && chunks_->key().starts_with(prefix); chunks_->Prev()) {
        if (!read_merged(chunks_->value().ToStringView(), rows_))
            database_.refuse_bytes("a piece of a series");
        auto const behind = std::ranges::upper_bound(rows_.rows(), last_, {}, &Row::time);
        if (behind == rows_.rows().begin())
            continue;
        found.push_back(to_record(series, *std::prev(behind)));
        return;
    }
}

std::vector<Record> NewestReader::of_all(std::optional<IntervalKind> interval)
{
    ReadingMerge const reading;
    std::vector<Record> found;
    for (chunks_->SeekToLast(); chunks_->Valid();) {
        auto const at = series();
        if (interval && at.interval > *interval) {
            chunks_->SeekForPrev(series_key(at.site, *interval, INT64_MAX));
            continue;
        }
        if (interval && at.interval < *interval) {
            chunks_->SeekForPrev(series_prefix(at.site, all_interval_kinds.front()));
            continue;
        }
        if (last_ != UtcTime::max())
            step_to(at);
        read(at, found);
        chunks_->SeekForPrev(series_prefix(at.site, at.interval));
    }
    database_.check(chunks_->status());
    std::ranges::reverse(found);
    return found;
}

std::vector<Record> NewestReader::of(std::span<SiteNumber const> sites, std::optional<IntervalKind> interval)
{
    ReadingMerge const reading;
    std::vector<Record> found;
    for (auto const site : sites) {
        for (auto const kind : all_interval_kinds) {
            if (interval && kind != *interval)
                continue;
            step_to({site, kind});
            read({site, kind}, found);
            database_.check(chunks_->status());
        }
    }
    return found;
}

}  // namespace yihong::store_local
