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

std::vector<OutboxEntry> LocalStore::outbox(std::string_view queue, std::uint64_t after, std::size_t limit) const
{
    std::vector<OutboxEntry> found;
    if (after == UINT64_MAX)
        return found;
    auto const prefix = outbox_prefix(queue);
    auto const upper = outbox_key(queue, UINT64_MAX);       // no farther: the next queue may begin with many entries done
    rocksdb::Slice const upper_slice = upper;
    rocksdb::ReadOptions options;
    options.iterate_upper_bound = &upper_slice;
    auto const it = state_->database.iterate(Family::outbox, options);
    for (it->Seek(outbox_key(queue, after + 1)); it->Valid() && found.size() < limit; it->Next()) {
        auto const id = it->key().ToStringView().substr(prefix.size());
        if (id.size() != sizeof(std::uint64_t))
            state_->database.refuse_bytes("the key of an outbox entry");
        found.push_back({big_endian<std::uint64_t>(id), std::string{queue}, it->value().ToString()});
    }
    state_->database.check(it->status());
    return found;
}

}  // namespace yihong
