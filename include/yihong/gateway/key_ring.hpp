#pragma once

#include "yihong/base/snapshot.hpp"
#include "yihong/hj212/cipher.hpp"
#include "yihong/hj212/frame.hpp"
#include "yihong/model/device.hpp"

#include <boost/asio/thread_pool.hpp>

#include <chrono>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace yihong::gateway {

/// A device's SM4 key (密钥).
struct DeviceKey {
    std::string text;                              ///< as Sm4::from_key takes it
    hj212::Sm4 sm4;
    std::optional<UtcTime> made_at{};              ///< none: it is the configuration's
    std::optional<UtcTime> in_force_since{};       ///< none: offered to the station, which has not said that it took it
};

/// The keys of one device, oldest first; at most the last one is pending. Immutable.
class KeySet {
public:
    /// So long after a new key came in force, frames under the ones before are taken too.
    static constexpr std::chrono::hours overlap{24};

    /// \pre at least one of the keys is in force
    explicit KeySet(std::vector<DeviceKey> keys) : keys_{std::move(keys)} {}

    [[nodiscard]] DeviceKey const& in_force() const noexcept;
    /// \return null when none is
    [[nodiscard]] DeviceKey const* pending() const noexcept;
    [[nodiscard]] std::vector<DeviceKey> const& all() const noexcept { return keys_; }

    struct Opened {
        std::string plain;
        DeviceKey const* key;
    };
    /// The data area of a frame that came at `at`, in clear: by the key in force, the pending one, or those before within `overlap`, whichever
    /// gives a text to which the frame's CRC belongs. \return what the key in force makes of it where none does
    [[nodiscard]] Opened open(hj212::Frame const& frame, std::string_view cp, CrcForm form, UtcTime at) const;

private:
    std::vector<DeviceKey> keys_;
};

/// The keys of all devices. What the gateway made itself rests in a file that only its owner may read. Any thread.
class KeyRing {
public:
    /// \param file none: nothing is kept, and none can be made \throws std::runtime_error when it is there and cannot be read
    explicit KeyRing(std::filesystem::path file);
    ~KeyRing();  ///< finishes writing

    /// The keys of a device, always up to date; null when it has no `sm4_key`. That one is the first; another one in the configuration begins anew.
    [[nodiscard]] std::shared_ptr<Snapshot<KeySet> const> keys_of(Device const& device, UtcTime now);

    /// Makes a key to be offered to the station, on disk when this returns. One that is pending already stays: the station may have taken it.
    /// Blocks. \pre the device has keys \throws std::runtime_error when it cannot be written
    void make(std::string const& mn, UtcTime now);
    /// The station has taken the pending key made at `made_at`. Written behind: after a crash the key is pending still, and what the station
    /// sends under it puts it in force again.
    void put_in_force(std::string const& mn, UtcTime made_at, UtcTime now);

private:
    void read();
    void save();

    std::filesystem::path file_;
    std::mutex mutex_;  // guards keys_; never held while the disk is waited for
    std::mutex file_mutex_;  // one writer at a time
    std::unordered_map<std::string, std::shared_ptr<Snapshot<KeySet>>> keys_;
    boost::asio::thread_pool writer_{1};
};

}  // namespace yihong::gateway
