#include "yihong/state/record_json.hpp"

#include <algorithm>

namespace yihong {

void write_record_head(JsonWriter& json, Record const& record)
{
    json.member("time", record.time).member("interval", to_text(record.interval)).member("status", to_text(record.status));
    json.member("received_at", record.received_at);
}

void write_readings(JsonWriter& json, Record const& record, ParameterBook const& parameters, ReadingsForm const& form)
{
    auto const named = [&](Reading const& reading) -> Parameter const* {
        bool const wanted = form.only.empty() || std::ranges::binary_search(form.only, reading.parameter);
        return wanted ? parameters.find(reading.parameter) : nullptr;
    };
    bool any_flag = form.normal_flags;
    bool any_mark = false;
    json.key("values").begin_object();
    for (auto const& reading : record.readings) {
        auto const* parameter = named(reading);
        if (!parameter)
            continue;
        json.key(parameter->name);
        reading.has_value ? json.value(reading.value) : json.null();
        any_flag |= !reading.flag.is_normal();
        any_mark |= reading.marks != Mark::none;
    }
    json.end_object().key("flags").begin_object();
    if (any_flag)
        for (auto const& reading : record.readings)
            if (form.normal_flags || !reading.flag.is_normal())
                if (auto const* parameter = named(reading))
                    json.member(parameter->name, reading.flag.text());
    json.end_object();
    if (!any_mark || !form.marks)
        return;
    json.key("marks").begin_object();
    for (auto const& reading : record.readings)
        if (reading.marks != Mark::none)
            if (auto const* parameter = named(reading))
                json.member(parameter->name, has(reading.marks, Mark::spike)             ? "spike"
                                             : has(reading.marks, Mark::flat_line)       ? "flat_line"
                                             : has(reading.marks, Mark::below_detection) ? "below_detection"
                                                                                         : "doubtful");
    json.end_object();
}

}  // namespace yihong
