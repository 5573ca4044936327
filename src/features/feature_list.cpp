#include "yihong/features/feature_list.hpp"

#include "yihong/features/feature.hpp"

#include <algorithm>
#include <cassert>
#include <iterator>

namespace yihong {
namespace {

void extend(TimeInterval& whole, TimeInterval const& part) noexcept
{
    if (part.begin)
        whole.begin = std::min(whole.begin.value_or(*part.begin), *part.begin);
    if (part.end)
        whole.end = std::max(whole.end.value_or(*part.end), *part.end);
}

}  // namespace

FeatureList::FeatureList(std::vector<Item> all) : size_{all.size()}
{
    for (std::size_t first = 0; first < all.size(); first += block_size) {
        auto block = std::make_shared<Block>();
        auto const from = all.begin() + static_cast<std::ptrdiff_t>(first);
        auto const count = static_cast<std::ptrdiff_t>(std::min(block_size, all.size() - first));
        block->items.assign(std::make_move_iterator(from), std::make_move_iterator(from + count));
        look_at_times(*block);
        blocks_.push_back(std::move(block));
    }
}

void FeatureList::look_at_times(Block& block) noexcept
{
    block.time = {};
    for (auto const& item : block.items)
        extend(block.time, {item->time(), item->time()});
}

FeatureList FeatureList::with(std::span<Change const> changes) const
{
    auto next = *this;
    std::vector<std::shared_ptr<Block>> drafts(blocks_.size());
    for (auto const& [place, item] : changes) {
        assert(place < size_);
        auto& draft = drafts[place / block_size];
        if (!draft)
            next.blocks_[place / block_size] = draft = std::make_shared<Block>(*blocks_[place / block_size]);
        draft->items[place % block_size] = item;
    }
    for (auto const& draft : drafts)
        if (draft)
            look_at_times(*draft);
    return next;
}

TimeInterval FeatureList::time() const noexcept
{
    TimeInterval whole;
    for (auto const& block : blocks_)
        extend(whole, block->time);
    return whole;
}

}  // namespace yihong
