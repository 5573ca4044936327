#pragma once

#include "yihong/hj212/cipher.hpp"
#include "yihong/station/misbehaviour.hpp"
#include "yihong/station/upload.hpp"

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace yihong::station {

/// One station (现场机): who it is, what it sends, and how it behaves.
struct StationOptions {
    std::string mn;
    std::string password = "123456";
    std::string st = "21";                             ///< system type
    hj212::Edition edition = hj212::Edition::hj212_2017;
    CrcForm crc = CrcForm::hj212;
    std::optional<hj212::Sm4> key;                     ///< data areas are encrypted with it
    Uploads uploads;                                   ///< may be null: sends only heartbeats and answers
    std::chrono::milliseconds loop_period{0};          ///< uploads come again, each time later by so much; 0: once
    std::size_t window = 1;                            ///< data frames that may be unanswered at once; real loggers: 1
    bool asks_answers = true;                          ///< false: Flag bit 0 is 0, nothing waits for 9014
    std::chrono::milliseconds answer_timeout{10'000};
    int resends = 3;
    std::size_t left_out_every = 0;                    ///< every so manyth record is only sent when the host asks for it; 0: none
    std::chrono::milliseconds heartbeat{0};            ///< 0: none
    bool announces_start = false;                      ///< 2081 after connecting
    bool asks_for_clock = false;                       ///< 1013 after connecting
    Misbehaviour misbehaviour;
};

struct FleetOptions {
    std::string address = "127.0.0.1";                 ///< numeric
    std::uint16_t port = 0;
    int threads = 1;
    double speed = 0;                                  ///< 1: as the records came; 3600: an hour a second; 0: as fast as answers come
    bool stays = false;                                ///< after the readings go on with heartbeats and answers, until stop()
    std::chrono::milliseconds first_back_off{1'000};   ///< after a lost connection; doubles up to a minute
    int connect_attempts = 0;                          ///< failures in a row after which a station gives up; 0: never
    int connects_per_second = 2'000;                   ///< of each thread, when it starts
    std::function<UtcTime()> now = utc_now;            ///< the stations' true time; called on any of the threads
};

/// Times to the answer in about 1000 classes, each 6 % wide.
class AnswerTimes {
public:
    void add(std::chrono::microseconds time) noexcept;
    void add(AnswerTimes const& other) noexcept;
    /// \param share 0.5: the median. Within 6 %. \return 0 when there are none
    [[nodiscard]] std::chrono::microseconds at(double share) const noexcept;
    [[nodiscard]] std::chrono::microseconds longest() const noexcept { return std::chrono::microseconds{longest_}; }

private:
    std::array<std::uint64_t, 1024> classes_{};
    std::uint64_t count_ = 0;
    std::uint64_t longest_ = 0;
};

struct FleetTotals {
    std::uint64_t connected = 0;                       ///< connections made
    std::uint64_t lost = 0;  ///< connections that the host ended, or that were ended because nothing was answered
    std::uint64_t failed_connects = 0;
    std::uint64_t sent = 0;  ///< data frames, each once; with history and duplicates
    std::uint64_t acknowledged = 0;
    std::uint64_t resent = 0;
    std::uint64_t refused = 0;  ///< given up: sent as often as allowed and never answered
    std::uint64_t unsent = 0;  ///< still waiting when it ended
    std::uint64_t left_out = 0;  ///< kept for when the host asks
    std::uint64_t duplicated = 0;
    std::uint64_t flooded = 0;  ///< frames sent without waiting; not among `sent`
    std::uint64_t spoilt = 0;  ///< frames sent wrong on purpose
    std::uint64_t heartbeats = 0;
    std::uint64_t requests = 0;  ///< of the host
    std::uint64_t bad_frames = 0;  ///< of the host: wrong check sum or unreadable
    AnswerTimes answer_times;  ///< from the first sending to the answer

    void add(FleetTotals const& other) noexcept;
};

/// Plays stations over TCP, spread over a few threads. Each station keeps one connection, which it renews when it is lost.
class StationFleet {
public:
    StationFleet(FleetOptions options, std::vector<StationOptions> stations);
    /// Stops and waits.
    ~StationFleet();
    StationFleet(StationFleet const&) = delete;
    StationFleet& operator=(StationFleet const&) = delete;

    /// \param on_finished called once, on one of the threads, when every station is done or stopped
    void start(std::function<void()> on_finished = {});
    /// Closes every connection. From any thread, any number of times.
    void stop();
    /// Waits until every station is done or stopped.
    void wait();
    /// \pre wait() has returned
    [[nodiscard]] FleetTotals totals() const;

private:
    struct Worker;
    FleetOptions options_;
    std::vector<std::unique_ptr<Worker>> workers_;
    std::function<void()> on_finished_;
    std::atomic<std::size_t> running_{0};
};

}  // namespace yihong::station
