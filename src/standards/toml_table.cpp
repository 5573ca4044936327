#include "toml_table.hpp"

#include <chrono>

namespace yihong {
namespace {

/// Shortest decimal of the double, so that 0.15 in the file is 0.15 exactly.
std::optional<Decimal> to_decimal(toml::node const& node)
{
    auto const found = node.value<double>();
    auto const decimal = found && node.is_number() ? Decimal::from_double(*found) : fail(Errc::bad_value, "");
    return decimal ? std::optional{*decimal} : std::nullopt;
}

}  // namespace

void TomlProblems::add(std::string const& file, std::uint32_t line, std::string text)
{
    if (list.size() < 1000)
        list.push_back({Errc::bad_value, line ? file + ":" + std::to_string(line) + ": " + text : file + ": " + text});
}

template <typename T, typename Read>
T TomlTable::value(std::string_view key, std::optional<T> fallback, std::string_view what, Read read, T otherwise)
{
    asked_.emplace(key);
    auto const* node = table_.get(key);
    if (!node) {
        if (fallback)
            return *fallback;
        problem(key, "is missing");
        return otherwise;
    }
    if (auto found = read(*node))
        return *std::move(found);
    problem(key, "must be " + std::string{what});
    return otherwise;
}

template <typename T, typename Read>
std::vector<T> TomlTable::list(std::string_view key, std::size_t fewest, std::size_t most, std::string const& what, Read read)
{
    asked_.emplace(key);
    std::vector<T> all;
    auto const* array = table_.get_as<toml::array>(key);
    if (!has(key) && fewest == 0)
        return all;
    bool good = array && fewest <= array->size() && array->size() <= most;
    for (std::size_t i = 0; good && i < array->size(); ++i) {
        auto found = read(*array->get(i));
        good = found.has_value();
        if (good)
            all.push_back(*std::move(found));
    }
    if (!good) {
        problem(key, has(key) ? "must be " + what : "is missing");
        all.clear();
    }
    return all;
}

void TomlTable::problem(std::string_view key, std::string const& what) const
{
    auto const* node = table_.get(key);
    problems_.add(file_, (node ? node->source() : table_.source()).begin.line, path_ + std::string{key} + " " + what);
}

std::string TomlTable::text(std::string_view key, std::optional<std::string> fallback)
{
    return value<std::string>(key, std::move(fallback), "a text", [](toml::node const& n) { return n.value_exact<std::string>(); });
}

bool TomlTable::flag(std::string_view key, std::optional<bool> fallback)
{
    return value<bool>(key, fallback, "true or false", [](toml::node const& n) { return n.value_exact<bool>(); });
}

std::int64_t TomlTable::integer(std::string_view key, std::int64_t low, std::int64_t high, std::optional<std::int64_t> fallback)
{
    auto const what = "a whole number from " + std::to_string(low) + " to " + std::to_string(high);
    auto const read = [&](toml::node const& n) {
        auto const found = n.value_exact<std::int64_t>();
        return found && low <= *found && *found <= high ? found : std::nullopt;
    };
    return value<std::int64_t>(key, fallback, what, read, low);
}

Decimal TomlTable::number(std::string_view key) { return value<Decimal>(key, std::nullopt, "a number", to_decimal); }

std::optional<Date> TomlTable::date(std::string_view key)
{
    if (!has(key))
        return std::nullopt;
    return value<Date>(key, std::nullopt, "a date like 2026-03-01", [](toml::node const& n) -> std::optional<Date> {
        auto const found = n.value_exact<toml::date>();
        if (!found)
            return std::nullopt;
        Date const date{std::chrono::year{found->year}, std::chrono::month{found->month}, std::chrono::day{found->day}};
        return date.ok() ? std::optional{date} : std::nullopt;
    });
}

std::vector<Decimal> TomlTable::numbers(std::string_view key, std::size_t fewest, std::size_t most)
{
    auto const what = fewest == most ? "a list of " + std::to_string(most) + " numbers"
                                     : "a list of " + std::to_string(fewest) + " to " + std::to_string(most) + " numbers";
    return list<Decimal>(key, fewest, most, what, to_decimal);
}

std::vector<std::string> TomlTable::texts(std::string_view key, std::size_t fewest)
{
    return list<std::string>(key, fewest, 4096, "a list of texts", [](toml::node const& n) { return n.value_exact<std::string>(); });
}

void TomlTable::table(std::string_view key, Visit const& visit)
{
    asked_.emplace(key);
    if (auto const* inner = table_.get_as<toml::table>(key)) {
        TomlTable reader{*inner, file_, path_ + std::string{key} + ".", problems_};
        visit(reader);
        reader.finish();
    } else {
        problem(key, has(key) ? "must be a table" : "is missing");
    }
}

void TomlTable::tables(std::string_view key, Visit const& visit)
{
    asked_.emplace(key);
    auto const* array = table_.get_as<toml::array>(key);
    if (!array || array->empty()) {
        problem(key, has(key) ? "must be a list of tables that is not empty" : "is missing");
        return;
    }
    for (std::size_t i = 0; i < array->size(); ++i) {
        auto const path = path_ + std::string{key} + "[" + std::to_string(i) + "]";
        if (auto const* inner = array->get_as<toml::table>(i)) {
            TomlTable reader{*inner, file_, path + ".", problems_};
            visit(reader);
            reader.finish();
        } else {
            problems_.add(file_, array->get(i)->source().begin.line, path + " must be a table");
        }
    }
}

std::vector<std::pair<std::string, Decimal>> TomlTable::number_map()
{
    std::vector<std::pair<std::string, Decimal>> all;
    for (auto const& [key, node] : table_)
        all.emplace_back(key.str(), number(key.str()));
    return all;
}

void TomlTable::finish() const
{
    for (auto const& [key, node] : table_)
        if (!asked_.contains(key.str()))
            problems_.add(file_, node.source().begin.line, path_ + std::string{key.str()} + " is an unknown key");
}

}  // namespace yihong
