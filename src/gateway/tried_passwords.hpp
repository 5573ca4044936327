#pragma once

#include "yihong/model/frame_text.hpp"

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace yihong::gateway {

/// Keeps out of quarantine what strangers give as a password: it may be that of another station, or of another system. What rests there
/// instead tells, once the device is registered rightly, whether it was that device's, and nothing else. Any thread.
class TriedPasswords {
public:
    /// \param file where the secret of this store rests; made where there is none. Empty: a secret of this run
    /// \throws std::runtime_error when the file can be neither read nor made
    explicit TriedPasswords(std::filesystem::path const& file);

    /// The bytes of a frame with a keyed hash in the place of each secret.
    [[nodiscard]] std::string hidden(std::string_view bytes) const;
    /// The bytes as they came, where `password` is what was hidden in them, or nothing was. \return none where something else was
    [[nodiscard]] std::optional<std::string> shown(std::string_view bytes, std::string_view password) const;

private:
    [[nodiscard]] std::string mark_of(std::string_view password) const;
    std::string secret_;
};

/// What may be kept of a damaged piece of a station's stream: its secrets only where each is the station's own password.
[[nodiscard]] std::string without_foreign_secrets(std::string_view bytes, std::string_view password);

}  // namespace yihong::gateway
