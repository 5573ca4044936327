#pragma once

#include "yihong/base/result.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <concepts>
#include <cstdint>
#include <expected>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace yihong {

/// Everything that is wrong with one TOML file, told in the order of its lines.
class Problems {
public:
    explicit Problems(std::string file) : file_{std::move(file)} {}
    void add(toml::source_region const& place, Errc code, std::string_view detail);
    /// `file:line:column: detail`
    [[nodiscard]] std::string placed(toml::source_region const& place, std::string_view detail) const;
    [[nodiscard]] bool empty() const noexcept { return found_.empty(); }
    [[nodiscard]] std::vector<Failure> in_order() &&;

private:
    std::string file_;
    std::multimap<toml::source_position, Failure> found_;
};

/// Takes the keys of one TOML table one by one. What is absent leaves its target as it was; what nobody took is unknown (`finish`).
class TableReader {
public:
    /// \param path of the table, for messages: empty for the root
    TableReader(toml::table const& table, std::string path, Problems& problems) : table_{table}, path_{std::move(path)}, problems_{problems}
    {}

    void text(std::string_view key, std::string& target);
    void flag(std::string_view key, bool& target);
    void number(std::string_view key, double& target, double low, double high);
    template <std::integral T>
    void whole(std::string_view key, T& target, T low, T high)
    {
        if (auto const n = whole_number(key, static_cast<std::int64_t>(low), static_cast<std::int64_t>(high)))
            target = static_cast<T>(*n);
    }
    void texts(std::string_view key, std::vector<std::string>& target);
    /// Whole numbers, each of which `check` (int → Result<void>) lets pass.
    template <typename Check>
    void wholes(std::string_view key, std::vector<int>& target, Check check)
    {
        if (auto const* array = taken_array(key)) {
            for (auto const& node : *array) {
                auto const value = node.is_integer() ? node.value<int>() : std::nullopt;
                auto const passed = value ? check(*value) : Result<void>{fail(Errc::bad_value, "holds what is no whole number")};
                if (passed)
                    target.push_back(*value);
                else
                    at(node, passed.error().code, fmt::format("{}: {}", path_of(key), passed.error().detail));
            }
        }
    }
    /// Text that `parse` (text → Result<T>) understands.
    template <typename T, typename Parse>
    void parsed(std::string_view key, T& target, Parse parse)
    {
        std::string value;
        if (!text_value(key, value))
            return;
        if (auto result = parse(std::string_view{value}))
            target = std::move(*result);
        else
            problem(key, result.error().code, result.error().detail);
    }
    /// A table inside this one; an empty one when it is absent.
    [[nodiscard]] TableReader table(std::string_view key);
    /// Calls `each(TableReader&)` for every table of an array of tables, and `finish` on it.
    template <typename Each>
    void tables(std::string_view key, Each each)
    {
        if (auto const* array = taken_array(key)) {
            for (std::size_t i = 0; i < array->size(); ++i) {
                auto const* table = (*array)[i].as_table();
                if (table == nullptr) {
                    at((*array)[i], Errc::bad_value, fmt::format("{}[{}]: must be a table", path_of(key), i));
                    continue;
                }
                TableReader reader{*table, fmt::format("{}[{}]", path_of(key), i), problems_};
                each(reader);
                reader.finish();
            }
        }
    }
    /// The node of a key that may have one of several forms. \return null when absent
    [[nodiscard]] toml::node const* take(std::string_view key);

    [[nodiscard]] bool has(std::string_view key) const { return table_.contains(key); }
    /// Says that a key is missing, unless it is there.
    void require(std::string_view key);
    /// Adds a problem at the place of a key (or of the table, where the key is absent).
    void problem(std::string_view key, Errc code, std::string_view detail);
    /// Adds a problem at the place of a node.
    void at(toml::node const& node, Errc code, std::string_view detail) { problems_.add(node.source(), code, detail); }
    /// Logs a warning at the place of a key: what stands there is still understood, but not for ever.
    void outdated(std::string_view key, std::string_view detail);
    [[nodiscard]] std::string path_of(std::string_view key) const;
    /// Reports the keys that nobody took.
    void finish();

private:
    bool text_value(std::string_view key, std::string& target);
    std::optional<std::int64_t> whole_number(std::string_view key, std::int64_t low, std::int64_t high);
    toml::array const* taken_array(std::string_view key);
    void wrong_type(std::string_view key, toml::node const& node, std::string_view wanted);

    toml::table const& table_;
    std::string path_;
    Problems& problems_;
    std::vector<std::string_view> known_;
};

/// The first line that is too long. Keys such as a.b.c nest without end, and toml++ frees nested tables by recursion: a bound
/// on a line bounds the depth.
[[nodiscard]] std::optional<Failure> overlong_line(std::string_view text, std::string const& file);

/// A TOML text by way of `read(toml::table const&, Problems&)`. \return what it read, or every problem in the order of the lines
template <typename Read>
auto read_toml(std::string_view text, std::filesystem::path const& file, Read read)
    -> std::expected<std::invoke_result_t<Read, toml::table const&, Problems&>, std::vector<Failure>>
{
    if (auto failure = overlong_line(text, file.string()))
        return std::unexpected{std::vector{std::move(*failure)}};
    Problems problems{file.string()};
    try {
        auto const table = toml::parse(text);
        auto value = read(table, problems);
        if (problems.empty())
            return value;
    } catch (toml::parse_error const& error) {
        problems.add(error.source(), Errc::bad_syntax, error.description());
    }
    return std::unexpected{std::move(problems).in_order()};
}

/// A TOML value's type in words.
[[nodiscard]] std::string_view type_in_words(toml::node const& node) noexcept;
/// Control characters have no place in a text, except line ends and tabs.
[[nodiscard]] bool has_control_characters(std::string_view text) noexcept;

}  // namespace yihong
