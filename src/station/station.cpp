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

constexpr std::size_t full_write = 64 * 1024;          // what one write takes at most of new frames
constexpr std::size_t unread_limit = 1024 * 1024;      // answers to a host that sends requests and reads nothing
constexpr std::size_t requests_limit = 16;
constexpr int given_up_limit = 3;                      // then the link counts as dead
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
    totals_.unsent += queue_.size() + unanswered() + (uploads_.size() - next_upload_);
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
std::string Station::next_qn()
{
    last_qn_ = std::max(last_qn_ + 1, logger_.clock(fleet_.now()).time_since_epoch().count());
    return hj212::format_qn(UtcTime{std::chrono::milliseconds{last_qn_}});
}

Station::Clock::duration Station::answer_timeout() const noexcept
{
    auto const set = logger_.answer_timeout();
    return set ? Clock::duration{*set} : Clock::duration{options_.answer_timeout};
}

std::size_t Station::unanswered() const noexcept
{
    return static_cast<std::size_t>(std::ranges::count_if(pending_, [](Pending const& p) { return p.kind != Kind::notice; }));
}

Station::Clock::time_point Station::due(Upload const& upload) const noexcept
{
    if (pace_.speed <= 0)
        return Clock::time_point::min();
    std::chrono::duration<double, std::milli> const after{static_cast<double>((upload.available_at - pace_.first).count()) / pace_.speed};
    return pace_.start + std::chrono::duration_cast<Clock::duration>(after);
}

bool Station::is_done() const noexcept
{
    return !fleet_.stays && next_upload_ == uploads_.size() && queue_.empty() && pending_.empty() && !history_ && requests_.empty() &&
           Clock::now() >= flood_until_;
}

std::deque<Station::Item> Station::parts_of(std::size_t upload) const
{
    auto const count = hj212::to_data_areas(uploads_[upload].data_time, uploads_[upload].items).size();
    std::deque<Item> parts;
    for (std::size_t part = 0; part < count; ++part)
        parts.push_back({.upload = upload, .part = part});
    return parts;
}

hj212::Outgoing Station::message_of(Item item)
{
    auto const& upload = uploads_[item.upload];
    // A wrong clock shows in the time of an instant; a period keeps the hour or day that the logger takes it for.
    auto const time = upload.cn == cn::real_time ? logger_.clock(upload.data_time) : upload.data_time;
    auto areas = hj212::to_data_areas(time, upload.items);
    auto message = logger_.message(upload.cn, options_.asks_answers);
    message.qn = next_qn();
    if (areas.size() > 1) {
        message.flag = *message.flag | 2;
        message.pnum = static_cast<int>(areas.size());
        message.pno = static_cast<int>(item.part + 1);
    }
    message.retransmitted = item.retransmitted && options_.edition == hj212::Edition::hj212_2025;
    if (options_.misbehaviour.wrong_password)
        message.pw = "000000" == message.pw ? "999999" : "000000";
    message.cp = std::move(areas[item.part]);
    return message;
}

void Station::track(Kind kind, Item item, std::string qn, std::string frame, Clock::time_point now)
{
    pending_.push_back(
        {.kind = kind, .item = item, .qn = std::move(qn), .frame = std::move(frame), .first = now, .deadline = now + answer_timeout()});
    next_ = std::min(next_, pending_.back().deadline);
}

/// \return whether more may follow now
bool Station::send_item(Item item, Kind kind, Clock::time_point now)
{
    auto message = message_of(item);
    auto frame = hj212::to_frame(message, options_.crc, logger_.key());
    put(frame);
    ++totals_.sent;
    if (options_.asks_answers)
        track(kind, item, std::move(message.qn), std::move(frame), now);
    if (!silenced_) {
        silenced_ = true;
        silent_until_ = now + options_.misbehaviour.silence;
        next_ = silent_until_;
        return false;
    }
    return out_.size() < full_write && unanswered() < options_.window;
}

void Station::send_notice(int code, std::string cp, Clock::time_point now)
{
    auto message = logger_.message(code, true);
    message.qn = next_qn();
    message.cp = std::move(cp);
    auto frame = hj212::to_frame(message, options_.crc, logger_.key());
    put(frame);
    if (code == cn::heartbeat)                         // the next one follows anyway
        ++totals_.heartbeats;
    else
        track(Kind::notice, {}, std::move(message.qn), std::move(frame), now);
}

void Station::compose(Clock::time_point now)
{
    next_ = Clock::time_point::max();
    if (now < silent_until_) {
        next_ = silent_until_;
        return;
    }
    if (now >= next_heartbeat_) {
        send_notice(cn::heartbeat, {}, now);
        next_heartbeat_ = now + options_.heartbeat;
    }
    next_ = std::min(next_, next_heartbeat_);
    resend_late(now);
    if (!connected_)
        return;
    if (now < flood_until_) {
        compose_flood(now);
        return;
    }
    bool const may_send = out_.size() < full_write && unanswered() < options_.window;
    compose_history(now);
    if (may_send)
        compose_live(now);
}

void Station::resend_late(Clock::time_point now)
{
    int const resends = logger_.resends().value_or(options_.resends);
    std::erase_if(pending_, [&](Pending& late) {
        if (late.deadline > now) {
            next_ = std::min(next_, late.deadline);
            return false;
        }
        if (late.sendings > resends) {
            totals_.refused += late.kind == Kind::notice ? 0 : 1;
            if (late.kind == Kind::history && history_)
                history_->gave_up = true;
            ++given_up_in_a_row_;
            return true;
        }
        put(late.frame);
        ++late.sendings;
        ++totals_.resent;
        late.deadline = now + answer_timeout();
        next_ = std::min(next_, late.deadline);
        return false;
    });
    if (given_up_in_a_row_ >= given_up_limit)
        close();
}

void Station::compose_flood(Clock::time_point)
{
    if (uploads_.empty()) {
        next_ = std::min(next_, flood_until_);
        return;
    }
    for (; out_.size() < full_write; flood_upload_ = (flood_upload_ + 1) % uploads_.size()) {
        put(hj212::to_frame(message_of({.upload = flood_upload_}), options_.crc, logger_.key()));
        ++totals_.flooded;
    }
}

void Station::begin_history()
{
    History history{.request = std::move(requests_.front()), .items = {}};
    requests_.pop_front();
    auto const& request = history.request;
    // without a period the newest that is there already
    std::size_t const known = request.begin ? uploads_.size() : next_upload_;
    for (std::size_t i = 0; i < known; ++i) {
        auto const& upload = uploads_[i];
        if (upload.cn != request.cn || (request.begin && (upload.data_time < *request.begin || upload.data_time > request.end)))
            continue;
        if (!request.begin)
            history.items.clear();
        for (auto const& part : parts_of(i))
            history.items.push_back(part);
    }
    history.any = !history.items.empty() || !request.begin;
    history_ = std::move(history);
}

void Station::compose_history(Clock::time_point now)
{
    for (;;) {
        if (!history_) {
            if (requests_.empty())
                return;
            begin_history();
        }
        while (!history_->items.empty()) {
            if (unanswered() >= options_.window || out_.size() >= full_write)
                return;
            auto const item = history_->items.front();
            history_->items.pop_front();
            if (!send_item(item, Kind::history, now) && now < silent_until_)
                return;
        }
        if (std::ranges::any_of(pending_, [](Pending const& p) { return p.kind == Kind::history; }))
            return;
        constexpr int done = 1, unanswered_data = 4, no_data = 100;
        int const result = history_->gave_up ? unanswered_data : history_->any ? done : no_data;
        put(hj212::to_frame(Logger::result_of(history_->request, result), options_.crc, logger_.key()));
        history_.reset();
    }
}

void Station::compose_live(Clock::time_point now)
{
    while (unanswered() < options_.window && out_.size() < full_write && now >= silent_until_) {
        if (queue_.empty()) {
            if (next_upload_ == uploads_.size())
                return;
            auto const& upload = uploads_[next_upload_];
            if (auto const time = due(upload); time > now) {
                next_ = std::min(next_, time);
                return;
            }
            auto const index = next_upload_++;
            if (options_.left_out_every > 0 && index % options_.left_out_every == options_.left_out_every - 1)
                ++totals_.left_out;
            else if (upload.cn != cn::real_time || logger_.sends_real_time())
                queue_ = parts_of(index);
            continue;
        }
        auto const item = queue_.front();
        queue_.pop_front();
        send_item(item, Kind::live, now);
    }
}

}  // namespace yihong::station
