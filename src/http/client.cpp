#include "yihong/http/client.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <algorithm>
#include <array>
#include <exception>
#include <optional>
#include <stdexcept>

namespace yihong::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;

asio::awaitable<ClientReply> exchange(asio::ip::tcp::endpoint endpoint, std::string message, bool head_only, TakeBody take)
{
    auto const executor = co_await asio::this_coro::executor;
    asio::ip::tcp::socket socket{executor};
    co_await socket.async_connect(endpoint, asio::use_awaitable);
    boost::system::error_code refused;                 // a server that refuses a body may answer and close while it is being sent
    co_await asio::async_write(socket, asio::buffer(message), asio::redirect_error(asio::use_awaitable, refused));

    beast::http::response_parser<beast::http::string_body> parser;
    parser.body_limit(boost::none);
    parser.header_limit(64 * 1024);
    parser.eager(true);
    parser.skip(head_only);
    std::string buffer;
    std::array<char, 16 * 1024> piece;
    auto const hand_on = [&] {
        auto& come = parser.get().body();
        if (!take || come.empty() || parser.get().result_int() >= 300)
            return;
        auto const length = parser.content_length();
        take(come, length ? std::optional<std::uint64_t>{*length} : std::nullopt);
        come.clear();
    };
    while (!parser.is_done()) {
        boost::system::error_code ec;
        auto const room = asio::buffer(piece);
        std::size_t const received = co_await socket.async_read_some(room, asio::redirect_error(asio::use_awaitable, ec));
        if (ec == asio::error::eof && parser.got_some()) {
            parser.put_eof(ec);
            if (ec)
                throw boost::system::system_error{ec};
            break;
        }
        if (ec)
            throw boost::system::system_error{ec};
        buffer.append(piece.data(), received);
        while (!buffer.empty() && !parser.is_done()) {
            std::size_t const used = parser.put(asio::buffer(buffer), ec);
            buffer.erase(0, used);
            if (ec == beast::http::error::need_more)
                break;
            if (ec)
                throw boost::system::system_error{ec};
        }
        hand_on();
    }
    auto& response = parser.get();
    ClientReply reply;
    reply.status = static_cast<int>(response.result_int());
    for (auto const& field : response)
        reply.headers.emplace_back(field.name_string(), field.value());
    reply.body = std::move(response.body());
    co_return reply;
}

}  // namespace

std::string const* ClientReply::header(std::string_view name) const noexcept
{
    auto const found = std::ranges::find_if(headers, [&](auto const& field) { return beast::iequals(field.first, name); });
    return found == headers.end() ? nullptr : &found->second;
}

ClientReply request(std::string const& address, std::uint16_t port, std::string_view method, std::string_view target,
                    Headers const& headers, std::string_view body, std::chrono::milliseconds timeout, TakeBody const& take)
{
    try {
        asio::ip::tcp::endpoint const endpoint{asio::ip::make_address(address), port};
        std::string message;
        message.append(method).append(" ").append(target).append(" HTTP/1.1\r\nHost: ");
        message.append(endpoint.address().is_v6() ? "[" + address + "]" : address).append(":").append(std::to_string(port));
        message += "\r\nConnection: close\r\n";
        for (auto const& [name, value] : headers)
            message.append(name).append(": ").append(value).append("\r\n");
        if (!body.empty() || method == "POST" || method == "PUT" || method == "PATCH")
            message.append("Content-Length: ").append(std::to_string(body.size())).append("\r\n");
        message.append("\r\n").append(body);
        asio::io_context io{1};
        std::optional<ClientReply> reply;
        std::exception_ptr failure;
        asio::co_spawn(io, exchange(endpoint, std::move(message), method == "HEAD", take),
                       [&](std::exception_ptr thrown, ClientReply made) {
                           failure = thrown;
                           reply = std::move(made);
                       });
        io.run_for(timeout);
        if (failure)
            std::rethrow_exception(failure);
        if (!reply)
            throw std::runtime_error{"it took longer than " + std::to_string(timeout.count()) + " ms"};
        return std::move(*reply);
    } catch (boost::system::system_error const& error) {   // its own text would carry a place in the source
        throw std::runtime_error{"no answer from http://" + address + ":" + std::to_string(port) + ": " + error.code().message()};
    } catch (std::runtime_error const& error) {
        throw std::runtime_error{"no answer from http://" + address + ":" + std::to_string(port) + ": " + error.what()};
    }
}

}  // namespace yihong::http
