#include "yihong/state/record_json.hpp"

#include <algorithm>
#include <cstddef>

namespace yihong {
namespace {

/// Makes `out` what `write(char* at)` writes, which returns the place behind it. \param most bytes that it writes
template <typename Write>
void overwrite(std::string& out, std::size_t most, Write write)
{
    out.resize_and_overwrite(most, [&](char* text, std::size_t) { return static_cast<std::size_t>(write(text) - text); });
}

char* put(char* at, std::string_view text) noexcept { return std::ranges::copy(text, at).out; }

std::string_view name_of(Mark marks) noexcept
{
    return has(marks, Mark::spike)             ? "spike"
           : has(marks, Mark::flat_line)       ? "flat_line"
           : has(marks, Mark::below_detection) ? "below_detection"
                                               : "doubtful";
}

}  // namespace

void RecordWriter::head(JsonWriter& json, Record const& record)
{
    constexpr std::string_view begin = R"("time":")";
    if (between_.empty() || record.interval != interval_ || record.status != status_) {
        interval_ = record.interval;
        status_ = record.status;
        between_.assign(R"(",)");
        JsonWriter{between_}.member("interval", to_text(interval_)).member("status", to_text(status_));
        between_ += R"(,"received_at":")";
    }
    overwrite(text_, begin.size() + between_.size() + 2 * most_rfc3339_characters + 1, [&](char* at) {
        at = write_rfc3339(put(at, begin), record.time);
        at = write_rfc3339(put(at, between_), record.received_at);
        *at++ = '"';
        return at;
    });
    json.raw(text_);
}

void RecordWriter::know_columns(std::span<Reading const> readings)
{
    if (columns_.size() < readings.size())
        columns_.resize(readings.size());
    for (std::size_t i = 0; i < readings.size(); ++i) {
        auto& column = columns_[i];
        auto const parameter = readings[i].parameter;
        if (column.parameter == parameter)
            continue;
        bool const wanted = form_.only.empty() || std::ranges::binary_search(form_.only, parameter);
        column = {parameter, wanted ? parameters_.find(parameter) : nullptr, {}};
        if (column.shown)
            JsonWriter{column.key}.key(column.shown->name);
    }
}

void RecordWriter::values(JsonWriter& json, std::span<Reading const> readings)
{
    constexpr std::string_view begin = R"("values":{)";
    std::size_t most = begin.size() + 1;
    for (std::size_t i = 0; i < readings.size(); ++i)
        most += 1 + columns_[i].key.size() + Decimal::most_characters;
    overwrite(text_, most, [&](char* at) {
        at = put(at, begin);
        char* const first = at;
        for (std::size_t i = 0; i < readings.size(); ++i) {
            if (!columns_[i].shown)
                continue;
            if (at != first)
                *at++ = ',';
            at = put(at, columns_[i].key);
            at = readings[i].has_value ? readings[i].value.write_to(at) : put(at, "null");
        }
        *at++ = '}';
        return at;
    });
    json.raw(text_);
}

void RecordWriter::readings(JsonWriter& json, Record const& record)
{
    auto const readings = std::span<Reading const>{record.readings};
    know_columns(readings);
    values(json, readings);
    auto const name = [&](Reading const& reading) -> std::string_view {
        return columns_[static_cast<std::size_t>(&reading - readings.data())].shown->name;
    };
    auto const shown = [&](Reading const& reading) {
        return columns_[static_cast<std::size_t>(&reading - readings.data())].shown != nullptr;
    };
    auto const has_flag = [&](Reading const& reading) { return (form_.normal_flags || !reading.flag.is_normal()) && shown(reading); };
    auto const has_mark = [&](Reading const& reading) { return form_.marks && reading.marks != Mark::none && shown(reading); };
    json.key("flags").begin_object();
    for (auto const& reading : readings)
        if (has_flag(reading))
            json.member(name(reading), reading.flag.text());
    json.end_object();
    if (std::ranges::none_of(readings, has_mark))
        return;
    json.key("marks").begin_object();
    for (auto const& reading : readings)
        if (has_mark(reading))
            json.member(name(reading), name_of(reading.marks));
    json.end_object();
}

}  // namespace yihong
