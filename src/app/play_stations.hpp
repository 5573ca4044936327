#pragma once

#include "world_loader.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace yihong {

/// The command line of `yihong station`, as text where the text still has to be checked.
struct PlayOptions {
    std::string connect;
    std::vector<std::string> readings;
    std::vector<std::string> devices;                  ///< MNs of the config to play; empty: all
    std::string mn;                                    ///< made-up stations instead of the config's
    std::size_t count = 1;
    std::vector<std::string> sites;  ///< whose readings made-up stations send, in turn; empty: every site with readings
    std::string password = "123456";
    std::string st;
    std::string edition;
    std::string crc = "hj212";
    std::string sm4_key;
    std::size_t window = 1;
    std::string speed = "max";
    bool shift_to_now = false;
    bool loop = false;                                 ///< the readings again and again, up to now and on from there
    std::string round_ends;  ///< of a loop, RFC 3339: when a round is over; empty: by the times of the readings
    bool as_normal = false;  ///< whatever state the stations were in
    std::size_t from_last = 0;
    std::size_t gap = 0;
    std::vector<std::string> scale;  ///< `ammonia_nitrogen=3`: values of a parameter times a number
    std::string misbehave;
    std::string heartbeat = "60s";
    std::string answer_timeout = "10s";
    int resends = 3;
    bool unanswered = false;
    bool start_up = false;
    bool clock_request = false;
    bool forever = false;
    int threads = 1;
};

/// Plays stations until their readings are sent, or a signal comes; the last line of output is JSON with the sums.
/// \return the exit code: 1 also when frames were never acknowledged
int play_stations(Overrides const& overrides, PlayOptions const& options);

}  // namespace yihong
