#pragma once

#include "yihong/features/feature.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <vector>

namespace yihong {

/// How many features lead a collection (`FeatureQuery::lead`): clients that guess look at the first 5 to 10.
inline constexpr std::size_t most_leading = 5;

/// Which of some features lead: those that between them have a value in every column where any has one, as far as so few can; those with most values
/// first. \param at the feature in a place, below `count`
[[nodiscard]] std::vector<std::uint32_t> leading_places(std::size_t count, std::function<Feature const&(std::uint32_t)> const& at,
                                                        Schema const& schema);

/// What leads a collection that is read from a store, by its keys: looked for once a minute, since what comes later has the same columns. Any thread
/// may ask.
template <typename Key>
class KeptLeading {
public:
    template <typename Find>
    [[nodiscard]] std::vector<Key> get(Find const& find) const
    {
        std::lock_guard const lock{mutex_};
        auto const now = std::chrono::steady_clock::now();
        if (!found_ || now >= *found_ + std::chrono::minutes{1}) {
            keys_ = find();
            found_ = now;
        }
        return keys_;
    }

private:
    mutable std::mutex mutex_;
    mutable std::vector<Key> keys_;
    mutable std::optional<std::chrono::steady_clock::time_point> found_;
};

}  // namespace yihong
