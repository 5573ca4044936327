// Compares the candidates for the embedded store on the same synthetic but realistic network: 500 sites, hourly records of ten
// parameters, 90 days, handed over as a service would: groups of four posts of 500 records, each group synced before the next.
// Usage: store_engines DIRECTORY [ENGINE…]    (every phase runs in a process of its own, so memory figures are honest)
#include "bytes.hpp"
#include "series_chunk.hpp"
#include "series_merge.hpp"

#include "yihong/store_local/local_store.hpp"

#include <rocksdb/cache.h>
#include <rocksdb/db.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/options.h>
#include <rocksdb/table.h>
#include <rocksdb/utilities/checkpoint.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <random>
#include <stdexcept>

using namespace yihong;
using namespace yihong::store_local;
namespace fs = std::filesystem;

namespace {

constexpr std::uint32_t site_count = 500;
constexpr int batches_a_group = 4;
constexpr int hours = 90 * 24;
constexpr std::int64_t hour_ms = 3'600'000;
constexpr std::int64_t first_hour = 1'754'006'400'000;   // 2025-08-01T00:00Z
constexpr double values_total = double{hours} * site_count * 10;

/// Level and step of a parameter in units of its last decimal, as medians over the national 4-hourly file of April 2021.
struct Walk {
    int scale;
    double level;
    double step;
};
constexpr std::array walks{Walk{1, 160, 1}, Walk{2, 782, 2}, Walk{2, 866, 10}, Walk{1, 4133, 15}, Walk{1, 178, 8},
                           Walk{2, 268, 6}, Walk{3, 76, 2},  Walk{3, 56, 1},   Walk{2, 214, 2},   Walk{3, 7, 0.5}};

class Network {
public:
    Network()
    {
        for (auto& site : level_)
            for (std::size_t p = 0; p < walks.size(); ++p)
                site[p] = walks[p].level * std::exp(0.5 * normal_(random_));
    }
    /// The next group: `batches_a_group` hours of every site, in order of arrival.
    WriteGroup const& next()
    {
        group_.records.added.clear();
        for (int b = 0; b < batches_a_group; ++b, ++hour_) {
            received_ += 5 + static_cast<std::int64_t>(random_() % 3);
            for (std::uint32_t s = 0; s < site_count; ++s) {
                Record r;
                r.site = s;
                r.interval = IntervalKind::hour;
                r.time = UtcTime{std::chrono::milliseconds{first_hour + hour_ * hour_ms}};
                r.received_at = UtcTime{std::chrono::milliseconds{received_}};
                r.verdict = Verdict{1, static_cast<std::uint8_t>(2 + (level_[s][5] > 400) + (level_[s][6] > 100)), 0};
                for (std::size_t p = 0; p < walks.size(); ++p) {
                    double& v = level_[s][p];
                    v += walks[p].step * std::exp(1.2 * normal_(random_)) * (random_() & 1 ? 1 : -1) + (walks[p].level - v) * 0.002;
                    v = std::max(v, 1.0);
                    r.readings.push_back(
                        {static_cast<ParameterId>(p + 1), Flag{}, Mark::none, true, Decimal{std::llround(v), walks[p].scale}});
                }
                group_.records.added.push_back(std::move(r));
            }
        }
        return group_;
    }

private:
    std::mt19937_64 random_{42};
    std::normal_distribution<double> normal_;
    std::array<std::array<double, walks.size()>, site_count> level_{};
    WriteGroup group_;
    std::int64_t hour_ = 0;
    std::int64_t received_ = first_hour + 100 * 24 * hour_ms;
};

class Engine {
public:
    virtual ~Engine() = default;
    virtual void commit(WriteGroup const& group) = 0;
    virtual void compact() = 0;
    /// One parameter of one site over [from, to). \return how many values
    virtual std::size_t read(SiteNumber site, std::int64_t from, std::int64_t to, ParameterId parameter) = 0;
    virtual void backup(fs::path const& directory) = 0;
};

Row row_of(Record const& r) { return {r.time, r.received_at, r.status, r.verdict, r.readings}; }
std::int64_t ms(UtcTime t) { return t.time_since_epoch().count(); }

std::string series_key(Record const& r, std::int64_t time)
{
    std::string key;
    append_big_endian(key, r.site);
    key += static_cast<char>(r.interval);
    append_big_endian(key, static_cast<std::uint64_t>(time) ^ (1ULL << 63));
    return key;
}

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
            if (!rows.append(it->value().ToStringView(), {&parameter, 1}))
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

class Sqlite : public Engine {
public:
    explicit Sqlite(fs::path const& path)
    {
        fs::create_directories(path);
        check(sqlite3_open((path / "store.db").c_str(), &db_));
        for (char const* pragma : {"PRAGMA page_size=16384", "PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL",
                                   "PRAGMA cache_size=-32768", "PRAGMA wal_autocheckpoint=4000"})
            run(pragma);
    }
    ~Sqlite() override
    {
        for (auto* s : statements_)
            sqlite3_finalize(s);
        sqlite3_close(db_);
    }
    void backup(fs::path const& directory) override
    {
        fs::create_directories(directory);
        run("VACUUM INTO '" + (directory / "store.db").string() + "'");
    }

protected:
    void check(int rc) const
    {
        if (rc != SQLITE_OK && rc != SQLITE_DONE && rc != SQLITE_ROW)
            throw std::runtime_error{sqlite3_errmsg(db_)};
    }
    void run(std::string const& sql) { check(sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, nullptr)); }
    sqlite3_stmt* prepare(char const* sql)
    {
        sqlite3_stmt* s = nullptr;
        check(sqlite3_prepare_v3(db_, sql, -1, SQLITE_PREPARE_PERSISTENT, &s, nullptr));
        statements_.push_back(s);
        return s;
    }
    static void bind(sqlite3_stmt* s, int i, std::int64_t v) { sqlite3_bind_int64(s, i, v); }
    static void bind(sqlite3_stmt* s, int i, std::string_view v)
    {
        sqlite3_bind_blob(s, i, v.data(), static_cast<int>(v.size()), SQLITE_STATIC);
    }
    template <typename... Values>
    bool step(sqlite3_stmt* s, Values const&... values)
    {
        int i = 0;
        (bind(s, ++i, values), ...);
        int const rc = sqlite3_step(s);
        check(rc);
        return rc == SQLITE_ROW;
    }
    static std::string_view blob(sqlite3_stmt* s, int column)
    {
        return {static_cast<char const*>(sqlite3_column_blob(s, column)), static_cast<std::size_t>(sqlite3_column_bytes(s, column))};
    }
    void vacuum()
    {
        run("VACUUM");
        run("PRAGMA wal_checkpoint(TRUNCATE)");
    }
    sqlite3* db_ = nullptr;

private:
    std::vector<sqlite3_stmt*> statements_;
};

class SqliteRows final : public Sqlite {
public:
    explicit SqliteRows(fs::path const& path) : Sqlite{path}
    {
        run("CREATE TABLE IF NOT EXISTS record(site INT, kind INT, time INT, body BLOB, PRIMARY KEY(site, kind, time)) WITHOUT ROWID");
        insert_ = prepare("INSERT INTO record VALUES(?1, ?2, ?3, ?4)");
        select_ = prepare("SELECT body FROM record WHERE site = ?1 AND kind = ?2 AND time >= ?3 AND time < ?4");
    }
    void commit(WriteGroup const& group) override
    {
        run("BEGIN IMMEDIATE");
        std::string value;
        for (auto const& r : group.records.added) {
            value.clear();
            Row const row = row_of(r);
            encode_chunk({&row, 1}, value);
            step(insert_, std::int64_t{r.site}, static_cast<std::int64_t>(r.interval), ms(r.time), std::string_view{value});
            sqlite3_reset(insert_);
        }
        run("COMMIT");
    }
    void compact() override { vacuum(); }
    std::size_t read(SiteNumber site, std::int64_t from, std::int64_t to, ParameterId parameter) override
    {
        std::size_t count = 0;
        SeriesRows rows;
        for (bool more = step(select_, std::int64_t{site}, std::int64_t{2}, from, to); more; more = sqlite3_step(select_) == SQLITE_ROW) {
            rows.clear();
            count += rows.append(blob(select_, 0), {&parameter, 1}) && !rows.rows()[0].readings.empty();
        }
        sqlite3_reset(select_);
        return count;
    }

private:
    sqlite3_stmt* insert_;
    sqlite3_stmt* select_;
};

/// Batches go into a journal table as they come; whenever a day is full, its records are packed into one row a site.
class SqliteJournal final : public Sqlite {
public:
    explicit SqliteJournal(fs::path const& path) : Sqlite{path}
    {
        run("CREATE TABLE IF NOT EXISTS journal(id INTEGER PRIMARY KEY, body BLOB)");
        run("CREATE TABLE IF NOT EXISTS chunk(site INT, kind INT, day INT, body BLOB, PRIMARY KEY(site, kind, day)) WITHOUT ROWID");
        insert_ = prepare("INSERT INTO journal(body) VALUES(?1)");
        scan_ = prepare("SELECT body FROM journal ORDER BY id");
        pack_ = prepare("INSERT INTO chunk VALUES(?1, ?2, ?3, ?4)");
        select_ = prepare("SELECT body FROM chunk WHERE site = ?1 AND kind = ?2 AND day BETWEEN ?3 AND ?4");
    }
    void commit(WriteGroup const& group) override
    {
        run("BEGIN IMMEDIATE");
        std::string value;
        std::string row_bytes;
        for (auto const& r : group.records.added) {
            row_bytes.clear();
            Row const row = row_of(r);
            encode_chunk({&row, 1}, row_bytes);
            append_varint(value, r.site);
            append_text(value, row_bytes);
        }
        step(insert_, std::string_view{value});
        sqlite3_reset(insert_);
        run("COMMIT");
        if (++groups_ * batches_a_group % 24 == 0)
            pack();
    }
    void compact() override { vacuum(); }
    std::size_t read(SiteNumber site, std::int64_t from, std::int64_t to, ParameterId parameter) override
    {
        std::size_t count = 0;
        SeriesRows rows;
        for (bool more = step(select_, std::int64_t{site}, std::int64_t{2}, from / day_ms, to / day_ms); more;
             more = sqlite3_step(select_) == SQLITE_ROW) {
            rows.clear();
            if (!rows.append(blob(select_, 0), {&parameter, 1}))
                throw std::runtime_error{"damaged chunk"};
            for (auto const& row : rows.rows())
                count += ms(row.time) >= from && ms(row.time) < to && !row.readings.empty();
        }
        sqlite3_reset(select_);
        return count;
    }

private:
    static constexpr std::int64_t day_ms = 24 * hour_ms;
    void pack()
    {
        std::vector<SeriesRows> sites(site_count);
        run("BEGIN IMMEDIATE");
        for (bool more = step(scan_); more; more = sqlite3_step(scan_) == SQLITE_ROW) {
            ByteReader in{blob(scan_, 0)};
            while (!in.at_end()) {
                auto const site = in.varint();
                if (!sites[site].append(in.text()))
                    throw std::runtime_error{"damaged journal"};
            }
        }
        sqlite3_reset(scan_);
        std::string value;
        for (std::size_t s = 0; s < sites.size(); ++s) {
            value.clear();
            encode_chunk(sites[s].rows(), value);
            step(pack_, static_cast<std::int64_t>(s), std::int64_t{2}, ms(sites[s].rows()[0].time) / day_ms, std::string_view{value});
            sqlite3_reset(pack_);
        }
        run("DELETE FROM journal");
        run("COMMIT");
    }
    sqlite3_stmt* insert_;
    sqlite3_stmt* scan_;
    sqlite3_stmt* pack_;
    sqlite3_stmt* select_;
    int groups_ = 0;
};

/// What came of it.
class Chosen final : public Engine {
public:
    explicit Chosen(fs::path const& path) : store_{LocalStore::open(path)} {}
    void commit(WriteGroup const& group) override { store_->commit(group); }
    void compact() override { store_->compact(); }
    std::size_t read(SiteNumber site, std::int64_t from, std::int64_t to, ParameterId parameter) override
    {
        SeriesQuery query;
        query.site = site;
        query.interval = IntervalKind::hour;
        query.time = {UtcTime{std::chrono::milliseconds{from}}, UtcTime{std::chrono::milliseconds{to - 1}}};
        if (parameter != 0)
            query.parameters = {parameter};
        std::size_t count = 0;
        store_->visit_series(query, [&](Record const& r) {
            count += r.readings.size();
            return true;
        });
        return count;
    }
    void backup(fs::path const& directory) override { store_->backup(directory); }
    std::size_t newest() { return store_->newest({}).size(); }

private:
    std::unique_ptr<LocalStore> store_;
};

struct Candidate {
    char const* name;
    std::function<std::unique_ptr<Engine>(fs::path const&)> open;
};

std::vector<Candidate> const& candidates()
{
    static std::vector<Candidate> const all{
        {"yihong", [](fs::path const& p) { return std::make_unique<Chosen>(p); }},
        {"rocksdb-rows", [](fs::path const& p) { return std::make_unique<Rocks>(p, 1); }},
        {"rocksdb-day-chunks", [](fs::path const& p) { return std::make_unique<Rocks>(p, 24 * hour_ms); }},
        {"rocksdb-week-chunks", [](fs::path const& p) { return std::make_unique<Rocks>(p, 7 * 24 * hour_ms); }},
        {"rocksdb-fortnight-chunks", [](fs::path const& p) { return std::make_unique<Rocks>(p, 14 * 24 * hour_ms); }},
        {"sqlite-journal", [](fs::path const& p) { return std::make_unique<SqliteJournal>(p); }},
        {"sqlite-rows", [](fs::path const& p) { return std::make_unique<SqliteRows>(p); }},
    };
    return all;
}

double seconds(auto since) { return std::chrono::duration<double>(std::chrono::steady_clock::now() - since).count(); }
double cpu_seconds()
{
    rusage u{};
    getrusage(RUSAGE_SELF, &u);
    auto const s = [](timeval t) { return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) * 1e-6; };
    return s(u.ru_utime) + s(u.ru_stime);
}
double resident_mb()
{
    std::ifstream statm{"/proc/self/statm"};
    double pages = 0;
    statm >> pages >> pages;
    return pages * 4096 / 1e6;
}
double disk_mb(fs::path const& directory)
{
    double bytes = 0;
    for (auto const& f : fs::recursive_directory_iterator{directory})
        if (f.is_regular_file())
            bytes += static_cast<double>(f.file_size());
    return bytes / 1e6;
}
void in_child(std::function<void()> const& work)
{
    std::fflush(stdout);
    pid_t const child = fork();
    if (child == 0) {
        try {
            work();
        } catch (std::exception const& e) {
            std::printf("  failed: %s\n", e.what());
        }
        std::fflush(stdout);
        _exit(0);
    }
    int status = 0;
    waitpid(child, &status, 0);
}

void measure(Candidate const& candidate, fs::path const& directory)
{
    auto const path = directory / candidate.name;
    fs::remove_all(path);
    fs::remove_all(directory / "backup");
    std::printf("%s\n", candidate.name);
    in_child([&] {
        auto engine = candidate.open(path);
        Network network;
        double wall = 0;
        double cpu = 0;
        double slowest = 0;
        for (int h = 0; h < hours; h += batches_a_group) {
            auto const& group = network.next();
            double const c = cpu_seconds();
            auto const t = std::chrono::steady_clock::now();
            engine->commit(group);
            double const took = seconds(t);
            wall += took;
            cpu += cpu_seconds() - c;
            slowest = std::max(slowest, took);
        }
        std::printf("  ingest      %.2f M values/s while committing, slowest group %.0f ms, %.2f us CPU a record there, %.1f MB on disk\n",
                    values_total / wall / 1e6, slowest * 1e3, cpu / values_total * 10 * 1e6, disk_mb(path));
        double const c = cpu_seconds();
        auto const t = std::chrono::steady_clock::now();
        engine->compact();
        std::printf("  compact     %.2f s, %.2f us CPU a record\n", seconds(t), (cpu_seconds() - c) / values_total * 10 * 1e6);
        auto const b = std::chrono::steady_clock::now();
        engine->backup(directory / "backup");
        std::printf("  backup      %.0f ms\n", seconds(b) * 1e3);
    });
    std::printf("  disk        %.1f MB, %.2f bytes a value\n", disk_mb(path), disk_mb(path) * 1e6 / values_total);
    in_child([&] {
        double const before = resident_mb();
        auto const t = std::chrono::steady_clock::now();
        auto engine = candidate.open(path);
        double const opened = seconds(t);
        double const after_open = resident_mb();
        std::mt19937 random{7};
        auto const reads = [&](char const* what, int first, ParameterId parameter) {
            constexpr int count = 5000;
            std::size_t values = 0;
            double const c = cpu_seconds();
            auto const r = std::chrono::steady_clock::now();
            for (int i = 0; i < count; ++i) {
                std::int64_t const from =
                    first_hour + (hours - 7 * 24 - static_cast<int>(random() % static_cast<unsigned>(first))) * hour_ms;
                values += engine->read(random() % site_count, from, from + 7 * 24 * hour_ms, parameter);
            }
            std::printf("  series      %5.1f us (%.1f us CPU) for 7 days of one site, %s (%zu values)\n", seconds(r) / count * 1e6,
                        (cpu_seconds() - c) / count * 1e6, what, values / count);
        };
        reads("one parameter, the last week, cold", 24, 3);
        reads("one parameter, the last week", 24, 3);
        reads("one parameter, anywhere in 90 days", hours - 7 * 24, 3);
        if (auto* chosen = dynamic_cast<Chosen*>(engine.get())) {
            reads("all parameters, the last week", 24, 0);
            auto const n = std::chrono::steady_clock::now();
            std::size_t const newest = chosen->newest();
            std::printf("  newest      %.1f ms for %zu series\n", seconds(n) * 1e3, newest);
            Network network;                        // the first week again, an hour a commit, as live stations send: not yet packed
            for (int h = 0; h < 7 * 24; h += batches_a_group)
                engine->commit(network.next());
            std::size_t values = 0;
            double const c = cpu_seconds();
            for (SiteNumber s = 0; s < site_count; ++s)
                values += engine->read(s, first_hour, first_hour + 7 * 24 * hour_ms, 3);
            std::printf("  series      %5.1f us CPU for a week that still lies in the write buffer over a packed one (%zu values)\n",
                        (cpu_seconds() - c) / site_count * 1e6, values / site_count);
        }
        std::printf("  open        %.1f ms, +%.1f MB resident, +%.1f MB after the reads\n", opened * 1e3, after_open - before,
                    resident_mb() - before);
    });
    fs::remove_all(path);
    fs::remove_all(directory / "backup");
}

}  // namespace

int main(int argc, char** argv)
{
    if (argc < 2) {
        std::fprintf(stderr, "usage: store_engines DIRECTORY [ENGINE...]\n");
        return 2;
    }
    fs::create_directories(argv[1]);
    for (auto const& candidate : candidates()) {
        bool wanted = argc == 2;
        for (int i = 2; i < argc; ++i)
            wanted = wanted || candidate.name == std::string_view{argv[i]};
        if (wanted)
            measure(candidate, argv[1]);
    }
}
