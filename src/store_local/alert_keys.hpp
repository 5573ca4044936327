#pragma once

#include "alert_codec.hpp"
#include "keys.hpp"

#include "yihong/ports/alerts.hpp"

#include <rocksdb/write_batch.h>

#include <string>
#include <string_view>

namespace yihong::store_local {

class Database;

// The family `alerts`. A first byte says what an entry is:
//   a + id                  an alert that is not closed
//   d + time closed + id    a closed one
//   c + id                  when a closed one was closed, to find it by its id
//   s + id                  a silence
inline std::string open_key(std::string_view id) { return 'a' + std::string{id}; }
inline std::string closed_prefix() { return "d"; }
inline std::string closed_key(std::string_view time, std::string_view id) { return closed_prefix() + std::string{time} + std::string{id}; }
inline std::string closed_id_key(std::string_view id) { return 'c' + std::string{id}; }
inline std::string silence_key(std::string_view id) { return 's' + std::string{id}; }

/// Puts the alert where it belongs as it stands, and takes it from where it was. \pre it comes at most once in a batch
void put_alert(Database const& database, rocksdb::WriteBatch& batch, Alert const& alert);

// The family `journal`:
//   e + topic + 0 + number                  an entry
//   o + topic + 0 + subject + 0 + number    nothing: that the entry of that number is about the subject
inline std::string entries_prefix(std::string_view topic) { return 'e' + std::string{topic} + '\0'; }
inline std::string entry_key(std::string_view topic, std::uint64_t number)
{
    auto key = entries_prefix(topic);
    append_big_endian(key, number);
    return key;
}
inline std::string story_prefix(std::string_view topic, std::string_view subject)
{
    return 'o' + std::string{topic} + '\0' + std::string{subject} + '\0';
}

/// An entry and that it is about its subject.
void put_entry(Database const& database, rocksdb::WriteBatch& batch, JournalEntry const& entry);

}  // namespace yihong::store_local
