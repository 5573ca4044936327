#pragma once

#include "exchange.hpp"
#include "link.hpp"
#include "output.hpp"
#include "reply_head.hpp"
#include "thread_state.hpp"

#include <boost/asio/awaitable.hpp>

#include <optional>
#include <string_view>
#include <variant>

namespace yihong::http {

/// Bytes of a file, `size` of them from `offset` on.
struct FileRange {
    std::uint64_t offset = 0;
    std::uint64_t size = 0;
    bool operator==(FileRange const&) const = default;
};

struct NotSatisfiable {
    bool operator==(NotSatisfiable const&) const = default;
};

/// Reads the Range field for a file of `size` bytes (RFC 9110 §14.2). Nothing: the whole file, also for several ranges and what is malformed.
std::variant<std::monostate, FileRange, NotSatisfiable> read_range(std::string_view range, std::uint64_t size) noexcept;

/// A file as the client wants it: whole, in part, or not at all.
struct FileForm {
    FileRange part;
    Form form;
};

/// The reply becomes 206, 304 or 416 where it has to be; for 416 its body becomes a problem, and nothing is returned.
std::optional<FileForm> choose_file_form(Exchange const& exchange, Reply& reply, FileBody const& body);

/// Sends `output.head` and a part of a file, which is read in the background where it is not in memory yet.
/// \return false when the peer is gone
boost::asio::awaitable<bool> send_file(Link& link, Output& output, Shared& shared, OpenFile const& file, FileRange part);

}  // namespace yihong::http
