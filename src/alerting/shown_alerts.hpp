#pragma once

#include "kept_alerts.hpp"

#include "yihong/alerting/alert_feature.hpp"
#include "yihong/base/snapshot.hpp"
#include "yihong/state/alert_book.hpp"

#include <memory>
#include <set>
#include <string>
#include <vector>

namespace yihong {

/// What readers get of the alerts: the book, the collection, and which sites show something else than before. Only what changed is made
/// anew. Owned by the writer; `book` is for any thread.
class ShownAlerts {
public:
    /// Names, sites and layers may be others: the collection is made anew.
    void use(std::shared_ptr<World const> world);
    /// What is kept no longer follows from what was shown: the next `publish` begins from nothing.
    void start_anew(KeptAlerts const& kept);
    /// What is kept is on disk. Shows what changed in it and what left. \param steps of all alerts, wherever they are
    void publish(KeptAlerts const& kept, KeptSilences const& silences, std::uint64_t steps);

    [[nodiscard]] std::shared_ptr<AlertBook const> book() const { return book_.load(); }
    /// All alerts of the book as features.
    [[nodiscard]] std::shared_ptr<MemorySource const> collection(std::string version);
    [[nodiscard]] bool collection_changed() const noexcept { return collection_changed_; }
    /// Those since the last call.
    [[nodiscard]] std::vector<SiteNumber> take_changed_sites();

private:
    [[nodiscard]] std::vector<std::shared_ptr<Alert const>> newest_first(KeptAlerts const& kept);

    std::shared_ptr<World const> world_;
    Snapshot<AlertBook> book_{std::make_shared<AlertBook const>()};
    bool book_anew_ = true;
    AlertCollection collection_;
    bool collection_anew_ = true;
    bool collection_changed_ = true;
    std::set<SiteNumber> changed_sites_;
};

}  // namespace yihong
