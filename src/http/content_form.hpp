#pragma once

#include "exchange.hpp"
#include "reply_head.hpp"
#include "thread_state.hpp"

#include <boost/asio/awaitable.hpp>

#include <memory>

namespace yihong::http {

/// A form of finished bytes, by what the client takes and what it has.
struct ContentForm {
    std::shared_ptr<Content const> content;
    Form form;
};

/// The reply becomes 304 where the client has the form already; then there is no body.
ContentForm choose_form(Exchange const& exchange, Reply& reply, std::shared_ptr<Content const> content);

/// Whether the form is to be compressed first, and too large for that to happen on an I/O thread.
bool needs_compression(ContentForm const& chosen) noexcept;
/// Has it made in the background. Where too much waits there, plain bytes are an answer too, and `chosen` says so.
boost::asio::awaitable<void> compress(ContentForm& chosen, Shared& shared);
/// Has the file made that `Content::wants_file` asked for. Where too much waits, there is none.
boost::asio::awaitable<void> make_file(ContentForm const& chosen, Shared& shared);
/// The bytes to send; sets the length.
std::string_view finish_form(ContentForm& chosen);

}  // namespace yihong::http
