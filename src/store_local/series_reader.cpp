#include "series_reader.hpp"

#include "bytes.hpp"
#include "series_merge.hpp"

#include <algorithm>
#include <limits>

namespace yihong::store_local {
namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t sign_bit = 1ULL << 63;   // flipped, so that negative numbers sort first

/// Part of the stored format.
constexpr std::chrono::milliseconds span_of(IntervalKind interval) noexcept
{
    switch (interval) {
    case IntervalKind::realtime: return 1h;
    case IntervalKind::minute: return 2h;
    case IntervalKind::hour: return 24h * 7;
    case IntervalKind::four_hours: return 24h * 28;
    case IntervalKind::day: return 24h * 128;
    case IntervalKind::sample: return 24h * 128;
    }
    return 24h;
}

}  // namespace

std::int64_t chunk_number(IntervalKind interval, UtcTime time) noexcept
{
    auto const t = time.time_since_epoch().count();
    auto const span = span_of(interval).count();
    return t / span - (t % span < 0);
}

std::string series_prefix(SiteNumber site, IntervalKind interval)
{
    std::string key;
    append_big_endian(key, site);
    key += static_cast<char>(interval);
    return key;
}

std::string series_key(SiteNumber site, IntervalKind interval, std::int64_t number)
{
    auto key = series_prefix(site, interval);
    append_big_endian(key, static_cast<std::uint64_t>(number) ^ sign_bit);
    return key;
}

std::optional<SeriesKey> parse_series_key(std::string_view key) noexcept
{
    if (key.size() < 5 || static_cast<std::uint8_t>(key[4]) > static_cast<std::uint8_t>(IntervalKind::sample))
        return std::nullopt;
    return SeriesKey{big_endian<SiteNumber>(key), static_cast<IntervalKind>(key[4])};
}

SeriesCursor::SeriesCursor(Database const& database, SeriesQuery const& query, IntervalKind interval)
    : database_{database}, interval_{interval}, backward_{query.newest_first}, only_{query.parameters}
{
    std::ranges::sort(only_);
    if (query.time.begin)
        first_ = *query.time.begin;
    if (query.time.end)
        last_ = *query.time.end;
    if (query.after) {
        // Behind the key (time, kind): at that very time only the kinds that come later in the order.
        auto const [time, kind] = *query.after;
        bool const same_time_too = backward_ ? interval < kind : interval > kind;
        if (!same_time_too && time == (backward_ ? UtcTime::min() : UtcTime::max()))
            return;
        if (backward_)
            last_ = std::min(last_, same_time_too ? time : time - 1ms);
        else
            first_ = std::max(first_, same_time_too ? time : time + 1ms);
    }
    if (first_ > last_)
        return;
    lower_ = series_key(query.site, interval, chunk_number(interval, first_));
    upper_ = series_key(query.site, interval, chunk_number(interval, last_)) + '\0';   // just above that key
    lower_slice_ = lower_;
    upper_slice_ = upper_;
    rocksdb::ReadOptions options;
    options.iterate_lower_bound = &lower_slice_;
    options.iterate_upper_bound = &upper_slice_;
    chunks_ = database.iterate(Family::series, options);
    ReadingMerge const reading;
    if (backward_)
        chunks_->SeekToLast();
    else
        chunks_->SeekToFirst();
    load();
    advance();
}

void SeriesCursor::load()
{
    ReadingMerge const reading;
    wanted_ = {};
    for (; chunks_->Valid(); backward_ ? chunks_->Prev() : chunks_->Next()) {
        if (!read_merged(chunks_->value().ToStringView(), rows_, {only_, first_, last_}))
            database_.refuse_bytes("a piece of a series");
        auto const begin = std::ranges::lower_bound(rows_.rows(), first_, {}, &Row::time);
        auto const end = std::ranges::upper_bound(rows_.rows(), last_, {}, &Row::time);
        wanted_ = {begin, end};
        if (!wanted_.empty())
            return;
    }
    database_.check(chunks_->status());
}

void SeriesCursor::advance()
{
    row_ = nullptr;
    if (wanted_.empty() && chunks_ && chunks_->Valid()) {
        ReadingMerge const reading;
        if (backward_)
            chunks_->Prev();
        else
            chunks_->Next();
        load();
    }
    if (wanted_.empty())
        return;
    row_ = backward_ ? &wanted_.back() : &wanted_.front();
    wanted_ = backward_ ? wanted_.first(wanted_.size() - 1) : wanted_.subspan(1);
}

}  // namespace yihong::store_local
