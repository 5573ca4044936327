#pragma once

#include "yihong/model/alert.hpp"
#include "yihong/service/catalog.hpp"
#include "yihong/service/world.hpp"

#include <memory>
#include <string>
#include <vector>

namespace yihong {

/// The collection `alerts`: every alert as a point at its site, with null geometry where that has no position.
[[nodiscard]] std::shared_ptr<Collection const> make_alert_collection(std::vector<std::shared_ptr<Alert const>> alerts, std::shared_ptr<World const> world,
                                                                      std::string version);

}  // namespace yihong
