#include "layer_cache.hpp"

#include <iterator>
#include <utility>

namespace yihong::tiles_http {
namespace {

/// A feature that the catalog has let go lives on in the layers that show it, until these are asked for again: some of it is on their account.
constexpr std::size_t charge_of_feature = 256;
constexpr std::size_t bookkeeping = 512;

std::size_t charge_of(std::string_view key, std::string_view version, KeptLayer const& layer) noexcept
{
    return bookkeeping + key.size() + version.size() + layer.features.size() * charge_of_feature + layer.content->memory();
}

}  // namespace

LayerCache::Found LayerCache::find(std::string_view key, std::string_view version)
{
    std::lock_guard const lock{mutex_};
    auto const known = by_key_.find(key);
    if (known == by_key_.end())
        return {};
    entries_.splice(entries_.begin(), entries_, known->second);
    auto const& entry = entries_.front();
    return {entry.layer, !version.empty() && entry.version == version};
}

void LayerCache::put(std::string_view key, std::string_view version, std::shared_ptr<KeptLayer const> layer)
{
    auto const charge = charge_of(key, version, *layer);
    if (charge > limit_ / 2)
        return;
    std::list<Entry> dropped;  // dies outside the lock
    std::lock_guard const lock{mutex_};
    auto const take_out = [&](std::list<Entry>::iterator entry) {
        bytes_ -= entry->charge;
        by_key_.erase(entry->key);
        dropped.splice(dropped.begin(), entries_, entry);
    };
    if (auto const old = by_key_.find(key); old != by_key_.end())
        take_out(old->second);
    entries_.push_front({std::string{key}, std::string{version}, std::move(layer), charge});
    by_key_.emplace(entries_.front().key, entries_.begin());
    bytes_ += charge;
    while (bytes_ > limit_)
        take_out(std::prev(entries_.end()));
}

std::size_t LayerCache::bytes() const
{
    std::lock_guard const lock{mutex_};
    return bytes_;
}

}  // namespace yihong::tiles_http
