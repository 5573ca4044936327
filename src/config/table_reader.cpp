#include "table_reader.hpp"

#include "yihong/base/log.hpp"

#include <algorithm>
#include <cmath>

namespace yihong {

namespace {

constexpr std::size_t line_limit_bytes = 4096;

}  // namespace

std::optional<Failure> overlong_line(std::string_view text, std::string const& file)
{
    std::size_t number = 1;
    for (std::size_t begin = 0; begin < text.size(); ++number) {
        auto const end = std::min(text.find('\n', begin), text.size());
        if (end - begin > line_limit_bytes)
            return Failure{Errc::bad_syntax, fmt::format("{}:{}:1: the line is longer than {} bytes", file, number, line_limit_bytes)};
        begin = end + 1;
    }
    return std::nullopt;
}

void Problems::add(toml::source_region const& place, Errc code, std::string_view detail)
{
    found_.emplace(place.begin, Failure{code, placed(place, detail)});
}

std::string Problems::placed(toml::source_region const& place, std::string_view detail) const
{
    return fmt::format("{}:{}:{}: {}", file_, place.begin.line, place.begin.column, detail);
}

std::vector<Failure> Problems::in_order() &&
{
    std::vector<Failure> failures;
    failures.reserve(found_.size());
    for (auto& [place, failure] : found_)
        failures.push_back(std::move(failure));
    return failures;
}

std::string_view type_in_words(toml::node const& node) noexcept
{
    switch (node.type()) {
    case toml::node_type::table: return "a table";
    case toml::node_type::array: return "an array";
    case toml::node_type::string: return "a string";
    case toml::node_type::integer: return "a whole number";
    case toml::node_type::floating_point: return "a number with a fraction";
    case toml::node_type::boolean: return "true or false";
    case toml::node_type::date: return "a date";
    case toml::node_type::time: return "a time";
    case toml::node_type::date_time: return "a date and time";
    case toml::node_type::none: break;
    }
    return "nothing";
}

bool has_control_characters(std::string_view text) noexcept
{
    return std::any_of(text.begin(), text.end(),
                       [](char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\r' && c != '\t') || c == 0x7F; });
}

toml::node const* TableReader::take(std::string_view key)
{
    known_.push_back(key);
    return table_.get(key);
}

toml::array const* TableReader::taken_array(std::string_view key)
{
    auto const* node = take(key);
    if (node == nullptr)
        return nullptr;
    if (auto const* array = node->as_array())
        return array;
    wrong_type(key, *node, "an array");
    return nullptr;
}

void TableReader::wrong_type(std::string_view key, toml::node const& node, std::string_view wanted)
{
    at(node, Errc::bad_value, fmt::format("{}: must be {}, not {}", path_of(key), wanted, type_in_words(node)));
}

bool TableReader::text_value(std::string_view key, std::string& target)
{
    auto const* node = take(key);
    if (node == nullptr)
        return false;
    auto const* value = node->as_string();
    if (value == nullptr) {
        wrong_type(key, *node, "a string");
        return false;
    }
    if (has_control_characters(value->get())) {
        problem(key, Errc::bad_value, "contains control characters");
        return false;
    }
    target = value->get();
    return true;
}

void TableReader::text(std::string_view key, std::string& target) { text_value(key, target); }

void TableReader::flag(std::string_view key, bool& target)
{
    auto const* node = take(key);
    if (node == nullptr)
        return;
    if (auto const* value = node->as_boolean())
        target = value->get();
    else
        wrong_type(key, *node, "true or false");
}

void TableReader::number(std::string_view key, double& target, double low, double high)
{
    auto const* node = take(key);
    if (node == nullptr)
        return;
    auto const value = node->is_number() ? node->value<double>() : std::nullopt;
    if (!value)
        wrong_type(key, *node, "a number");
    else if (!(*value >= low && *value <= high))           // also NaN
        problem(key, Errc::bad_value, fmt::format("must be from {} to {}", low, high));
    else
        target = *value;
}

std::optional<std::int64_t> TableReader::whole_number(std::string_view key, std::int64_t low, std::int64_t high)
{
    auto const* node = take(key);
    if (node == nullptr)
        return std::nullopt;
    auto const* value = node->as_integer();
    if (value == nullptr)
        wrong_type(key, *node, "a whole number");
    else if (value->get() < low || value->get() > high)
        problem(key, Errc::bad_value, fmt::format("must be from {} to {}", low, high));
    else
        return value->get();
    return std::nullopt;
}

void TableReader::texts(std::string_view key, std::vector<std::string>& target)
{
    auto const* array = taken_array(key);
    if (array == nullptr)
        return;
    std::vector<std::string> values;
    for (auto const& node : *array) {
        auto const* value = node.as_string();
        if (value == nullptr)
            at(node, Errc::bad_value, fmt::format("{}: must hold strings, not {}", path_of(key), type_in_words(node)));
        else if (value->get().empty() || has_control_characters(value->get()))
            at(node, Errc::bad_value, fmt::format("{}: holds an empty string or control characters", path_of(key)));
        else
            values.push_back(value->get());
    }
    target = std::move(values);
}

TableReader TableReader::table(std::string_view key)
{
    static toml::table const absent;
    auto const* node = take(key);
    if (node != nullptr && !node->is_table())
        wrong_type(key, *node, "a table");
    auto const* inner = node == nullptr ? nullptr : node->as_table();
    return {inner == nullptr ? absent : *inner, path_of(key), problems_};
}

void TableReader::require(std::string_view key)
{
    if (!has(key))
        problem(key, Errc::missing_field, "is missing");
}

void TableReader::problem(std::string_view key, Errc code, std::string_view detail)
{
    auto const* node = table_.get(key);
    problems_.add(node == nullptr ? table_.source() : node->source(), code, fmt::format("{}: {}", path_of(key), detail));
}

void TableReader::outdated(std::string_view key, std::string_view detail)
{
    auto const* node = table_.get(key);
    log::warning("config_outdated", {{"detail", problems_.placed(node == nullptr ? table_.source() : node->source(),
                                                                 path_of(key) + ": " + std::string{detail})}});
}

std::string TableReader::path_of(std::string_view key) const { return path_.empty() ? std::string{key} : fmt::format("{}.{}", path_, key); }

void TableReader::finish()
{
    for (auto const& [key, node] : table_) {
        if (std::find(known_.begin(), known_.end(), key.str()) == known_.end())
            problems_.add(key.source(), Errc::unknown_field,
                          fmt::format("{}: is not a key here; the keys are {}", path_of(key.str()), fmt::join(known_, ", ")));
    }
}

}  // namespace yihong
