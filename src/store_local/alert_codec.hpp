#pragma once

#include "yihong/model/alert.hpp"
#include "yihong/ports/journal.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace yihong::store_local {

/// Everything but the id, which is the key. \return none when the bytes are no alert
std::string encode_alert(Alert const& alert);
std::optional<Alert> decode_alert(std::string_view bytes);

/// Everything but topic and number, which are the key. \return none when the bytes are no entry
std::string encode_journal_entry(JournalEntry const& entry);
std::optional<JournalEntry> decode_journal_entry(std::string_view bytes);
/// A step of the alerts' log as stores of format 1 keep it: subject, document and hash of an entry.
std::optional<JournalEntry> decode_step_of_format_1(std::string_view bytes);

/// Everything but the id, which is the key. \return none when the bytes are no silence
std::string encode_silence(Silence const& silence);
std::optional<Silence> decode_silence(std::string_view bytes);

}  // namespace yihong::store_local
