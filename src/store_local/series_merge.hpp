#pragma once

#include "series_chunk.hpp"

#include <rocksdb/merge_operator.h>

#include <memory>

namespace yihong::store_local {

/// Writes add small chunks to a key without reading it; RocksDB lays them together with this when it flushes or compacts.
/// The result is one chunk in which the record written last holds its time.
std::shared_ptr<rocksdb::MergeOperator> make_series_merge();

/// While one lives, merges on this thread, which are those of its reads, only string the chunks together: packing a week to
/// read a column of it would cost more than the reading. Such bytes are for `read_merged` and never reach a file.
class ReadingMerge {
public:
    ReadingMerge() noexcept;
    ~ReadingMerge();
    ReadingMerge(ReadingMerge const&) = delete;
    ReadingMerge& operator=(ReadingMerge const&) = delete;

private:
    bool before_;
};

/// Replaces `rows` by those of a value read: a chunk, or several strung together. \return false when the bytes are neither
[[nodiscard]] bool read_merged(std::string_view value, SeriesRows& rows, WantedRows const& wanted = {});

}  // namespace yihong::store_local
