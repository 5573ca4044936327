#pragma once

#include "yihong/model/layer.hpp"

#include <memory>
#include <vector>

namespace yihong {

/// Layers as loaded, and what they know about places. Immutable after load; any thread may ask.
/// The one implementation is in geo; this is the interface the pure modules see.
class LayerSet {
public:
    virtual ~LayerSet() = default;
    [[nodiscard]] virtual std::vector<std::shared_ptr<Layer const>> const& layers() const noexcept = 0;
    [[nodiscard]] virtual OverlayFacts facts(LonLat position) const = 0;
};

}  // namespace yihong
