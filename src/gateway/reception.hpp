#pragma once

#include "split_times.hpp"

#include "yihong/gateway/device_book.hpp"
#include "yihong/hj212/frame.hpp"
#include "yihong/hj212/segment.hpp"

#include <boost/asio/ip/address.hpp>

#include <optional>
#include <string>

namespace yihong::gateway {

/// What a frame is, and what it asks for. Views live as long as the frame's bytes and this object.
struct Reception {
    enum class Kind : std::uint8_t {
        damaged,       ///< its CRC is wrong: dropped, the sender sends again
        refused,       ///< `failure` says why; not acknowledged
        record,        ///< `meaning` becomes a record
        kept,          ///< understood or not, no record comes of it: state, quality control, heartbeat, unknown commands
        reply          ///< 9011 to 9014: belongs to a command of ours
    };
    Kind kind = Kind::refused;
    std::optional<hj212::Segment> segment;         ///< none where it could not be read
    KnownDevice const* device = nullptr;           ///< set once MN, password and source agree
    bool is_stranger = false;                      ///< refused for who it is: unknown MN, wrong password, wrong source
    Failure failure{};
    std::optional<hj212::Meaning> meaning;
    CrcForm crc = CrcForm::hj212;                  ///< the form of its check sum
    std::string plain_cp;                          ///< the decrypted data area, where it was encrypted
    std::optional<UtcTime> proves_key;             ///< it came under the pending key made then: the station has taken it
    std::string answer;                            ///< 9013 or 9014, to be sent when everything is on disk; empty: none was asked for
    std::string request;                           ///< a request of ours that follows the answer (clock setting); empty: none
};

/// Decides without I/O. \param scratch fields of the data area, reused from frame to frame \param splits of the connection
Reception receive(hj212::Frame const& frame, DeviceBook const& book, boost::asio::ip::address const& source, UtcTime now,
                  std::vector<hj212::Field>& scratch, SplitTimes& splits);

}  // namespace yihong::gateway
