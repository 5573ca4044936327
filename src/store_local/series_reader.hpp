#pragma once

#include "database.hpp"
#include "series_chunk.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace yihong::store_local {

/// The number of the chunk of its series that holds `time`. Chunks hold up to some 170 regular records.
std::int64_t chunk_number(IntervalKind interval, UtcTime time) noexcept;

/// Site, interval kind, number, most significant byte first: the pieces of a series lie together, in order of time.
std::string series_prefix(SiteNumber site, IntervalKind interval);
std::string series_key(SiteNumber site, IntervalKind interval, std::int64_t number);
struct SeriesKey {
    SiteNumber site = 0;
    IntervalKind interval = IntervalKind::realtime;
};
/// \return none when it is no key of a series
std::optional<SeriesKey> parse_series_key(std::string_view key) noexcept;

/// Into a record that is there, whose memory is used again.
inline void to_record(SeriesKey key, Row const& row, Record& record)
{
    auto readings = std::move(record.readings);
    readings.assign(row.readings.begin(), row.readings.end());
    record = {key.site, key.interval, row.status, row.verdict, row.time, row.received_at, std::move(readings)};
}
inline Record to_record(SeriesKey key, Row const& row)
{
    Record record;
    to_record(key, row, record);
    return record;
}

/// Goes through the records of one series that a query asks for, in its direction.
class SeriesCursor {
public:
    SeriesCursor(Database const& database, SeriesQuery const& query, IntervalKind interval);
    SeriesCursor(SeriesCursor const&) = delete;
    SeriesCursor& operator=(SeriesCursor const&) = delete;

    [[nodiscard]] IntervalKind interval() const noexcept { return interval_; }
    /// \return null at the end
    [[nodiscard]] Row const* row() const noexcept { return row_; }
    void advance();

private:
    void load();

    Database const& database_;
    IntervalKind interval_;
    bool backward_;
    std::vector<ParameterId> only_;       // ascending
    UtcTime first_ = UtcTime::min();      // of the rows wanted, both ends included
    UtcTime last_ = UtcTime::max();
    std::string lower_;
    std::string upper_;
    rocksdb::Slice lower_slice_;
    rocksdb::Slice upper_slice_;
    std::unique_ptr<rocksdb::Iterator> chunks_;
    SeriesRows rows_;
    std::span<Row const> wanted_;         // of the chunk at hand, not yet given out
    Row const* row_ = nullptr;
};

}  // namespace yihong::store_local
