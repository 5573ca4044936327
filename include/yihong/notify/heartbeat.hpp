#pragma once

#include "yihong/model/channel.hpp"
#include "yihong/write/writer.hpp"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace yihong::notify {

/// Fetches an outside URL at regular intervals as long as the store takes commits, so that an outside watcher (dead-man's switch)
/// notices when this service does not live any more. Each beat asks the writer for one small write.
class Heartbeat {
public:
    /// The writer outlives it.
    Heartbeat(HeartbeatSettings settings, Writer& writer) : settings_{std::move(settings)}, writer_{writer} {}
    ~Heartbeat() { stop(); }
    Heartbeat(Heartbeat const&) = delete;
    Heartbeat& operator=(Heartbeat const&) = delete;

    /// Nothing happens without a URL.
    void start();
    void stop();

private:
    void run();
    [[nodiscard]] bool can_commit();

    HeartbeatSettings settings_;
    Writer& writer_;
    std::mutex mutex_;
    std::condition_variable wake_;
    std::atomic<bool> stopping_{false};
    std::thread thread_;
};

}  // namespace yihong::notify
