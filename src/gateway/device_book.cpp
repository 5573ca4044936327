#include "yihong/gateway/device_book.hpp"

#include "yihong/base/log.hpp"

namespace yihong::gateway {

IntervalKind KnownDevice::owed_interval() const noexcept
{
    if (device.hour_data)
        return *device.hour_data;
    bool const is_surface_water = device.system_types.empty() ? is_water(site->kind) : device.system_types.front() == "21";
    return is_surface_water ? IntervalKind::four_hours : IntervalKind::hour;
}

DeviceBook::DeviceBook(std::vector<Device> const& devices, std::shared_ptr<World const> world, KeyRing& ring) : world_{std::move(world)}
{
    auto const common = hj212::CommonUnits::make(*world_->standards);
    devices_.reserve(devices.size());
    for (auto const& device : devices) {
        auto const* site = world_->sites->find(device.site);
        auto dialect = hj212::make_dialect(device, common, *world_->standards);
        if (!site || !dialect) {
            log::warning("device_left_out",
                         {{"mn", device.mn}, {"detail", dialect ? "its site is not known" : std::string_view{dialect.error().detail}}});
            continue;
        }
        dialect->ranges = ranges_of(site->kind);
        devices_.push_back({device, site, std::move(*dialect), net::Networks{device.networks}, ring.keys_of(device, utc_now())});
    }
    for (std::size_t i = 0; i < devices_.size(); ++i)
        by_mn_.emplace(devices_[i].device.mn, i);
}

KnownDevice const* DeviceBook::find(std::string_view mn) const noexcept
{
    auto const found = by_mn_.find(mn);
    return found == by_mn_.end() ? nullptr : &devices_[found->second];
}

}  // namespace yihong::gateway
