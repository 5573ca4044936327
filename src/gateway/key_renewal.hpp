#pragma once

#include "command_desk.hpp"

#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_map>

namespace yihong::gateway {

/// Gives connected stations new keys (更新密钥) once theirs is `key_days` old. One thread of its own: keys are waited for until they are on disk.
class KeyRenewal {
public:
    KeyRenewal(GatewayOptions const& options, Snapshot<DeviceBook> const& book, StatusBoard const& board, CommandDesk& desk, KeyRing& keys)
        : options_{options}, book_{book}, board_{board}, desk_{desk}, keys_{keys}
    {}
    void start();
    void stop();

private:
    void run(std::stop_token const& stop);
    void look(UtcTime now);
    [[nodiscard]] bool is_due(KnownDevice const& known, UtcTime now) const;

    GatewayOptions const& options_;
    Snapshot<DeviceBook> const& book_;
    StatusBoard const& board_;
    CommandDesk& desk_;
    KeyRing& keys_;
    std::unordered_map<std::string, UtcTime> tried_;  // by MN; the thread's own
    std::mutex mutex_;
    std::condition_variable_any wake_;
    std::jthread thread_;
};

}  // namespace yihong::gateway
