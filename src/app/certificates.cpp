#include "certificates.hpp"

#include <stdexcept>

namespace yihong {

std::optional<Failure> Certificates::problem() const
{
    try {
        for (auto const& each : {https_, hj212_})
            if (each)
                each->check();
    } catch (std::runtime_error const& problem) {
        return Failure{Errc::bad_value, std::string{"nothing was changed: [tls] "} + problem.what()};
    }
    return std::nullopt;
}

void Certificates::read_again() const
{
    for (auto const& each : {https_, hj212_})
        if (each)
            each->read_again();
}

Certificates read_certificates(Config const& config)
{
    auto const& tls = config.tls;
    try {
        auto const made = [&](std::optional<Endpoint> const& endpoint, std::filesystem::path const& authorities, std::string protocol) {
            return endpoint ? std::make_shared<net::Tls>(net::TlsFiles{tls.certificate, tls.key, authorities}, std::move(protocol))
                            : nullptr;
        };
        return {made(tls.listen, {}, "http/1.1"), made(tls.hj212, tls.station_authorities, {})};
    } catch (std::runtime_error const& problem) {
        throw std::runtime_error{std::string{"[tls] "} + problem.what()};
    }
}

}  // namespace yihong
