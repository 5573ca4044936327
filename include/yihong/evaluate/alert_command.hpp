#pragma once

#include "yihong/base/result.hpp"
#include "yihong/evaluate/alert_life.hpp"

#include <memory>
#include <string>
#include <variant>

namespace yihong {

/// Alerts of a kind tell nobody for a while (静默).
struct BeginSilence {
    Silence silence;
};
struct EndSilence {
    std::string id;
};

/// Everything that people ask of the alerts.
using AlertCommand = std::variant<AlertAction, BeginSilence, EndSilence>;
/// The alert after an action, null for silences; Errc::not_found, Errc::conflict (it makes no sense in this state), Errc::bad_value.
using AlertOutcome = Result<std::shared_ptr<Alert const>>;

}  // namespace yihong
