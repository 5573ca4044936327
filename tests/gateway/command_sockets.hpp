#pragma once

#include "core_fixture.hpp"

#include "yihong/gateway/device_book.hpp"
#include "yihong/gateway/gateway.hpp"
#include "yihong/gateway/routes.hpp"
#include "yihong/gateway/status_board.hpp"
#include "yihong/hj212/cipher.hpp"
#include "yihong/http/client.hpp"
#include "yihong/http/server.hpp"
#include "yihong/net/pool.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>

#include <gtest/gtest.h>

#include <future>
#include <poll.h>
#include <thread>

namespace yihong::gateway {

using namespace std::chrono_literals;
namespace asio = boost::asio;
using asio::ip::tcp;

inline std::string const the_mn = "010000A8900016F000169DC0";
inline std::string const other_mn = "010000A8900016F000169DC1";
inline std::string const path = "/api/v1/devices/" + the_mn + "/commands";

/// What a station got, with its own bytes.
struct Got {
    int cn = 0;
    std::string qn, st, pw, cp;
    std::optional<int> flag;
};

inline Got const damaged{-1, {}, {}, {}, {}, {}};

/// A logger that does what the test says.
class Station {
public:
    explicit Station(std::uint16_t port, std::string mn = the_mn) : mn_{std::move(mn)}
    {
        socket_.connect({asio::ip::address_v4::loopback(), port});
        send({.qn = "20160801080000001", .st = "32", .cn = 2011, .flag = 4, .cp = "DataTime=20160801080000;w01001-Rtd=7.1,w01001-Flag=N"});
    }
    void send(hj212::Outgoing frame, hj212::Sm4 const* key = nullptr)
    {
        frame.pw = "123456";
        frame.mn = mn_;
        boost::system::error_code ignored;
        asio::write(socket_, asio::buffer(hj212::to_frame(frame, CrcForm::hj212, key)), ignored);
    }
    void reply(Got const& to, int cn, std::string cp) { send({.qn = to.qn, .st = "91", .cn = cn, .flag = 4, .cp = std::move(cp)}); }
    /// An upload that asks for an answer.
    void upload(int cn, std::string qn, std::string cp)
    {
        send({.qn = std::move(qn), .st = "32", .cn = cn, .flag = 5, .cp = std::move(cp)});
    }
    /// The next frame; CN 0 when none comes.
    Got get(std::chrono::milliseconds patience = 5s)
    {
        auto const until = std::chrono::steady_clock::now() + patience;
        for (;;) {
            if (auto const frame = decoder_.next()) {
                auto const segment = hj212::parse_segment(frame->segment);
                if (!segment || (hj212::crc_of(frame->segment) != frame->crc && !hj212::looks_encrypted(segment->cp)))
                    return damaged;
                Got got{
                    segment->cn,  std::string{segment->qn}, std::string{segment->st}, std::string{segment->pw}, std::string{segment->cp},
                    segment->flag};
                return got;
            }
            decoder_.settle();
            auto const left = std::chrono::duration_cast<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
            pollfd poll{socket_.native_handle(), POLLIN, 0};
            if (left <= 0ms || ::poll(&poll, 1, static_cast<int>(left.count())) <= 0)
                return {};
            boost::system::error_code ec;
            auto const n = socket_.read_some(asio::buffer(buffer_), ec);
            if (ec)
                return {};
            decoder_.feed({buffer_.data(), n});
        }
    }
    [[nodiscard]] std::uint64_t skipped() const { return decoder_.skipped(); }

private:
    std::string mn_;
    asio::io_context io_;
    tcp::socket socket_{io_};
    std::array<char, 65536> buffer_{};
    hj212::FrameDecoder decoder_;
};

/// Stations and an operator over real sockets, at a gateway that asks.
class CommandOverSockets : public testing::CoreFixture {
protected:
    void serve(GatewayOptions options = {}, std::string key = {})
    {
        Device device;
        device.mn = the_mn;
        device.site = "a";
        device.password = "123456";
        device.sm4_key = std::move(key);
        auto second = device;
        second.mn = other_mn;
        second.site = "b";
        gateway = std::make_unique<Gateway>(options, core->intake, core->writer, store, std::vector{device, second});
        gateway->start();
        router.publish(std::make_shared<http::Router const>(make_routes({*gateway, store, store, core->state.catalog, readers})));
        auto const everybody = [](std::string_view) { return std::optional{http::Principal{"probe", {http::Scope::operate}}}; };
        http::ServerOptions edge;
        edge.port = 0;
        server = std::make_unique<http::Server>(edge, router, everybody, [](http::RequestSummary const&) {});
        server->start();
    }
    void TearDown() override
    {
        if (gateway)
            gateway->stop();
        server.reset();
        gateway.reset();
    }
    void wait_for_connection(std::string const& mn = the_mn, std::uint64_t connections = 1)
    {
        for (int i = 0; i < 500; ++i) {
            auto const status = gateway->board().status(mn);
            if (status.edition && status.connections >= connections)
                return;
            std::this_thread::sleep_for(10ms);
        }
        FAIL() << "the station did not get in";
    }
    http::ClientReply ask(std::string_view method, std::string const& target, std::string_view body = {})
    {
        return http::request("127.0.0.1", server->port(), method, target, {{"Content-Type", "application/json"}}, body);
    }
    std::future<http::ClientReply> begin(std::string body, std::string target = path)
    {
        return std::async(std::launch::async,
                          [this, body = std::move(body), target = std::move(target)] { return ask("POST", target, body); });
    }
    static bool has(http::ClientReply const& reply, std::string_view text) { return reply.body.find(text) != std::string::npos; }
    static std::string id_of(http::ClientReply const& reply)
    {
        auto const at = reply.body.find("\"id\":\"") + 6;
        return reply.body.substr(at, reply.body.find('"', at) - at);
    }
    static GatewayOptions quick()
    {
        GatewayOptions options;
        options.command_timeout = 150ms;
        return options;
    }

    net::Pool readers{1, 16};
    Snapshot<http::Router> router{std::make_shared<http::Router const>(std::vector<http::Route>{})};
    std::unique_ptr<Gateway> gateway;
    std::unique_ptr<http::Server> server;
};

}  // namespace yihong::gateway
