#include "yihong/model/layer.hpp"

#include <array>

namespace yihong {

std::string_view to_text(LayerRole role) noexcept
{
    constexpr std::array<std::string_view, 6> names{"boundary", "river", "lake", "zone", "raster", "other"};
    return names[static_cast<std::size_t>(role)];
}

}  // namespace yihong
