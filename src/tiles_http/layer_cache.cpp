#include "layer_cache.hpp"

#include <string>
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
    auto const* known = layers_.find(key);
    return known ? Found{known->value, !version.empty() && known->version == version} : Found{};
}

void LayerCache::put(std::string_view key, std::string_view version, std::shared_ptr<KeptLayer const> layer)
{
    auto const charge = charge_of(key, version, *layer);
    std::unique_lock lock{mutex_};
    auto const left = layers_.put({std::string{key}, std::string{version}, std::move(layer), charge}, limit_);
    lock.unlock();
}

std::size_t LayerCache::bytes() const
{
    std::lock_guard const lock{mutex_};
    return layers_.bytes();
}

}  // namespace yihong::tiles_http
