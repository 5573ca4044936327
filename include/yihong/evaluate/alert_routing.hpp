#pragma once

#include "yihong/evaluate/duty.hpp"

#include <span>
#include <string>

namespace yihong {

/// Who is told of a step (通知对象): the people and channels of all levels that the alert has come to, and the channels of all rules that
/// took part in it. A rule that names none, or is gone, means every channel. Only channels that are configured; each once.
/// \param site null, with `facts`: no longer configured, or the service itself; then nobody by name, and the channels of the rules
/// \param configured ids of every channel
[[nodiscard]] Recipients audience_of(Alert const& alert, AlertPlan const& plan, Site const* site, OverlayFacts const* facts,
                                     std::span<std::string const> configured, UtcTime at);

}  // namespace yihong
