#include "alert_keys.hpp"
#include "database.hpp"
#include "state.hpp"

#include "yihong/base/json_cursor.hpp"

namespace yihong::store_local {
namespace {

/// The member `time` of a CloudEvents document.
std::optional<UtcTime> time_of(std::string_view document)
{
    JsonCursor json{document};
    if (json.peek() != '{' || !json.open())
        return std::nullopt;
    std::string_view key;
    for (bool first = true; json.next_member(first, key);) {
        if (key != "time") {
            json.skip_value();
            continue;
        }
        std::string_view text;
        if (json.peek() != '"' || !json.string(text))
            return std::nullopt;
        auto const time = parse_rfc3339(text);
        return time ? std::optional{*time} : std::nullopt;
    }
    return std::nullopt;
}

/// Format 2: closed alerts lie apart from the others, and the log of alerts is a topic of the journal. In format 1 the family `alerts`
/// had all alerts under `a`, the steps of the log under `l` and the number, and under `o` what belongs to an alert. All of it goes over
/// in one batch, which is in memory as a whole.
void separate_closed_alerts_and_journal(Database& database, rocksdb::WriteBatch& batch)
{
    auto* const family = database.family(Family::alerts);
    visit_prefix(database, Family::alerts, "a", [&](std::string_view id, std::string_view value) {
        auto alert = decode_alert(value);
        if (!alert)
            database.refuse_bytes("alert " + std::string{id});
        alert->id = id;
        if (alert->state == AlertState::closed)
            put_alert(database, batch, *alert);
    });
    UtcTime last{};                // a document that tells no time has that of the one before
    visit_prefix(database, Family::alerts, "l", [&](std::string_view number, std::string_view value) {
        auto entry = number.size() == sizeof(std::uint64_t) ? decode_step_of_format_1(value) : std::nullopt;
        if (!entry)
            database.refuse_bytes("a step of the alert log");
        entry->number = big_endian<std::uint64_t>(number);
        entry->topic = alert_topic;
        entry->at = last = time_of(entry->document).value_or(last);
        put_entry(database, batch, *entry);
        batch.Delete(family, 'l' + std::string{number});
    });
    visit_prefix(database, Family::alerts, "o",
                 [&](std::string_view rest, std::string_view) { batch.Delete(family, 'o' + std::string{rest}); });
}

}  // namespace

std::span<Migration const> migrations()
{
    static std::array<Migration, 1> const all{separate_closed_alerts_and_journal};
    return all;
}

}  // namespace yihong::store_local
