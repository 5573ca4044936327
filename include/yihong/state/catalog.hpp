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

/// The features of a layer as a collection.
std::shared_ptr<MemorySource const> make_layer_collection(std::shared_ptr<Layer const> layer, std::string version);

}  // namespace yihong
