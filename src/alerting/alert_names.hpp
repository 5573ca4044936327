#pragma once

#include "yihong/model/alert.hpp"
#include "yihong/standards/standards_book.hpp"

#include <string>

namespace yihong {

/// A parameter in words, with its unit as it stands behind a number.
struct ParameterNames {
    std::string zh, en, unit;
};
/// \param id 0: the AQI as a whole; one that the standards do not know is `#<id>`
[[nodiscard]] ParameterNames names_of(ParameterId id, ParameterBook const& parameters);

}  // namespace yihong
