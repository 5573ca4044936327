#include "session.hpp"

#include "reception.hpp"

#include "yihong/base/log.hpp"
#include "yihong/net/networks.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace yihong::gateway {
namespace {

namespace asio = boost::asio;
using error_code = boost::system::error_code;

constexpr std::chrono::milliseconds broken_pause{1000};

}  // namespace

Session::Session(asio::ip::tcp::socket socket, asio::ip::tcp::endpoint const& remote, ThreadState& thread)
    : socket_{std::move(socket)}, source_{net::unmapped(remote.address())},
      peer_{fmt::format(fmt::runtime(source_.is_v6() ? "[{}]:{}" : "{}:{}"), source_.to_string(), remote.port())},
      number_{thread.shared.next_connection++}, thread_{thread}, decoder_{thread.shared.options.segment_limit},
      deadline_{Clock::now() + thread.shared.options.first_frame_deadline}, window_{Clock::now()}
{}

void Session::close() noexcept
{
    error_code ignored;
    socket_.close(ignored);
}

void Session::attach(std::string const& mn, UtcTime now)
{
    auto const place = std::ranges::lower_bound(devices_, mn);
    if (place != devices_.end() && *place == mn)
        return;
    if (devices_.empty())
        thread_.shared.admission.has_spoken();
    devices_.insert(place, mn);
    // called from the thread of the connection that takes over; closing happens on ours
    auto close = [weak = weak_from_this(), executor = socket_.get_executor()] {
        asio::post(executor, [weak] {
            if (auto const self = weak.lock())
                self->close();
        });
    };
    auto send = [weak = weak_from_this(), executor = socket_.get_executor()](std::string bytes) {
        asio::post(executor, [weak, bytes = std::move(bytes)]() mutable {
            if (auto const self = weak.lock())
                self->send_from_elsewhere(std::move(bytes));
        });
    };
    if (auto const close_old = thread_.shared.board.attach(mn, number_, peer_, now, std::move(close), std::move(send))) {
        log::info("hj212_taken_over", {{"mn", mn}, {"peer", peer_}});
        close_old();
    }
}

Turn Session::read_frames(std::string_view bytes, bool gives_up)
{
    Turn turn{thread_, source_, peer_, conduct_};
    auto const& options = thread_.shared.options;
    auto const skipped_before = decoder_.skipped();
    auto const begun_before = decoder_.position();
    if (gives_up)
        decoder_.give_up();
    decoder_.feed(bytes);
    while (!conduct_.is_too_bad(options)) {
        auto frame = decoder_.next();
        if (auto const skipped = decoder_.skipped_text(); !skipped.empty())
            turn.add_skipped(skipped);
        bool const may_go_on = !frame;             // a logger that sends no line end waits for its answer
        if (!frame)
            frame = decoder_.without_end();
        if (!frame)
            break;
        auto reception = receive(*frame, turn.book(), source_, turn.now(), thread_.fields, splits_);
        if (may_go_on && reception.kind == Reception::Kind::damaged) {
            decoder_.put_back();                   // a right check sum would have said that nothing is missing
            break;
        }
        if (reception.kind == Reception::Kind::damaged) {
            turn.add_damaged(*frame, reception);
            decoder_.reject();             // its length may have lied: the next frame may begin inside
        } else if (is_delayed(reception)) {
            turn.add_delayed();
        } else if (reception.is_stranger || !reception.segment) {
            turn.add_stranger(*frame, reception);
        } else {
            if (std::ranges::find(devices_, reception.device->device.mn) == devices_.end())
                thread_.shared.wrong_passwords.right(source_, reception.device->device.mn);
            attach(reception.device->device.mn, turn.now());
            turn.add(*frame, reception);
        }
    }
    auto const skipped = decoder_.skipped() - skipped_before;
    thread_.shared.skipped_bytes += skipped;
    conduct_.useless_bytes += skipped;
    turn.finish();
    decoder_.settle();
    if (!decoder_.has_begun())
        segment_deadline_ = Clock::time_point::max();
    else if (segment_deadline_ == Clock::time_point::max() || decoder_.position() != begun_before)
        segment_deadline_ = Clock::now() + options.segment_deadline;
    return turn;
}

/// Whether a frame is not looked at because wrong passwords came from here: neither a right one nor a wrong one shows which it is.
bool Session::is_delayed(Reception const& reception)
{
    if (!reception.segment)
        return false;
    auto const& mn = reception.segment->mn;
    bool const is_known = std::ranges::find(devices_, mn) != devices_.end();           // it has said the right one on this connection
    if (!is_known && thread_.shared.wrong_passwords.wait_of(source_, mn, Clock::now()) > Clock::duration{})
        return true;
    if (reception.is_stranger && reception.failure.code == Errc::unauthorized)
        thread_.shared.wrong_passwords.failed(source_, mn, Clock::now());
    return false;
}

/// The only place that writes, one write at a time: who finds one under way leaves its bytes to that one and waits for their end.
asio::awaitable<bool> Session::send(std::string bytes)
{
    outgoing_ += bytes;
    outgoing_end_ += bytes.size();
    auto const end = outgoing_end_;
    error_code ec;
    while (writing_ && written_ < end && !write_failed_) {
        if (!written_some_)
            written_some_ = std::make_unique<asio::steady_timer>(socket_.get_executor(), Clock::time_point::max());
        co_await written_some_->async_wait(asio::redirect_error(asio::use_awaitable, ec));
    }
    if (written_ >= end || write_failed_)
        co_return written_ >= end;
    writing_ = true;
    while (!outgoing_.empty() && !write_failed_) {
        auto const chunk = std::exchange(outgoing_, {});
        write_deadline_ = Clock::now() + thread_.shared.options.write_deadline;
        co_await asio::async_write(socket_, asio::buffer(chunk), asio::redirect_error(asio::use_awaitable, ec));
        write_failed_ = static_cast<bool>(ec);
        written_ += ec ? 0 : chunk.size();
        if (written_some_)
            written_some_->cancel();
    }
    write_deadline_ = Clock::time_point::max();
    writing_ = false;
    co_return written_ >= end;
}

/// A command, while the read loop waits for bytes or sends answers of its own.
void Session::send_from_elsewhere(std::string bytes)
{
    auto write = [](std::shared_ptr<Session> self, std::string frame) -> asio::awaitable<void> {
        bool const sent = co_await self->send(std::move(frame));
        if (!sent)
            self->close();
    };
    asio::co_spawn(socket_.get_executor(), write(shared_from_this(), std::move(bytes)), asio::detached);
}

/// \return whether the answers have gone out
asio::awaitable<bool> Session::answer(Turn const& turn)
{
    auto& shared = thread_.shared;
    std::string answers;
    std::string const* counted = nullptr;
    std::uint64_t count = 0;
    auto const count_up = [&] {
        if (count > 0)
            shared.board.acknowledged(*counted, count);
        shared.acknowledged += count;
        count = 0;
    };
    for (auto const& each : turn.answers) {
        answers += each.bytes;
        if (!each.acknowledges)
            continue;
        if (counted != each.device) {
            count_up();
            counted = each.device;
        }
        ++count;
    }
    if (answers.empty())
        co_return true;
    bool const sent = co_await send(std::move(answers));
    if (sent)
        count_up();
    co_return sent;
}

/// Commits what was read, then answers. \return false when the connection is to end
asio::awaitable<bool> Session::settle(Turn turn)
{
    auto& shared = thread_.shared;
    bool stored = true;
    auto const& prepared = turn.prepared;
    if (!prepared.frames.empty() || !prepared.records.empty() || !prepared.refused.empty())
        stored = co_await thread_.round.commit(socket_.get_executor(), std::move(turn.prepared));
    for (auto const& [word, frame] : turn.words)
        if (stored || word.is_reply)               // what a command took in is on disk before the command ends
            shared.desk.hear(word, Clock::now());
    if (!stored) {
        // nothing is acknowledged: the station sends again
        asio::steady_timer pause{socket_.get_executor(), broken_pause};
        error_code ignored;
        co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
        co_return socket_.is_open();
    }
    bool const sent = co_await answer(turn);
    co_return sent && !conduct_.is_too_bad(shared.options);
}

void Session::give_up_unfinished(Clock::time_point now)
{
    if (now < segment_deadline_ || !socket_.is_open())
        return;
    ++thread_.shared.unfinished;
    auto look_on = [](std::shared_ptr<Session> self) -> asio::awaitable<void> {
        try {
            bool const go_on = co_await self->settle(self->read_frames({}, true));
            if (!go_on)
                self->close();
        } catch (std::exception const& problem) {
            log::error("hj212_connection_failed", {{"peer", self->peer_}, {"detail", problem.what()}});
            self->close();
        }
    };
    segment_deadline_ = Clock::time_point::max();
    asio::co_spawn(socket_.get_executor(), look_on(shared_from_this()), asio::detached);
}

/// Counts what was read; over the limit of a second, waits for the next one: the sender's window fills, nobody else notices.
asio::awaitable<void> Session::keep_to_rate(std::size_t frames, std::size_t bytes)
{
    auto const& options = thread_.shared.options;
    auto const now = Clock::now();
    if (now - window_ >= std::chrono::seconds{1}) {
        window_ = now;
        window_frames_ = window_bytes_ = 0;
    }
    window_frames_ += frames;
    window_bytes_ += bytes;
    if (window_frames_ <= options.frames_per_second_limit && window_bytes_ <= options.bytes_per_second_limit)
        co_return;
    auto const factor = std::max(static_cast<double>(window_frames_) / static_cast<double>(options.frames_per_second_limit),
                                 static_cast<double>(window_bytes_) / static_cast<double>(options.bytes_per_second_limit));
    auto const until = window_ + std::chrono::milliseconds{static_cast<std::int64_t>(factor * 1000)};
    deadline_ = until + options.idle_deadline;
    asio::steady_timer pause{socket_.get_executor(), until};
    error_code ignored;
    co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    window_ = Clock::now();
    window_frames_ = window_bytes_ = 0;
}

/// Reads what has come and sees it through. \return false when the connection is to end
asio::awaitable<bool> Session::take_turn()
{
    auto& shared = thread_.shared;
    error_code ec;
    auto const n = socket_.read_some(asio::buffer(thread_.buffer), ec);
    if (ec)
        co_return ec == asio::error::would_block;
    shared.bytes += n;
    deadline_ = Clock::time_point::max();              // the writer is waited for, however long the disk takes
    auto turn = read_frames({thread_.buffer.data(), n});
    auto const frames = turn.frames_read;
    bool const go_on = co_await settle(std::move(turn));
    if (go_on)
        co_await keep_to_rate(frames, n);
    else if (conduct_.is_too_bad(shared.options)) {
        if (auto const since = shared.closings.count(); since > 0)
            log::warning("hj212_closed", {{"peer", peer_},
                                          {"refused_in_a_row", conduct_.refusals},
                                          {"useless_bytes", conduct_.useless_bytes},
                                          {"since_last_line", since}});
    }
    co_return go_on;
}

/// What is alive here is what a silent station costs: the frames of a turn come and go.
asio::awaitable<void> Session::run()
{
    auto const self = shared_from_this();
    auto const& options = thread_.shared.options;
    try {
        for (bool go_on = true; go_on;) {
            error_code ec;
            deadline_ = Clock::now() + (devices_.empty() ? options.first_frame_deadline : options.idle_deadline);
            co_await socket_.async_wait(asio::ip::tcp::socket::wait_read, asio::redirect_error(asio::use_awaitable, ec));
            if (ec)
                break;
            go_on = co_await take_turn();
        }
    } catch (std::exception const& problem) {
        log::error("hj212_connection_failed", {{"peer", peer_}, {"detail", problem.what()}});
    }
    close();
    for (auto const& mn : devices_)
        thread_.shared.board.detach(mn, number_);
}

}  // namespace yihong::gateway
