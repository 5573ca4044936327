#pragma once

#include "exchange.hpp"
#include "link.hpp"
#include "output.hpp"
#include "reply_head.hpp"

#include "yihong/compress/deflate.hpp"

#include <boost/asio/awaitable.hpp>

#include <memory>
#include <string>
#include <string_view>

namespace yihong::http {

/// Chooses how a stream goes out. The reply becomes 304 where the client has it already; then there is no body.
/// \param encoding of the body
Form choose_stream_form(Exchange& exchange, Reply& reply, StreamBody const& body, Encoding& encoding);

/// Pulls a stream piece by piece, compresses and frames it: one piece in memory at a time.
class StreamPump {
public:
    /// \param chunked HTTP/1.1; otherwise the end of the connection is the end of the body. `body` outlives the pump.
    StreamPump(StreamBody const& body, Encoding encoding, bool chunked);

    /// Makes the next piece, on the stream's pool where it has one. Where that is full, the first piece is refused, later ones wait.
    /// \throws net::PoolBusy, and what the source throws
    boost::asio::awaitable<void> fill();
    /// The piece, framed. Valid until the next `fill`.
    [[nodiscard]] std::string_view bytes() const noexcept { return piece_; }
    [[nodiscard]] bool is_last() const noexcept { return !more_; }

private:
    void make_piece();

    StreamBody const& body_;
    std::unique_ptr<BodySource> source_;
    Deflater deflater_;
    bool compresses_;
    bool chunked_;
    bool more_ = true;
    std::string piece_;
    std::string plain_;                            // before compression
};

/// Sends `output.head` and the stream, whose first piece is there already. Where the source fails, the connection ends so that the client
/// notices. \return false then, and when the peer is gone
boost::asio::awaitable<bool> send_stream(Link& link, Output& output, ServerOptions const& options, Exchange const& exchange,
                                         StreamPump& pump);

}  // namespace yihong::http
