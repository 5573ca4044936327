#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>

#include <fmt/format.h>

#include <poll.h>
#include <sys/socket.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace yihong::e2e {

namespace asio = boost::asio;
using asio::ip::tcp;

struct Event {
    std::string id, type, data;
};

/// A client of server-sent events, as a browser's EventSource is one.
class EventSource {
public:
    EventSource(std::uint16_t port, std::string_view query = {}, std::string_view last_event_id = {})
    {
        socket_.connect({asio::ip::address_v4::loopback(), port});
        auto const field = last_event_id.empty() ? std::string{} : fmt::format("Last-Event-ID: {}\r\n", last_event_id);
        asio::write(socket_, asio::buffer(fmt::format("GET /api/v1/stream{} HTTP/1.0\r\nHost: localhost\r\n{}\r\n", query, field)));
        head_ = until("\r\n\r\n").value_or("");
        id_ = block().value_or(Event{}).id;            // the service tells the place first
    }
    [[nodiscard]] std::string const& head() const noexcept { return head_; }
    /// Where a reconnect goes on.
    [[nodiscard]] std::string const& id() const noexcept { return id_; }
    /// What opened the stream where that was an event, or the next event. \return nothing when none comes in time or the stream has ended
    std::optional<Event> next()
    {
        while (auto event = block())
            if (!event->type.empty())
                return event;
        return std::nullopt;
    }
    /// The event that the first block was, if it was one.
    [[nodiscard]] Event const& first() const noexcept { return first_; }
    bool ended() { return !until("\n\n") && ended_; }

private:
    std::optional<Event> block()
    {
        auto const text = until("\n\n");
        if (!text)
            return std::nullopt;
        Event event;
        std::size_t at = 0;
        while (at < text->size()) {
            auto const end = text->find('\n', at);
            auto const line = text->substr(at, end - at);
            at = end + 1;
            if (line.starts_with("id: "))
                id_ = event.id = line.substr(4);
            else if (line.starts_with("event: "))
                event.type = line.substr(7);
            else if (line.starts_with("data: "))
                event.data += line.substr(6);
        }
        if (first_.id.empty())
            first_ = event;
        return event;
    }
    std::optional<std::string> until(std::string_view mark)
    {
        std::size_t at;
        while ((at = buffer_.find(mark)) == std::string::npos) {
            pollfd waiting{socket_.native_handle(), POLLIN, 0};
            if (::poll(&waiting, 1, 10'000) <= 0)
                return std::nullopt;
            char piece[4096];
            auto const received = ::recv(socket_.native_handle(), piece, sizeof piece, 0);
            ended_ = received <= 0;
            if (ended_)
                return std::nullopt;
            buffer_.append(piece, static_cast<std::size_t>(received));
        }
        auto text = buffer_.substr(0, at + mark.size());
        buffer_.erase(0, text.size());
        return text;
    }

    asio::io_context io_;
    tcp::socket socket_{io_};
    std::string buffer_;
    std::string head_;
    std::string id_;
    Event first_;
    bool ended_ = false;
};

}  // namespace yihong::e2e
