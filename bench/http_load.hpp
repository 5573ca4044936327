#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

namespace yihong::bench {

using Clock = std::chrono::steady_clock;
inline double seconds_since(Clock::time_point begin) { return std::chrono::duration<double>(Clock::now() - begin).count(); }

/// Processor time that process `pid` has used, seconds, in steps of 10 ms.
double processor_seconds(int pid);

/// A load of requests over kept connections, each sending its next request when the last was answered.
struct Load {
    std::uint16_t port = 0;                                                     ///< on 127.0.0.1
    int connections = 1;
    std::chrono::seconds limit{60};                                             ///< no request is begun after this time
    /// The bytes of connection `c`'s next request, which must stay alive until it is answered; nothing: it is done.
    std::function<std::optional<std::string_view>(int c)> next;
    /// \param seconds from the first byte sent to the last received
    std::function<void(int c, int status, std::string_view body, double seconds)> answered;
};

/// Runs it on this thread: raw sockets and epoll, so that the client takes little of the processor it shares with the service.
/// \return seconds from the first request to the last answer \throws std::runtime_error the service closed a connection
double run(Load const& load);

}  // namespace yihong::bench
