#pragma once

#include "command_desk.hpp"

#include "yihong/state/completeness.hpp"
#include "yihong/write/writer.hpp"

#include <condition_variable>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

namespace yihong::gateway {

/// What a station has been asked for in vain, so that it is not asked for ever.
class AskedPeriods {
public:
    static constexpr int most_times = 3;
    static constexpr std::chrono::hours again_after{6};

    void ask(Gap const& gap, std::chrono::minutes length, UtcTime now);
    /// The periods that are not to be asked for at `now`.
    [[nodiscard]] std::vector<UtcTime> resting(UtcTime now) const;
    /// Forgets periods before `first`.
    void forget_before(UtcTime first);

private:
    struct Times {
        int count = 0;
        UtcTime last{};
    };
    std::map<UtcTime, Times> periods_;
};

/// Asks connected stations for the periods that they owe (缺数补采), the newest gap first, at most a day of hours at once, one request a station
/// at a time and few stations together; tells the network how many periods every site misses. One thread of its own: it reads the store.
class Refill {
public:
    Refill(GatewayOptions const& options, Writer& writer, Records const& records, Snapshot<DeviceBook> const& book,
           StatusBoard const& board, CommandDesk& desk);
    ~Refill();  ///< stops
    void start();
    void stop();

private:
    struct Station {
        AskedPeriods asked;
        bool is_asked = false;  // a request is under way
        int missing = -1;  // as last told to the network
    };
    void run();
    void look(UtcTime now);
    void look_at(KnownDevice const& known, UtcTime now);
    void ask(KnownDevice const& known, IntervalKind kind, Gap const& gap, UtcTime now);

    GatewayOptions const& options_;
    Writer& writer_;
    Records const& records_;
    Snapshot<DeviceBook> const& book_;
    StatusBoard const& board_;
    CommandDesk& desk_;
    std::mutex mutex_;
    std::condition_variable wake_;
    bool stopping_ = false;
    int under_way_ = 0;
    std::unordered_map<std::string, Station> stations_;  // by MN
    std::thread thread_;
};

}  // namespace yihong::gateway
