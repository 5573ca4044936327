#include "thread_state.hpp"

#include "session.hpp"

#include "yihong/base/log.hpp"
#include "yihong/net/listen.hpp"

#include <boost/asio/co_spawn.hpp>

#include <algorithm>

namespace yihong::gateway {

namespace asio = boost::asio;

void ThreadState::take(asio::ip::tcp::socket socket, asio::ip::tcp::endpoint const& remote)
{
    auto const source = net::unmapped(remote.address());
    if (!net::admit(shared.admission, source, sessions_))
        return shared.admission.refuse(source, "hj212_connection_refused");
    ++shared.accepted_connections;
    boost::system::error_code ignored;
    socket.non_blocking(true, ignored);
    net::watch_peer(socket);
    auto const executor = socket.get_executor();
    auto const session = std::make_shared<Session>(std::move(socket), remote, *this);
    auto const place = sessions_.insert(sessions_.end(), session);
    asio::co_spawn(executor, session->run(), [this, place, source](std::exception_ptr const&) {
        bool const was_stranger = !(*place)->is_known();
        sessions_.erase(place);
        shared.admission.release(source, was_stranger);
    });
}

void ThreadState::tick(Clock::time_point now)
{
    for (auto const& session : sessions_)
        if (session->is_overdue(now))
            session->close();
        else
            session->give_up_unfinished(now);
    net::make_room(shared.admission, sessions_);
    if (!is_first_)
        return;
    shared.desk.tick(now);
    for (auto const& line : shared.board.overdue_splits(utc_now(), shared.options.split_deadline))
        log::warning("hj212_part_missing", {{"split", line}});
}

void ThreadState::close_all()
{
    for (auto const& session : sessions_)
        session->close();
}

}  // namespace yihong::gateway
