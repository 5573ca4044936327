#include "commands.hpp"
#include "history.hpp"
#include "http_load.hpp"
#include "station_frames.hpp"

#include "yihong/hj212/frame.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <charconv>
#include <condition_variable>
#include <exception>
#include <map>
#include <mutex>
#include <optional>
#include <random>
#include <stdexcept>
#include <system_error>
#include <thread>
#include <vector>

namespace yihong::bench {
namespace {

namespace cn = hj212::cn;

constexpr int load_stations = 100;
constexpr int window_for_most = 64;
constexpr int window_of_load = 16;
constexpr std::chrono::seconds patience{20};
constexpr std::size_t ammonia = 6;                 // in `measured`

void check(bool good, char const* what)
{
    if (!good)
        throw std::system_error{errno, std::generic_category(), what};
}

/// A webhook's receiver, which answers 204 at once and remembers when the first byte of the post about each site came.
class Receiver {
public:
    explicit Receiver(std::uint16_t port) : listener_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)}
    {
        int const on = 1;
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        check(setsockopt(listener_.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
                  ::bind(listener_.get(), reinterpret_cast<sockaddr const*>(&address), sizeof address) == 0 &&
                  ::listen(listener_.get(), 16) == 0,
              "receiver");
        thread_ = std::jthread{[this](std::stop_token const& stop) { run(stop); }};
    }

    /// \throws std::runtime_error it does not come
    Clock::time_point first_byte(std::string const& site)
    {
        std::unique_lock lock{mutex_};
        if (!came_.wait_for(lock, patience, [&] { return first_bytes_.contains(site); }))
            throw std::runtime_error{fmt::format("no alert of {} came within {} s", site, patience.count())};
        return first_bytes_.at(site);
    }
    [[nodiscard]] int connections() const noexcept { return connections_; }

private:
    static bool readable(int fd)
    {
        pollfd waits{fd, POLLIN, 0};
        return ::poll(&waits, 1, 50) > 0;
    }
    void run(std::stop_token const& stop)
    {
        while (!stop.stop_requested()) {
            if (!readable(listener_.get()))
                continue;
            Descriptor const socket{::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC)};
            int const on = 1;
            setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
            ++connections_;
            while (!stop.stop_requested() && (!readable(socket.get()) || take_post(socket.get()))) {
            }
        }
    }
    /// \return whether the other side is still there
    bool take_post(int socket)
    {
        constexpr std::string_view answer = "HTTP/1.1 204 No Content\r\n\r\n";
        std::string post;
        std::array<char, 64 * 1024> chunk;
        std::size_t whole = 0;
        Clock::time_point first{};
        while (whole == 0 || post.size() < whole) {
            auto const n = ::recv(socket, chunk.data(), chunk.size(), 0);
            if (n <= 0)
                return false;
            if (post.empty())
                first = Clock::now();
            post.append(chunk.data(), static_cast<std::size_t>(n));
            if (auto const end = post.find("\r\n\r\n"); whole == 0 && end != post.npos)
                whole = end + 4 + content_length(std::string_view{post}.substr(0, end + 2));
        }
        (void)!::send(socket, answer.data(), answer.size(), MSG_NOSIGNAL);
        constexpr std::string_view name = "\"site\":\"";
        auto const at = post.find(name);
        if (at != post.npos && post.find("\"type\":\"yihong.alert.opened\"") != post.npos) {
            auto const begin = at + name.size();
            std::lock_guard const lock{mutex_};
            first_bytes_.emplace(post.substr(begin, post.find('"', begin) - begin), first);
            came_.notify_all();
        }
        return true;
    }

    Descriptor listener_;
    std::mutex mutex_;
    std::condition_variable came_;
    std::map<std::string, Clock::time_point> first_bytes_;
    std::atomic<int> connections_{0};
    std::jthread thread_;                          // ends first
};

void send_all(int socket, std::string_view bytes)
{
    check(::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(bytes.size()), "send");
}

/// Class IV by ammonia nitrogen alone: the site's first record opens one alert by `exceed-notice` and can fulfil no other rule.
History::Values class_iv(int n)
{
    auto values = good_water(n);
    values[ammonia] = 1200 + n % 200;
    return values;
}

/// One record that opens an alert, over a connection of its own.
struct Probe {
    int site = 0;
    bool is_frame = false;
    std::string bytes;
    std::optional<Descriptor> socket;
    std::string answer;
    Clock::time_point sent{};
    Clock::time_point answered{};
};

/// The station is known to the gateway: it has sent a heartbeat.
Probe frame_probe(AlertsOptions const& options, int site)
{
    Probe probe{.site = site, .is_frame = true, .bytes = {}, .socket = connect_to(options.hj212_port), .answer = {}};
    auto const heartbeat = hj212::to_frame(hj212::to_segment(station_message(site, cn::heartbeat)));
    std::string answer(answer_size(site, cn::notice_answer), ' ');
    send_all(probe.socket->get(), heartbeat);
    check(::recv(probe.socket->get(), answer.data(), answer.size(), MSG_WAITALL) == static_cast<ssize_t>(answer.size()),
          "the answer to a heartbeat");
    DataFrame frame{site, cn::hour, class_iv(site)};
    frame.set_time(std::chrono::floor<std::chrono::hours>(utc_now()));
    probe.bytes = frame.bytes();
    return probe;
}

/// It connects shortly before its time: the server does not keep silent clients for long.
Probe post_probe(int site)
{
    std::string body;
    append_record(body, Form::json, site, std::chrono::floor<std::chrono::hours>(utc_now()), "hour", class_iv(site));
    return {.site = site, .is_frame = false, .bytes = post_of(Form::json, body), .socket = {}, .answer = {}};
}

/// Notes when the answer to each probe is whole.
class Answers {
public:
    explicit Answers(std::vector<Probe>& probes)
        : probes_{probes}, epoll_{epoll_create1(EPOLL_CLOEXEC)}, thread_{[this](std::stop_token const& stop) { run(stop); }}
    {}
    void expect(std::size_t probe)
    {
        epoll_event event{};
        event.events = EPOLLIN;
        event.data.u64 = probe;
        check(epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, probes_[probe].socket->get(), &event) == 0, "epoll_ctl");
    }
    void wait_for_all()
    {
        for (auto const begin = Clock::now(); whole_ < probes_.size();) {
            if (Clock::now() - begin > patience)
                throw std::runtime_error{
                    fmt::format("{} of {} records were answered within {} s", whole_.load(), probes_.size(), patience.count())};
            std::this_thread::sleep_for(std::chrono::milliseconds{1});
        }
        thread_ = {};
    }

private:
    void run(std::stop_token const& stop)
    {
        std::array<epoll_event, 16> events;
        std::array<char, 4096> chunk;
        while (!stop.stop_requested()) {
            int const count = epoll_wait(epoll_.get(), events.data(), static_cast<int>(events.size()), 50);
            for (int i = 0; i < count; ++i) {
                auto& probe = probes_[events[static_cast<std::size_t>(i)].data.u64];
                auto const n = ::recv(probe.socket->get(), chunk.data(), chunk.size(), MSG_DONTWAIT);
                if (n <= 0) {                      // closed; whoever waits for the answer says so
                    epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, probe.socket->get(), nullptr);
                    continue;
                }
                bool const was_whole = is_whole(probe);
                probe.answer.append(chunk.data(), static_cast<std::size_t>(n));
                if (!was_whole && is_whole(probe)) {
                    probe.answered = Clock::now();
                    ++whole_;
                }
            }
        }
    }
    static bool is_whole(Probe const& probe)
    {
        if (probe.is_frame)
            return probe.answer.size() >= answer_size(probe.site, cn::data_answer);
        auto const end = probe.answer.find("\r\n\r\n");
        return end != probe.answer.npos &&
               probe.answer.size() >= end + 4 + content_length(std::string_view{probe.answer}.substr(0, end + 2));
    }

    std::vector<Probe>& probes_;
    std::atomic<std::size_t> whole_{0};
    Descriptor epoll_;
    std::jthread thread_;
};

void print(char const* what, std::vector<Probe> const& probes, bool frames, Receiver& receiver, double aim)
{
    std::vector<double> to_webhook;
    std::vector<double> to_answer;
    auto const seconds = [](Clock::duration time) { return std::chrono::duration<double>(time).count(); };
    for (auto const& probe : probes) {
        if (probe.is_frame != frames)
            continue;
        if (!frames && (!probe.answer.starts_with("HTTP/1.1 200") || probe.answer.find("\"accepted\":1,") == probe.answer.npos))
            throw std::runtime_error{"a post was refused: " + probe.answer.substr(0, 300)};
        to_webhook.push_back(seconds(receiver.first_byte(site_id(probe.site)) - probe.sent));
        to_answer.push_back(seconds(probe.answered - probe.sent));
    }
    std::ranges::sort(to_webhook);
    std::ranges::sort(to_answer);
    auto const p99 = quantile(to_webhook, 0.99);
    fmt::print("  {} alerts by {}: to the webhook's first byte p50 {:.2f} ms, p99 {:.2f} ms, at most {:.2f} ms (aim: p99 {:.0f} ms, {}); "
               "to the answer p50 {:.2f} ms, p99 {:.2f} ms\n",
               to_webhook.size(), what, quantile(to_webhook, 0.5) * 1e3, p99 * 1e3, to_webhook.back() * 1e3, aim * 1e3,
               p99 < aim ? "met" : "missed", quantile(to_answer, 0.5) * 1e3, quantile(to_answer, 0.99) * 1e3);
}

}  // namespace

void alerts(AlertsOptions const& options)
{
    open_many_files();
    if (options.sites < load_stations + 2)
        throw std::runtime_error{fmt::format("more than {} sites are needed", load_stations + 1)};
    Receiver receiver{options.hook_port};
    std::vector<Probe> probes;
    for (int site = load_stations; site < options.sites; ++site)
        probes.push_back(site % 2 ? post_probe(site) : frame_probe(options, site));
    std::optional<Stations> stations;
    std::exception_ptr broken;
    std::vector<double> answers;
    double wall = 0;
    double rate = 0;
    std::jthread loading;
    if (options.load) {
        auto const command = options.hourly ? cn::hour : cn::minute;
        Stations most{{.count = load_stations,
                       .window = window_for_most,
                       .command = command,
                       .first = first_time(options.hourly, 0),
                       .values = good_water_of}};
        auto load = most.load(std::chrono::seconds{options.seconds}, 0);
        load.port = options.hj212_port;
        std::size_t bursts = 0;
        load.answered = [&](int, int, std::string_view, double) { ++bursts; };
        double const seconds = run(load);
        double const maximum = static_cast<double>(bursts * window_for_most) / seconds;
        rate = maximum / 2;
        fmt::print("  load: {} stations, {} data, {:.0f} frames/s at most; half of it from here on\n", load_stations,
                   options.hourly ? "4-hour" : "minute", maximum);
        auto const used = static_cast<int>(static_cast<double>(bursts * window_for_most) / load_stations * 2);
        stations.emplace(Stations::Options{.count = load_stations,
                                           .window = window_of_load,
                                           .command = command,
                                           .first = first_time(options.hourly, used),
                                           .values = good_water_of});
        loading = std::jthread{[&](std::stop_token const& stop) {
            try {
                auto half = stations->load(std::chrono::hours{1}, rate);
                half.port = options.hj212_port;
                half.answered = [&](int, int, std::string_view, double took) { answers.push_back(took); };
                half.next = [&, next = std::move(half.next)](int c) { return stop.stop_requested() ? std::nullopt : next(c); };
                wall = run(half);
            } catch (...) {
                broken = std::current_exception();
            }
        }};
        std::this_thread::sleep_for(std::chrono::seconds{1});
    }
    // each at its own time, however long the one before takes; at rest some come while the service does what it does in a pause
    std::mt19937 random{7};
    std::uniform_int_distribution<int> gap_us{0, 150'000};
    Answers answers_to_probes{probes};
    auto const begin = Clock::now();
    double const processor = options.pid ? processor_seconds(options.pid) : 0;
    auto due = begin;
    double latest = 0;
    for (std::size_t i = 0; i < probes.size(); ++i) {
        auto& probe = probes[i];
        if (!probe.socket)
            probe.socket.emplace(connect_to(options.port));
        answers_to_probes.expect(i);
        std::this_thread::sleep_until(due += std::chrono::microseconds{gap_us(random)});
        latest = std::max(latest, seconds_since(due));
        probe.sent = Clock::now();
        send_all(probe.socket->get(), probe.bytes);
    }
    answers_to_probes.wait_for_all();
    for (auto const& probe : probes)
        receiver.first_byte(site_id(probe.site));
    double const took = seconds_since(begin);
    double const used = options.pid ? processor_seconds(options.pid) - processor : 0;
    if (loading.joinable()) {
        loading.request_stop();
        loading.join();
    }
    if (broken)
        std::rethrow_exception(broken);
    double const aim = options.load ? 0.250 : 0.050;
    print("HJ 212 frame", probes, true, receiver, aim);
    print("HTTP post", probes, false, receiver, aim);
    fmt::print("  {} sites; {:.1f} alerts a second, none sent more than {:.1f} ms late, over {} connection(s) to the receiver",
               options.sites, static_cast<double>(probes.size()) / took, latest * 1e3, receiver.connections());
    if (options.pid)
        fmt::print("; the service used {:.0f} % of a core", used / took * 100);
    fmt::print("\n");
    if (options.load) {
        std::ranges::sort(answers);
        fmt::print("  meanwhile {:.0f} frames/s were acknowledged ({:.0f} asked for), p50 {:.2f} ms, p99 {:.2f} ms\n",
                   static_cast<double>(answers.size()) * window_of_load / wall, rate, quantile(answers, 0.5) * 1e3,
                   quantile(answers, 0.99) * 1e3);
    }
}

}  // namespace yihong::bench
