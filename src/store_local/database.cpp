#include "database.hpp"

#include "bytes.hpp"
#include "series_merge.hpp"

#include "yihong/base/log.hpp"

#include <rocksdb/cache.h>
#include <rocksdb/convenience.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/options.h>
#include <rocksdb/slice_transform.h>
#include <rocksdb/sst_file_reader.h>
#include <rocksdb/table.h>
#include <rocksdb/utilities/checkpoint.h>
#include <rocksdb/utilities/table_properties_collectors.h>
#include <rocksdb/write_buffer_manager.h>

#include <algorithm>
#include <array>
#include <cstdarg>
#include <cstdio>
#include <thread>

namespace yihong::store_local {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t series_key_size = 4 + 1 + 8;
constexpr std::size_t frame_series_size = 4 + 1;
constexpr std::string_view format_key = "format";
constexpr std::uintmax_t space_to_open = 64U << 20;
constexpr std::string_view closed_key = "closed";       // by a program that ended in order; read by nobody

template <typename Problem = StoreError>
[[noreturn]] void refuse(fs::path const& directory, std::string const& what)
{
    throw Problem{"store " + directory.string() + ": " + what};
}

/// RocksDB often blames the list of files for what it met in one of them.
std::string damaged_files(fs::path const& directory)
{
    std::string names;
    std::error_code ec;
    for (fs::directory_iterator it{directory, ec}, end; !ec && it != end; it.increment(ec)) {
        if (it->path().extension() != ".sst")
            continue;
        rocksdb::Options options;
        options.merge_operator = make_series_merge();
        rocksdb::SstFileReader reader{options};
        if (!reader.Open(it->path().string()).ok() || !reader.VerifyChecksum().ok())
            names += " " + it->path().filename().string();
    }
    return names.empty() ? "" : "; damaged:" + names;
}

[[noreturn]] void refuse(fs::path const& directory, rocksdb::Status const& status)
{
    auto const text = status.ToString();
    if (status.IsNoSpace())
        refuse<NoSpaceToOpen>(directory, "the disk is full; free space, then go on (" + text + ")");
    if (status.IsIOError() && text.find("While lock file") != std::string::npos)
        refuse<StoreInUse>(directory,
                           "another yihong process has it open; stop that one or choose another folder with --data (" + text + ")");
    if (status.IsIOError() && text.find("lock hold by current process") != std::string::npos)
        refuse<StoreInUse>(directory, "it is already open in this process");
    if (status.IsCorruption() || status.IsPathNotFound() || (status.IsIOError() && text.find("No such file") != std::string::npos))
        refuse<DamagedStore>(
            directory, "a file is damaged or missing; restore the last backup into an empty folder and keep this one for inspection (" +
                           text + damaged_files(directory) + ")");
    refuse(directory, text);
}

/// What RocksDB has to say goes into the service's log. Its own log file lies in the store's folder, and once a full disk has
/// failed a line of it the next line ends the process (an assertion of RocksDB 7.8, which Debian builds in).
class EngineLog final : public rocksdb::Logger {
public:
    EngineLog() : Logger{rocksdb::InfoLogLevel::ERROR_LEVEL} {}
    using Logger::Logv;
    void Logv(char const* format, va_list arguments) override
    {
        std::array<char, 1024> text{};
        std::vsnprintf(text.data(), text.size(), format, arguments);
        log::warning("store_engine", {{"detail", std::string_view{text.data()}}});
    }
    void LogHeader(char const*, va_list) override {}       // all options, at every start
};

std::int64_t steady_ms() noexcept
{
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

/// \param cache of the blocks: what waits to be written takes room in it, so that both together have one bound
rocksdb::DBOptions database_options(std::shared_ptr<rocksdb::Cache> const& cache, LocalStoreOptions const& options,
                                    LogRecovery recovery = LogRecovery::torn_end)
{
    rocksdb::DBOptions o;
    o.create_if_missing = true;
    o.create_missing_column_families = true;
    using Mode = rocksdb::WALRecoveryMode;
    o.wal_recovery_mode = recovery == LogRecovery::torn_end        ? Mode::kTolerateCorruptedTailRecords
                          : recovery == LogRecovery::to_the_damage ? Mode::kPointInTimeRecovery
                                                                   : Mode::kSkipAnyCorruptedRecords;
    o.track_and_verify_wals_in_manifest = recovery == LogRecovery::torn_end;   // a missing log is damage
    o.verify_sst_unique_id_in_manifest = true;
    o.max_total_wal_size = 96U << 20;
    o.max_background_jobs = 2;
    // All files stay open: the age limit of FIFO compaction (`ttl`) reads their times there, and takes a file that is not open
    // for an old one. What that costs in memory is bounded where it is much: the frames' indexes live in the block cache.
    o.max_open_files = -1;
    o.max_file_opening_threads = 2;
    o.skip_stats_update_on_db_open = true;
    o.avoid_unnecessary_blocking_io = true;
    o.write_buffer_manager = std::make_shared<rocksdb::WriteBufferManager>(options.write_buffer_bytes, cache);
    o.info_log = std::make_shared<EngineLog>();
    o.stats_dump_period_sec = 0;
    o.stats_persist_period_sec = 0;
    return o;
}

/// Frames are written once, read seldom and leave by age: files are never merged, only dropped, the oldest first.
void keep_as_evidence(rocksdb::ColumnFamilyOptions& o, rocksdb::BlockBasedTableOptions table, LocalStoreOptions const& options)
{
    o.compaction_style = rocksdb::kCompactionStyleFIFO;
    o.compaction_options_fifo.max_table_files_size = options.frames_max_bytes;
    o.ttl = static_cast<std::uint64_t>(options.frames_max_age.count());
    o.compression = rocksdb::kZSTD;
    o.write_buffer_size = options.write_buffer_bytes;
    // The next frame of a station goes right beside the one before it.
    o.memtable_insert_with_hint_prefix_extractor.reset(rocksdb::NewFixedPrefixTransform(frame_series_size));
    // Each of some hundred files may hold a frame of a record: a filter says which. Filters and indexes pass through the block
    // cache in small pieces, because all of them together are larger than it.
    o.prefix_extractor.reset(rocksdb::NewFixedPrefixTransform(frame_record_size));
    table.whole_key_filtering = false;
    table.cache_index_and_filter_blocks = true;
    table.partition_filters = true;
    table.index_type = rocksdb::BlockBasedTableOptions::kTwoLevelIndexSearch;
    table.block_size = 32U << 10;
    o.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
}

/// A queue leaves tombstones at its front, which the first read after a start would have to wade through.
void keep_as_queue(rocksdb::ColumnFamilyOptions& o)
{
    o.write_buffer_size = 1U << 20;
    o.table_properties_collector_factories.push_back(rocksdb::NewCompactOnDeletionCollectorFactory(1024, 512));
}

/// Documents of one form, several KB each, kept for good and seldom read: what they have in common is found in long blocks.
void keep_as_journal(rocksdb::ColumnFamilyOptions& o, rocksdb::BlockBasedTableOptions table)
{
    o.compression = rocksdb::kZSTD;
    table.block_size = 64U << 10;
    o.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
}

std::vector<rocksdb::ColumnFamilyDescriptor> family_descriptors(std::shared_ptr<rocksdb::Cache> const& cache,
                                                                LocalStoreOptions const& options)
{
    rocksdb::BlockBasedTableOptions table;
    table.block_cache = cache;
    table.block_size = 16U << 10;
    table.format_version = 5;
    table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));

    std::vector<rocksdb::ColumnFamilyDescriptor> all;
    for (auto const name : family_names) {
        rocksdb::ColumnFamilyOptions o;
        o.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
        o.compression = rocksdb::kLZ4Compression;      // quick where data passes through, thorough where it stays
        o.bottommost_compression = rocksdb::kZSTD;
        o.level_compaction_dynamic_level_bytes = true;
        o.write_buffer_size = 4U << 20;
        if (name == family_names[static_cast<std::size_t>(Family::series)]) {
            o.merge_operator = make_series_merge();
            o.write_buffer_size = options.write_buffer_bytes;
            o.max_write_buffer_number = 3;
            // The next piece of a chunk goes right beside the one before it: no search from the top of the skip list.
            o.memtable_insert_with_hint_prefix_extractor.reset(rocksdb::NewFixedPrefixTransform(series_key_size));
        }
        if (name == family_names[static_cast<std::size_t>(Family::frames)])
            keep_as_evidence(o, table, options);
        if (name == family_names[static_cast<std::size_t>(Family::outbox)])
            keep_as_queue(o);
        if (name == family_names[static_cast<std::size_t>(Family::journal)])
            keep_as_journal(o, table);
        all.emplace_back(std::string{name}, o);
    }
    return all;
}

/// \return whether a new store is to be made
bool is_fresh(fs::path const& directory)
{
    std::error_code ec;
    if (!fs::exists(directory, ec)) {
        fs::create_directories(directory, ec);
        if (ec)
            refuse(directory, "the folder cannot be made: " + ec.message());
        return true;
    }
    if (fs::exists(directory / "CURRENT", ec))
        return false;
    // A creation cut short leaves lock, log and description files behind, but nothing that comes after CURRENT.
    std::string other;
    for (fs::directory_iterator it{directory, ec}, end; !ec && it != end; it.increment(ec)) {
        auto const name = it->path().filename().string();
        if (name.ends_with(".sst") || name.ends_with(".log") || name.starts_with("OPTIONS-"))
            refuse(directory, "the file CURRENT is missing; restore the last backup into an empty folder");
        if (name != "LOCK" && name != "IDENTITY" && !name.starts_with("LOG") && !name.starts_with("MANIFEST-") && !name.ends_with(".dbtmp"))
            other = name;
    }
    if (!other.empty())
        refuse(directory, "the folder is not empty and holds no store (found " + other + "); choose another folder");
    if (ec)
        refuse(directory, "the folder cannot be read: " + ec.message());
    return true;
}

/// Looks without touching: opening for writing would add families to the database of another program.
void refuse_foreign(fs::path const& directory, rocksdb::DBOptions const& options)
{
    rocksdb::DB* opened = nullptr;
    auto status = rocksdb::DB::OpenForReadOnly(rocksdb::Options{options, {}}, directory.string(), &opened);
    if (!status.ok())
        refuse(directory, status);
    std::unique_ptr<rocksdb::DB> const db{opened};
    std::string format;
    status = db->Get(rocksdb::ReadOptions{}, slice(format_key), &format);
    if (status.IsNotFound() && db->GetLatestSequenceNumber() != 0)
        refuse(directory, "it holds a RocksDB database of another program; choose another folder");
}

}  // namespace

Database::Database(fs::path directory, LocalStoreOptions const& options, std::span<Migration const> steps, LogRecovery recovery)
    : directory_{std::move(directory)}, cache_{rocksdb::NewLRUCache(options.block_cache_bytes, 2)}
{
    bool const fresh = is_fresh(directory_);
    rocksdb::DBOptions const db_options = database_options(cache_, options, recovery);
    if (!fresh) {
        std::vector<std::string> present;
        auto const status = rocksdb::DB::ListColumnFamilies(db_options, directory_.string(), &present);
        if (!status.ok())
            refuse(directory_, status);
        for (auto const& name : present)
            if (std::ranges::find(family_names, name) == family_names.end())
                refuse(directory_, "it has a part named " + name + " and was written by a newer version of yihong; use that version");
        if (present.size() < family_names.size())
            refuse_foreign(directory_, db_options);
    }
    rocksdb::DB* db = nullptr;
    auto const status = rocksdb::DB::Open(db_options, directory_.string(), family_descriptors(cache_, options), &families_, &db);
    if (!status.ok())
        refuse(directory_, status);
    db_.reset(db);
    try {
        bring_up_to_date(steps);
    } catch (...) {
        for (auto* f : families_)
            db_->DestroyColumnFamilyHandle(f);
        throw;
    }
}

Database::Database(fs::path directory, LocalStoreOptions const& options, ToRead how)
    : directory_{std::move(directory)}, only_reads_{true}, waits_for_space_{how.waits_for_space},
      cache_{rocksdb::NewLRUCache(options.block_cache_bytes, 2)}
{
    constexpr int attempts = 5;
    constexpr std::chrono::milliseconds pause{100};
    std::error_code ec;
    if (!fs::exists(directory_ / "CURRENT", ec))
        refuse(directory_, "there is no store yet; run the service or an import first");
    auto db_options = database_options(cache_, options, how.recovery);
    db_options.create_if_missing = false;
    db_options.create_missing_column_families = false;
    db_options.track_and_verify_wals_in_manifest = true;   // to give up what is tracked of them is to write
    db_options.avoid_unnecessary_blocking_io = false;      // RocksDB asserts so where reading a damaged file fails
    rocksdb::DB* db = nullptr;
    rocksdb::Status status;
    for (int i = 0; i < attempts; ++i) {  // whoever writes there may remove a file between the reading of the list and its opening
        status = rocksdb::DB::OpenForReadOnly(db_options, directory_.string(), family_descriptors(cache_, options), &families_, &db);
        if (status.ok() || status.IsInvalidArgument() || how.recovery != LogRecovery::torn_end)     // nobody writes there then
            break;
        std::this_thread::sleep_for(pause);
    }
    if (status.IsInvalidArgument())  // a part that this version knows is not there
        refuse(directory_, "it was not written by this version of yihong; start the service once, which brings it up to date (" +
                               status.ToString() + ")");
    if (!status.ok())
        refuse(directory_, status);
    db_.reset(db);
    try {
        auto const format = stored_format();
        if (!format)
            refuse<DamagedStore>(directory_,
                                 "nothing in it can be read: all of it stood in its log, which is missing or cut at its beginning; restore "
                                 "the last backup into an empty folder, or start the service, which begins empty and says what is missing");
        if (format != oldest_format + migrations().size())
            refuse(
                directory_,
                "it has the format of another version of yihong; start the service once, which brings it up to date or says what is wrong");
    } catch (...) {
        for (auto* f : families_)
            db_->DestroyColumnFamilyHandle(f);
        throw;
    }
}

Database::~Database()
{
    if (only_reads_) {
        for (auto* f : families_)
            (void)db_->DestroyColumnFamilyHandle(f);
        return;
    }
    // So that the next start has no log to replay. A failure loses nothing: the log stays. Without any entry RocksDB would
    // keep the empty log of each run.
    (void)db_->Put(rocksdb::WriteOptions{}, family(Family::meta), slice(closed_key), rocksdb::Slice{});
    (void)db_->Flush(rocksdb::FlushOptions{}, families_);
    for (auto* f : families_)
        (void)db_->DestroyColumnFamilyHandle(f);
    (void)db_->Close();
}

std::optional<std::uint64_t> Database::stored_format() const
{
    rocksdb::PinnableSlice stored;
    if (!get(Family::meta, format_key, stored))
        return std::nullopt;
    ByteReader in{stored.ToStringView()};
    auto const format = in.varint();
    if (!in.ok() || format < oldest_format)
        refuse_bytes("the format number");
    return format;
}

void Database::bring_up_to_date(std::span<Migration const> steps)
{
    std::uint64_t const newest = oldest_format + steps.size();
    auto const known = stored_format();
    std::uint64_t format = known.value_or(newest);
    if (format > newest)
        refuse(directory_, "it has format " + std::to_string(format) +
                               " and was written by a newer version of yihong (this one knows up to " + std::to_string(newest) +
                               "); use that version");
    auto const write_number = [&](rocksdb::WriteBatch& batch, std::uint64_t number) {
        std::string value;
        append_varint(value, number);
        check(batch.Put(family(Family::meta), slice(format_key), value));
        write(batch);
    };
    if (!known) {
        rocksdb::WriteBatch batch;
        write_number(batch, newest);
    }
    for (; format < newest; ++format) {
        rocksdb::WriteBatch batch;
        steps[format - oldest_format](*this, batch);
        write_number(batch, format + 1);
    }
}

bool Database::get(Family f, std::string_view key, rocksdb::PinnableSlice& value) const
{
    auto const status = db_->Get(rocksdb::ReadOptions{}, family(f), slice(key), &value);
    if (status.IsNotFound())
        return false;
    check(status);
    return true;
}

void Database::write(rocksdb::WriteBatch& batch)
{
    if (waits_for_space_)
        refuse(directory_, "the disk was full at the start; free space, and the service starts anew by itself");
    if (write_failed_) {
        // Busy: RocksDB itself waits for space on the disk and goes on within seconds of getting it.
        auto const status = db_->Resume();
        tell(status);
        if (!status.ok() && !status.IsBusy())
            refuse(directory_, "it went read-only after a failed write; mend the cause, then restart (" + status.ToString() + ")");
    }
    rocksdb::WriteOptions options;
    options.sync = true;
    auto const status = db_->Write(options, &batch);
    write_failed_ = !status.ok();
    if (status.ok())
        refusing_since_ = 0;
    else
        tell(status);
    check(status);
}

/// What became of an attempt to write: waiting for space is no failure of the engine.
void Database::tell(rocksdb::Status const& status) noexcept
{
    if (status.IsBusy() || status.IsNoSpace())
        refusing_since_ = 0;
    else if (!status.ok() && refusing_since_ == 0)
        refusing_since_ = steady_ms();
}

std::chrono::milliseconds Database::refuses_writes_for() const noexcept
{
    if (waits_for_space_) {
        std::error_code ec;
        bool const is_there = fs::space(directory_, ec).available >= space_to_open && !ec;
        if (is_there && refusing_since_ == 0)
            refusing_since_ = steady_ms();
        else if (!is_there)
            refusing_since_ = 0;
    }
    auto const since = refusing_since_.load();
    return std::chrono::milliseconds{since == 0 ? 0 : steady_ms() - since};
}

std::unique_ptr<rocksdb::Iterator> Database::iterate(Family f, rocksdb::ReadOptions const& options) const
{
    return std::unique_ptr<rocksdb::Iterator>{db_->NewIterator(options, family(f))};
}

void Database::begin_flush(bool with_frames)
{
    rocksdb::FlushOptions options;
    options.wait = false;
    options.allow_write_stall = true;
    auto families = families_;
    if (!with_frames)
        std::erase(families, family(Family::frames));
    // Told to wait, because writing is stopped until earlier memory is in files: then this one's turn comes.
    if (auto const status = db_->Flush(options, families); !status.IsTryAgain())
        check(status);
}

void Database::compact()
{
    check(db_->Flush(rocksdb::FlushOptions{}, families_));
    rocksdb::CompactRangeOptions options;
    options.bottommost_level_compaction = rocksdb::BottommostLevelCompaction::kForceOptimized;
    for (auto* f : families_)
        check(db_->CompactRange(options, f, nullptr, nullptr));
    // A round that the engine began by itself keeps ours from the files that came during it, and another follows.
    while (std::ranges::any_of(families_, [&](auto* f) { return is_compacting(f); }) && refuses_writes_for().count() == 0)
        std::this_thread::sleep_for(std::chrono::milliseconds{1});
}

bool Database::is_compacting(rocksdb::ColumnFamilyHandle* family) const
{
    std::uint64_t owed = 0;
    std::uint64_t running = 0;
    (void)db_->GetIntProperty(family, rocksdb::DB::Properties::kCompactionPending, &owed);
    (void)db_->GetIntProperty(family, rocksdb::DB::Properties::kNumRunningCompactions, &running);
    return owed + running > 0;
}

void Database::checkpoint(fs::path const& directory)
{
    std::error_code ec;
    auto const own = fs::weakly_canonical(directory_, ec);
    auto const wanted = fs::weakly_canonical(directory, ec);
    if (std::ranges::mismatch(own, wanted).in1 == own.end())
        throw StoreError{"backup folder " + directory.string() + " lies in the store itself; name one outside"};
    if (fs::exists(directory, ec) && (!fs::is_directory(directory, ec) || !fs::is_empty(directory, ec) || !fs::remove(directory, ec)))
        throw StoreError{"backup folder " + directory.string() + " is not empty; name a new one"};
    if (directory.has_parent_path())
        fs::create_directories(directory.parent_path(), ec);  // what goes wrong here, the checkpoint reports
    rocksdb::Checkpoint* made = nullptr;
    check(rocksdb::Checkpoint::Create(db_.get(), &made));
    std::unique_ptr<rocksdb::Checkpoint> const checkpoint{made};
    auto const status = checkpoint->CreateCheckpoint(directory.string());
    if (!status.ok())
        throw StoreError{"backup to " + directory.string() + " failed: " + status.ToString()};
}

void Database::verify() const
{
    check(db_->VerifyChecksum());
    for (auto* f : families_) {                    // what the log holds too
        std::unique_ptr<rocksdb::Iterator> const it{db_->NewIterator(rocksdb::ReadOptions{}, f)};
        for (it->SeekToFirst(); it->Valid(); it->Next()) {
        }
        check(it->status());
    }
}

std::uint64_t Database::file_bytes(Family f) const
{
    std::uint64_t bytes = 0;
    (void)db_->GetIntProperty(family(f), rocksdb::DB::Properties::kLiveSstFilesSize, &bytes);
    return bytes;
}

void Database::check(rocksdb::Status const& status) const
{
    if (!status.ok())
        refuse(directory_, status);
}

void Database::refuse_bytes(std::string_view what) const
{
    refuse(directory_, std::string{what} + " cannot be understood: the store is damaged; restore the last backup into an empty folder");
}

}  // namespace yihong::store_local
