#pragma once

#include "yihong/base/json_writer.hpp"
#include "yihong/model/parameter.hpp"
#include "yihong/model/record.hpp"

#include <span>
#include <string_view>

/// A record (监测记录) as JSON, wherever one goes out: series, revisions, the evidence of alerts.
namespace yihong {

/// What of a record's readings goes out. Readings of parameters that the book does not know never do.
struct ReadingsForm {
    std::span<ParameterId const> only = {};        ///< ascending; empty: all
    bool normal_flags = false;                     ///< flags N too: evidence keeps every flag
    bool marks = true;                             ///< `marks`, where quality control doubts a value
};

/// Members `time`, `interval`, `status`, `received_at` of an object that is open.
void write_record_head(JsonWriter& json, Record const& record);

/// Members `values`, `flags` and, where there are any, `marks`, by the names of parameters.
void write_readings(JsonWriter& json, Record const& record, ParameterBook const& parameters, ReadingsForm const& form = {});

}  // namespace yihong
