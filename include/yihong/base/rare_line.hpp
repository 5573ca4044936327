#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>

namespace yihong {

/// For a line of the log that strangers can cause, or trouble every second: at most one a minute, each with how many there were since the one
/// before. Any thread.
class RareLine {
public:
    using Clock = std::chrono::steady_clock;

    /// Counts one. \return how many there were since the last line, where a line is due; else 0
    std::uint64_t count(Clock::time_point now = Clock::now())
    {
        std::lock_guard const lock{mutex_};
        ++untold_;
        if (now < next_)
            return 0;
        next_ = now + std::chrono::minutes{1};
        auto const told = untold_;
        untold_ = 0;
        return told;
    }

private:
    std::mutex mutex_;
    std::uint64_t untold_ = 0;
    Clock::time_point next_{};
};

}  // namespace yihong
