#include "yihong/http/json_body.hpp"

#include "yihong/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace yihong::http {
namespace {

Failure bad(std::string_view name, std::string_view why, Errc code = Errc::bad_value) { return {code, fmt::format("{}: {}", name, why)}; }

/// Of a value of another kind, or of none: where it stands.
Failure not_a(JsonCursor const& json, std::string_view name, std::string_view what, Errc code = Errc::bad_value)
{
    return {code, fmt::format("{}: {}: must be {}", json.place(), name, what)};
}

bool is_control(char c) noexcept { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }

}  // namespace

BodyMember text_member(std::string_view name, std::string& into, bool lines)
{
    return {name, [name, &into, lines](JsonCursor& json) -> std::optional<Failure> {
                std::string_view text;
                if (json.peek() != '"')
                    return not_a(json, name, "a text");
                if (!json.string(text))
                    return json.failure();
                if (std::ranges::any_of(text, [&](char c) { return is_control(c) && !(lines && (c == '\n' || c == '\t' || c == '\r')); }))
                    return bad(name, "holds control characters");
                into = text;
                return std::nullopt;
            }};
}

BodyMember time_member(std::string_view name, std::optional<UtcTime>& into)
{
    return {name, [name, &into](JsonCursor& json) -> std::optional<Failure> {
                std::string_view text;
                if (json.peek() != '"')
                    return not_a(json, name, "an RFC 3339 time with an offset, such as 2026-11-06T20:00:00+08:00", Errc::bad_time);
                if (!json.string(text))
                    return json.failure();
                auto const time = parse_rfc3339(text);
                if (!time)
                    return bad(name, time.error().detail, Errc::bad_time);
                into = *time;
                return std::nullopt;
            }};
}

BodyMember flag_member(std::string_view name, std::optional<bool>& into)
{
    return {name, [name, &into](JsonCursor& json) -> std::optional<Failure> {
                auto const first = json.peek();
                if (first != 't' && first != 'f')
                    return not_a(json, name, "true or false");
                if (!json.literal(first == 't' ? "true" : "false"))
                    return json.failure();
                into = first == 't';
                return std::nullopt;
            }};
}

BodyMember list_member(std::string_view name, std::vector<std::string>& into, std::size_t most)
{
    return {name, [name, &into, most](JsonCursor& json) -> std::optional<Failure> {
                if (json.peek() != '[')
                    return not_a(json, name, "a list of texts");
                json.open();
                for (bool first = true; json.next_element(first);) {
                    std::string one;
                    if (into.size() == most)
                        return bad(name, fmt::format("at most {}", most));
                    if (auto wrong = text_member(name, one).read(json))
                        return wrong;
                    into.push_back(std::move(one));
                }
                if (json.failed())
                    return json.failure();
                return std::nullopt;
            }};
}

std::optional<Failure> read_object(std::string_view body, std::vector<BodyMember> const& members)
{
    if (!is_valid_utf8(body))
        return Failure{Errc::bad_syntax, "the body is not UTF-8"};
    JsonCursor json{body};
    if (json.peek() != '{')
        return Failure{Errc::bad_syntax, json.place() + ": the body must be a JSON object"};
    json.open();
    std::vector<std::string_view> seen;
    std::string_view key;
    for (bool first = true; json.next_member(first, key);) {
        auto const member = std::ranges::find(members, key, &BodyMember::name);
        if (member == members.end()) {
            std::string detail = fmt::format("'{}' is not a member here; known:", to_valid_utf8(key.substr(0, 60)));
            for (auto const& known : members)
                detail.append(" ").append(known.name);
            return Failure{Errc::unknown_field, std::move(detail)};
        }
        if (std::ranges::find(seen, member->name) != seen.end())
            return bad(member->name, "stands there twice");
        seen.push_back(member->name);
        if (auto wrong = member->read(json))
            return wrong;
    }
    if (json.failed() || !json.at_end())
        return json.failure();
    return std::nullopt;
}

}  // namespace yihong::http
