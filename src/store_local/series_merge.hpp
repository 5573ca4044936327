#pragma once

#include <rocksdb/merge_operator.h>

#include <memory>

namespace yihong::store_local {

/// Writes add small chunks to a key without reading it; RocksDB lays them together with this when it reads, flushes or
/// compacts. The result is one chunk in which the record written last holds its time.
std::shared_ptr<rocksdb::MergeOperator> make_series_merge();

}  // namespace yihong::store_local
