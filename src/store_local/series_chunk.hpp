#pragma once

#include "yihong/model/record.hpp"

#include <cstddef>
#include <memory_resource>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace yihong::store_local {

/// One record of a series without its site and interval kind, which stand in the key.
struct Row {
    UtcTime time{};
    UtcTime received_at{};
    StationStatus status = StationStatus::normal;
    Verdict verdict;
    std::span<Reading const> readings;
};

/// The part of a series that shares one key, as bytes. One record costs about 70 bytes; a hundred or more of them lie column
/// by column as differences, about one byte a value, and compress further. Numbers are LEB128, signed ones zigzag.
/// "runs" are pairs (value, count) until every row has one; the count 0 stands for "all the rest".
///
///   chunk    := 0x01 rows first_time runs(time step) received status* edition* water_class* aqi* columns column*
///   received := mode (received_at - time of the first row) step{rows-1}   a step is what mode 0: received_at,
///               mode 1: received_at - time adds to the row before          (* as runs)
///   column   := parameter difference, byte length, runs(shape), mantissa difference{rows with a value}
///   shape    := 0 the row lacks the parameter | 1 + scale: flag N, no marks | 14 + (has_value, marks, scale, flag packed)
///
/// Appends to `out`. \pre rows not empty, times ascending, each once; the readings of a row ascend by parameter
void encode_chunk(std::span<Row const> rows, std::string& out);

/// What is read of a chunk.
struct WantedRows {
    std::span<ParameterId const> only = {};        ///< ascending; readings of these parameters alone. Empty: of all
    UtcTime first = UtcTime::min();                ///< rows outside of these two come without readings
    UtcTime last = UtcTime::max();
};

/// Rows decoded from one or several chunks. The readings live in an arena of this object.
class SeriesRows {
public:
    SeriesRows() noexcept {}   // leaves `first_bytes_` as it is
    SeriesRows(SeriesRows const&) = delete;
    SeriesRows& operator=(SeriesRows const&) = delete;

    /// Appends the rows of a chunk, with the readings that are wanted.
    /// \return false when the bytes are no chunk (then nothing is appended), as far as they had to be read
    [[nodiscard]] bool append(std::string_view chunk, WantedRows const& wanted = {});
    /// Brings rows of several chunks into order; of two rows of one time the one appended last stays.
    void settle();
    void clear() noexcept
    {
        rows_.clear();
        arena_.release();
    }

    [[nodiscard]] std::span<Row const> rows() const noexcept { return rows_; }

private:
    std::byte first_bytes_[8192];   // enough for a usual chunk's one parameter
    std::pmr::monotonic_buffer_resource arena_{first_bytes_, sizeof first_bytes_};
    std::vector<Row> rows_;
};

}  // namespace yihong::store_local
