#pragma once

#include "yihong/evaluate/world.hpp"

#include <string_view>

namespace yihong {

/// The shape of the feature of the layers that is called so, many lines or many areas. Null geometry where none is.
/// \param role `river` for lines, `boundary` or `lake` for areas
[[nodiscard]] Geometry shape_called(std::string_view name, LayerRole role, World const& world);

}  // namespace yihong
