#include "yihong/base/log.hpp"

#include "yihong/base/time.hpp"

#include <fmt/format.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <iterator>

namespace yihong::log {
namespace {

void append_text(std::string& line, std::string_view text)
{
    bool const plain = !text.empty() && text.find_first_of(" \"=\\") == std::string_view::npos &&
                       std::none_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
    if (plain) {
        line += text;
        return;
    }
    line += '"';
    for (char const c : text) {
        if (c == '"' || c == '\\')
            line += '\\';
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F)
            fmt::format_to(std::back_inserter(line), "\\x{:02x}", static_cast<unsigned char>(c));
        else
            line += c;
    }
    line += '"';
}

spdlog::logger& logger()
{
    static auto const instance = [] {
        auto made = spdlog::stderr_logger_mt("yihong");
        made->set_pattern("%v");
        made->set_level(spdlog::level::info);
        return made;
    }();
    return *instance;
}

void write(spdlog::level::level_enum level, std::string_view name, std::string_view event, std::span<Field const> fields)
{
    if (!logger().should_log(level))
        return;
    std::string line;
    append_rfc3339(line, utc_now());
    line += ' ';
    line += name;
    line += ' ';
    line += event;
    for (auto const& [key, value] : fields) {
        line += ' ';
        line += key;
        line += '=';
        std::visit(
            [&](auto const& v) {
                if constexpr (std::is_same_v<std::decay_t<decltype(v)>, std::string_view>)
                    append_text(line, v);
                else
                    fmt::format_to(std::back_inserter(line), "{}", v);
            },
            value);
    }
    logger().log(level, "{}", line);
}

}  // namespace

void set_level(Level level)
{
    constexpr spdlog::level::level_enum levels[] = {spdlog::level::debug, spdlog::level::info, spdlog::level::warn, spdlog::level::err,
                                                    spdlog::level::off};
    logger().set_level(levels[static_cast<int>(level)]);
}

void debug(std::string_view event, std::initializer_list<Field> fields)
{
    write(spdlog::level::debug, "debug", event, {fields.begin(), fields.size()});
}
void info(std::string_view event, std::initializer_list<Field> fields)
{
    write(spdlog::level::info, "info", event, {fields.begin(), fields.size()});
}
void info(std::string_view event, std::span<Field const> fields) { write(spdlog::level::info, "info", event, fields); }
void warning(std::string_view event, std::initializer_list<Field> fields)
{
    write(spdlog::level::warn, "warning", event, {fields.begin(), fields.size()});
}
void error(std::string_view event, std::initializer_list<Field> fields)
{
    write(spdlog::level::err, "error", event, {fields.begin(), fields.size()});
}

}  // namespace yihong::log
