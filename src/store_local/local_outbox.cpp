#include "bytes.hpp"
#include "keys.hpp"
#include "state.hpp"

namespace yihong {

using namespace store_local;

namespace {

/// Behind its length the name of one queue is never the beginning of another's.
std::string outbox_prefix(std::string_view queue)
{
    std::string key;
    append_text(key, queue);
    return key;
}
std::string outbox_key(std::string_view queue, std::uint64_t id)
{
    auto key = outbox_prefix(queue);
    append_big_endian(key, id);
    return key;
}

}  // namespace

void Writing::add(OutboxChanges const& changes)
{
    for (auto const& entry : changes.added)
        put(Family::outbox, outbox_key(entry.queue, ++counters.last_outbox_id), entry.payload);
    for (auto const& [queue, id] : changes.done)
        remove(Family::outbox, outbox_key(queue, id));
}

void store_local::visit_outbox(Database const& database, std::string_view queue, std::uint64_t after,
                               std::function<bool(OutboxEntry&&)> const& visit)
{
    if (after == UINT64_MAX)
        return;
    auto const prefix = outbox_prefix(queue);
    auto const upper = outbox_key(queue, UINT64_MAX);       // no farther: the next queue may begin with many entries done
    rocksdb::Slice const upper_slice = upper;
    rocksdb::ReadOptions options;
    options.iterate_upper_bound = &upper_slice;
    auto const it = database.iterate(Family::outbox, options);
    for (it->Seek(outbox_key(queue, after + 1)); it->Valid(); it->Next()) {
        auto const id = it->key().ToStringView().substr(prefix.size());
        if (id.size() != sizeof(std::uint64_t))
            database.refuse_bytes("the key of an outbox entry");
        if (!visit({big_endian<std::uint64_t>(id), std::string{queue}, it->value().ToString()}))
            return;
    }
    database.check(it->status());
}

std::vector<OutboxEntry> LocalStore::outbox(std::string_view queue, std::uint64_t after, std::size_t limit) const
{
    std::vector<OutboxEntry> found;
    if (limit == 0)
        return found;
    visit_outbox(state_->database, queue, after, [&](OutboxEntry&& entry) {
        found.push_back(std::move(entry));
        return found.size() < limit;
    });
    return found;
}

std::vector<OutboxEntry> Claims::take(OutboxClaim const& claim, Database const& database)
{
    std::vector<OutboxEntry> taken;
    if (claim.limit == 0)
        return taken;
    std::scoped_lock const lock{mutex_};
    auto& held = held_[claim.queue];
    std::erase_if(held, [&](auto const& h) { return h.second.until <= claim.now; });
    visit_outbox(database, claim.queue, claim.after, [&](OutboxEntry&& entry) {
        auto const [place, is_free] = held.try_emplace(entry.id, Held{claim.claimant, {}});
        if (!is_free && place->second.claimant != claim.claimant)
            return true;
        place->second.until = claim.now + claim.lease;
        taken.push_back(std::move(entry));
        return taken.size() < claim.limit;
    });
    return taken;
}

void Claims::give_back(std::string_view queue, std::string_view claimant)
{
    std::scoped_lock const lock{mutex_};
    if (auto const known = held_.find(queue); known != held_.end())
        std::erase_if(known->second, [&](auto const& h) { return h.second.claimant == claimant; });
}

void Claims::forget(std::vector<std::pair<std::string, std::uint64_t>> const& done)
{
    if (done.empty())
        return;
    std::scoped_lock const lock{mutex_};
    for (auto const& [queue, id] : done)
        if (auto const known = held_.find(queue); known != held_.end())
            known->second.erase(id);
}

std::vector<OutboxEntry> LocalStore::claim(OutboxClaim const& claim) { return state_->claims.take(claim, state_->database); }

void LocalStore::give_back(std::string_view queue, std::string_view claimant) { state_->claims.give_back(queue, claimant); }

}  // namespace yihong
