#pragma once

#include "yihong/base/time.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace yihong::notify {

/// What a channel knows of its failed tries, kept in the outbox so that a restart forgets none of it.
struct TriesNote {
    std::optional<UtcTime> failing_since;
    std::string last_error;
    std::map<std::uint64_t, int> tries;            ///< of entries that wait, by their ids
    bool operator==(TriesNote const&) const = default;
};

/// `tries:ID`: holds the note of a channel, and nothing that is sent.
[[nodiscard]] std::string tries_queue_of(std::string_view id);
[[nodiscard]] std::string to_payload(TriesNote const& note);
/// \return an empty note where it cannot be read: everything is tried from the beginning then
[[nodiscard]] TriesNote parse_tries_note(std::string_view payload);

}  // namespace yihong::notify
