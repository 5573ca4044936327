#pragma once

#include "yihong/http/client.hpp"

#include "control.hpp"
#include "service_host.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace yihong {

/// How a command works on a data folder: it talks to the service that runs on it; where none runs, it starts one of its own on a
/// free loopback port. So each operation has one way only.
class LocalClient {
public:
    static std::expected<std::unique_ptr<LocalClient>, Problems> connect(Overrides const& overrides);

    /// \param take see `http::request` \throws std::runtime_error when the service is gone
    [[nodiscard]] http::ClientReply request(std::string_view method, std::string const& target, http::TakeBody const& take = {}) const;
    /// The data folder.
    [[nodiscard]] std::filesystem::path const& data() const noexcept { return data_; }

private:
    LocalClient(std::filesystem::path data, Control control, std::unique_ptr<ServiceHost> own)
        : data_{std::move(data)}, control_{std::move(control)}, own_{std::move(own)}
    {}
    std::filesystem::path data_;
    Control control_;
    std::unique_ptr<ServiceHost> own_;
};

/// What a problem document (RFC 9457) says; the whole body where it is none.
std::string problem_detail(http::ClientReply const& reply);

}  // namespace yihong
