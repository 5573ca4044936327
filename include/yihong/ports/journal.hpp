#pragma once

#include "yihong/base/time.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace yihong {

/// One entry of the journal: a document that never changes, chained to the entry before it of its topic by
/// `hash` = SHA-256(previous hash ‖ document), in lower-case hexadecimal.
struct JournalEntry {
    std::uint64_t number = 0;                      ///< place in the journal of its topic, from 1, without gaps
    std::string topic;                             ///< what the journal is about, e.g. `alert`; without a zero byte
    std::string subject;                           ///< what the entry is about, e.g. an alert's id; without a zero byte
    UtcTime at{};                                  ///< when it happened
    std::string document;
    std::string hash;
    bool operator==(JournalEntry const&) const = default;
};

/// The topic of the steps in the lives of alerts: subject is the alert's id, the document a CloudEvents document.
inline constexpr std::string_view alert_topic = "alert";
/// The topic of the daily digests: subject is its day (`2026-11-26`), the document a CloudEvents document.
inline constexpr std::string_view digest_topic = "digest";
/// The topic of marks that people make: subject is the mark's id, the document the mark as it stood from then on.
inline constexpr std::string_view mark_topic = "mark";

/// What happened, in order and for good (日志): a log for each topic, each a chain of its own, so that one can be given out and verified
/// without the others. To be read by any thread; every method throws StoreError when the store itself fails.
class Journal {
public:
    virtual ~Journal() = default;

    /// All entries of one subject, ascending: its story. Costs what is read.
    [[nodiscard]] virtual std::vector<JournalEntry> story(std::string_view topic, std::string_view subject) const = 0;
    /// Entries of a topic with a number above `after`, ascending. Costs what is read.
    [[nodiscard]] virtual std::vector<JournalEntry> journal(std::string_view topic, std::uint64_t after, std::size_t limit) const = 0;
    /// The end of a topic's journal, to which the next entry is chained.
    [[nodiscard]] virtual std::optional<JournalEntry> last_entry(std::string_view topic) const = 0;
};

}  // namespace yihong
