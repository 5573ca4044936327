#pragma once

#include "yihong/base/snapshot.hpp"
#include "yihong/evaluate/present_state.hpp"
#include "yihong/evaluate/world.hpp"
#include "yihong/model/alert.hpp"
#include "yihong/model/record.hpp"
#include "yihong/state/catalog.hpp"

#include <array>
#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace yihong {

/// The state of a site at a moment, made and judged at the first demand: most of what comes is never asked for. Any thread.
class Present {
public:
    Present(std::shared_ptr<World const> world, std::size_t site_index, NewestReadings readings, UtcTime at)
        : world_{std::move(world)}, site_index_{site_index}, readings_{std::move(readings)}, at_{at}
    {}
    [[nodiscard]] PresentState const& state() const;
    [[nodiscard]] NewestReadings const& readings() const noexcept { return readings_; }
    /// The moment that it is the state of: now, or that of the newest record where the site is stale.
    [[nodiscard]] UtcTime at() const noexcept { return at_; }

private:
    std::shared_ptr<World const> world_;
    std::size_t site_index_;
    NewestReadings readings_;
    UtcTime at_;
    mutable std::once_flag once_;
    mutable PresentState state_;
};

/// What is known of one site, now or at a moment that is over. Immutable.
struct SiteState {
    std::shared_ptr<World const> world;
    std::size_t site_index;
    std::optional<Record> newest;                  ///< the record that came last, whatever it holds
    std::shared_ptr<Present const> present;        ///< item by item; never null
    bool stale = true;  ///< the newest record is not current any more; then `present` is the state as it was last known
    std::optional<int> missing_periods = {};  ///< that its stations owe; none: nobody has counted
    std::shared_ptr<Alert const> alert = {};  ///< its most severe one that is not resolved; null: none
    bool of_the_past = false;  ///< of a moment that is over: which alerts it had then is not known here

    [[nodiscard]] Site const& site() const noexcept { return world->sites->all()[site_index]; }
    [[nodiscard]] OverlayFacts const& facts() const noexcept { return world->facts[site_index]; }
};

/// The current network: present state, class and overlay facts of every site, published as the collections `water-sections`,
/// `air-stations` and `outfalls` beside those of the layers. Owned by the writer thread; what it publishes is immutable.
class Network {
public:
    explicit Network(Snapshot<Catalog>& catalog) : catalog_{catalog} {}

    /// Takes a new world and what its sites' states are made of (`recent_records`); publishes.
    void reset(std::shared_ptr<World const> world, std::vector<Record> const& recent, UtcTime now);
    /// Records that are new, or stand as they were corrected, in any order; those of sites that are not in the world are passed over.
    /// \return sites of which a value that counted is withdrawn: `gather` their records anew, since an older one may count again
    [[nodiscard]] std::vector<SiteNumber> apply(std::span<Record const> records);
    /// Makes the state of a site anew from its recent records alone.
    void gather(SiteNumber site, std::span<Record const> recent);
    /// How many periods the site's stations owe (缺数时段数).
    void set_missing(SiteNumber site, int periods);
    /// The site's most severe alert that is not resolved; null: none.
    void set_alert(SiteNumber site, std::shared_ptr<Alert const> alert);
    /// Another collection beside those of the sites, with the next publication: a new one, or the one of the same id as it is now.
    void show(std::shared_ptr<FeatureSource const> collection);
    /// Publishes what `apply` and the passing of time have changed. \return whether anything did
    bool publish(UtcTime now);
    /// Renders what the last publication changed, so that the first reader need not wait.
    void warm() const;
    /// The sites that the last publication changed. Not those whose features it only made anew: because their collection got another column, or all of them.
    [[nodiscard]] std::vector<std::shared_ptr<Feature const>> const& changes() const noexcept { return changes_; }

    [[nodiscard]] std::shared_ptr<World const> const& world() const noexcept { return world_; }
    [[nodiscard]] std::optional<std::size_t> site_index(SiteNumber number) const noexcept;
    /// \return null when the site is not in the world
    [[nodiscard]] SiteState const* state(SiteNumber site) const noexcept;
    /// Another one at every call, within this run.
    [[nodiscard]] std::string next_version();

private:
    struct Slot {
        std::shared_ptr<SiteState const> state;
        std::shared_ptr<SiteState> draft;  // the same, until it is published
        std::optional<NewestReadings> readings;  // what the next present state is made of, where that differs from the present one's
        Record const* incoming = nullptr;  // while records are applied: the newest of them
        UtcTime holds_until = UtcTime::max();  // from then on time has changed the state
        std::size_t table = 0;  // which collection
        std::size_t position = 0;  // place in that collection's features
        bool readings_changed = false;  // or the newest record
        bool changed = false;
    };
    struct Table {
        std::shared_ptr<MemorySource const> published;
        std::vector<ParameterId> columns;  // ascending
        std::optional<UtcTime> as_of;  // when the newest of its records was received
        bool columns_changed = false;
        bool changed = false;
    };
    void rebuild(UtcTime now);
    void mark_changed(std::size_t index);
    NewestReadings::Change take(std::size_t index, Record const& record);
    static SiteState& edit(Slot& slot);
    static NewestReadings& edit_readings(Slot& slot);
    static void settle_newest(Slot& slot);
    static void settle_present(Slot& slot, UtcTime now);

    Snapshot<Catalog>& catalog_;
    std::uint64_t version_ = 0;
    std::shared_ptr<World const> world_;
    std::vector<Slot> slots_;  // one a site, in the order of the registry
    std::array<Table, 3> tables_;
    std::vector<std::shared_ptr<FeatureSource const>> others_;  // in the order in which they were shown first
    bool others_changed_ = false;
    std::vector<std::shared_ptr<FeatureSource const>> layer_collections_;
    std::vector<std::size_t> changed_;
    std::vector<std::shared_ptr<Feature const>> fresh_;  // made by the last publication
    std::vector<std::shared_ptr<Feature const>> changes_;  // those of them whose site changed
    UtcTime next_stale_check_{};
};

}  // namespace yihong
