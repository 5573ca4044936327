#include "alert_keys.hpp"
#include "state.hpp"

namespace yihong {

using namespace store_local;

namespace {

JournalEntry read_entry(Database const& database, std::string_view topic, std::string_view number, std::string_view value)
{
    auto entry = number.size() == sizeof(std::uint64_t) ? decode_journal_entry(value) : std::nullopt;
    if (!entry)
        database.refuse_bytes("an entry of the journal of " + std::string{topic});
    entry->number = big_endian<std::uint64_t>(number);
    entry->topic = topic;
    return std::move(*entry);
}

}  // namespace

void store_local::put_entry(Database const& database, rocksdb::WriteBatch& batch, JournalEntry const& entry)
{
    auto* const family = database.family(Family::journal);
    batch.Put(family, entry_key(entry.topic, entry.number), encode_journal_entry(entry));
    auto key = story_prefix(entry.topic, entry.subject);
    append_big_endian(key, entry.number);
    batch.Put(family, key, rocksdb::Slice{});
}

void Writing::add(std::vector<JournalEntry> const& entries)
{
    for (auto const& entry : entries)
        put_entry(database, batch, entry);
}

std::vector<JournalEntry> LocalStore::story(std::string_view topic, std::string_view subject) const
{
    std::vector<JournalEntry> found;
    auto const& database = state_->database;
    rocksdb::PinnableSlice value;
    visit_prefix(database, Family::journal, story_prefix(topic, subject), [&](std::string_view number, std::string_view) {
        value.Reset();
        if (number.size() != sizeof(std::uint64_t) ||
            !database.get(Family::journal, entry_key(topic, big_endian<std::uint64_t>(number)), value))
            database.refuse_bytes("the story of " + std::string{topic} + " " + std::string{subject});
        found.push_back(read_entry(database, topic, number, value.ToStringView()));
    });
    return found;
}

std::vector<JournalEntry> LocalStore::journal(std::string_view topic, std::uint64_t after, std::size_t limit) const
{
    std::vector<JournalEntry> found;
    if (after == UINT64_MAX)
        return found;
    auto const& database = state_->database;
    auto const prefix = entries_prefix(topic);
    auto const it = database.iterate(Family::journal);
    for (it->Seek(entry_key(topic, after + 1)); it->Valid() && it->key().starts_with(prefix) && found.size() < limit; it->Next())
        found.push_back(read_entry(database, topic, it->key().ToStringView().substr(prefix.size()), it->value().ToStringView()));
    database.check(it->status());
    return found;
}

std::optional<JournalEntry> LocalStore::last_entry(std::string_view topic) const
{
    auto const& database = state_->database;
    auto const prefix = entries_prefix(topic);
    auto const it = database.iterate(Family::journal);
    it->SeekForPrev(entry_key(topic, UINT64_MAX));
    database.check(it->status());
    if (!it->Valid() || !it->key().starts_with(prefix))
        return std::nullopt;
    return read_entry(database, topic, it->key().ToStringView().substr(prefix.size()), it->value().ToStringView());
}

}  // namespace yihong
