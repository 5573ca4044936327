#pragma once

#include "yihong/base/result.hpp"
#include "yihong/model/record.hpp"
#include "yihong/model/site.hpp"

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace yihong {

/// A record as a reader understood it. `raw` are its own bytes in the body (a CSV line, a JSON object): they go to
/// quarantine when the record is refused later. The body must outlive the batch's preparation.
struct ParsedRecord {
    Record record;                     ///< `site` is set; `received_at`, `verdict` and marks are not
    Site const* site = nullptr;        ///< from the registry the reader was given
    std::uint32_t index = 0;           ///< place in the body, from 0
    std::string_view raw;
};

/// A record, or a piece of a body, that was refused.
struct Refusal {
    std::uint32_t index = 0;
    Failure failure;
    std::string raw;
    std::string site;                  ///< as the sender wrote it, if it could be read
    std::string
        format{};  ///< what reads `raw` again by itself: a single reading whose record is kept; empty: the batch's, behind its prefix
};

/// A reading as its sender wrote it.
struct ReadingText {
    std::string_view parameter;
    std::string_view value;
    std::string_view flag{};
    std::string_view unit{};
    bool is_json = false;  ///< `value` is JSON as it stands
};

/// One reading (一个数) that is refused while the rest of its record is kept. What is kept of it is a record with no other reading in it, so that
/// it can be read again by itself, and then joins its record. \pre site, time and interval of `parsed` are set
[[nodiscard]] Refusal refused_reading(std::uint32_t index, Failure failure, ParsedRecord const& parsed, ReadingText const& text);

struct ParsedBatch {
    std::vector<ParsedRecord> records;
    std::vector<Refusal> refused;  ///< whole records, and single readings of records that are kept
    std::string format;  ///< what reads `raw_prefix + raw` again: a readings_io format name
    std::string raw_prefix;  ///< e.g. the header line of a CSV body, so that a row kept alone can be read again
    std::deque<std::string> kept;  ///< bytes that `raw` views refer to where they are not one piece of the body
};

/// Input kept aside (隔离区): what came, when, from whom and why it was refused.
struct QuarantineEntry {
    std::uint64_t id = 0;  ///< ascending; given by the store
    UtcTime received_at{};
    std::string source;  ///< e.g. `http 127.0.0.1 token=probe`, `import snapshot.csv:117`
    std::string format;  ///< what can read `raw` again: a readings_io format name; `readings-json` for one object
    std::string code;  ///< code_name(Errc)
    std::string detail;
    std::string site;
    std::string raw;
};

}  // namespace yihong
