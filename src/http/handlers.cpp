#include "yihong/http/handlers.hpp"

#include <algorithm>
#include <charconv>
#include <span>
#include <vector>

namespace yihong::http {

Reply json_reply(std::string body, int status) { return make_reply(status, std::string{json_type}, std::move(body)); }

std::optional<Reply> unknown_query(Request const& request, std::initializer_list<std::string_view> known)
{
    for (auto const& [name, value] : request.query) {
        if (std::ranges::find(known, name) != known.end())
            continue;
        std::string detail = "'" + name.substr(0, 60) + "' is not a parameter here; known:";
        for (auto const k : known)
            detail += " " + std::string{k};
        return make_problem(400, "unknown_field", detail);
    }
    return std::nullopt;
}

Result<std::uint64_t> whole_number(std::string_view name, std::string_view text, std::uint64_t low, std::uint64_t high)
{
    std::uint64_t value = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || value < low || value > high)
        return fail(Errc::bad_value, std::string{name} + ": '" + std::string{text.substr(0, 40)} + "' is not a whole number from " +
                                         std::to_string(low) + " to " + std::to_string(high));
    return value;
}

void audit(Request const& request, std::string_view action, std::initializer_list<log::Field> more)
{
    // fields only refer to their text
    std::string_view const who = request.principal.name.empty() ? std::string_view{"anonymous"} : std::string_view{request.principal.name};
    std::vector<log::Field> fields{{"action", action}, {"who", who}, {"from", request.peer}};
    fields.insert(fields.end(), more.begin(), more.end());
    log::info("audit", std::span<log::Field const>{fields});
}

}  // namespace yihong::http
