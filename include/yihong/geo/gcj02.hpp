#pragma once

#include "yihong/model/site.hpp"

namespace yihong {

/// GCJ-02 (火星坐标) is the shifted datum of Chinese public maps: WGS 84 moved by a smooth, deterministic offset of
/// 0.1 to 0.7 km. The offset applies between 72.004 and 137.8347 E, 0.8293 and 55.8271 N; elsewhere both are identity.
[[nodiscard]] LonLat wgs84_to_gcj02(LonLat position) noexcept;

/// The inverse, by iteration: `wgs84_to_gcj02(gcj02_to_wgs84(p))` is `p` to better than a millimetre inside the rectangle.
[[nodiscard]] LonLat gcj02_to_wgs84(LonLat position) noexcept;

}  // namespace yihong
