#include "rows.hpp"

#include <sqlite3.h>

#include <cmath>
#include <stdexcept>

namespace yihong::bench {

void RowTable::Closer::operator()(sqlite3* db) const noexcept { sqlite3_close(db); }
void RowTable::Closer::operator()(sqlite3_stmt* statement) const noexcept { sqlite3_finalize(statement); }

RowTable::RowTable(std::filesystem::path const& file)
{
    sqlite3* db = nullptr;
    int const code = sqlite3_open(file.c_str(), &db);
    db_.reset(db);
    check(code);
    execute("PRAGMA journal_mode = WAL");
    execute("PRAGMA synchronous = FULL");
    execute("PRAGMA cache_size = -65536");          // as much as the service's own cache
    auto const synchronous = prepare("PRAGMA synchronous");
    if (sqlite3_step(synchronous.get()) != SQLITE_ROW || sqlite3_column_int(synchronous.get(), 0) != 2)
        throw std::runtime_error{"SQLite is not in synchronous = FULL"};
    execute("CREATE TABLE IF NOT EXISTS reading(site INTEGER, parameter INTEGER, time INTEGER, value REAL, PRIMARY KEY(site, parameter, "
            "time)) WITHOUT ROWID");
    insert_ = prepare("INSERT INTO reading VALUES(?1, ?2, ?3, ?4)");
    select_ = prepare("SELECT time, value FROM reading WHERE site = ?1 AND parameter = ?2 AND time >= ?3 AND time < ?4 ORDER BY time");
}

RowTable::~RowTable() = default;

void RowTable::begin() { execute("BEGIN IMMEDIATE"); }
void RowTable::commit() { execute("COMMIT"); }

void RowTable::insert(int site, std::size_t parameter, int hour, std::int32_t value)
{
    auto* const s = insert_.get();
    sqlite3_bind_int(s, 1, site);
    sqlite3_bind_int(s, 2, static_cast<int>(parameter));
    sqlite3_bind_int64(s, 3, (History::begin + std::chrono::hours{hour}).time_since_epoch().count());
    sqlite3_bind_double(s, 4, Decimal{value, measured[parameter].decimals}.to_double());
    check(sqlite3_step(s));
    sqlite3_reset(s);
}

std::size_t RowTable::read(int site, std::size_t parameter, int from, int to, double& sum)
{
    auto* const s = select_.get();
    sqlite3_bind_int(s, 1, site);
    sqlite3_bind_int(s, 2, static_cast<int>(parameter));
    sqlite3_bind_int64(s, 3, (History::begin + std::chrono::hours{from}).time_since_epoch().count());
    sqlite3_bind_int64(s, 4, (History::begin + std::chrono::hours{to}).time_since_epoch().count());
    std::size_t count = 0;
    int code = sqlite3_step(s);
    for (; code == SQLITE_ROW; code = sqlite3_step(s)) {
        sum += static_cast<double>(sqlite3_column_int64(s, 0)) + sqlite3_column_double(s, 1);
        ++count;
    }
    check(code);
    sqlite3_reset(s);
    return count;
}

void RowTable::check(int code) const
{
    if (code != SQLITE_OK && code != SQLITE_DONE && code != SQLITE_ROW)
        throw std::runtime_error{std::string{"SQLite: "} + sqlite3_errmsg(db_.get())};
}

void RowTable::execute(char const* sql) { check(sqlite3_exec(db_.get(), sql, nullptr, nullptr, nullptr)); }

std::unique_ptr<sqlite3_stmt, RowTable::Closer> RowTable::prepare(char const* sql)
{
    sqlite3_stmt* statement = nullptr;
    check(sqlite3_prepare_v3(db_.get(), sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr));
    return std::unique_ptr<sqlite3_stmt, Closer>{statement};
}

}  // namespace yihong::bench
