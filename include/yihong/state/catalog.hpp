#pragma once

#include "yihong/features/memory_source.hpp"
#include "yihong/features/source.hpp"
#include "yihong/model/layer.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace yihong {

/// All collections of one moment, as served under /collections. Immutable; published whole.
struct Catalog {
    std::vector<std::shared_ptr<FeatureSource const>> collections;
    std::string version;                           ///< of the list and its metadata
    [[nodiscard]] std::shared_ptr<FeatureSource const> find(std::string_view id) const noexcept;
};

/// Whether it has no feature, as far as anybody knows: of a history that has begun nobody counts them.
[[nodiscard]] bool is_empty(FeatureSource const& collection) noexcept;
/// What lists of collections name where empty ones are hidden from them.
[[nodiscard]] std::shared_ptr<Catalog const> without_empty(Catalog const& catalog);

/// The features of a layer as a collection.
std::shared_ptr<MemorySource const> make_layer_collection(std::shared_ptr<Layer const> layer, std::string version);

}  // namespace yihong
