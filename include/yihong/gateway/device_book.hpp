#pragma once

#include "yihong/evaluate/world.hpp"
#include "yihong/gateway/key_ring.hpp"
#include "yihong/hj212/meaning.hpp"
#include "yihong/model/device.hpp"
#include "yihong/net/networks.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace yihong::gateway {

/// A device with everything that judging its frames needs, made once.
struct KnownDevice {
    Device device;
    Site const* site = nullptr;
    hj212::Dialect dialect;
    net::Networks networks{{}};
    std::shared_ptr<Snapshot<KeySet> const> keys;  ///< null: it sends in clear

    /// The periods that the station owes: those of its CN 2061.
    [[nodiscard]] IntervalKind owed_interval() const noexcept;
};

/// The registered devices by MN. Immutable; a reload makes the next one. Holds the world that its sites and parameters belong to.
class DeviceBook {
public:
    /// Devices whose site is not in the world, or whose units are unknown, are left out: the loader has refused them before.
    DeviceBook(std::vector<Device> const& devices, std::shared_ptr<World const> world, KeyRing& ring);

    /// \return null when no such device is registered
    [[nodiscard]] KnownDevice const* find(std::string_view mn) const noexcept;
    [[nodiscard]] std::vector<KnownDevice> const& all() const noexcept { return devices_; }
    [[nodiscard]] std::shared_ptr<World const> const& world() const noexcept { return world_; }

private:
    std::shared_ptr<World const> world_;
    std::vector<KnownDevice> devices_;
    std::unordered_map<std::string_view, std::size_t> by_mn_;      // views into devices_
};

}  // namespace yihong::gateway
