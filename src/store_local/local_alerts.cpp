#include "alert_keys.hpp"
#include "state.hpp"

#include <map>

namespace yihong {

using namespace store_local;

namespace {

Alert read_alert(Database const& database, std::string_view id, std::string_view value)
{
    auto alert = decode_alert(value);
    if (!alert)
        database.refuse_bytes("alert " + std::string{id});
    alert->id = id;
    return std::move(*alert);
}

}  // namespace

void store_local::put_alert(Database const& database, rocksdb::WriteBatch& batch, Alert const& alert)
{
    auto* const family = database.family(Family::alerts);
    rocksdb::PinnableSlice closed_before;
    if (database.get(Family::alerts, closed_id_key(alert.id), closed_before)) {
        batch.Delete(family, slice(closed_key(closed_before.ToStringView(), alert.id)));
        batch.Delete(family, closed_id_key(alert.id));
    }
    if (alert.state != AlertState::closed) {
        batch.Put(family, open_key(alert.id), encode_alert(alert));
        return;
    }
    std::string closed;
    append_time(closed, time_closed(alert));
    batch.Delete(family, open_key(alert.id));
    batch.Put(family, closed_id_key(alert.id), closed);
    batch.Put(family, closed_key(closed, alert.id), encode_alert(alert));
}

void Writing::add(AlertChanges const& changes)
{
    std::map<std::string_view, Alert const*> last;         // an alert has one place: it is put there once a batch
    for (auto const& alert : changes.changed)
        last[alert.id] = &alert;
    for (auto const& [id, alert] : last)
        put_alert(database, batch, *alert);
    for (auto const& silence : changes.silences)
        put(Family::alerts, silence_key(silence.id), encode_silence(silence));
    for (auto const& id : changes.silences_ended)
        remove(Family::alerts, silence_key(id));
}

std::vector<Alert> LocalStore::open_alerts() const
{
    std::vector<Alert> found;
    visit_prefix(state_->database, Family::alerts, open_key({}),
                 [&](std::string_view id, std::string_view value) { found.push_back(read_alert(state_->database, id, value)); });
    return found;
}

std::vector<Alert> LocalStore::closed_alerts(ClosedAlertsQuery const& query) const
{
    std::vector<Alert> found;
    auto const& database = state_->database;
    auto const prefix = closed_prefix();
    auto const it = database.iterate(Family::alerts);
    if (query.after) {
        std::string time;
        append_time(time, query.after->first);
        auto const key = closed_key(time, query.after->second);
        it->SeekForPrev(key);
        if (it->Valid() && it->key() == slice(key))
            it->Prev();
    } else {
        it->SeekForPrev(prefix + std::string(sizeof(std::uint64_t) + 1, '\xff'));
    }
    std::string since = prefix;
    if (query.since)
        append_time(since, *query.since);
    for (; it->Valid() && it->key().starts_with(prefix) && it->key().compare(since) >= 0 && found.size() < query.limit; it->Prev()) {
        auto const key = it->key().ToStringView();
        if (key.size() < prefix.size() + sizeof(std::uint64_t))
            database.refuse_bytes("the key of a closed alert");
        found.push_back(read_alert(database, key.substr(prefix.size() + sizeof(std::uint64_t)), it->value().ToStringView()));
    }
    database.check(it->status());
    return found;
}

std::optional<Alert> LocalStore::find_alert(std::string_view id) const
{
    auto const& database = state_->database;
    // One state of the store: an alert that is closed meanwhile is found in one place or the other.
    auto const it = database.iterate(Family::alerts);
    auto const at = [&](std::string const& key) {
        it->Seek(key);
        database.check(it->status());
        return it->Valid() && it->key() == slice(key);
    };
    if (at(open_key(id)))
        return read_alert(database, id, it->value().ToStringView());
    if (!at(closed_id_key(id)))
        return std::nullopt;
    if (!at(closed_key(std::string{it->value().ToStringView()}, id)))
        database.refuse_bytes("closed alert " + std::string{id});
    return read_alert(database, id, it->value().ToStringView());
}

std::vector<Silence> LocalStore::silences() const
{
    std::vector<Silence> found;
    visit_prefix(state_->database, Family::alerts, silence_key({}), [&](std::string_view id, std::string_view value) {
        auto silence = decode_silence(value);
        if (!silence)
            state_->database.refuse_bytes("silence " + std::string{id});
        silence->id = id;
        found.push_back(std::move(*silence));
    });
    return found;
}

}  // namespace yihong
