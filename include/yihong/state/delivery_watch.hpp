#pragma once

#include "yihong/base/time.hpp"

#include <algorithm>
#include <map>
#include <mutex>
#include <optional>
#include <string>

namespace yihong {

/// Which channels do not get through, and since when: those who send note it, the self-watch of the service reads it. Any thread.
class DeliveryWatch {
public:
    /// \param failing_since none: the last try went well
    void note(std::string const& channel, std::optional<UtcTime> failing_since)
    {
        std::lock_guard const lock{mutex_};
        if (failing_since)
            failing_[channel] = *failing_since;
        else
            failing_.erase(channel);
    }
    /// The longest of all. \return nothing when all get through
    [[nodiscard]] std::optional<UtcTime> stalled_since() const
    {
        std::lock_guard const lock{mutex_};
        std::optional<UtcTime> since;
        for (auto const& [channel, time] : failing_)
            since = std::min(since.value_or(time), time);
        return since;
    }

private:
    mutable std::mutex mutex_;
    std::map<std::string, UtcTime> failing_;
};

}  // namespace yihong
