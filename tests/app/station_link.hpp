#pragma once

#include "yihong/hj212/cipher.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace yihong::e2e {

/// The bare end of a station's connection: sends bytes, reads frames.
class StationLink {
public:
    explicit StationLink(std::uint16_t port);
    ~StationLink();
    StationLink(StationLink const&) = delete;
    StationLink& operator=(StationLink const&) = delete;

    /// \return false when the other side is gone
    bool send(std::string_view bytes) const;
    /// The segment of the next frame. \return nothing when none comes in time or the connection ends
    [[nodiscard]] std::optional<std::string> receive(std::chrono::milliseconds patience = std::chrono::seconds{5});
    /// Whether the other side ends the connection in time.
    [[nodiscard]] bool is_closed(std::chrono::milliseconds patience = std::chrono::seconds{5});

private:
    [[nodiscard]] bool wait(std::chrono::milliseconds patience) const;
    int socket_;
    bool closed_ = false;
    hj212::FrameDecoder decoder_;
    std::string chunk_;
};

/// A data frame of a surface-water station that asks for an answer.
[[nodiscard]] hj212::Outgoing upload(std::string_view mn, std::string_view data_time, std::string_view values,
                                     int command = hj212::cn::hour);

}  // namespace yihong::e2e
