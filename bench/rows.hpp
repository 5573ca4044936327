#pragma once

#include "history.hpp"
#include "sqlite.hpp"

#include <filesystem>

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
    Sqlite db_;
    Sqlite::Statement insert_, select_;
};

}  // namespace yihong::bench
