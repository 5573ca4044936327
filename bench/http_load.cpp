#include "http_load.hpp"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <fstream>
#include <functional>
#include <queue>
#include <stdexcept>
#include <string>
#include <system_error>
#include <vector>

namespace yihong::bench {
namespace {

void check(bool good, char const* what)
{
    if (!good)
        throw std::system_error{errno, std::generic_category(), what};
}

struct Connection {
    Descriptor socket;
    std::string_view to_send;
    std::string received;
    std::size_t expected = 0;                  ///< bytes of the whole answer, 0: the head is not complete
    std::size_t head = 0;
    Clock::time_point sent;
    bool waits_to_write = false;
};

}  // namespace

std::size_t content_length(std::string_view head)
{
    constexpr std::string_view name = "\r\nContent-Length: ";
    if (head.starts_with("HTTP/1.1 204"))
        return 0;
    auto const at = head.find(name);
    std::size_t length = 0;
    if (at == head.npos || std::from_chars(head.data() + at + name.size(), head.data() + head.size(), length).ec != std::errc{})
        throw std::runtime_error{"a message without Content-Length: " + std::string{head.substr(0, 200)}};
    return length;
}

double quantile(std::vector<double> const& sorted, double q)
{
    return sorted.empty() ? 0 : sorted[std::min(sorted.size() - 1, static_cast<std::size_t>(q * static_cast<double>(sorted.size())))];
}

Descriptor::Descriptor(int fd) : fd_{fd} { check(fd >= 0, "descriptor"); }
Descriptor::~Descriptor()
{
    if (fd_ >= 0)
        close(fd_);
}

Descriptor connect_to(std::uint16_t port)
{
    Descriptor socket{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    check(::connect(socket.get(), reinterpret_cast<sockaddr const*>(&address), sizeof address) == 0, "connect");
    int const on = 1;
    check(setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) == 0, "TCP_NODELAY");
    return socket;
}

double processor_seconds(int pid)
{
    std::ifstream in{"/proc/" + std::to_string(pid) + "/stat"};
    std::string text;
    std::getline(in, text);
    auto at = text.rfind(')');                 // the name before it may hold blanks
    if (at == std::string::npos)
        throw std::runtime_error{"there is no process " + std::to_string(pid)};
    for (int field = 2; field < 14; ++field)
        at = text.find(' ', at + 1);
    std::size_t read = 0;
    std::string const rest = text.substr(at);
    auto const user = std::stoll(rest, &read);
    auto const system = std::stoll(rest.substr(read));
    return static_cast<double>(user + system) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

double own_memory(int pid)
{
    std::ifstream in{"/proc/" + std::to_string(pid) + "/status"};
    for (std::string line; std::getline(in, line);)
        if (line.starts_with("RssAnon:"))
            return std::stod(line.substr(8)) * 1024;
    throw std::runtime_error{"there is no process " + std::to_string(pid)};
}

void open_many_files()
{
    rlimit limit{};
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

namespace {

/// One run of a load: its connections and what each of them waits for.
class Run {
public:
    explicit Run(Load const& load);
    double seconds();

private:
    using Due = std::pair<Clock::time_point, int>;

    void watch(int c, int operation, std::uint32_t events);
    void send_some(int c);
    void begin_next(int c);
    /// Begins the next request, after its pause where there is one.
    void go_on(int c);
    void receive(int c);
    /// Hands over an answer that is there as a whole. \return false: more of it must come
    bool take_answer(int c);

    Load const& load_;
    Descriptor epoll_{epoll_create1(EPOLL_CLOEXEC)};
    std::vector<Connection> connections_;
    Clock::time_point begin_;
    int active_ = 0;
    std::priority_queue<Due, std::vector<Due>, std::greater<>> due_;
    std::array<char, 64 * 1024> chunk_;
};

Run::Run(Load const& load) : load_{load}
{
    for (int c = 0; c < load_.connections; ++c)
        connections_.push_back({connect_to(load_.port), {}, {}, 0, 0, {}, false});
    begin_ = Clock::now();
}

void Run::watch(int c, int operation, std::uint32_t events)
{
    epoll_event event{};
    event.events = events;
    event.data.u32 = static_cast<std::uint32_t>(c);
    check(epoll_ctl(epoll_.get(), operation, connections_[static_cast<std::size_t>(c)].socket.get(), &event) == 0, "epoll_ctl");
}

void Run::send_some(int c)
{
    auto& connection = connections_[static_cast<std::size_t>(c)];
    while (!connection.to_send.empty()) {
        auto const n = ::send(connection.socket.get(), connection.to_send.data(), connection.to_send.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        if (n < 0 && errno == EAGAIN)
            break;
        check(n >= 0, "send");
        connection.to_send.remove_prefix(static_cast<std::size_t>(n));
    }
    if (bool const waits = !connection.to_send.empty(); waits != connection.waits_to_write) {
        connection.waits_to_write = waits;
        watch(c, EPOLL_CTL_MOD, waits ? EPOLLIN | EPOLLOUT : EPOLLIN);
    }
}

void Run::begin_next(int c)
{
    auto const request = Clock::now() - begin_ < load_.limit ? load_.next(c) : std::nullopt;
    if (!request) {
        --active_;
        return;
    }
    auto& connection = connections_[static_cast<std::size_t>(c)];
    connection.to_send = *request;
    connection.received.clear();
    connection.expected = 0;
    connection.sent = Clock::now();
    send_some(c);
}

void Run::go_on(int c)
{
    if (auto const pause = load_.pause ? load_.pause(c) : Clock::duration{}; pause > Clock::duration{})
        due_.emplace(Clock::now() + pause, c);
    else
        begin_next(c);
}

void Run::receive(int c)
{
    auto& connection = connections_[static_cast<std::size_t>(c)];
    auto const n = ::recv(connection.socket.get(), chunk_.data(), chunk_.size(), MSG_DONTWAIT);
    if (n < 0 && errno == EAGAIN)
        return;
    check(n >= 0, "recv");
    if (n == 0)
        throw std::runtime_error{"the service closed a connection"};
    connection.received.append(chunk_.data(), static_cast<std::size_t>(n));
    if (take_answer(c))
        go_on(c);
}

bool Run::take_answer(int c)
{
    auto& connection = connections_[static_cast<std::size_t>(c)];
    if (load_.answer_bytes) {
        if (connection.received.size() < load_.answer_bytes(c))
            return false;
        load_.answered(c, 0, connection.received, seconds_since(connection.sent));
        return true;
    }
    if (connection.expected == 0) {
        auto const end = connection.received.find("\r\n\r\n");
        if (end == std::string::npos)
            return false;
        connection.head = end + 4;
        connection.expected = connection.head + content_length(std::string_view{connection.received}.substr(0, end + 2));
    }
    if (connection.received.size() < connection.expected)
        return false;
    int status = 0;
    std::from_chars(connection.received.data() + 9, connection.received.data() + 12, status);
    load_.answered(c, status, std::string_view{connection.received}.substr(connection.head), seconds_since(connection.sent));
    return true;
}

double Run::seconds()
{
    for (int c = 0; c < load_.connections; ++c) {
        watch(c, EPOLL_CTL_ADD, EPOLLIN);
        ++active_;
    }
    for (int c = 0; c < load_.connections; ++c)
        go_on(c);
    std::array<epoll_event, 64> events;
    while (active_ > 0) {
        for (; !due_.empty() && due_.top().first <= Clock::now(); due_.pop())
            begin_next(due_.top().second);
        if (active_ == 0)
            break;
        int const count = epoll_wait(epoll_.get(), events.data(), static_cast<int>(events.size()), due_.empty() ? 30'000 : 1);
        check(count >= 0 || errno == EINTR, "epoll_wait");
        if (count == 0 && due_.empty())
            throw std::runtime_error{"no answer for 30 s"};
        for (int i = 0; i < count; ++i) {
            auto const& event = events[static_cast<std::size_t>(i)];
            int const c = static_cast<int>(event.data.u32);
            if (event.events & EPOLLOUT)
                send_some(c);
            if (event.events & (EPOLLIN | EPOLLHUP | EPOLLERR))
                receive(c);
        }
    }
    return seconds_since(begin_);
}

}  // namespace

double run(Load const& load) { return Run{load}.seconds(); }

}  // namespace yihong::bench
