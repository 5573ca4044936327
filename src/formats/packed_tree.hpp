#pragma once

#include "positioned_file.hpp"

#include "yihong/geometry/geometry.hpp"

#include <array>
#include <cstdint>
#include <limits>
#include <vector>

/// The spatial index of a FlatGeobuf: a packed R-tree (压缩 R 树) of nodes of 16, written level by level without holding it in memory.
namespace yihong::formats {

/// East and north in the units of the file.
struct Box {
    double west = std::numeric_limits<double>::infinity();
    double south = std::numeric_limits<double>::infinity();
    double east = -std::numeric_limits<double>::infinity();
    double north = -std::numeric_limits<double>::infinity();
    void extend(Box const& other) noexcept;
    bool operator==(Box const&) const = default;
};
Box box_of(Geometry const& geometry);

/// How far along a Hilbert curve over the globe a place lies: places whose numbers are near each other are so themselves. A place out of the globe is
/// taken for the nearest on it.
[[nodiscard]] std::uint64_t hilbert_number(LonLat place) noexcept;

class PackedTree {
public:
    static constexpr std::uint16_t node_size = 16;
    /// \param file outlives it \param at where the tree begins \param count how many features there will be, at least one
    PackedTree(PositionedFile const& file, std::uint64_t at, std::uint64_t count);
    /// How many bytes it takes.
    [[nodiscard]] std::uint64_t size() const noexcept { return levels_.back().second * sizeof(Node); }

    /// Each feature in the order of the file. \param offset where it begins, from the first feature's beginning \throws std::runtime_error where the disk refuses
    void add(Box const& box, std::uint64_t offset);
    /// Behind the last one: makes the levels above. \throws as `add`
    void finish();

private:
    /// As it stands in the file, little-endian: of a feature its offset, above it the number of its first child.
    struct Node {
        Box box;
        std::uint64_t offset = 0;
    };
    static_assert(sizeof(Node) == 40);

    PositionedFile const& file_;
    std::uint64_t at_;
    std::vector<std::pair<std::uint64_t, std::uint64_t>> levels_;  ///< first node and end of each, the root first: features stand last
    Output leaves_;
};

}  // namespace yihong::formats
