#pragma once

#include "yihong/features/source.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace yihong {

/// How many features lead a collection (`FeatureQuery::lead`): clients that guess look at the first 5 to 10.
inline constexpr std::size_t most_leading = 5;

/// Which of some features lead: those that between them have a value in every column where any has one, as far as so few can; those with most values
/// first. \param at the feature in a place, below `count`
[[nodiscard]] std::vector<std::uint32_t> leading_places(std::size_t count, std::function<Feature const&(std::uint32_t)> const& at,
                                                        Schema const& schema);

/// What a stream brings before its turn, and what pages before it have brought.
class EarlyFeatures {
public:
    explicit EarlyFeatures(FeatureQuery const& query) : ids_{query.seen}, offset_{query.offset} {}

    /// Those of `leading` that a page may begin with: it keeps room for one other.
    template <typename Key>
    [[nodiscard]] static std::span<Key const> of_page(std::span<Key const> leading, std::size_t limit)
    {
        return leading.first(std::min(leading.size(), limit == 0 ? 0 : limit - 1));
    }
    /// The next one that leads; the offset passes over the first of them.
    void add(std::shared_ptr<Feature const> feature)
    {
        ids_.push_back(feature->id());
        if (skipped_ < offset_)
            ++skipped_;
        else
            features_.push_back(std::move(feature));
    }
    /// \return null when all have come
    [[nodiscard]] std::shared_ptr<Feature const> next() { return given_ < features_.size() ? std::move(features_[given_++]) : nullptr; }
    /// How many of them the offset has passed over.
    [[nodiscard]] std::size_t skipped() const noexcept { return skipped_; }
    [[nodiscard]] std::size_t leading() const noexcept { return features_.size(); }
    /// Of all of them, behind those of the pages before, in the order in which they came.
    [[nodiscard]] std::vector<std::string> const& ids() const noexcept { return ids_; }

private:
    std::vector<std::string> ids_;
    std::vector<std::shared_ptr<Feature const>> features_;
    std::size_t offset_;
    std::size_t skipped_ = 0;
    std::size_t given_ = 0;
};

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
