#pragma once

#include "yihong/base/result.hpp"
#include "yihong/geometry/geometry.hpp"

#include <string>
#include <string_view>

namespace yihong {

/// Well-known text (OGC 06-103r4): `POLYGON ((110 35, 111 35, 111 36, 110 35))`, longitude first, shortest numbers that read back as the
/// same doubles. None is `GEOMETRYCOLLECTION EMPTY`.
[[nodiscard]] std::string to_wkt(Geometry const& geometry);

/// Words in any case; `Z`, `M` and `ZM` are read and left out, and so is a height that no `Z` announced; `EMPTY` is none. Nothing recurses, and memory is bounded by the length of
/// the text.
/// \return Errc::bad_syntax or bad_value with the place of the character, Errc::unsupported for a collection that is not empty
[[nodiscard]] Result<Geometry> parse_wkt(std::string_view text);

}  // namespace yihong
