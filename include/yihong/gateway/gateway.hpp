#pragma once

#include "yihong/model/device.hpp"
#include "yihong/net/io_threads.hpp"
#include "yihong/ports/records.hpp"
#include "yihong/write/intake.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace yihong::gateway {

/// Limits and deadlines of the HJ 212 edge; what they mean stands in config/yihong.toml.
struct GatewayOptions {
    std::string address = "127.0.0.1";
    std::uint16_t port = 0;                            ///< 0: a free port
    int threads = 1;
    std::size_t segment_limit = 4096;
    std::size_t connection_limit = 20'000;
    std::size_t connections_per_source_limit = 2'000;  ///< loopback is exempt
    std::size_t frames_per_second_limit = 5'000;       ///< of a connection; it is read no faster
    std::size_t bytes_per_second_limit = 4 * 1024 * 1024;
    std::chrono::hours data_age_limit{0};              ///< older data are refused; 0: of any age
    std::size_t frame_bytes_a_day = 0;                 ///< of one device, kept as evidence; 0: all
    int refusals_limit = 5;                            ///< in a row, then the connection is closed
    std::chrono::milliseconds first_frame_deadline{300'000};
    std::chrono::milliseconds idle_deadline{5 * 3'600'000};
    std::chrono::milliseconds segment_deadline{30'000}; ///< for the rest of a frame that has begun; then the search goes on inside it
    std::chrono::milliseconds split_deadline{60'000};
    std::chrono::milliseconds write_deadline{30'000};
    int refill_days = 7;                               ///< how far back a connected station is asked for missing periods; 0: never
    std::chrono::milliseconds refill_interval{60'000}; ///< between two looks at what is missing
    std::chrono::milliseconds command_timeout{10'000}; ///< for the answer to a command, and for each frame after it
    int command_resends = 3;
    std::size_t command_queue_limit = 8;               ///< commands of a device that wait
    std::chrono::milliseconds confirmation_deadline{300'000};
    std::chrono::milliseconds command_wait{60'000};    ///< so long a request over HTTP waits for its command
    int key_days = 0;  ///< a station of HJ 212-2025 is given a new key when its key is so old; 0: only by command
    std::chrono::milliseconds key_look_interval{60'000};
    std::filesystem::path key_file{};  ///< where the keys that the gateway makes rest; none: it makes none
    std::optional<net::ListenForTls> encrypted{};  ///< stations over TLS, beside those of TCP
    std::filesystem::path secret_file{};  ///< by whose secret tried passwords are hidden; none: one of this run
};

/// Figures since the start, for /metrics.
struct GatewayFigures {
    std::uint64_t connections = 0, accepted_connections = 0, bytes = 0, frames = 0, acknowledged = 0, bad_crc = 0, refused = 0,
                  repeated_refusals = 0, skipped_bytes = 0, unfinished = 0, refused_connections = 0, left_out_frames = 0;
};

/// What quarantine calls the raw bytes of a frame.
inline constexpr std::string_view frame_format = "hj212";

class CommandDesk;
class DeviceBook;
class KeyRing;
class StatusBoard;

/// Takes in what stations send over HJ 212 (数采仪接入), each connection on one of a few I/O threads. A frame is acknowledged when its record is on disk,
/// never when it was refused.
class Gateway {
public:
    /// `intake`, `writer` and `records` outlive the gateway. \pre every device's site is in the world, its units are known (the loader checks it)
    /// \throws std::runtime_error when the file of keys is damaged
    Gateway(GatewayOptions options, Intake& intake, Writer& writer, Records const& records, std::vector<Device> const& devices);
    ~Gateway();  ///< stops
    Gateway(Gateway const&) = delete;
    Gateway& operator=(Gateway const&) = delete;

    /// Binds and begins to serve. \throws std::runtime_error naming the address when it cannot be bound
    void start();
    /// Takes no more, closes every connection (stations send again what was not acknowledged), joins. Idempotent.
    void stop();
    [[nodiscard]] std::uint16_t port() const noexcept;
    /// Of stations over TLS; 0: there is none.
    [[nodiscard]] std::uint16_t tls_port() const noexcept;

    /// Reads the devices anew against the intake's present world. Connections go on; each frame is judged by the book of its moment.
    void replace_devices(std::vector<Device> const& devices);
    /// Reads a quarantined frame again by the present devices; it is let in only if it would be now, also by where it came from.
    /// The batch refers to the entry and to sites of `world`.
    [[nodiscard]] Result<ParsedBatch> read_again(QuarantineEntry const& entry, World const& world) const;
    [[nodiscard]] std::shared_ptr<DeviceBook const> devices() const;
    [[nodiscard]] StatusBoard const& board() const noexcept;
    [[nodiscard]] CommandDesk& commands() noexcept;
    [[nodiscard]] KeyRing& keys() noexcept;
    [[nodiscard]] GatewayFigures figures() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace yihong::gateway
