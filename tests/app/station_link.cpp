#include "station_link.hpp"

#include "yihong/base/time.hpp"

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <stdexcept>

namespace yihong::e2e {

StationLink::StationLink(std::uint16_t port) : socket_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)}
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket_, reinterpret_cast<sockaddr const*>(&address), sizeof address) != 0) {
        ::close(socket_);
        throw std::runtime_error{"the gateway does not take the connection"};
    }
}

StationLink::~StationLink() { ::close(socket_); }

bool StationLink::send(std::string_view bytes) const
{
    while (!bytes.empty()) {
        auto const n = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (n <= 0)
            return false;
        bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    return true;
}

bool StationLink::wait(std::chrono::milliseconds patience) const
{
    pollfd ready{socket_, POLLIN, 0};
    return ::poll(&ready, 1, static_cast<int>(patience.count())) == 1;
}

std::optional<std::string> StationLink::receive(std::chrono::milliseconds patience)
{
    auto const end = std::chrono::steady_clock::now() + patience;
    for (;;) {
        if (auto const frame = decoder_.next())
            return std::string{frame->segment};
        auto const left = std::chrono::duration_cast<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
        if (closed_ || left.count() <= 0 || !wait(left))
            return std::nullopt;
        decoder_.settle();
        chunk_.resize(4096);
        auto const n = ::recv(socket_, chunk_.data(), chunk_.size(), 0);
        closed_ = n <= 0;
        chunk_.resize(closed_ ? 0 : static_cast<std::size_t>(n));
        decoder_.feed(chunk_);
    }
}

bool StationLink::is_closed(std::chrono::milliseconds patience)
{
    auto const end = std::chrono::steady_clock::now() + patience;
    while (!closed_ && std::chrono::steady_clock::now() < end)
        (void)receive(std::chrono::milliseconds{50});
    return closed_;
}

hj212::Outgoing upload(std::string_view mn, std::string_view data_time, std::string_view values, int command)
{
    static std::atomic<int> sent{0};
    hj212::Outgoing message;
    message.qn = hj212::format_qn(utc_now() + std::chrono::milliseconds{sent++});
    message.st = "21";
    message.cn = command;
    message.pw = "123456";
    message.mn = mn;
    message.flag = 9;
    message.cp = (data_time.empty() ? std::string{} : "DataTime=" + std::string{data_time} + ";") + std::string{values};
    return message;
}

}  // namespace yihong::e2e
