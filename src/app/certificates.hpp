#pragma once

#include "yihong/config/config.hpp"
#include "yihong/net/tls.hpp"

#include <memory>
#include <optional>

namespace yihong {

/// The certificates that TLS works with (证书), read again with the configuration. Any thread.
class Certificates {
public:
    /// \param https, hj212 null: not listened to
    Certificates(std::shared_ptr<net::Tls> https, std::shared_ptr<net::Tls> hj212) : https_{std::move(https)}, hj212_{std::move(hj212)} {}

    [[nodiscard]] std::shared_ptr<net::Tls> const& https() const noexcept { return https_; }
    [[nodiscard]] std::shared_ptr<net::Tls> const& hj212() const noexcept { return hj212_; }
    /// What stands against reading the files as they are now.
    [[nodiscard]] std::optional<Failure> problem() const;
    /// For connections that come from now on.
    void read_again() const;

private:
    std::shared_ptr<net::Tls> https_;
    std::shared_ptr<net::Tls> hj212_;
};

/// \throws std::runtime_error naming the file that cannot be used
Certificates read_certificates(Config const& config);

}  // namespace yihong
