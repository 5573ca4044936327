#pragma once

#include "yihong/geometry/geometry.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace yihong {

/// A spatial index over boxes (空间索引): a tree packed at once from all of them, never changed. Any number of threads may ask at the same
/// time, because asking changes nothing: it is Boost's rtree, which its packing constructor finishes. (GEOS's STRtree is only built by the
/// first who asks, and under a context that serves one thread.)
class BoxTree {
public:
    BoxTree() : BoxTree{std::span<BoundingBox const>{}} {}
    /// Takes n log n time. An empty box is in no answer.
    explicit BoxTree(std::span<BoundingBox const> boxes);
    BoxTree(BoxTree&&) noexcept;
    BoxTree& operator=(BoxTree&&) noexcept;
    ~BoxTree();

    /// The places of the boxes that meet `box` (both closed), in no order.
    [[nodiscard]] std::vector<std::uint32_t> query(BoundingBox const& box) const;

private:
    struct Tree;
    std::unique_ptr<Tree const> tree_;
};

}  // namespace yihong
