#include "commands.hpp"
#include "history.hpp"
#include "http_load.hpp"
#include "station_frames.hpp"

#include "yihong/hj212/frame.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <fstream>
#include <map>
#include <stdexcept>
#include <system_error>
#include <thread>
#include <vector>

namespace yihong::bench {
namespace {

namespace cn = hj212::cn;

/// Reads as fast as it can and answers a burst with as many bytes as the gateway would: what sockets alone cost.
class Sink {
public:
    Sink(std::size_t burst_bytes, std::size_t answer_bytes)
        : burst_{burst_bytes}, answer_(answer_bytes, 'x'), listener_{::socket(AF_INET, SOCK_STREAM, 0)}, epoll_{epoll_create1(0)}
    {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 || ::listen(listener_, 1024) != 0 ||
            ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0)
            throw std::system_error{errno, std::generic_category(), "sink"};
        port_ = ntohs(address.sin_port);
        watch(listener_);
        thread_ = std::thread{[this] { serve(); }};
    }
    ~Sink()
    {
        stop_ = true;
        thread_.join();
        for (auto const& [fd, bytes] : read_)
            ::close(fd);
        ::close(epoll_);
        ::close(listener_);
    }
    [[nodiscard]] std::uint16_t port() const noexcept { return port_; }

private:
    void watch(int fd) const
    {
        epoll_event event{};
        event.events = EPOLLIN;
        event.data.fd = fd;
        epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &event);
    }
    void serve()
    {
        std::array<epoll_event, 64> events;
        std::vector<char> chunk(128 * 1024);
        while (!stop_) {
            int const count = epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), 50);
            for (int i = 0; i < count; ++i) {
                int const fd = events[static_cast<std::size_t>(i)].data.fd;
                if (fd == listener_) {
                    int const accepted = ::accept(listener_, nullptr, nullptr);
                    read_[accepted] = 0;
                    watch(accepted);
                    continue;
                }
                auto const n = ::recv(fd, chunk.data(), chunk.size(), 0);
                if (n <= 0) {
                    ::close(fd);
                    read_.erase(fd);
                    continue;
                }
                auto& bytes = read_[fd];
                bytes += static_cast<std::size_t>(n);
                if (bytes >= burst_) {
                    bytes -= burst_;
                    (void)!::send(fd, answer_.data(), answer_.size(), MSG_NOSIGNAL);
                }
            }
        }
    }
    std::size_t burst_;
    std::string answer_;
    int listener_;
    int epoll_;
    std::uint16_t port_ = 0;
    std::map<int, std::size_t> read_;
    std::atomic<bool> stop_{false};
    std::thread thread_;
};

}  // namespace

void devices(NetworkOptions const& options)
{
    std::ofstream out{options.folder / "yihong.toml", std::ios::app};
    for (int site = 0; site < options.sites; ++site)
        out << fmt::format("\n[[devices]]\nmn = \"{0}\"\nsite = \"{0}\"\npassword = \"123456\"\n", site_id(site));
    out.close();
    if (!out)
        throw std::runtime_error{"the devices cannot be written"};
}

void frames(FramesOptions const& options)
{
    open_many_files();
    int const variants = options.connections > 1000 ? 4 : 32;
    std::optional<History> history;
    if (!options.hourly)
        history.emplace(options.connections, variants);
    Stations stations{
        {.count = options.connections,
         .window = options.window,
         .command = options.hourly ? cn::hour : cn::minute,
         .first = first_time(options.hourly, options.first_minute),
         .variants = variants,
         .values = [&](int site, int variant) { return history ? history->at(site, variant) : good_water_of(site, variant); }}};
    auto const measure = [&](std::uint16_t port, int pid, char const* what) {
        std::vector<double> times;
        double const processor = pid ? processor_seconds(pid) : 0;
        auto load = stations.load(std::chrono::seconds{options.seconds}, options.rate);
        load.port = port;
        load.answered = [&](int, int, std::string_view, double seconds) { times.push_back(seconds); };
        double const wall = run(load);
        double const used = pid ? processor_seconds(pid) - processor : 0;
        auto const all = static_cast<double>(times.size()) * options.window;
        std::ranges::sort(times);
        fmt::print("  {}: {} connections, {} unanswered each: {:.0f} frames/s ({:.2f} M values/s, {:.0f} MB/s), acknowledged after p50 "
                   "{:.2f} ms, p99 {:.2f} ms, at most {:.2f} ms",
                   what, options.connections, options.window, all / wall, all * 10 / wall / 1e6,
                   all * static_cast<double>(stations.frame_bytes()) / wall / 1e6, quantile(times, 0.5) * 1e3, quantile(times, 0.99) * 1e3,
                   times.empty() ? 0 : times.back() * 1e3);
        if (pid && all > 0)
            fmt::print("; {:.2f} us of processor time a frame", used / all * 1e6);
        fmt::print("\n");
    };
    measure(options.port, options.pid, "yihong");
    if (options.sink) {
        stations.send_the_same();                  // they differ in length by their values alone: one is near enough
        auto const window = static_cast<std::size_t>(options.window);
        Sink const sink{stations.frame_bytes() * window, window * answer_size(0, cn::data_answer)};
        measure(sink.port(), 0, "a sink that only reads");
    }
}

void idle_stations(FramesOptions const& options)
{
    open_many_files();
    double const before = own_memory(options.pid);
    std::vector<Descriptor> stations;
    for (int c = 0; c < options.connections; ++c) {
        stations.push_back(connect_to(options.port));
        auto const heartbeat = hj212::to_frame(hj212::to_segment(station_message(c, cn::heartbeat)));
        std::string answer(answer_size(c, cn::notice_answer), ' ');
        if (::send(stations.back().get(), heartbeat.data(), heartbeat.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(heartbeat.size()) ||
            ::recv(stations.back().get(), answer.data(), answer.size(), MSG_WAITALL) != static_cast<ssize_t>(answer.size()))
            throw std::runtime_error{"a heartbeat was not answered"};
    }
    double const after = own_memory(options.pid);
    fmt::print("  {} idle stations, each known by a heartbeat: {:.1f} MB of the service's own memory before, {:.1f} MB with them, {:.0f} "
               "bytes a station\n",
               options.connections, before / 1e6, after / 1e6, (after - before) / options.connections);
}

}  // namespace yihong::bench
