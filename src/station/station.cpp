#include "station.hpp"

#include "yihong/base/log.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace yihong::station {
namespace {

namespace asio = boost::asio;
namespace cn = hj212::cn;
using namespace std::chrono_literals;
using error_code = boost::system::error_code;

constexpr std::size_t unread_limit = 1024 * 1024;      // answers to a host that sends requests and reads nothing
constexpr std::size_t requests_limit = 16;
constexpr auto write_patience = 30s;
constexpr auto longest_back_off = 60s;

StationOptions with_uploads(StationOptions options)
{
    if (!options.uploads)
        options.uploads = std::make_shared<std::vector<Upload> const>();
    return options;
}

}  // namespace

Station::Station(asio::io_context& io, FleetOptions const& fleet, StationOptions options, Pace pace, std::chrono::microseconds start_delay)
    : fleet_{fleet}, options_{with_uploads(std::move(options))}, pace_{pace}, uploads_{*options_.uploads},
      logger_{{.mn = options_.mn,
               .password = options_.password,
               .st = options_.st,
               .edition = options_.edition,
               .key = options_.key,
               .drift = options_.misbehaviour.drift}},
      chance_{static_cast<unsigned>(std::hash<std::string>{}(options_.mn)) | 1U}, socket_{io}, wake_{io},
      not_before_{Clock::now() + start_delay}
{}

asio::awaitable<void> Station::sleep_until(Clock::time_point time)
{
    error_code ec;
    wake_.expires_at(time);
    co_await wake_.async_wait(asio::redirect_error(asio::use_awaitable, ec));
}

void Station::close()
{
    error_code ignored;
    connected_ = false;
    socket_.shutdown(asio::ip::tcp::socket::shutdown_both, ignored);
    socket_.close(ignored);
    wake_.cancel();
}

void Station::stop()
{
    stopping_ = true;
    close();
}

void Station::check_write(Clock::time_point now)
{
    if (now >= write_deadline_)
        close();
}

asio::awaitable<void> Station::run()
{
    co_await sleep_until(not_before_);
    auto back_off = fleet_.first_back_off;
    int failures = 0;
    while (!stopping_) {
        bool const is_connected = co_await connect();
        if (stopping_)
            break;
        if (is_connected) {
            auto const acknowledged = totals_.acknowledged;
            co_await session();
            if (stopping_ || is_done())
                break;
            ++totals_.lost;
            if (totals_.acknowledged > acknowledged)
                back_off = fleet_.first_back_off;
            failures = 0;
        } else {
            ++totals_.failed_connects;
            if (++failures == fleet_.connect_attempts)
                break;
        }
        // spread, so that a fleet does not come back all at once
        auto const pause = back_off + std::chrono::milliseconds{chance_() % static_cast<unsigned>(back_off.count() / 4 + 1)};
        co_await sleep_until(Clock::now() + pause);
        back_off = std::min<std::chrono::milliseconds>(back_off * 2, longest_back_off);
    }
    // a loop has no end: what it would have sent later is not missing
    totals_.unsent += queue_.size() + unanswered() + (options_.loop_period > 0ms ? 0 : uploads_.size() - next_upload_);
}

asio::awaitable<bool> Station::connect()
{
    error_code ec;
    asio::ip::tcp::endpoint const host{asio::ip::make_address(fleet_.address), fleet_.port};
    socket_ = asio::ip::tcp::socket{socket_.get_executor()};
    write_deadline_ = Clock::now() + write_patience;
    co_await socket_.async_connect(host, asio::redirect_error(asio::use_awaitable, ec));
    write_deadline_ = Clock::time_point::max();
    if (ec) {
        log::debug("station_not_connected", {{"mn", options_.mn}, {"error", ec.message()}});
        co_return false;
    }
    socket_.set_option(asio::ip::tcp::no_delay{true}, ec);
    ++totals_.connected;
    co_return true;
}

asio::awaitable<void> Station::session()
{
    using namespace asio::experimental::awaitable_operators;
    begin_session();
    co_await (read() && write());
    end_session();
}

void Station::begin_session()
{
    auto const now = Clock::now();
    connected_ = true;
    silenced_ = options_.misbehaviour.silence == 0ms;
    silent_until_ = Clock::time_point::min();
    if (!flooded_ && options_.misbehaviour.flood > 0ms)
        flood_until_ = now + options_.misbehaviour.flood;
    flooded_ = true;
    next_heartbeat_ = options_.heartbeat > 0ms ? now + options_.heartbeat : Clock::time_point::max();
    if (options_.announces_start) {
        auto const time = hj212::format_station_time(logger_.clock(fleet_.now()));
        send_notice(cn::start_up, fmt::format("DataTime={0};RestartTime={0}", time), now);
    }
    if (options_.asks_for_clock)
        send_notice(cn::clock_request, {}, now);
}

void Station::end_session()
{
    close();
    // what was not answered is sent again first; the host drops what it has already
    for (auto at = pending_.rbegin(); at != pending_.rend(); ++at)
        if (at->kind == Kind::live) {
            at->item.retransmitted = true;
            queue_.push_front(at->item);
        }
    pending_.clear();
    history_.reset();
    requests_.clear();
    out_.clear();
    given_up_in_a_row_ = 0;
}

asio::awaitable<void> Station::read()
{
    hj212::FrameDecoder decoder;
    std::array<char, 4096> chunk;
    while (connected_) {
        error_code ec;
        auto const room = asio::buffer(chunk);
        std::size_t const received = co_await socket_.async_read_some(room, asio::redirect_error(asio::use_awaitable, ec));
        if (ec)
            break;
        if (Clock::now() < silent_until_)
            continue;
        decoder.feed({chunk.data(), received});
        while (auto const frame = decoder.next()) {
            if (auto const segment = plain_segment(*frame)) {
                take({frame->raw, *segment, frame->crc});
            } else {
                ++totals_.bad_frames;
                decoder.reject();
            }
        }
        decoder.settle();
        if (out_.size() > unread_limit)
            break;
        wake_.cancel();
    }
    close();
}

asio::awaitable<void> Station::write()
{
    std::string sending;
    while (connected_) {
        compose(Clock::now());
        if (!out_.empty()) {
            sending.clear();
            sending.swap(out_);
            error_code ec;
            write_deadline_ = Clock::now() + write_patience;
            auto const bytes = asio::buffer(sending);
            co_await asio::async_write(socket_, bytes, asio::redirect_error(asio::use_awaitable, ec));
            write_deadline_ = Clock::time_point::max();
            if (ec)
                break;
            continue;
        }
        if (!connected_ || is_done())                  // what was composed may have found the link dead
            break;
        co_await sleep_until(next_);
    }
    close();
}

/// \return nothing when the check sum is wrong
std::optional<std::string> Station::plain_segment(hj212::Frame const& frame) const
{
    auto const* key = logger_.key();
    if (auto const hidden = hj212::parse_segment(frame.segment);
        key && hidden && hj212::is_encrypted_command(hidden->cn) && hj212::looks_encrypted(hidden->cp)) {
        auto plain = hj212::in_clear(frame.segment, hidden->cp, key->decrypted(hidden->cp));
        return hj212::crc_of(plain, options_.crc) == frame.crc ? std::optional{std::move(plain)} : std::nullopt;
    }
    if (hj212::crc_of(frame.segment, options_.crc) != frame.crc)
        return std::nullopt;
    return std::string{frame.segment};
}

void Station::take(hj212::Frame const& frame)
{
    auto const segment = hj212::parse_segment(frame.segment);
    if (!segment) {
        ++totals_.bad_frames;
        return;
    }
    if (segment->cn == cn::data_answer || segment->cn == cn::notice_answer) {
        take_answer(segment->qn);
        return;
    }
    if (segment->cn == cn::heartbeat)
        return;
    ++totals_.requests;
    take_request(logger_.answer(*segment, fleet_.now()));
}

void Station::take_answer(std::string_view qn)
{
    auto const found = std::ranges::find(pending_, qn, &Pending::qn);
    if (found == pending_.end())
        return;                                        // a heartbeat, a flood, or something that was answered twice
    auto const answered = std::move(*found);
    pending_.erase(found);
    given_up_in_a_row_ = 0;
    if (answered.kind == Kind::notice)
        return;
    ++totals_.acknowledged;
    totals_.answer_times.add(std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - answered.first));
    if (answered.kind == Kind::live && !answered.item.again && by_chance(options_.misbehaviour.duplicates)) {
        auto item = answered.item;
        item.again = true;
        queue_.push_back(item);
        ++totals_.duplicated;
    }
}

void Station::take_request(Logger::Reply reply)
{
    if (reply.data && requests_.size() >= requests_limit) {
        put(hj212::to_frame(Logger::refusal_of(*reply.data), options_.crc, logger_.key()));
        return;
    }
    for (auto const& message : reply.messages)
        put(hj212::to_frame(message, options_.crc, logger_.key()));
    if (reply.data)
        requests_.push_back(std::move(*reply.data));
}

bool Station::by_chance(double share)
{
    return share > 0 && static_cast<double>(chance_() - std::minstd_rand::min()) <
                            share * static_cast<double>(std::minstd_rand::max() - std::minstd_rand::min());
}

/// Adds a frame to what is written next, or what misbehaviour makes of it.
void Station::put(std::string const& frame)
{
    auto const& wrong = options_.misbehaviour;
    bool spoilt = true;
    if (by_chance(wrong.garbage))
        out_ += "\x01\xff##12ab##9999garbage\r\n";     // holds beginnings of frames that never end
    else
        spoilt = false;
    if (by_chance(wrong.bad_crc)) {
        auto const at = frame.size() - 3;              // the last digit of the check sum, before CR LF
        out_.append(frame, 0, at).append(1, frame[at] == '0' ? '1' : '0').append("\r\n");
        spoilt = true;
    } else if (by_chance(wrong.cut)) {
        out_.append(frame, 0, frame.size() / 2);
        spoilt = true;
    } else if (by_chance(wrong.no_tail)) {
        out_.append(frame, 0, frame.size() - 2);
        spoilt = true;
    } else {
        out_ += frame;
    }
    totals_.spoilt += spoilt ? 1 : 0;
}

/// Milliseconds of the station's clock, each used once: several frames may fall into one.

}  // namespace yihong::station
