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
};

struct ParsedBatch {
    std::vector<ParsedRecord> records;
    std::vector<Refusal> refused;
    std::string format;                ///< what reads `raw_prefix + raw` again: a readings_io format name
    std::string raw_prefix;            ///< e.g. the header line of a CSV body, so that a row kept alone can be read again
    std::deque<std::string> kept;      ///< bytes that `raw` views refer to where they are not one piece of the body
};

/// Input kept aside (隔离区): what came, when, from whom and why it was refused.
struct QuarantineEntry {
    std::uint64_t id = 0;              ///< ascending; given by the store
    UtcTime received_at{};
    std::string source;                ///< e.g. `http 127.0.0.1 token=probe`, `import snapshot.csv:117`
    std::string format;                ///< what can read `raw` again: a readings_io format name; `readings-json` for one object
    std::string code;                  ///< code_name(Errc)
    std::string detail;
    std::string site;
    std::string raw;
};

}  // namespace yihong
