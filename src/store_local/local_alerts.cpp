#include "alert_codec.hpp"
#include "bytes.hpp"
#include "keys.hpp"
#include "state.hpp"

namespace yihong {

using namespace store_local;

namespace {

/// What the first byte of a key says it is about.
enum class AlertKey : char { alert = 'a', step = 'l', step_of = 'o', silence = 's' };
std::string alert_key(AlertKey kind, std::string_view id = {}) { return std::string{static_cast<char>(kind)} + std::string{id}; }
std::string step_key(std::uint64_t number)
{
    auto key = alert_key(AlertKey::step);
    append_big_endian(key, number);
    return key;
}
/// Behind a zero byte, which no id has, one alert's steps are never found under the beginning of another's id.
std::string steps_of_prefix(std::string_view alert) { return alert_key(AlertKey::step_of, alert) + '\0'; }

AlertStep read_step(Database const& database, std::string_view number, std::string_view value)
{
    auto step = number.size() == sizeof(std::uint64_t) ? decode_alert_step(value) : std::nullopt;
    if (!step)
        database.refuse_bytes("a step of the alert log");
    step->number = big_endian<std::uint64_t>(number);
    return std::move(*step);
}

}  // namespace

void Writing::add(std::vector<AlertStep> const& steps)
{
    for (auto const& step : steps) {
        put(Family::alerts, step_key(step.number), encode_alert_step(step));
        auto key = steps_of_prefix(step.alert);
        append_big_endian(key, step.number);
        put(Family::alerts, key, {});
    }
}

void Writing::add(AlertChanges const& changes)
{
    for (auto const& alert : changes.changed)
        put(Family::alerts, alert_key(AlertKey::alert, alert.id), encode_alert(alert));
    for (auto const& silence : changes.silences)
        put(Family::alerts, alert_key(AlertKey::silence, silence.id), encode_silence(silence));
    for (auto const& id : changes.silences_ended)
        remove(Family::alerts, alert_key(AlertKey::silence, id));
}

std::vector<Alert> LocalStore::alerts() const
{
    std::vector<Alert> found;
    visit_prefix(state_->database, Family::alerts, alert_key(AlertKey::alert), [&](std::string_view id, std::string_view value) {
        auto alert = decode_alert(value);
        if (!alert)
            state_->database.refuse_bytes("alert " + std::string{id});
        alert->id = id;
        found.push_back(std::move(*alert));
    });
    return found;
}

std::vector<AlertStep> LocalStore::alert_steps(std::string_view alert) const
{
    std::vector<AlertStep> found;
    rocksdb::PinnableSlice value;
    visit_prefix(state_->database, Family::alerts, steps_of_prefix(alert), [&](std::string_view number, std::string_view) {
        value.Reset();
        if (number.size() != sizeof(std::uint64_t) ||
            !state_->database.get(Family::alerts, step_key(big_endian<std::uint64_t>(number)), value))
            state_->database.refuse_bytes("the story of alert " + std::string{alert});
        found.push_back(read_step(state_->database, number, value.ToStringView()));
    });
    return found;
}

std::vector<AlertStep> LocalStore::alert_log(std::uint64_t after, std::size_t limit) const
{
    std::vector<AlertStep> found;
    if (after == UINT64_MAX)
        return found;
    auto const prefix = alert_key(AlertKey::step);
    auto const it = state_->database.iterate(Family::alerts);
    for (it->Seek(step_key(after + 1)); it->Valid() && it->key().starts_with(prefix) && found.size() < limit; it->Next())
        found.push_back(read_step(state_->database, it->key().ToStringView().substr(1), it->value().ToStringView()));
    state_->database.check(it->status());
    return found;
}

std::optional<AlertStep> LocalStore::last_alert_step() const
{
    auto const it = state_->database.iterate(Family::alerts);
    it->SeekForPrev(step_key(UINT64_MAX));
    state_->database.check(it->status());
    if (!it->Valid() || !it->key().starts_with(alert_key(AlertKey::step)))
        return std::nullopt;
    return read_step(state_->database, it->key().ToStringView().substr(1), it->value().ToStringView());
}

std::vector<Silence> LocalStore::silences() const
{
    std::vector<Silence> found;
    visit_prefix(state_->database, Family::alerts, alert_key(AlertKey::silence), [&](std::string_view id, std::string_view value) {
        auto silence = decode_silence(value);
        if (!silence)
            state_->database.refuse_bytes("silence " + std::string{id});
        silence->id = id;
        found.push_back(std::move(*silence));
    });
    return found;
}

}  // namespace yihong
