#include "output.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <sys/sendfile.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>

namespace yihong::http {

namespace asio = boost::asio;
using asio::ip::tcp;
using error_code = boost::system::error_code;
using Clock = Link::Clock;

void Output::begin() noexcept
{
    sent_ = 0;
    waited_ = {};
}

void Output::put(std::string_view body) noexcept
{
    left_ = {asio::buffer(head), asio::buffer(body)};
    file_ = -1;
    file_left_ = 0;
}

void Output::put_file(int file, std::uint64_t offset, std::uint64_t size) noexcept
{
    left_ = {asio::buffer(head), asio::const_buffer{}};
    file_ = file;
    offset_ = offset;
    file_left_ = size;
}

void Output::put_more(std::string_view body) noexcept
{
    left_ = {asio::const_buffer{}, asio::buffer(body)};
    file_ = -1;
    file_left_ = 0;
}

void Output::put_more_file(int file, std::uint64_t offset, std::uint64_t size) noexcept
{
    put_file(file, offset, size);
    left_ = {};
}

Output::Written Output::write_some(tcp::socket& socket)
{
    while (left_[0].size() + left_[1].size() + file_left_ > 0) {
        error_code ec;
        std::size_t sent = 0;
        if (left_[0].size() + left_[1].size() > 0 && file_left_ > 0) {
            sent = socket.send(left_, MSG_MORE, ec);
        } else if (file_left_ == 0) {
            sent = socket.write_some(left_, ec);
        } else {
            auto offset = static_cast<off_t>(offset_);
            auto const moved = ::sendfile(socket.native_handle(), file_, &offset, file_left_);
            if (moved <= 0) {
                ec.assign(moved == 0 ? EIO : errno, boost::system::system_category());
            } else {
                offset_ += static_cast<std::uint64_t>(moved);
                file_left_ -= static_cast<std::uint64_t>(moved);
                sent_ += static_cast<std::uint64_t>(moved);
            }
        }
        if (ec == asio::error::would_block || ec == asio::error::try_again)
            return Written::blocked;
        if (ec)
            return Written::failed;
        sent_ += sent;
        for (auto& buffer : left_) {
            std::size_t const part = std::min(sent, buffer.size());
            buffer += part;
            sent -= part;
        }
    }
    return Written::all;
}

asio::awaitable<bool> Output::write_rest(Link& link, ServerOptions const& options)
{
    for (;;) {
        auto const now = Clock::now();
        auto const allowed = std::chrono::milliseconds{sent_ * 1000 / std::max<std::size_t>(options.body_min_bytes_per_second, 1)};
        link.enter(Phase::writing, now + options.write_deadline + std::min<Clock::duration>(allowed - waited_, Clock::duration::zero()));
        error_code ec;
        co_await link.socket.async_wait(tcp::socket::wait_write, asio::redirect_error(asio::use_awaitable, ec));
        waited_ += Clock::now() - now;
        if (ec)
            co_return false;
        auto const written = write_some(link.socket);
        if (written != Written::blocked)
            co_return written == Written::all;
    }
}

void Output::shrink()
{
    if (head.capacity() > idle_buffer)
        head = {};
}

}  // namespace yihong::http
