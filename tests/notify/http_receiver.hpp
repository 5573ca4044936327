#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>

#include <fmt/format.h>

#include <chrono>
#include <condition_variable>
#include <functional>
#include <list>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace yihong::testing {

/// A receiver of notifications by script, on a real socket, a thread for every connection.
class HttpReceiver {
public:
    struct Got {
        std::string method, target, body;
        boost::beast::http::request<boost::beast::http::string_body> request;
        [[nodiscard]] std::string header(std::string const& name) const { return std::string{request[name]}; }
    };
    struct Answer {
        int status = 200;
        std::string body;
        std::vector<std::pair<std::string, std::string>> headers;
        std::chrono::milliseconds delay{0};
    };
    using Script = std::function<Answer(Got const&, std::size_t count)>;

    HttpReceiver() : HttpReceiver{[](Got const&, std::size_t) { return Answer{}; }} {}
    explicit HttpReceiver(Script script, std::uint16_t port = 0)
        : script_{std::move(script)}, acceptor_{io_, {boost::asio::ip::address_v4::loopback(), port}}
    {
        thread_ = std::thread{[this] { accept(); }};
    }
    ~HttpReceiver()
    {
        {
            std::lock_guard const lock{mutex_};
            stopping_ = true;
            for (auto& socket : sockets_) {
                boost::system::error_code ignored;
                socket.shutdown(boost::asio::ip::tcp::socket::shutdown_both, ignored);
            }
        }
        boost::system::error_code ignored;
        boost::asio::ip::tcp::socket knock{io_};       // accept is blocking
        knock.connect(acceptor_.local_endpoint(), ignored);
        thread_.join();
        for (auto& thread : threads_)
            thread.join();
    }
    [[nodiscard]] std::uint16_t port() const { return acceptor_.local_endpoint().port(); }
    [[nodiscard]] std::string url(std::string_view path = "/hook") const { return fmt::format("http://127.0.0.1:{}{}", port(), path); }
    [[nodiscard]] std::vector<Got> got() const
    {
        std::lock_guard const lock{mutex_};
        return got_;
    }
    bool wait_for(std::size_t count, std::chrono::seconds limit = std::chrono::seconds{20}) const
    {
        std::unique_lock lock{mutex_};
        return arrived_.wait_for(lock, limit, [&] { return got_.size() >= count; });
    }

private:
    void accept()
    {
        for (;;) {
            boost::system::error_code ec;
            boost::asio::ip::tcp::socket socket{io_};
            acceptor_.accept(socket, ec);
            std::lock_guard const lock{mutex_};
            if (stopping_ || ec)
                return;
            sockets_.push_back(std::move(socket));
            threads_.emplace_back([this, &s = sockets_.back()] { serve(s); });
        }
    }
    void serve(boost::asio::ip::tcp::socket& socket)
    {
        namespace beast_http = boost::beast::http;
        boost::beast::flat_buffer buffer;
        for (;;) {
            boost::system::error_code ec;
            beast_http::request<beast_http::string_body> request;
            beast_http::read(socket, buffer, request, ec);
            if (ec)
                break;
            Answer answer;
            {
                std::lock_guard const lock{mutex_};
                got_.push_back({std::string{request.method_string()}, std::string{request.target()}, request.body(), request});
                answer = script_(got_.back(), got_.size());
                arrived_.notify_all();
            }
            std::this_thread::sleep_for(answer.delay);
            beast_http::response<beast_http::string_body> response{static_cast<beast_http::status>(answer.status), 11};
            for (auto const& [name, value] : answer.headers)
                response.set(name, value);
            response.body() = answer.body;
            response.prepare_payload();
            beast_http::write(socket, response, ec);
            if (ec)
                break;
        }
        boost::system::error_code ignored;
        socket.shutdown(boost::asio::ip::tcp::socket::shutdown_both, ignored);
    }

    Script script_;
    boost::asio::io_context io_;
    boost::asio::ip::tcp::acceptor acceptor_;
    mutable std::mutex mutex_;
    mutable std::condition_variable arrived_;
    bool stopping_ = false;
    std::list<boost::asio::ip::tcp::socket> sockets_;
    std::vector<std::thread> threads_;
    std::vector<Got> got_;
    std::thread thread_;
};

}  // namespace yihong::testing
