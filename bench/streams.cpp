#include "commands.hpp"
#include "http_load.hpp"

#include "yihong/http/server.hpp"
#include "yihong/stream/streams.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <csignal>
#include <cstdio>
#include <functional>
#include <stdexcept>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

namespace yihong::bench {
namespace {

constexpr std::size_t payload_size = 2000;               // as the feature of a section with ten parameters
constexpr std::string_view time_mark = "\"published\":";
constexpr std::string_view end_mark = "\"end\":1}";

void check(bool good, char const* what)
{
    if (!good)
        throw std::system_error{errno, std::generic_category(), what};
}

/// What is published carries the time of it, by the clock that all processes of a machine share.
std::string payload()
{
    auto text = fmt::format("{{{}{},\"filling\":\"", time_mark, Clock::now().time_since_epoch().count());
    text.append(payload_size - text.size() - end_mark.size() - 2, 'x').append("\",").append(end_mark);
    return text;
}

void publish_at_rate(StreamsOptions const& options, std::function<void(std::vector<std::string>)> const& publish)
{
    auto const period = std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(1 / options.rate));
    auto due = Clock::now();
    for (int i = 0; i < static_cast<int>(options.rate * options.seconds); ++i) {
        std::this_thread::sleep_until(due += period);
        std::vector<std::string> payloads;
        for (int e = 0; e < options.events; ++e)
            payloads.push_back(payload());
        publish(std::move(payloads));
    }
}

void tell_port(int pipe, std::uint16_t port) { check(::write(pipe, &port, sizeof port) == sizeof port, "pipe"); }
void wait_for_go(int pipe)
{
    char go = 0;
    check(::read(pipe, &go, 1) == 1, "pipe");
}

void serve_streams(StreamsOptions const& options, int to_parent, int from_parent)
{
    EventFeed feed{{1, 0, utc_now()}};
    Snapshot<Catalog> const catalog{std::make_shared<Catalog const>()};
    stream::Streams streams{feed, catalog};
    Snapshot<http::Router> const router{std::make_shared<http::Router const>(streams.routes())};
    http::ServerOptions server_options;
    server_options.port = 0;
    http::Server server{server_options, router, {}, {}};
    server.start();
    feed.on_publish([&] { server.wake_streams(); });
    tell_port(to_parent, server.port());
    wait_for_go(from_parent);
    std::vector<double> publishing;                      // microseconds that the publisher is held up
    publish_at_rate(options, [&](std::vector<std::string> payloads) {
        std::vector<LiveEvent> events;
        for (auto& text : payloads) {
            LiveEvent event;
            event.type = "site.changed";
            event.site = "zhangliuzhuang";
            event.json = std::make_shared<std::string const>(std::move(text));
            events.push_back(std::move(event));
        }
        auto const begin = Clock::now();
        feed.publish(std::move(events), {1, 0, utc_now()});
        publishing.push_back(seconds_since(begin) * 1e6);
    });
    wait_for_go(from_parent);                            // the parent is done
    std::ranges::sort(publishing);
    fmt::print("  {}: publishing takes {:.1f} us, at most {:.1f} us\n", options.form, publishing[publishing.size() / 2], publishing.back());
    std::fflush(stdout);
    feed.on_publish({});
}

/// The least that can be done: the bytes, one socket after the other.
void serve_plain(StreamsOptions const& options, int to_parent, int from_parent)
{
    Descriptor const listener{::socket(AF_INET, SOCK_STREAM, 0)};
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    check(::bind(listener.get(), reinterpret_cast<sockaddr*>(&address), size) == 0 && ::listen(listener.get(), 1024) == 0 &&
              ::getsockname(listener.get(), reinterpret_cast<sockaddr*>(&address), &size) == 0,
          "listen");
    tell_port(to_parent, ntohs(address.sin_port));
    std::vector<Descriptor> clients;
    int const on = 1;
    while (clients.size() < static_cast<std::size_t>(options.clients)) {
        clients.emplace_back(::accept(listener.get(), nullptr, nullptr));
        check(::setsockopt(clients.back().get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) == 0, "TCP_NODELAY");
    }
    wait_for_go(from_parent);
    publish_at_rate(options, [&](std::vector<std::string> payloads) {
        std::string all;
        for (auto const& text : payloads)
            all.append("data: ").append(text).append("\n\n");
        for (auto const& client : clients)
            check(::send(client.get(), all.data(), all.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(all.size()), "send");
    });
    wait_for_go(from_parent);
}

std::string request_of(std::string const& form)
{
    if (form == "sse")
        return "GET /api/v1/stream HTTP/1.1\r\nHost: localhost\r\n\r\n";
    if (form == "ws")
        return "GET /api/v1/ws HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: "
               "13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    return {};
}

}  // namespace

void streams(StreamsOptions const& options)
{
    open_many_files();
    std::array<int, 2> up{}, down{};
    check(::pipe(up.data()) == 0 && ::pipe(down.data()) == 0, "pipe");
    std::fflush(stdout);
    pid_t const child = ::fork();
    check(child >= 0, "fork");
    if (child == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        int code = 0;
        try {
            (options.form == "tcp" ? serve_plain : serve_streams)(options, up[1], down[0]);
        } catch (std::exception const& problem) {
            fmt::print(stderr, "the server of the streams: {}\n", problem.what());
            code = 1;
        }
        ::_exit(code);
    }
    std::uint16_t port = 0;
    check(::read(up[0], &port, sizeof port) == sizeof port, "pipe");
    auto const go = [&] { check(::write(down[1], "g", 1) == 1, "pipe"); };

    double const memory_before = own_memory(child);
    Descriptor const poll{::epoll_create1(0)};
    struct Client {
        Descriptor socket;
        std::string received;
    };
    std::vector<Client> clients;
    auto const request = request_of(options.form);
    std::array<char, 65536> piece;
    for (int c = 0; c < options.clients; ++c) {
        clients.push_back({connect_to(port), {}});
        int const fd = clients.back().socket.get();
        check(::send(fd, request.data(), request.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(request.size()), "send");
        if (!request.empty())                            // the head of the answer
            check(::recv(fd, piece.data(), piece.size(), 0) > 0, "recv");
        epoll_event event{EPOLLIN, {.u32 = static_cast<std::uint32_t>(c)}};
        check(::epoll_ctl(poll.get(), EPOLL_CTL_ADD, fd, &event) == 0, "epoll_ctl");
    }
    std::this_thread::sleep_for(std::chrono::milliseconds{500});
    double const memory_with = own_memory(child);
    double const processor_before = processor_seconds(child);
    std::size_t const expected =
        static_cast<std::size_t>(options.rate * options.seconds) * static_cast<std::size_t>(options.events * options.clients);
    std::vector<double> delays;
    delays.reserve(expected);
    auto const begin = Clock::now();
    go();
    std::array<epoll_event, 256> events;
    while (delays.size() < expected && seconds_since(begin) < options.seconds + 30) {
        int const count = ::epoll_wait(poll.get(), events.data(), events.size(), 1000);
        for (int i = 0; i < count; ++i) {
            auto& client = clients[events[static_cast<std::size_t>(i)].data.u32];
            auto const size = ::recv(client.socket.get(), piece.data(), piece.size(), 0);
            auto const now = Clock::now().time_since_epoch().count();
            if (size <= 0)
                throw std::runtime_error{"a stream ended"};
            auto& text = client.received;
            text.append(piece.data(), static_cast<std::size_t>(size));
            for (std::size_t end; (end = text.find(end_mark)) != std::string::npos;) {
                auto const at = text.find(time_mark);
                Clock::rep published = 0;
                if (at > end || std::from_chars(text.data() + at + time_mark.size(), text.data() + end, published).ec != std::errc{})
                    throw std::runtime_error{"an event is broken"};
                delays.push_back(static_cast<double>(now - published) / 1e6);
                text.erase(0, end + end_mark.size());
            }
        }
    }
    double const processor = processor_seconds(child) - processor_before;
    double const took = seconds_since(begin);
    double const memory_after = own_memory(child);
    go();
    int status = 0;
    check(::waitpid(child, &status, 0) == child, "waitpid");
    if (delays.size() != expected)
        throw std::runtime_error{fmt::format("{} of {} events came", delays.size(), expected)};
    std::ranges::sort(delays);
    auto const quantile = [&](double q) { return delays[static_cast<std::size_t>(q * static_cast<double>(delays.size() - 1))]; };
    fmt::print("  {}: {} clients, {} publications/s of {} events of {} bytes: p50 {:.2f} ms, p99 {:.2f} ms, at most {:.2f} ms; {:.0f} "
               "deliveries/s, {:.2f} us of processor time each; "
               "own memory {:.0f} bytes a silent client, {:.0f} afterwards\n",
               options.form, options.clients, options.rate, options.events, payload_size, quantile(0.5), quantile(0.99), delays.back(),
               static_cast<double>(expected) / took, processor * 1e6 / static_cast<double>(expected),
               (memory_with - memory_before) / options.clients, (memory_after - memory_before) / options.clients);
}

}  // namespace yihong::bench
