#include "sqlite.hpp"

#include <sqlite3.h>

#include <stdexcept>

namespace yihong::bench {

void Sqlite::Closer::operator()(sqlite3* db) const noexcept { sqlite3_close(db); }
void Sqlite::Closer::operator()(sqlite3_stmt* statement) const noexcept { sqlite3_finalize(statement); }

Sqlite::Sqlite(std::filesystem::path const& file)
{
    sqlite3* db = nullptr;
    int const code = sqlite3_open(file.c_str(), &db);
    db_.reset(db);
    check(code);
}

void Sqlite::execute(std::string const& sql) const { check(sqlite3_exec(db_.get(), sql.c_str(), nullptr, nullptr, nullptr)); }

Sqlite::Statement Sqlite::prepare(std::string const& sql) const
{
    sqlite3_stmt* statement = nullptr;
    check(sqlite3_prepare_v3(db_.get(), sql.c_str(), -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr));
    return Statement{statement};
}

bool Sqlite::step(Statement const& statement) const
{
    int const code = sqlite3_step(statement.get());
    check(code);
    return code == SQLITE_ROW;
}

void Sqlite::check(int code) const
{
    if (code != SQLITE_OK && code != SQLITE_DONE && code != SQLITE_ROW)
        throw std::runtime_error{std::string{"SQLite: "} + sqlite3_errmsg(db_.get())};
}

}  // namespace yihong::bench
