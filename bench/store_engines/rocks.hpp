#pragma once

#include "engine.hpp"
#include "series_merge.hpp"

#include <rocksdb/cache.h>
#include <rocksdb/db.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/options.h>
#include <rocksdb/table.h>
#include <rocksdb/utilities/checkpoint.h>

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <utility>
#include <vector>

namespace yihong::store_engines {

/// RocksDB with one value for every `span` milliseconds of a series; 1: for every record.
class Rocks final : public Engine {
public:
    Rocks(fs::path const& path, std::int64_t span) : span_{span}
    {
        rocksdb::Options o;
        o.create_if_missing = true;
        o.write_buffer_size = 32 << 20;
        o.max_background_jobs = 2;
        o.max_total_wal_size = 128 << 20;
        o.compression = rocksdb::kLZ4Compression;
        o.bottommost_compression = rocksdb::kZSTD;
        o.level_compaction_dynamic_level_bytes = true;
        o.keep_log_file_num = 2;
        o.max_open_files = 256;
        if (span_ > 1)
            o.merge_operator = make_series_merge();
        rocksdb::BlockBasedTableOptions t;
        t.block_cache = rocksdb::NewLRUCache(32 << 20, 2);
        t.block_size = 16 << 10;
        t.format_version = 5;
        o.table_factory.reset(rocksdb::NewBlockBasedTableFactory(t));
        rocksdb::DB* db = nullptr;
        check(rocksdb::DB::Open(o, path.string(), &db));
        db_.reset(db);
    }
    void commit(WriteGroup const& group) override
    {
        rocksdb::WriteBatch batch;
        std::string value;
        if (span_ == 1) {
            for (auto const& r : group.records.added) {
                value.clear();
                Row const row = row_of(r);
                encode_chunk({&row, 1}, value);
                batch.Put(series_key(r, ms(r.time)), value);
            }
        } else {
            std::vector<Record const*> order;
            for (auto const& r : group.records.added)
                order.push_back(&r);
            std::ranges::sort(order, {}, [](Record const* r) { return std::pair{r->site, r->time}; });
            std::vector<Row> rows;
            for (std::size_t i = 0; i < order.size();) {
                rows.clear();
                std::int64_t const bucket = ms(order[i]->time) / span_;
                SiteNumber const site = order[i]->site;
                Record const& first = *order[i];
                for (; i < order.size() && order[i]->site == site && ms(order[i]->time) / span_ == bucket; ++i)
                    rows.push_back(row_of(*order[i]));
                value.clear();
                encode_chunk(rows, value);
                batch.Merge(series_key(first, bucket * span_), value);
            }
        }
        rocksdb::WriteOptions w;
        w.sync = true;
        check(db_->Write(w, &batch));
    }
    void compact() override
    {
        check(db_->Flush({}));
        rocksdb::CompactRangeOptions o;
        o.bottommost_level_compaction = rocksdb::BottommostLevelCompaction::kForceOptimized;
        check(db_->CompactRange(o, nullptr, nullptr));
    }
    std::size_t read(SiteNumber site, std::int64_t from, std::int64_t to, ParameterId parameter) override
    {
        Record r;
        r.site = site;
        r.interval = IntervalKind::hour;
        std::string const upper = series_key(r, to);
        rocksdb::Slice const upper_slice{upper};
        rocksdb::ReadOptions o;
        o.iterate_upper_bound = &upper_slice;
        std::unique_ptr<rocksdb::Iterator> it{db_->NewIterator(o)};
        std::size_t count = 0;
        SeriesRows rows;
        for (it->Seek(series_key(r, from / span_ * span_)); it->Valid(); it->Next()) {
            rows.clear();
            if (!rows.append(it->value().ToStringView(), {.only = {&parameter, 1}}))
                throw std::runtime_error{"damaged chunk"};
            for (auto const& row : rows.rows())
                count += ms(row.time) >= from && ms(row.time) < to && !row.readings.empty();
        }
        check(it->status());
        return count;
    }
    void backup(fs::path const& directory) override
    {
        rocksdb::Checkpoint* checkpoint = nullptr;
        check(rocksdb::Checkpoint::Create(db_.get(), &checkpoint));
        std::unique_ptr<rocksdb::Checkpoint> const owner{checkpoint};
        check(checkpoint->CreateCheckpoint(directory.string()));
    }

private:
    static void check(rocksdb::Status const& s)
    {
        if (!s.ok())
            throw std::runtime_error{s.ToString()};
    }
    std::unique_ptr<rocksdb::DB> db_;
    std::int64_t span_;
};

}  // namespace yihong::store_engines
