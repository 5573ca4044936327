#pragma once

#include "yihong/evaluate/world.hpp"
#include "yihong/model/alert.hpp"
#include "yihong/state/catalog.hpp"

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace yihong {

/// The collection `alerts`, kept from change to change: every alert in memory as a point at its site, with null geometry where that has no
/// position. Only what changed is made anew.
class AlertCollection {
public:
    /// Sites, names and layers are others: everything is made anew.
    void reset(std::shared_ptr<World const> world, std::vector<std::shared_ptr<Alert const>> const& alerts);
    /// A new alert, or one that changed.
    void put(std::shared_ptr<Alert const> alert);
    /// These alerts have left memory.
    void take_out(std::set<std::string, std::less<>> const& ids);
    [[nodiscard]] std::shared_ptr<MemorySource const> published(std::string version) const;

private:
    [[nodiscard]] std::shared_ptr<Feature const> feature_of(std::shared_ptr<Alert const> alert) const;
    std::shared_ptr<World const> world_;
    std::shared_ptr<Schema const> schema_;
    std::vector<std::shared_ptr<Feature const>> features_;     ///< ascending by `id_less`
    std::optional<UtcTime> as_of_;                 ///< of the newest change
};

}  // namespace yihong
