#pragma once

#include "exchange.hpp"
#include "link.hpp"
#include "thread_state.hpp"

#include <optional>
#include <string_view>

namespace yihong::http {

/// Everything that is decided before a body is read: framing, target, proxy, route, credentials. No I/O.
/// \param bytes one complete head
/// \return the reply, when there is nothing for a handler to do
std::optional<Reply> decide(Exchange& exchange, std::string_view bytes, Link const& link, Shared const& shared);

/// The same for an exchange that `KnownRequests` kept: who sends it and what he may do is asked anew.
std::optional<Reply> decide_again(Exchange& exchange, Link const& link, Shared const& shared);

Reply to_reply(Refusal const& refusal);

/// Whether pages of this origin may read replies (`cors_origins`).
bool allows_origin(ServerOptions const& options, std::string_view origin) noexcept;

}  // namespace yihong::http
