#pragma once

#include "database.hpp"
#include "series_chunk.hpp"
#include "series_reader.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace yihong::store_local {

/// Goes through the records of many series in order of time, a page at a time. Every page is one walk over the series, which keeps the
/// records that come first; a series is left as soon as it is behind them. So there is one iterator and one page in memory, however
/// many series there are, and all pages show one state of the store.
class HistoryReader {
public:
    HistoryReader(Database const& database, HistoryQuery const& query);

    /// The next records in the order of the query: fewer than `count` at the end, none behind it. Valid until the next call.
    [[nodiscard]] std::vector<Record> const& next(std::size_t count);

private:
    /// Of one series, both ends included.
    struct Span {
        UtcTime first;
        UtcTime last;
    };
    [[nodiscard]] bool comes_before(HistoryKey const& a, HistoryKey const& b) const noexcept { return backward_ ? b < a : a < b; }
    [[nodiscard]] Span wanted_of(SeriesKey series) const noexcept;
    void narrow(Span& wanted) const noexcept;
    void read(SeriesKey series, Span wanted);
    /// Asks the condition of the wanted rows of a chunk, for `fulfils_`. \return from the first to the last that fulfils it; none: none does
    [[nodiscard]] std::optional<Span> ask(SeriesKey series, std::string_view chunk, Span wanted);
    void decode(std::string_view chunk, std::vector<ParameterId> const& only, Span wanted);
    /// \return false when neither this row nor any behind it belongs to the page
    bool keep(SeriesKey series, Row const& row);
    /// Leaves the records that come first. \pre there are at least so many
    void select();

    Database const& database_;
    bool backward_;
    std::vector<SeriesKey> series_;  // in the order of the walk
    TimeInterval time_;
    std::vector<ParameterId> only_;
    RecordCondition condition_;
    std::optional<HistoryKey> after_;
    std::unique_ptr<rocksdb::Iterator> chunks_;
    SeriesRows rows_;
    std::vector<bool> fulfils_;  // by row of the chunk, where there is a condition
    Record asked_;  // of which the condition is asked
    std::size_t count_ = 0;
    std::vector<Record> page_;  // while it is made: up to twice as many, in no order
    std::optional<HistoryKey> bound_;  // what does not come before this is behind the page
};

}  // namespace yihong::store_local
