#include "yihong/readings_io/readings.hpp"

#include "plain_text.hpp"
#include "record_fields.hpp"
#include "yihong/base/json_cursor.hpp"
#include "yihong/base/text.hpp"
#include "yihong/model/value_text.hpp"

#include <simdjson.h>

#include <algorithm>
#include <utility>

namespace yihong {
namespace {

/// Reads record after record; each ends as a record or a refusal of the batch.
class JsonRecords {
public:
    JsonRecords(std::string_view body, NameBook const& names) : body_{body}, names_{names}, fields_{names} {}

    /// The value at the cursor. \return false on a syntax mistake; nothing is added then
    bool read(JsonCursor& json, std::size_t base, std::uint32_t index, std::string place, ParsedBatch& batch);

private:
    struct KnownKey {
        std::string text;
        Parameter const* parameter;
    };

    void refuse(Errc code, std::string detail)
    {
        if (!failure_)
            failure_ = Failure{code, std::move(detail)};
    }
    void refuse(std::optional<Failure> failure)
    {
        if (failure && !failure_)
            failure_ = std::move(failure);
    }
    bool read_field(JsonCursor& json, std::string_view key, ParsedRecord& record);
    bool read_values(JsonCursor& json, Record& record);
    bool read_reading(JsonCursor& json, Reading& reading, Parameter const& parameter);
    /// What stands for a value, as text; null is an empty one. \return false on a syntax mistake
    bool read_scalar(JsonCursor& json, std::string_view& text, Parameter const& parameter);
    bool read_value_object(JsonCursor& json, Reading& reading, Parameter const& parameter);
    void put_bad_readings_aside(ParsedRecord const& record, std::string const& place, ParsedBatch& batch);
    /// A text where one must be. \return false on a syntax mistake; `text` is empty when something else stood there
    bool read_text_field(JsonCursor& json, std::string_view name, std::optional<std::string_view>& text);
    Parameter const* parameter(std::string_view key, std::size_t place);

    std::string_view body_;
    NameBook names_;
    RecordFields fields_;
    std::vector<KnownKey> known_;            // the keys of the records before, by place: most records are alike
    std::optional<Failure> failure_;         // the first one of the record being read; while a value is read, that of the value
    struct BadReading {
        std::string key;
        std::string_view value;
        Failure failure;
    };
    std::vector<BadReading> bad_readings_;   // of the record being read
    std::size_t base_ = 0;                   // where the cursor's text begins in the body
    unsigned seen_ = 0;                      // its fields so far
    std::string site_text_;
    std::size_t usual_readings_ = 8;
};

enum FieldBit : unsigned { has_site = 1, has_time = 2, has_interval = 4, has_values = 8, has_status = 16 };

bool JsonRecords::read_text_field(JsonCursor& json, std::string_view name, std::optional<std::string_view>& text)
{
    text.reset();
    if (json.peek() == '"')
        return json.string(text.emplace());
    refuse(Errc::bad_value, std::string{name} + " is not a text");
    return json.skip_value(1);
}

Parameter const* JsonRecords::parameter(std::string_view key, std::size_t place)
{
    if (place < known_.size() && known_[place].text == key)
        return known_[place].parameter;
    Parameter const* const found = names_.parameters.find(key);
    if (found == nullptr) {
        refuse(Errc::unknown_parameter, "values." + std::string{key.substr(0, 60)} + ": no parameter has this name or code");
        return nullptr;
    }
    if (place < 256) {
        if (place >= known_.size())
            known_.resize(place + 1);
        known_[place] = {std::string{key}, found};
    }
    return found;
}

bool JsonRecords::read_scalar(JsonCursor& json, std::string_view& text, Parameter const& parameter)
{
    text = {};
    auto const no_value = [&] { refuse(Errc::bad_value, "values." + parameter.name + " is neither a number nor null"); };
    switch (json.peek()) {
    case '"': return json.string(text);
    case 'n': return json.literal("null");
    case 'N': return json.literal("NaN");                     // no JSON, but what Python writes
    case 'I': no_value(); return json.literal("Infinity");
    case 't':
    case 'f':
    case '[': no_value(); return json.skip_value(3);
    default: return json.number(text);
    }
}

bool JsonRecords::read_value_object(JsonCursor& json, Reading& reading, Parameter const& parameter)
{
    json.open();
    reading.has_value = false;
    std::string const name = "values." + parameter.name;
    std::string value, unit;
    std::string_view key;
    bool seen_value = false, seen_flag = false, seen_unit = false;
    for (bool first = true; json.next_member(first, key);) {
        bool* const seen = key == "value" ? &seen_value : key == "flag" ? &seen_flag : key == "unit" ? &seen_unit : nullptr;
        if (seen == nullptr) {
            refuse(Errc::unknown_field, name + ": " + quote(key) + " is none of value, flag, unit");
            if (!json.skip_value(3))
                return false;
            continue;
        }
        if (*seen)
            refuse(Errc::bad_value, name + ": " + std::string{key} + " is there twice");
        *seen = true;
        if (seen == &seen_value) {
            if (json.peek() == '{' || json.peek() == '[') {
                refuse(Errc::bad_value, name + ": value is neither a number nor null");
                if (!json.skip_value(3))
                    return false;
            } else {
                std::string_view text;
                if (!read_scalar(json, text, parameter))
                    return false;
                value = text;
            }
            continue;
        }
        std::optional<std::string_view> text;
        if (json.peek() == 'n') {
            if (!json.literal("null"))
                return false;
        } else if (!read_text_field(json, name + "." + std::string{key}, text)) {
            return false;
        }
        if (text && seen == &seen_unit)
            unit = *text;
        if (text && seen == &seen_flag)
            if (auto const failure = read_flag(*text, reading))
                refuse(at_place(name, *failure));
    }
    if (json.failed())
        return false;
    if (!seen_value && !seen_flag)
        refuse(Errc::missing_field, name + ": value is missing");
    if (!failure_)
        if (auto const failure = yihong::read_reading(value, unit, parameter, reading))
            refuse(at_place(name, *failure));
    return true;
}

/// A number, no value, or a text that says one of them.
bool JsonRecords::read_reading(JsonCursor& json, Reading& reading, Parameter const& parameter)
{
    std::string_view text;
    if (!read_scalar(json, text, parameter))
        return false;
    if (read_plain_decimal(text, reading.value))
        return true;
    if (!failure_)
        if (auto const failure = yihong::read_reading(text, {}, parameter, reading))
            refuse(at_place("values." + parameter.name, *failure));
    return true;
}

bool JsonRecords::read_values(JsonCursor& json, Record& record)
{
    if (json.peek() != '{') {
        refuse(Errc::bad_value, "values is not an object");
        return json.skip_value(1);
    }
    json.open();
    record.readings.reserve(usual_readings_);
    std::string_view key;
    std::size_t place = 0;
    for (bool first = true; json.next_member(first, key); ++place) {
        if (failure_) {                                       // the record is refused anyway
            if (!json.skip_value(2))
                return false;
            continue;
        }
        bool const is_object = json.peek() == '{';
        auto const begin = json.offset();
        Parameter const* const known = parameter(key, place);
        bool sound = true;
        std::string const unknown{known == nullptr ? key : std::string_view{}};        // the cursor's own key goes with the next one
        if (known == nullptr) {
            sound = json.peek() == 'N' ? json.literal("NaN") : json.skip_value(2);
        } else {
            Reading& reading = record.readings.emplace_back();
            reading.parameter = known->id;
            sound = is_object ? read_value_object(json, reading, *known) : read_reading(json, reading, *known);
        }
        if (!sound)
            return false;
        if (failure_) {
            bad_readings_.push_back({std::string{known == nullptr ? std::string_view{unknown} : std::string_view{known->name}},
                                     body_.substr(base_ + begin, json.offset() - begin), *std::exchange(failure_, std::nullopt)});
            if (known != nullptr)
                record.readings.pop_back();
        }
    }
    usual_readings_ = std::min<std::size_t>(std::max<std::size_t>(place, 1), 64);
    return !json.failed();
}

bool JsonRecords::read_field(JsonCursor& json, std::string_view key, ParsedRecord& record)
{
    unsigned const bit = key == "site"       ? has_site
                         : key == "time"     ? has_time
                         : key == "interval" ? has_interval
                         : key == "values"   ? has_values
                         : key == "status"   ? has_status
                                             : 0U;
    if (bit == 0) {
        refuse(Errc::unknown_field, quote(key) + " is none of site, time, interval, status, values");
        return json.skip_value(1);
    }
    if ((seen_ & bit) != 0) {
        refuse(Errc::bad_value, "field " + quote(key) + " is there twice");
        return json.skip_value(1);
    }
    seen_ |= bit;
    if (bit == has_values)
        return read_values(json, record.record);
    std::optional<std::string_view> text;
    if (bit == has_status && json.peek() == 'n') {
        seen_ &= ~bit;
        return json.literal("null");
    }
    if (!read_text_field(json, key, text))
        return false;
    if (!text)
        return true;
    switch (bit) {
    case has_site:
        site_text_ = text->substr(0, 200);
        refuse(fields_.site(*text, record));
        break;
    case has_time: refuse(fields_.time(*text, record)); break;
    case has_interval: refuse(fields_.interval(*text, record)); break;
    default: refuse(fields_.status(*text, record));
    }
    return true;
}

bool JsonRecords::read(JsonCursor& json, std::size_t base, std::uint32_t index, std::string place, ParsedBatch& batch)
{
    failure_.reset();
    bad_readings_.clear();
    base_ = base;
    seen_ = 0;
    site_text_.clear();
    bool const is_object = json.peek() == '{';
    std::size_t const begin = json.offset();
    ParsedRecord& record = batch.records.emplace_back();
    record.index = index;
    bool sound = true;
    if (!is_object) {
        refuse(Errc::bad_syntax, "a record is an object");
        sound = json.skip_value();
    } else {
        json.open();
        std::string_view key;
        for (bool first = true; sound && json.next_member(first, key);)
            sound = read_field(json, key, record);
        sound = sound && !json.failed();
    }
    if (!sound) {
        batch.records.pop_back();
        return false;
    }
    record.raw = body_.substr(base + begin, json.offset() - begin);
    if (!failure_ && (seen_ & (has_site | has_time | has_interval)) != (has_site | has_time | has_interval))
        refuse(Errc::missing_field, std::string{(seen_ & has_site) == 0   ? "site"
                                                : (seen_ & has_time) == 0 ? "time"
                                                                          : "interval"} +
                                        " is missing");
    if (!failure_ && (seen_ & (has_values | has_status)) == 0)
        refuse(Errc::missing_field, "values is missing");
    if (!failure_ && record.record.readings.empty() && !bad_readings_.empty() && record.record.status == StationStatus::normal)
        refuse(bad_readings_.front().failure);
    if (!failure_ && record.record.readings.empty() && (seen_ & has_status) == 0)
        refuse(Errc::no_value, "the record has no reading");
    if (!failure_) {
        if (auto const twice = sort_readings(record.record))
            refuse(Errc::bad_value, "values." + names_.parameters.find(*twice)->name + " is there twice");
    }
    if (!failure_ && bad_readings_.empty())
        return true;
    if (place.empty())
        place = "record " + std::to_string(index);
    if (failure_) {
        batch.refused.push_back({index, at_place(place, std::move(*failure_)), std::string{record.raw}, std::move(site_text_)});
        batch.records.pop_back();
    } else {
        put_bad_readings_aside(record, place, batch);
    }
    return true;
}

void JsonRecords::put_bad_readings_aside(ParsedRecord const& record, std::string const& place, ParsedBatch& batch)
{
    for (auto& bad : bad_readings_)
        batch.refused.push_back(refused_reading(record.index, at_place(place, std::move(bad.failure)), record,
                                                {.parameter = bad.key, .value = bad.value, .is_json = true}));
}

/// Line and column of the first malformed byte.
Failure bad_utf8(std::string_view body)
{
    std::size_t line = 1;
    for (;;) {
        auto const end = body.find('\n');
        std::string_view const text = body.substr(0, end);
        if (end == std::string_view::npos || !is_valid_utf8(text)) {
            auto const bad = std::ranges::mismatch(text, to_valid_utf8(text)).in1 - text.begin();
            return {Errc::bad_syntax, "line " + std::to_string(line) + ", column " + std::to_string(bad + 1) + ": not UTF-8"};
        }
        body.remove_prefix(end + 1);
        ++line;
    }
}

/// Looks for a member of the object at the cursor, without reading it.
bool has_member(JsonCursor json, std::string_view name)
{
    json.open();
    std::string_view key;
    for (bool first = true; json.next_member(first, key);) {
        if (key == name)
            return true;
        if (!json.skip_value(1))
            return false;
    }
    return false;
}

void reserve_alike(ParsedBatch& batch, std::string_view body)
{
    if (batch.records.size() == 1 && batch.refused.empty())
        batch.records.reserve(body.size() / (batch.records[0].raw.size() + 1) + 1);
}

bool read_array(JsonCursor& json, JsonRecords& records, std::string_view body, ParsedBatch& batch)
{
    json.open();
    std::uint32_t index = 0;
    for (bool first = true; json.next_element(first); ++index) {
        if (!records.read(json, 0, index, {}, batch))
            return false;
        if (batch.refused.size() > max_refusals)
            return false;
        reserve_alike(batch, body);
    }
    return !json.failed();
}

}  // namespace

Result<ParsedBatch> read_json(std::string_view body, NameBook const& names)
{
    if (body.starts_with("\xEF\xBB\xBF"))
        body.remove_prefix(3);
    if (!simdjson::validate_utf8(body.data(), body.size()))
        return std::unexpected{bad_utf8(body)};
    ParsedBatch batch;
    batch.format = "readings-json";
    JsonCursor json{body};
    JsonRecords records{body, names};
    bool sound = true;
    if (json.peek() == '[') {
        sound = read_array(json, records, body, batch);
    } else if (json.peek() == '{' && has_member(json, "records")) {
        json.open();
        std::string_view key;
        bool seen = false;
        for (bool first = true; sound && json.next_member(first, key);) {
            if (key != "records" || seen)
                return fail(Errc::unknown_field, json.place() + ": only one member 'records' may be here, not " + quote(key));
            seen = true;
            if (json.peek() != '[')
                return fail(Errc::bad_value, json.place() + ": 'records' is not an array");
            sound = read_array(json, records, body, batch);
        }
        sound = sound && !json.failed();
    } else if (json.peek() == '{') {
        sound = records.read(json, 0, 0, {}, batch);
    } else {
        sound = json.skip_value() && json.at_end();
        if (sound)
            return fail(Errc::bad_syntax, "line 1, column 1: neither an array nor an object");
    }
    if (batch.refused.size() > max_refusals)
        return std::unexpected{too_many_refusals(batch)};
    if (!sound || !json.at_end())
        return std::unexpected{json.failure()};
    return batch;
}

namespace {

/// Without the byte order mark that stands at the front of each of several files that were joined.
std::string_view without_mark(std::string_view line)
{
    auto rest = trimmed(line);
    if (!rest.starts_with("\xEF\xBB\xBF"))
        return line;
    while (rest.starts_with("\xEF\xBB\xBF"))
        rest = trimmed(rest.substr(3));
    return rest;
}

}  // namespace

Result<ParsedBatch> read_ndjson(std::string_view body, NameBook const& names)
{
    bool const utf8 = simdjson::validate_utf8(body.data(), body.size());
    ParsedBatch batch;
    batch.format = "readings-ndjson";
    JsonRecords records{body, names};
    std::uint32_t index = 0;
    std::size_t line_number = 1;
    for (std::size_t at = 0; at < body.size(); ++line_number) {
        std::size_t const end = std::min(body.find('\n', at), body.size());
        auto const line = without_mark(body.substr(at, end - at));
        if (!trimmed(line).empty()) {
            auto const begin = static_cast<std::size_t>(line.data() - body.data());
            std::string const place = "line " + std::to_string(line_number);
            auto const refuse = [&](Failure failure) {
                batch.refused.push_back({index, std::move(failure), std::string{trimmed(line)}, {}});
            };
            JsonCursor json{line};
            if (!utf8 && !is_valid_utf8(line)) {
                refuse({Errc::bad_syntax, place + ": not UTF-8"});
            } else {
                std::size_t const records_before = batch.records.size(), refused_before = batch.refused.size();
                if (!records.read(json, begin, index, place, batch) || !json.at_end()) {
                    batch.records.resize(records_before);
                    batch.refused.resize(refused_before);
                    refuse(json.failure(line_number));
                }
                reserve_alike(batch, body);
            }
            ++index;
            if (batch.refused.size() > max_refusals)
                return std::unexpected{too_many_refusals(batch)};
        }
        at = end + 1;
    }
    return batch;
}

}  // namespace yihong
