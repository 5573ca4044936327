#include "cnemc.hpp"

#include "yihong/base/json_cursor.hpp"
#include "yihong/base/text.hpp"

#include <simdjson.h>

#include <algorithm>

namespace yihong {
namespace {

constexpr std::array<std::string_view, 24> columns{"timepoint",        "stationcode", "longitude", "latitude", "area",      "positionname",
                                                   "primarypollutant", "quality",     "aqi",       "pm10",     "pm10_24h",  "pm2_5",
                                                   "pm2_5_24h",        "o3",          "o3_24h",    "o3_8h",    "o3_8h_24h", "no2",
                                                   "no2_24h",          "so2",         "so2_24h",   "co",       "co_24h",    "ispublish"};

/// A station of the feed. \return false on a syntax mistake
bool read_station(JsonCursor& json, AirTable& table)
{
    if (json.peek() != '{')
        return json.skip_value(1);
    json.open();
    std::string_view key, text;
    bool has_time = false;
    for (bool first = true; json.next_member(first, key);) {
        bool const is_time = key == "TimePoint", is_time_in_words = key == "TimePointStr";
        std::string const name{is_time_in_words ? "timepoint" : key};
        if (char const c = json.peek(); c == '"') {
            if (!json.string(text))
                return false;
        } else if (c == '-' || (c >= '0' && c <= '9')) {
            if (!json.number(text))
                return false;
        } else {
            text = {};
            if (!json.skip_value(2))
                return false;
        }
        if (!text.empty() && (!is_time_in_words || !has_time))
            table.set(name, text);
        has_time |= is_time && !text.empty();
    }
    if (json.failed())
        return false;
    table.end_row();
    return true;
}

bool read_stations(JsonCursor& json, AirTable& table)
{
    json.open();
    for (bool first = true; json.next_element(first);)
        if (!read_station(json, table))
            return false;
    return !json.failed();
}

}  // namespace

AirTable::AirTable()
{
    static_assert(columns.size() == column_count);
    for (auto const column : columns)
        csv_.append(csv_.empty() ? "" : ",").append(column);
    csv_ += '\n';
}

void AirTable::set(std::string_view column, std::string_view text)
{
    std::string name{column};
    std::ranges::transform(name, name.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    auto const found = std::ranges::find(columns, name);
    if (found != columns.end())
        cells_[static_cast<std::size_t>(found - columns.begin())] = text;
}

void AirTable::end_row()
{
    for (std::size_t i = 0; i < cells_.size(); ++i) {
        if (i > 0)
            csv_ += ',';
        append_csv_field(csv_, cells_[i]);
        cells_[i].clear();
    }
    csv_ += '\n';
    ++rows_;
}

Result<std::string> air_json_to_csv(std::string_view text)
{
    if (!simdjson::validate_utf8(text.data(), text.size()))
        return fail(Errc::bad_syntax, "the text is not UTF-8");
    JsonCursor json{text};
    AirTable table;
    bool sound = true;
    if (json.peek() == '[') {
        sound = read_stations(json, table);
    } else if (json.peek() == '{') {
        json.open();
        std::string_view key;
        for (bool first = true; sound && json.next_member(first, key);)
            sound = json.peek() == '[' ? read_stations(json, table) : json.skip_value(1);
        sound = sound && !json.failed();
    } else {
        return fail(Errc::bad_syntax, "line 1, column 1: an array of stations should stand here");
    }
    if (!sound || !json.at_end())
        return std::unexpected{json.failure()};
    if (table.rows() == 0)
        return fail(Errc::missing_field, "no station");
    return std::move(table).take();
}

}  // namespace yihong
