#pragma once

#include "yihong/http/message.hpp"

#include <expected>
#include <functional>
#include <memory>
#include <string>

namespace yihong::http {

/// What a reply without end sends, piece by piece. Every call comes on the connection's I/O thread and must be quick; it dies with the connection.
class StreamSource {
public:
    virtual ~StreamSource() = default;

    struct Piece {
        std::shared_ptr<std::string const> bytes;  ///< null: nothing at present
        bool end = false;  ///< there is no more: the connection closes
    };
    /// The next piece. Asked whenever the socket has taken what was under way, after every `Server::wake_streams`, and at least four times a second.
    /// As the bytes of an event stream, or one text message of a WebSocket.
    virtual Piece next() = 0;
    /// What keeps a silent event stream alive, every `ServerOptions::stream_heartbeat`. A WebSocket is pinged instead.
    virtual std::shared_ptr<std::string const> heartbeat() = 0;
    /// The peer took nothing for the write deadline, or answered no ping; the connection closes.
    virtual void overdue() noexcept = 0;
};

/// Checks the request and opens what it asks for; or the reply that refuses it. Quick, as QuickHandler.
using OpenStream = std::function<std::expected<std::unique_ptr<StreamSource>, Reply>(Request const&)>;

/// Server-sent events: `text/event-stream`, never cached, compressed or buffered. HEAD gets the head alone. Ends when the peer closes its
/// sending side, takes nothing for the write deadline, or the server stops.
struct EventStreamHandler {
    OpenStream open;
};

/// A WebSocket (RFC 6455) of text messages to the client; 426 where no upgrade is asked for. A page of another origin than those of
/// `cors_origins` and the service's own gets 403. Pings every `stream_heartbeat`; who answers none until the next is gone. Nothing is taken: a
/// message from the client ends it with 1008, more than 1 KB of it at once. Without compression, so that no peer costs a window of memory.
struct WebSocketHandler {
    OpenStream open;
};

}  // namespace yihong::http
