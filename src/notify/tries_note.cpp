#include "tries_note.hpp"

#include "yihong/base/json_writer.hpp"

#include <simdjson.h>

#include <charconv>

namespace yihong::notify {

std::string tries_queue_of(std::string_view id) { return "tries:" + std::string{id}; }

std::string to_payload(TriesNote const& note)
{
    std::string out;
    JsonWriter json{out};
    json.begin_object();
    if (note.failing_since)
        json.member("failing_since", *note.failing_since);
    json.member("last_error", note.last_error).key("tries").begin_object();
    for (auto const& [id, tries] : note.tries)
        json.member(std::to_string(id), tries);
    json.end_object().end_object();
    return out;
}

TriesNote parse_tries_note(std::string_view payload)
{
    TriesNote note;
    simdjson::dom::parser parser;
    simdjson::dom::element root;
    simdjson::dom::object tries;
    if (parser.parse(payload.data(), payload.size()).get(root) != simdjson::SUCCESS || root["tries"].get(tries) != simdjson::SUCCESS)
        return note;
    std::string_view text;
    if (root["failing_since"].get(text) == simdjson::SUCCESS)
        if (auto const since = parse_rfc3339(text))
            note.failing_since = *since;
    if (root["last_error"].get(text) == simdjson::SUCCESS)
        note.last_error = text;
    for (auto const& [key, value] : tries) {
        std::uint64_t id = 0;
        std::int64_t count = 0;
        auto const read = std::from_chars(key.data(), key.data() + key.size(), id);
        if (read.ec == std::errc{} && value.get(count) == simdjson::SUCCESS)
            note.tries.emplace(id, static_cast<int>(count));
    }
    return note;
}

}  // namespace yihong::notify
