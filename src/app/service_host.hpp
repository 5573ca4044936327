#pragma once

#include "options.hpp"
#include "world_loader.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace yihong {

/// The whole service in one process: store, intake, reader pools, routes, HTTP server. Everything is wired together here.
class ServiceHost {
public:
    /// \throws StoreError, std::runtime_error \return what is wrong with the config or its files
    static std::expected<std::unique_ptr<ServiceHost>, Problems> start(Overrides const& overrides, Purpose purpose);
    /// Stops: accepts nothing more, finishes requests, commits, closes.
    ~ServiceHost();
    ServiceHost(ServiceHost const&) = delete;
    ServiceHost& operator=(ServiceHost const&) = delete;

    /// Reads config, standards, sites, layers and alert plan again: all or nothing. \return a summary as JSON, or why nothing was changed
    Result<std::string> reload();

    /// All routes and their parameters, as docs/api.md has them.
    [[nodiscard]] std::string route_tables() const;
    [[nodiscard]] std::string const& address() const noexcept;
    [[nodiscard]] std::uint16_t port() const noexcept;
    /// Of HTTPS, and of stations over TLS; 0: there is none.
    [[nodiscard]] std::uint16_t tls_port() const noexcept;
    [[nodiscard]] std::uint16_t gateway_tls_port() const noexcept;
    /// Where stations connect; none without a gateway.
    [[nodiscard]] std::optional<Endpoint> gateway_endpoint() const;
    /// Whether the engine of the store has failed and has not recovered for as long as [store] give_up_after says.
    [[nodiscard]] bool has_lost_its_store() const;
    /// Opens every door for commands on this machine; lives as long as this object.
    [[nodiscard]] std::string const& control_secret() const noexcept;

private:
    struct State;
    explicit ServiceHost(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace yihong
