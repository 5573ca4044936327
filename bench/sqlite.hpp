#pragma once

#include <filesystem>
#include <memory>
#include <string>

struct sqlite3;
struct sqlite3_stmt;

namespace yihong::bench {

/// An open database. \throws std::runtime_error with SQLite's message, as every function here
class Sqlite {
public:
    struct Closer {
        void operator()(sqlite3* db) const noexcept;
        void operator()(sqlite3_stmt* statement) const noexcept;
    };
    using Statement = std::unique_ptr<sqlite3_stmt, Closer>;

    explicit Sqlite(std::filesystem::path const& file);

    void execute(std::string const& sql) const;
    [[nodiscard]] Statement prepare(std::string const& sql) const;
    /// \return whether there is a row
    bool step(Statement const& statement) const;
    /// \param code what SQLite gave back
    void check(int code) const;

private:
    std::unique_ptr<sqlite3, Closer> db_;
};

}  // namespace yihong::bench
