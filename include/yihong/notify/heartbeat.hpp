#pragma once

#include "yihong/model/channel.hpp"
#include "yihong/service/intake.hpp"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace yihong::notify {

/// Fetches an outside URL at regular intervals as long as the store takes commits, so that an outside watcher (dead-man's switch)
/// notices when this service does not live any more. Each beat is one small commit.
class Heartbeat {
public:
    explicit Heartbeat(HeartbeatSettings settings) : settings_{std::move(settings)} {}
    ~Heartbeat() { stop(); }
    Heartbeat(Heartbeat const&) = delete;
    Heartbeat& operator=(Heartbeat const&) = delete;

    /// Nothing happens without a URL. The intake lives until `stop`.
    void start(Intake& intake);
    void stop();

private:
    void run(Intake& intake);
    [[nodiscard]] bool can_commit(Intake& intake);

    HeartbeatSettings settings_;
    std::mutex mutex_;
    std::condition_variable wake_;
    std::atomic<bool> stopping_{false};
    std::thread thread_;
};

}  // namespace yihong::notify
