#pragma once

#include "yihong/ports/alerts.hpp"

#include <array>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace yihong {

/// Alerts by id, and the newest of each site and family, as the writer keeps them in memory: those that are not closed, and those closed
/// at or after `closed_since`. With those that changed, or left, in the group that is being put together.
class KeptAlerts {
public:
    using Ids = std::set<std::string, std::less<>>;

    /// Forgets everything and takes from the store what is not closed, and what was closed since then. \throws StoreError
    void load(Alerts const& store, UtcTime closed_since);
    /// \return null when it is not in memory
    [[nodiscard]] std::shared_ptr<Alert const> find(std::string_view id) const;
    /// The newest alert of a site and family that is in memory, over or not. \param site 0: the service itself
    /// \return null when there is none
    [[nodiscard]] std::shared_ptr<Alert const> newest(SiteNumber site, AlertFamily family) const;
    /// Whether it has an alert, over or not.
    [[nodiscard]] bool knows(SiteNumber site) const { return newest_.contains(site); }
    /// Whether some rule holds at a site.
    [[nodiscard]] bool has_causes(SiteNumber site) const;
    /// An alert as it stands now: a new one, one that is known, or one that comes back from the store.
    void put(Alert alert);
    /// Those that were closed before this leave, but for those that changed in this group. Costs what leaves. \return their ids
    std::vector<std::string> let_go(UtcTime closed_before);
    [[nodiscard]] UtcTime closed_since() const noexcept { return closed_since_; }
    /// Ids of those that changed since `forget_changes`.
    [[nodiscard]] Ids const& changed() const noexcept { return changed_; }
    /// Ids of those that left since then.
    [[nodiscard]] Ids const& left() const noexcept { return left_; }
    void forget_changes() noexcept;
    [[nodiscard]] std::map<std::string, std::shared_ptr<Alert const>, std::less<>> const& all() const noexcept { return alerts_; }

private:
    void add(std::shared_ptr<Alert const> alert);
    void remove(std::string_view id);

    std::map<std::string, std::shared_ptr<Alert const>, std::less<>> alerts_;
    std::unordered_map<SiteNumber, std::array<std::shared_ptr<Alert const>, all_alert_families.size()>> newest_;
    std::set<std::pair<UtcTime, std::string>> closed_;  // (time_closed, id)
    UtcTime closed_since_ = UtcTime::min();
    Ids changed_;
    Ids left_;
};

/// The silences that stand (静默), ascending by id.
class KeptSilences {
public:
    /// \param make_filter of the text that a silence was kept with; one that is no filter any more covers nothing, and the log says so
    /// \throws StoreError
    void load(Alerts const& store, MakeScopeFilter const& make_filter);
    [[nodiscard]] std::span<Silence const> all() const noexcept { return silences_; }
    void put(Silence silence);
    /// \return whether there was one
    bool take_out(std::string_view id);
    /// Takes out those that are over. \return their ids
    std::vector<std::string> take_out_over(UtcTime now);
    /// Whether others stand than at the last `forget_changes`.
    [[nodiscard]] bool changed() const noexcept { return changed_; }
    void forget_changes() noexcept { changed_ = false; }

private:
    std::vector<Silence> silences_;
    bool changed_ = true;
};

}  // namespace yihong
