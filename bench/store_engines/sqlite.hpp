#pragma once

#include "engine.hpp"

#include <sqlite3.h>

#include <stdexcept>
#include <string_view>
#include <vector>

namespace yihong::store_engines {

/// What the forms over SQLite share: the connection and its statements.
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

/// A row for every record.
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
            count += rows.append(blob(select_, 0), {.only = {&parameter, 1}}) && !rows.rows()[0].readings.empty();
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
            if (!rows.append(blob(select_, 0), {.only = {&parameter, 1}}))
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

}  // namespace yihong::store_engines
