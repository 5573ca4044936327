#pragma once

#include "history.hpp"
#include "http_load.hpp"

#include "yihong/hj212/segment.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace yihong::bench {

/// A message of a site's station, without a data area.
hj212::Outgoing station_message(int site, int command);
/// Bytes of the gateway's answer to it.
std::size_t answer_size(int site, int command);

/// A data frame whose DataTime and CRC are set anew for each sending.
class DataFrame {
public:
    /// \param command minute or hour data of the ten factors
    DataFrame(int site, int command, History::Values const& values);
    void set_time(UtcTime time);
    [[nodiscard]] std::string const& bytes() const noexcept { return frame_; }

private:
    std::string frame_;
    std::size_t time_at_ = 0;
};

/// The `n`th of readings that are Class II at worst and never twice the same in a row: nothing that a rule would object to.
History::Values good_water(int n);
inline History::Values good_water_of(int site, int variant) { return good_water(site + variant); }

/// Where a load begins that has sent `sent` frames of each station before. Hours lie twenty years back: at some thousands a second they
/// would soon be in the future.
UtcTime first_time(bool hourly, int sent);

/// Stations 0, 1, …, each over a connection of its own, sending bursts of data frames and waiting for their answers.
class Stations {
public:
    struct Options {
        int count = 1;
        int window = 1;                          ///< frames of a burst
        int command = hj212::cn::minute;
        UtcTime first{};                         ///< each frame's time is one minute or hour after that of the one before
        int variants = 32;                       ///< of the values of a station
        std::function<History::Values(int site, int variant)> values;
    };
    explicit Stations(Options options);
    Stations(Stations const&) = delete;
    Stations& operator=(Stations const&) = delete;

    /// The load without its `port` and `answered`; it lives no longer than this and the next call ends it. Every run sends on where the last one ended.
    /// \param rate frames a second of all; 0: as many as are answered
    Load load(std::chrono::seconds limit, double rate);
    /// From now on every frame is the same, so that all bursts are equally long.
    void send_the_same();
    [[nodiscard]] std::size_t frame_bytes() const noexcept { return lanes_.front().frames.front().bytes().size(); }

private:
    struct Lane {
        std::vector<DataFrame> frames;
        std::string burst;
        std::size_t sent = 0;
        Clock::time_point due{};
    };
    Options options_;
    std::vector<Lane> lanes_;
};

}  // namespace yihong::bench
