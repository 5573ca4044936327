#pragma once

#include "yihong/base/json_writer.hpp"
#include "yihong/model/parameter.hpp"
#include "yihong/model/record.hpp"

#include <span>
#include <string>
#include <vector>

/// A record (监测记录) as JSON, wherever one goes out: series, revisions, the evidence of alerts.
namespace yihong {

/// What of a record's readings goes out. Readings of parameters that the book does not know never do.
struct ReadingsForm {
    std::span<ParameterId const> only = {};        ///< ascending; empty: all
    bool normal_flags = false;                     ///< flags N too: evidence keeps every flag
    bool marks = true;                             ///< `marks`, where quality control doubts a value
};

/// Writes records of one form, one after the other. What they share, keys above all, is made into text once. One thread at a time.
class RecordWriter {
public:
    /// \param parameters, form outlive it
    explicit RecordWriter(ParameterBook const& parameters, ReadingsForm const& form = {}) : parameters_{parameters}, form_{form} {}

    /// Members `time`, `interval`, `status`, `received_at` of an object that is open.
    void head(JsonWriter& json, Record const& record);
    /// Members `values`, `flags` and, where there are any, `marks`, by the names of parameters.
    void readings(JsonWriter& json, Record const& record);

private:
    /// The readings at one place of the records: of the same parameter in most of them.
    struct Column {
        ParameterId parameter = 0;
        Parameter const* shown = nullptr;          ///< null: it does not go out
        std::string key;                           ///< `"ph":`
    };
    void know_columns(std::span<Reading const> readings);
    void values(JsonWriter& json, std::span<Reading const> readings);

    ParameterBook const& parameters_;
    ReadingsForm form_;
    IntervalKind interval_ = IntervalKind::realtime;
    StationStatus status_ = StationStatus::normal;
    std::string between_;                          ///< the two times of the head, for this interval and status; empty: not made
    std::vector<Column> columns_;
    std::string text_;                             ///< of the record at hand
};

}  // namespace yihong
