#pragma once

#include "yihong/model/alert_plan.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace yihong {

/// Which alerts wait for time, and when they are looked at next: who waits for tomorrow costs nothing today.
class AlertClocks {
public:
    void clear() noexcept { next_.clear(); }
    /// Other rules, other times: all are looked at with the next tick.
    void reset();
    /// An alert is new, or another than it was: it is looked at with the next tick, unless time alone can do nothing to it.
    void changed(Alert const& alert);
    /// It has left memory.
    void forget(std::string_view id);
    /// Ids of those whose time has come.
    [[nodiscard]] std::vector<std::string> due(UtcTime now) const;
    /// Time has done to it what there was to do.
    void looked_at(Alert const& alert, AlertPlan const& plan);

private:
    std::map<std::string, UtcTime, std::less<>> next_;
};

}  // namespace yihong
