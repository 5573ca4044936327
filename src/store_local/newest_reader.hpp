#pragma once

#include "database.hpp"
#include "series_chunk.hpp"
#include "series_reader.hpp"

#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace yihong::store_local {

/// Reads the newest record of series up to an instant: steps to their last pieces and reads those alone.
class NewestReader {
public:
    NewestReader(Database const& database, UtcTime last);

    [[nodiscard]] std::vector<Record> of_all(std::optional<IntervalKind> interval);
    /// \pre `sites` ascend
    [[nodiscard]] std::vector<Record> of(std::span<SiteNumber const> sites, std::optional<IntervalKind> interval);

private:
    [[nodiscard]] SeriesKey series() const;
    void step_to(SeriesKey series);
    /// From where the iterator stands back to the first record that is not too new.
    void read(SeriesKey series, std::vector<Record>& found);

    Database const& database_;
    UtcTime last_;
    std::unique_ptr<rocksdb::Iterator> chunks_;
    SeriesRows rows_;
};

}  // namespace yihong::store_local
