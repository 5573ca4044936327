#include "rows.hpp"

#include <sqlite3.h>

#include <cmath>
#include <stdexcept>

namespace yihong::bench {

RowTable::RowTable(std::filesystem::path const& file) : db_{file}
{
    db_.execute("PRAGMA journal_mode = WAL");
    db_.execute("PRAGMA synchronous = FULL");
    db_.execute("PRAGMA cache_size = -65536");          // as much as the service's own cache
    auto const synchronous = db_.prepare("PRAGMA synchronous");
    if (sqlite3_step(synchronous.get()) != SQLITE_ROW || sqlite3_column_int(synchronous.get(), 0) != 2)
        throw std::runtime_error{"SQLite is not in synchronous = FULL"};
    db_.execute(
        "CREATE TABLE IF NOT EXISTS reading(site INTEGER, parameter INTEGER, time INTEGER, value REAL, PRIMARY KEY(site, parameter, "
        "time)) WITHOUT ROWID");
    insert_ = db_.prepare("INSERT INTO reading VALUES(?1, ?2, ?3, ?4)");
    select_ = db_.prepare("SELECT time, value FROM reading WHERE site = ?1 AND parameter = ?2 AND time >= ?3 AND time < ?4 ORDER BY time");
}

RowTable::~RowTable() = default;

void RowTable::begin() { db_.execute("BEGIN IMMEDIATE"); }
void RowTable::commit() { db_.execute("COMMIT"); }

void RowTable::insert(int site, std::size_t parameter, int hour, std::int32_t value)
{
    auto* const s = insert_.get();
    sqlite3_bind_int(s, 1, site);
    sqlite3_bind_int(s, 2, static_cast<int>(parameter));
    sqlite3_bind_int64(s, 3, (History::begin + std::chrono::hours{hour}).time_since_epoch().count());
    sqlite3_bind_double(s, 4, Decimal{value, measured[parameter].decimals}.to_double());
    db_.check(sqlite3_step(s));
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
    db_.check(code);
    sqlite3_reset(s);
    return count;
}

}  // namespace yihong::bench
