#pragma once

#include "yihong/base/time.hpp"

#include <cstddef>
#include <memory>
#include <span>
#include <utility>
#include <vector>

namespace yihong {

class Feature;

/// Features in their places. Immutable; the next state of a list shares with this one all that did not change, so that making it costs what changed.
class FeatureList {
public:
    using Item = std::shared_ptr<Feature const>;
    using Change = std::pair<std::size_t, Item>;  ///< place, and what stands there now

    FeatureList() = default;
    explicit FeatureList(std::vector<Item> all);

    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    [[nodiscard]] Item const& operator[](std::size_t place) const noexcept
    {
        return blocks_[place / block_size]->items[place % block_size];
    }
    /// The list with these in their places. \pre the places are in it
    [[nodiscard]] FeatureList with(std::span<Change const> changes) const;
    /// From the oldest time of a feature to the newest; open where none has one.
    [[nodiscard]] TimeInterval time() const noexcept;

    class Iterator {
    public:
        Iterator(FeatureList const& list, std::size_t place) noexcept : list_{&list}, place_{place} {}
        Item const& operator*() const noexcept { return (*list_)[place_]; }
        Iterator& operator++() noexcept { return ++place_, *this; }
        bool operator==(Iterator const&) const = default;

    private:
        FeatureList const* list_;
        std::size_t place_;
    };
    [[nodiscard]] Iterator begin() const noexcept { return {*this, 0}; }
    [[nodiscard]] Iterator end() const noexcept { return {*this, size_}; }

private:
    static constexpr std::size_t block_size = 64;
    struct Block {
        std::vector<Item> items;
        TimeInterval time;  ///< of its items
    };
    static void look_at_times(Block& block) noexcept;

    std::vector<std::shared_ptr<Block const>> blocks_;
    std::size_t size_ = 0;
};

}  // namespace yihong
