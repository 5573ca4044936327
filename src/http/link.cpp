#include "link.hpp"

#include <poll.h>

#include <algorithm>
#include <cstring>

namespace yihong::http {

namespace asio = boost::asio;
using error_code = boost::system::error_code;

asio::mutable_buffer InputBuffer::room(std::size_t most)
{
    if (begin_ == end_)
        begin_ = end_ = 0;
    if (end_ == capacity_) {
        if (begin_ > 0) {
            std::memmove(memory_.get(), memory_.get() + begin_, end_ - begin_);
        } else {
            capacity_ = std::min(std::max(capacity_ * 2, idle_buffer), std::max(most, capacity_ + 1));
            auto larger = std::make_unique_for_overwrite<char[]>(capacity_);
            std::copy_n(memory_.get(), end_, larger.get());
            memory_ = std::move(larger);
        }
        end_ -= begin_;
        begin_ = 0;
    }
    return asio::buffer(memory_.get() + end_, capacity_ - end_);
}

void InputBuffer::restart(std::size_t capacity)
{
    begin_ = end_ = 0;
    if (capacity_ == capacity)
        return;
    capacity_ = capacity;
    memory_ = std::make_unique_for_overwrite<char[]>(capacity);
}

void InputBuffer::release() noexcept
{
    memory_.reset();
    capacity_ = begin_ = end_ = 0;
}

void InputBuffer::shrink() noexcept
{
    if (capacity_ > idle_buffer && empty())
        release();
}

void Link::close()
{
    error_code ignored;
    socket.close(ignored);
}

bool Link::peer_has_closed()
{
    if (!socket.is_open())
        return true;
    pollfd watched{.fd = socket.native_handle(), .events = POLLRDHUP, .revents = 0};
    return ::poll(&watched, 1, 0) > 0;                     // POLLRDHUP, POLLERR or POLLHUP
}

void Link::expire(Clock::time_point now)
{
    if (now < deadline)
        return;
    if (phase == Phase::head || phase == Phase::body) {
        constexpr std::string_view timeout = "HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
        error_code ignored;
        socket.write_some(asio::buffer(timeout), ignored);     // a courtesy: as much as fits without waiting
    }
    close();
}

}  // namespace yihong::http
