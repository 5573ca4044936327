#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

namespace yihong::http {

/// Counts what failed by the address it came from, and says when somebody has to wait. Any thread.
class Attempts {
public:
    using Clock = std::chrono::steady_clock;

    /// \param most failures within `window` before an address has to wait for the window's end
    Attempts(std::size_t most, std::chrono::seconds window) : most_{most}, window_{window} {}

    /// \return how long this address has to wait; zero: not at all
    [[nodiscard]] std::chrono::seconds wait_of(std::string_view peer, Clock::time_point now);
    void failed(std::string_view peer, Clock::time_point now);

private:
    struct Count {
        std::size_t failures = 0;
        Clock::time_point until;
    };
    void forget_old(Clock::time_point now);

    static constexpr std::size_t most_peers = 10'000;
    std::size_t const most_;
    std::chrono::seconds const window_;
    std::mutex mutex_;
    std::map<std::string, Count, std::less<>> by_peer_;
};

}  // namespace yihong::http
