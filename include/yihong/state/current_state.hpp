#pragma once

#include "yihong/base/snapshot.hpp"
#include "yihong/evaluate/mark_book.hpp"
#include "yihong/evaluate/world.hpp"
#include "yihong/state/alert_book.hpp"
#include "yihong/state/catalog.hpp"
#include "yihong/state/event_feed.hpp"

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

namespace yihong {

/// When the series of each site last changed. Any thread reads; the writer marks.
class SeriesVersions {
public:
    /// Changes whenever a record of the site changes, or the world does: for caches of what is made from its series.
    [[nodiscard]] std::string of(SiteNumber site) const
    {
        return std::to_string(world_.load()) + "-" + std::to_string(sites_[site % sites_.size()].load());
    }
    /// Changes whenever a record of any site changes, or the world does.
    [[nodiscard]] std::string of_all() const { return std::to_string(world_.load()) + "-" + std::to_string(all_.load()); }
    void mark(SiteNumber site) noexcept
    {
        ++sites_[site % sites_.size()];
        ++all_;
    }
    void mark_world() noexcept { ++world_; }

private:
    /// By site number; sites that share a slot only invalidate each other's caches needlessly.
    std::array<std::atomic<std::uint32_t>, 16'384> sites_{};
    std::atomic<std::uint64_t> all_{0};
    std::atomic<std::uint32_t> world_{0};
};

/// What readers read (当前状态): each part immutable and replaced whole after a commit. Any thread loads what it needs and holds it as long as
/// it likes; nobody who reads can reach the writer from here.
struct CurrentState {
    /// \param commit the store's newest one at the start
    CurrentState(std::shared_ptr<World const> first_world, std::uint64_t commit, UtcTime now)
        : world{std::move(first_world)}, feed{{commit, world.load()->digest, now}}
    {}

    Snapshot<World> world;  ///< the standards, sites, layers and rules to read and judge by
    Snapshot<Catalog> catalog{std::make_shared<Catalog const>()};  ///< what is served as collections
    Snapshot<AlertBook> alerts{std::make_shared<AlertBook const>()};  ///< alerts and silences as of the last commit
    Snapshot<MarkBook> marks{std::make_shared<MarkBook const>()};  ///< what people have marked, as of the last commit
    SeriesVersions series;
    EventFeed feed;  ///< what has just happened
    std::atomic<std::int64_t> clock_set_ms{0};  ///< when the wall clock was set last, by the clock as it is since; 0: never
};

}  // namespace yihong
