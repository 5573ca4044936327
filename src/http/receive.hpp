#pragma once

#include "body_budget.hpp"
#include "exchange.hpp"
#include "link.hpp"
#include "thread_state.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <optional>

/// Requests as they come over a link.
namespace yihong::http {

/// Waits for the next request head.
/// \return the size of a complete head at the front of the input; 0 when the peer is gone or `refusal` is set
boost::asio::awaitable<std::size_t> receive_head(Link& link, ThreadState const& thread, std::optional<Refusal>& refusal);

/// Reads the body of a request into it, as far as `share` lets it. \return false when the peer is gone; `refused` is set when the body is not taken
boost::asio::awaitable<bool> receive_body(Link& link, Exchange& exchange, ServerOptions const& options, BodyBudget::Share& share,
                                          std::optional<Reply>& refused);

/// Skips a body that nobody asked for, where all of it has come; otherwise the connection is given up.
void skip_body(Link& link, Exchange& exchange);

/// Closing while the peer still sends would reset the connection and may destroy the reply on its way: reads on for a moment.
boost::asio::awaitable<void> linger(Link& link);

}  // namespace yihong::http
