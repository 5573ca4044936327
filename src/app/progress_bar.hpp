#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace yihong {

/// A line that is written over again and again on a terminal; silent elsewhere.
class ProgressBar {
public:
    /// \param rate what is counted in a second, e.g. `行/秒 rows/s`
    ProgressBar(std::string name, std::string rate, bool quiet);
    /// \param share of the work that is done, 0 to 1
    void show(double share, std::uint64_t count) const;
    void end() const;

private:
    std::string name_;
    std::string rate_;
    bool shown_;
    std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace yihong
