#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <utility>

namespace yihong::bench {

using Clock = std::chrono::steady_clock;
inline double seconds_since(Clock::time_point begin) { return std::chrono::duration<double>(Clock::now() - begin).count(); }

/// A file descriptor that closes itself.
class Descriptor {
public:
    /// \throws std::system_error when there is none
    explicit Descriptor(int fd);
    Descriptor(Descriptor&& other) noexcept : fd_{std::exchange(other.fd_, -1)} {}
    Descriptor& operator=(Descriptor&&) = delete;
    ~Descriptor();
    [[nodiscard]] int get() const noexcept { return fd_; }

private:
    int fd_;
};
/// A connection to a port of 127.0.0.1, without delay.
Descriptor connect_to(std::uint16_t port);

/// Processor time that process `pid` has used, seconds, in steps of 10 ms.
double processor_seconds(int pid);
/// Memory of process `pid` that is its own (RssAnon), bytes.
double own_memory(int pid);
/// As many descriptors as the system lets this process have.
void open_many_files();

/// A load of requests over kept connections, each sending its next request when the last was answered.
struct Load {
    std::uint16_t port = 0;                                                     ///< on 127.0.0.1
    int connections = 1;
    std::chrono::seconds limit{60};                                             ///< no request is begun after this time
    /// The bytes of connection `c`'s next request, which must stay alive until it is answered; nothing: it is done.
    std::function<std::optional<std::string_view>(int c)> next;
    /// Set: an answer of connection `c` is whole when so many bytes have come, whatever they are (`status` is 0). Otherwise answers are HTTP.
    std::function<std::size_t(int c)> answer_bytes;
    /// Set: how long connection `c` waits before its next request, for a load below the maximum.
    std::function<Clock::duration(int c)> pause;
    /// \param seconds from the first byte sent to the last received
    std::function<void(int c, int status, std::string_view body, double seconds)> answered;
};

/// Runs it on this thread: raw sockets and epoll, so that the client takes little of the processor it shares with the service.
/// \return seconds from the first request to the last answer \throws std::runtime_error the service closed a connection
double run(Load const& load);

}  // namespace yihong::bench
