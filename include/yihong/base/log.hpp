#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <variant>

/// Structured log: one line an event on standard error, `time level event key=value …` (logfmt). Values are escaped, so a
/// hostile peer cannot forge a line. Never log tokens, passwords or query strings.
namespace yihong::log {

struct Field {
    std::string_view key;
    std::variant<std::string_view, std::int64_t, double, bool> value;

    Field(std::string_view k, std::string_view v) : key{k}, value{v} {}
    Field(std::string_view k, std::string const& v) : key{k}, value{std::string_view{v}} {}
    Field(std::string_view k, char const* v) : key{k}, value{std::string_view{v}} {}
    Field(std::string_view k, bool v) : key{k}, value{v} {}
    Field(std::string_view k, double v) : key{k}, value{v} {}
    Field(std::string_view k, std::integral auto v) : key{k}, value{static_cast<std::int64_t>(v)} {}
};

enum class Level { debug, info, warning, error, off };
void set_level(Level level);

void debug(std::string_view event, std::initializer_list<Field> fields = {});
void info(std::string_view event, std::initializer_list<Field> fields = {});
void info(std::string_view event, std::span<Field const> fields);
void warning(std::string_view event, std::initializer_list<Field> fields = {});
void error(std::string_view event, std::initializer_list<Field> fields = {});

}  // namespace yihong::log
