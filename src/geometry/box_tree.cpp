#include "yihong/geometry/box_tree.hpp"

#include <boost/geometry/geometries/box.hpp>
#include <boost/geometry/geometries/point.hpp>
#include <boost/geometry/index/rtree.hpp>
#include <boost/geometry/strategies/cartesian.hpp>

#include <iterator>
#include <utility>

namespace yihong {
namespace {

namespace bg = boost::geometry;
using Corner = bg::model::point<double, 2, bg::cs::cartesian>;     // degrees as they are: the callers split boxes at the antimeridian
using Box = bg::model::box<Corner>;
using Entry = std::pair<Box, std::uint32_t>;

Box box_of(BoundingBox const& b) { return {Corner{b.west, b.south}, Corner{b.east, b.north}}; }

struct Places {                                            // an output iterator that keeps the places alone
    using iterator_category = std::output_iterator_tag;
    using value_type = void;
    using difference_type = std::ptrdiff_t;
    using pointer = void;
    using reference = void;
    std::vector<std::uint32_t>* out;
    Places& operator*() { return *this; }
    Places& operator++() { return *this; }
    Places operator++(int) { return *this; }
    Places& operator=(Entry const& entry)
    {
        out->push_back(entry.second);
        return *this;
    }
};

std::vector<Entry> entries_of(std::span<BoundingBox const> boxes)
{
    std::vector<Entry> entries;
    entries.reserve(boxes.size());
    for (std::size_t i = 0; i < boxes.size(); ++i) {
        if (!boxes[i].is_empty())
            entries.emplace_back(box_of(boxes[i]), static_cast<std::uint32_t>(i));
    }
    return entries;
}

}  // namespace

struct BoxTree::Tree {
    explicit Tree(std::vector<Entry> const& entries) : rtree{entries} {}
    bg::index::rtree<Entry, bg::index::rstar<16>> rtree;
};

BoxTree::BoxTree(std::span<BoundingBox const> boxes) : tree_{std::make_unique<Tree const>(entries_of(boxes))} {}
BoxTree::BoxTree(BoxTree&&) noexcept = default;
BoxTree& BoxTree::operator=(BoxTree&&) noexcept = default;
BoxTree::~BoxTree() = default;

std::vector<std::uint32_t> BoxTree::query(BoundingBox const& box) const
{
    std::vector<std::uint32_t> places;
    if (!box.is_empty())
        tree_->rtree.query(bg::index::intersects(box_of(box)), Places{&places});
    return places;
}

}  // namespace yihong
