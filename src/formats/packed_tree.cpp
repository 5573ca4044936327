#include "packed_tree.hpp"

#include <algorithm>
#include <bit>
#include <stdexcept>
#include <utility>

namespace yihong::formats {
namespace {

static_assert(std::endian::native == std::endian::little, "nodes are written as they lie in memory");

/// First node and end of each level, the root first.
std::vector<std::pair<std::uint64_t, std::uint64_t>> levels_of(std::uint64_t count)
{
    std::vector<std::uint64_t> sizes{count};
    do
        sizes.push_back((sizes.back() + PackedTree::node_size - 1) / PackedTree::node_size);
    while (sizes.back() != 1);
    std::vector<std::pair<std::uint64_t, std::uint64_t>> levels;
    std::uint64_t first = 0;
    for (auto size = sizes.rbegin(); size != sizes.rend(); ++size) {
        levels.emplace_back(first, first + *size);
        first += *size;
    }
    return levels;
}

}  // namespace

void Box::extend(Box const& other) noexcept
{
    west = std::min(west, other.west);
    south = std::min(south, other.south);
    east = std::max(east, other.east);
    north = std::max(north, other.north);
}

Box box_of(Geometry const& geometry)
{
    Box box;
    for_each_sequence(geometry, [&](auto positions) {
        for (auto const& position : positions)
            box.extend({position.lon, position.lat, position.lon, position.lat});
    });
    return box;
}

std::uint64_t hilbert_number(LonLat place) noexcept
{
    // how many of 2^32 steps from one end of the axis to the other
    auto const steps = [](double value, double low, double high) {
        return static_cast<std::uint32_t>(std::clamp((value - low) / (high - low), 0.0, 1.0) * 4'294'967'295.0);
    };
    auto x = steps(place.lon, -180, 180);
    auto y = steps(place.lat, -90, 90);
    std::uint64_t number = 0;
    for (std::uint32_t side = 1U << 31U; side != 0; side >>= 1U) {     // from quarters to quarters of quarters
        bool const right = (x & side) != 0;
        bool const upper = (y & side) != 0;
        number = number << 2U | static_cast<std::uint64_t>((right ? 3U : 0U) ^ (upper ? 1U : 0U));
        if (!upper) {                                      // the curve turns in the two lower quarters
            if (right) {
                x = ~x;
                y = ~y;
            }
            std::swap(x, y);
        }
    }
    return number;
}

PackedTree::PackedTree(PositionedFile const& file, std::uint64_t at, std::uint64_t count)
    : file_{file}, at_{at}, levels_{levels_of(count)}, leaves_{file, at + levels_.back().first * sizeof(Node)}
{}

void PackedTree::add(Box const& box, std::uint64_t offset)
{
    Node const leaf{box, offset};
    leaves_.put({reinterpret_cast<char const*>(&leaf), sizeof leaf});
}

void PackedTree::finish()
{
    leaves_.flush();
    constexpr std::size_t at_once = node_size * 256;
    std::vector<Node> children(at_once);
    for (auto level = levels_.size() - 1; level > 0; --level) {
        auto const [first, end] = levels_[level];
        Output parents{file_, at_ + levels_[level - 1].first * sizeof(Node)};
        for (auto from = first; from < end; from += at_once) {
            auto const count = std::min<std::uint64_t>(at_once, end - from);
            if (file_.read(reinterpret_cast<char*>(children.data()), count * sizeof(Node), at_ + from * sizeof(Node)) <
                count * sizeof(Node))
                throw std::runtime_error{"the index that was written is gone"};
            for (std::uint64_t child = 0; child < count; child += node_size) {
                Node parent{{}, from + child};
                for (auto i = child; i < std::min<std::uint64_t>(child + node_size, count); ++i)
                    parent.box.extend(children[i].box);
                parents.put({reinterpret_cast<char const*>(&parent), sizeof parent});
            }
        }
        parents.flush();
    }
}

}  // namespace yihong::formats
