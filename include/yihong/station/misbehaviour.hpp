#pragma once

#include "yihong/base/result.hpp"

#include <chrono>
#include <string_view>

namespace yihong::station {

/// What a station does wrong on purpose. Shares are of the frames sent, 0 to 1; no duration: not at all.
struct Misbehaviour {
    double bad_crc = 0;                ///< the check sum is wrong
    double cut = 0;                    ///< only the first half of the frame is sent
    double no_tail = 0;                ///< CR LF is left out
    double garbage = 0;                ///< bytes that are no frame go before the frame
    double duplicates = 0;             ///< what was acknowledged is sent once more, under a new QN
    std::chrono::milliseconds silence{0};      ///< once a connection, after its first frame: sends nothing and hears nothing for so long
    std::chrono::milliseconds drift{0};        ///< the clock is fast by so much, until the host sets it
    std::chrono::milliseconds flood{
        0};        ///< for so long after it first connects, sends its readings over and over without waiting for answers
    bool wrong_password = false;
    bool operator==(Misbehaviour const&) const = default;
};

/// `bad-crc:0.01,cut,silence:30s,drift:-120s,wrong-password`: names by commas, each with a share or a duration if it likes.
/// \return Errc::bad_value naming the part
Result<Misbehaviour> parse_misbehaviour(std::string_view text);

}  // namespace yihong::station
