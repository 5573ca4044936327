#include "yihong/model/batch.hpp"

#include "yihong/base/json_writer.hpp"
#include "yihong/base/text.hpp"

namespace yihong {

Refusal refused_reading(std::uint32_t index, Failure failure, ParsedRecord const& parsed, ReadingText const& text)
{
    Refusal refusal{.index = index, .failure = std::move(failure), .raw = {}, .site = parsed.site->id, .format = "readings-json"};
    JsonWriter json{refusal.raw};
    json.begin_object()
        .member("site", parsed.site->id)
        .member("time", format_rfc3339(parsed.record.time))
        .member("interval", to_text(parsed.record.interval));
    if (parsed.record.status != StationStatus::normal)
        json.member("status", to_text(parsed.record.status));           // its record has it too, and must not lose it by a replay
    json.key("values").begin_object().key(to_valid_utf8(text.parameter));
    bool const is_alone = text.flag.empty() && text.unit.empty();
    if (!is_alone)
        json.begin_object().key("value");
    text.is_json ? json.raw(text.value) : json.value(to_valid_utf8(text.value));
    if (!is_alone) {
        if (!text.flag.empty())
            json.member("flag", to_valid_utf8(text.flag));
        if (!text.unit.empty())
            json.member("unit", to_valid_utf8(text.unit));
        json.end_object();
    }
    json.end_object().end_object();
    return refusal;
}

}  // namespace yihong
