#pragma once

#include "yihong/base/decimal.hpp"
#include "yihong/base/time.hpp"

#include <toml++/toml.h>

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace yihong {

/// Where problems go. A file stops at none of them, so that an operator sees all at once.
class TomlProblems {
public:
    /// \param line 0: none
    void add(std::string const& file, std::uint32_t line, std::string text);
    std::vector<Failure> list;
};

/// One table of a standards file: hands out its keys, remembers which were asked for, and reports the rest as unknown. What is missing or of the wrong
/// kind is a problem and comes back as a harmless value. A fallback makes a key optional.
class TomlTable {
public:
    using Visit = std::function<void(TomlTable&)>;

    TomlTable(toml::table const& table, std::string const& file, std::string path, TomlProblems& problems)
        : table_{table}, file_{file}, path_{std::move(path)}, problems_{problems}
    {}

    void problem(std::string_view key, std::string const& what) const;
    [[nodiscard]] bool has(std::string_view key) const { return table_.contains(key); }

    std::string text(std::string_view key, std::optional<std::string> fallback = std::nullopt);
    bool flag(std::string_view key, std::optional<bool> fallback = std::nullopt);
    std::int64_t integer(std::string_view key, std::int64_t low, std::int64_t high, std::optional<std::int64_t> fallback = std::nullopt);
    Decimal number(std::string_view key);
    std::optional<Decimal> optional_number(std::string_view key) { return has(key) ? std::optional{number(key)} : std::nullopt; }
    std::optional<Date> date(std::string_view key);
    /// A list of `fewest` to `most` numbers; empty when it is not.
    std::vector<Decimal> numbers(std::string_view key, std::size_t fewest, std::size_t most);
    /// With `fewest` 0 the key is optional.
    std::vector<std::string> texts(std::string_view key, std::size_t fewest = 0);
    void table(std::string_view key, Visit const& visit);
    /// An array of tables; each is visited, its unknown keys reported.
    void tables(std::string_view key, Visit const& visit);
    /// Every key with a number, e.g. `{so2 = 60}`.
    std::vector<std::pair<std::string, Decimal>> number_map();
    /// Reports the keys nobody asked for.
    void finish() const;

private:
    template <typename T, typename Read>
    T value(std::string_view key, std::optional<T> fallback, std::string_view what, Read read, T otherwise = T{});
    template <typename T, typename Read>
    std::vector<T> list(std::string_view key, std::size_t fewest, std::size_t most, std::string const& what, Read read);

    toml::table const& table_;
    std::string const& file_;
    std::string path_;
    TomlProblems& problems_;
    std::set<std::string, std::less<>> asked_;
};

}  // namespace yihong
