#pragma once

#include "yihong/http/message.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace yihong::http {

struct ClientReply {
    int status = 0;
    Headers headers;
    std::string body;                              ///< as sent: no Content-Encoding is undone

    /// The first value of a field, its name in any case. \return null when absent
    [[nodiscard]] std::string const* header(std::string_view name) const noexcept;
};

/// Takes a body piece by piece. \param whole its length; none: nobody knows
using TakeBody = std::function<void(std::string_view piece, std::optional<std::uint64_t> whole)>;

/// One HTTP/1.1 request over a connection of its own, for commands that talk to a running service and for tests. Blocks.
/// \param timeout for everything together \param take gets the body of a reply under 300, which then has none
/// \throws std::runtime_error naming the address when it cannot be reached, answers no HTTP or takes too long
ClientReply request(std::string const& address, std::uint16_t port, std::string_view method, std::string_view target,
                    Headers const& headers = {}, std::string_view body = {}, std::chrono::milliseconds timeout = std::chrono::seconds{30},
                    TakeBody const& take = {});

}  // namespace yihong::http
