#pragma once

#include "yihong/ports/alerts.hpp"

#include <map>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace yihong {

/// Alerts by id, and the newest of each site and family, as the writer keeps them; with those that changed in the group that is being
/// put together.
class KeptAlerts {
public:
    /// Forgets everything and takes what the store has. \throws StoreError
    void load(Alerts const& store);
    /// \return null when there is none
    [[nodiscard]] std::shared_ptr<Alert const> find(std::string_view id) const;
    /// The newest alert of a site and family, over or not. \param site 0: the service itself  \return null when there was never one
    [[nodiscard]] std::shared_ptr<Alert const> newest(SiteNumber site, AlertFamily family) const;
    /// A new alert, which is then the newest of its site and family, or one as it stands now.
    void put(Alert alert);
    /// Ids of those that changed since `forget_changes`.
    [[nodiscard]] std::set<std::string, std::less<>> const& changed() const noexcept { return changed_; }
    void forget_changes() noexcept { changed_.clear(); }
    [[nodiscard]] std::map<std::string, std::shared_ptr<Alert const>, std::less<>> const& all() const noexcept { return alerts_; }

private:
    std::map<std::string, std::shared_ptr<Alert const>, std::less<>> alerts_;
    std::map<std::pair<SiteNumber, AlertFamily>, std::string> newest_;
    std::set<std::string, std::less<>> changed_;
};

/// The silences that stand (静默), ascending by id.
class KeptSilences {
public:
    /// \throws StoreError
    void load(Alerts const& store);
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
