#pragma once

#include "history.hpp"

#include <filesystem>
#include <memory>

struct sqlite3;
struct sqlite3_stmt;

namespace yihong::bench {

/// The yardstick: one table in SQLite, one row a value, keyed by (site, parameter, time); WAL, synchronous FULL.
class RowTable {
public:
    static constexpr int rows_a_transaction = 10'000;

    /// \throws std::runtime_error with SQLite's message, as every function here
    explicit RowTable(std::filesystem::path const& file);
    ~RowTable();
    RowTable(RowTable const&) = delete;
    RowTable& operator=(RowTable const&) = delete;

    void begin();
    void insert(int site, std::size_t parameter, int hour, std::int32_t value);
    void commit();
    /// Values of hours [from, to) of one parameter. \return how many there are; their sum goes to `sum`, so that they are truly read
    std::size_t read(int site, std::size_t parameter, int from, int to, double& sum);

private:
    struct Closer {
        void operator()(sqlite3* db) const noexcept;
        void operator()(sqlite3_stmt* statement) const noexcept;
    };
    void check(int code) const;
    void execute(char const* sql);
    std::unique_ptr<sqlite3_stmt, Closer> prepare(char const* sql);

    std::unique_ptr<sqlite3, Closer> db_;
    std::unique_ptr<sqlite3_stmt, Closer> insert_;
    std::unique_ptr<sqlite3_stmt, Closer> select_;
};

}  // namespace yihong::bench
