#include "event_source.hpp"
#include "process.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/field.hpp>
#include <boost/beast/websocket/stream.hpp>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <poll.h>
#include <sys/socket.h>

#include <optional>

/// Live streams of the real service over real sockets.
namespace yihong::e2e {
namespace {

namespace asio = boost::asio;
namespace websocket = boost::beast::websocket;
using asio::ip::tcp;

class WebSocketClient {
public:
    /// \return the error of the handshake
    boost::system::error_code connect(std::uint16_t port, std::string const& query = {}, std::string const& origin = {})
    {
        stream_.next_layer().connect({asio::ip::address_v4::loopback(), port});
        timeval const patience{10, 0};
        ::setsockopt(stream_.next_layer().native_handle(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        if (!origin.empty())
            stream_.set_option(websocket::stream_base::decorator(
                [origin](websocket::request_type& request) { request.set(boost::beast::http::field::origin, origin); }));
        boost::system::error_code ec;
        stream_.handshake(reply, "localhost", "/api/v1/ws" + query, ec);
        return ec;
    }
    std::optional<Json> next()
    {
        boost::beast::flat_buffer buffer;
        boost::system::error_code ec;
        stream_.read(buffer, ec);
        return ec ? std::nullopt : std::optional{Json{boost::beast::buffers_to_string(buffer.data())}};
    }
    websocket::response_type reply;
    [[nodiscard]] unsigned close_code() const { return stream_.reason().code; }

private:
    asio::io_context io_;
    websocket::stream<tcp::socket> stream_{io_};
};

struct Stream : ::testing::Test {
    TemporaryFolder folder;
    int hour = 0;
    std::filesystem::path config(std::string_view more = {}) const { return small_config(folder.path(), more); }
    void post(Service const& service, std::string_view site)
    {
        auto const body =
            fmt::format(R"({{"site":"{}","time":"2026-11-01T{:02}:00:00Z","interval":"4h","values":{{"codmn":{}.5}}}})", site, hour, hour);
        ++hour;
        EXPECT_EQ(service.ingest("application/json", body).at("/accepted"), "1");
    }
};

TEST_F(Stream, AReadingReachesTheListenersAsTheirSitesFeature)
{
    Service const service{folder / "data", {.config = config()}};
    EventSource all{service.port()};
    EXPECT_NE(all.head().find("\r\nContent-Type: text/event-stream\r\n"), std::string::npos) << all.head();
    EventSource of_b{service.port(), "?site=b&type=site"};
    EventSource in_box{service.port(), "?bbox=110.995,34,111.005,36"};        // only site a
    post(service, "a");
    post(service, "b");
    auto const event = all.next();
    ASSERT_TRUE(event);
    EXPECT_EQ(event->type, "site.changed");
    EXPECT_EQ(Json{event->data}.at("/id"), "a");
    EXPECT_EQ(Json{event->data}.at("/properties/codmn"), "0.5");
    EXPECT_EQ(Json{event->data}.at("/properties"), service.json("/collections/water-sections/items/a").at("/properties"));
    EXPECT_EQ(Json{all.next().value().data}.at("/id"), "b");
    EXPECT_EQ(Json{of_b.next().value().data}.at("/id"), "b");
    EXPECT_EQ(Json{in_box.next().value().data}.at("/id"), "a");
    auto const metrics = service.get("/metrics").body;
    EXPECT_NE(metrics.find("\nyihong_stream_clients 3\n"), std::string::npos);
    EXPECT_NE(metrics.find("\nyihong_stream_events_total 2\n"), std::string::npos);
    EXPECT_NE(metrics.find("\nyihong_stream_dropped_total 0\n"), std::string::npos);
}

TEST_F(Stream, WhatHappenedMeanwhileIsNotLost)
{
    Service const service{folder / "data", {.config = config()}};
    std::string id;
    {
        EventSource source{service.port()};
        post(service, "a");
        id = source.next().value().id;
    }
    for (auto const* site : {"b", "c", "d"})
        post(service, site);
    EventSource again{service.port(), {}, id};
    std::string sites;
    for (int i = 0; i < 3; ++i)
        sites += Json{again.next().value().data}.at("/id");
    EXPECT_EQ(sites, "bcd");

    WebSocketClient client;
    ASSERT_FALSE(client.connect(service.port(), "?last_event_id=" + id));
    sites.clear();
    for (int i = 0; i < 3; ++i)
        sites += client.next().value().at("/site");
    EXPECT_EQ(sites, "bcd");
    post(service, "a");
    auto const message = client.next().value();
    EXPECT_EQ(message.at("/type"), "site.changed");
    EXPECT_EQ(message.at("/data/id"), "a");
    EXPECT_EQ(again.next().value().id, message.at("/id"));
}

TEST_F(Stream, AReloadTellsToReadAnew)
{
    Service service{folder / "data", {.config = config()}};
    EventSource source{service.port()};
    post(service, "a");
    (void)source.next();
    service.process().signal(SIGHUP);
    auto const reloaded = source.next().value();
    EXPECT_EQ(reloaded.type, "reset");
    EXPECT_EQ(reloaded.data, R"({"reason":"reloaded"})");
}

TEST_F(Stream, ARestartTellsToReadAnewOnlyWhoHasMissedSomething)
{
    auto const file = config();
    std::string before, last;
    {
        Service service{folder / "data", {.config = file}};
        EventSource source{service.port()};
        before = source.first().id;
        post(service, "a");
        last = source.next().value().id;
        EXPECT_EQ(service.stop(), 0);
    }
    {
        Service service{folder / "data", {.config = file}};
        EventSource goes_on{service.port(), {}, last};
        EXPECT_EQ(goes_on.first().type, "") << "nothing but its place";
        EventSource missed{service.port(), "?type=alert", before};
        EXPECT_EQ(missed.first().type, "reset");
        EXPECT_EQ(missed.first().data, R"({"reason":"missed"})");
        WebSocketClient client;
        ASSERT_FALSE(client.connect(service.port(), "?last_event_id=" + before));
        EXPECT_EQ(client.next().value().at("/type"), "reset");
        post(service, "b");
        auto const next = goes_on.next().value();
        EXPECT_EQ(next.type, "site.changed");
        EXPECT_NE(next.data.find("\"id\":\"b\""), std::string::npos);
        EXPECT_EQ(client.next().value().at("/site"), "b");
        last = next.id;
        EXPECT_EQ(service.stop(), 0);
    }
    config("# another configuration\n");
    Service const service{folder / "data", {.config = file}};
    EventSource source{service.port(), {}, last};
    EXPECT_EQ(source.first().type, "reset") << "sites, standards and layers may be others";
}

TEST_F(Stream, AForeignPageMayNotConnect)
{
    Service const service{folder / "data", {.config = config("[server]\ncors_origins = [\"https://river.test\"]\n")}};
    WebSocketClient evil;
    EXPECT_EQ(evil.connect(service.port(), {}, "https://evil.test"), websocket::error::upgrade_declined);
    EXPECT_EQ(evil.reply.result_int(), 403U);
    WebSocketClient page;
    EXPECT_FALSE(page.connect(service.port(), {}, "https://river.test"));
}

TEST_F(Stream, WrongFiltersAreRefused)
{
    Service const service{folder / "data", {.config = config()}};
    for (auto const* query : {"?site=nobody", "?kind=river", "?type=rain", "?bbox=1,2,3", "?colour=red", "?river="}) {
        auto const reply = service.get(std::string{"/api/v1/stream"} + query);
        EXPECT_EQ(reply.status, 400) << query;
        EXPECT_EQ(*reply.header("content-type"), "application/problem+json");
        WebSocketClient client;
        EXPECT_TRUE(client.connect(service.port(), query)) << query;
        EXPECT_EQ(client.reply.result_int(), 400U) << query;
    }
    EXPECT_EQ(service.get("/api/v1/ws").status, 426);
    EXPECT_EQ(service.json("/api").at("/paths/~1api~1v1~1stream/get/operationId"), "getStream");
}

TEST_F(Stream, StoppingWithOpenStreamsIsQuick)
{
    Service service{folder / "data", {.config = config()}};
    EventSource source{service.port()};
    WebSocketClient client;
    ASSERT_FALSE(client.connect(service.port()));
    auto const begin = std::chrono::steady_clock::now();
    service.process().signal(SIGTERM);
    EXPECT_FALSE(client.next());
    EXPECT_EQ(client.close_code(), 1001U);
    EXPECT_TRUE(source.ended());
    EXPECT_EQ(service.process().wait(), 0);
    EXPECT_LT(std::chrono::steady_clock::now() - begin, 3s);
}

TEST_F(Stream, WhoIsTooSlowIsDroppedAndAnotherGoesOn)
{
    Service const service{folder / "data", {.config = config("[server]\nwrite_deadline = \"1s\"\n")}};
    EventSource quick{service.port()};
    asio::io_context io;
    tcp::socket slow{io};
    slow.open(tcp::v4());
    slow.set_option(asio::socket_base::receive_buffer_size{2048});
    slow.connect({asio::ip::address_v4::loopback(), service.port()});
    asio::write(slow, asio::buffer(std::string_view{"GET /api/v1/stream HTTP/1.1\r\nHost: localhost\r\n\r\n"}));
    auto const metric = [&](std::string_view line) { return service.get("/metrics").body.find(line) != std::string::npos; };
    ASSERT_TRUE(eventually([&] { return metric("\nyihong_stream_clients 2\n"); }));
    int posted = 0, got = 0;
    std::string last;
    auto const begin = std::chrono::steady_clock::now();
    while (!metric("\nyihong_stream_dropped_total 1\n") && std::chrono::steady_clock::now() - begin < 60s) {
        std::string body;
        for (int i = 0; i < 20; ++i, ++posted)         // one commit, one event each
            EXPECT_EQ(
                service
                    .ingest("application/json",
                            fmt::format(
                                R"({{"site":"a","time":"2026-{:02}-{:02}T{:02}:{:02}:00Z","interval":"minute","values":{{"codmn":5.5}}}})",
                                1 + posted / 40320, 1 + posted / 1440 % 28, posted / 60 % 24, posted % 60))
                    .at("/accepted"),
                "1");
        for (int i = 0; i < 20; ++i, ++got)
            last = quick.next().value().id;
    }
    EXPECT_TRUE(metric("\nyihong_stream_dropped_total 1\n")) << posted;
    EXPECT_TRUE(metric("\nyihong_stream_clients 1\n"));
    EXPECT_EQ(got, posted);
    EXPECT_TRUE(last.starts_with(std::to_string(posted) + "-")) << last << ": the number of the commit";
}

}  // namespace
}  // namespace yihong::e2e
