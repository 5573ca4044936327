#include "line.hpp"

#include "yihong/base/log.hpp"
#include "yihong/hj212/frame.hpp"
#include "yihong/net/answer_of.hpp"
#include "yihong/net/listen.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <exception>
#include <iterator>

namespace yihong::forward {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using error_code = boost::system::error_code;
using namespace asio::experimental::awaitable_operators;

constexpr std::size_t entries_read_ahead = 256;
constexpr std::size_t qns_kept = 16;
constexpr int silences_limit = 3;                      // then the connection is given up
constexpr std::chrono::milliseconds longest_patience{300'000};
constexpr std::chrono::milliseconds between_removals{100};
constexpr std::chrono::milliseconds pause_after_failure{1000};

}  // namespace

bool Line::Sending::is_done() const noexcept { return std::ranges::all_of(parts, &Part::answered); }

Line::Line(Forward forward, ForwarderStore store, Writer& writer, CurrentState const& state, asio::io_context& io,
           ForwarderOptions const& options)
    : queue_{queue_of(forward.id)}, store_{store}, options_{options}, writer_{writer}, state_{state}, io_{io}, socket_{io}, resolver_{io},
      pause_{io}, signal_{io}, done_signal_{io}, random_{std::random_device{}()}
{
    speech_.edition = hj212::parse_edition(forward.edition).value();       // the configuration has checked both
    if (!forward.sm4_key.empty())
        key_ = hj212::Sm4::from_key(forward.sm4_key).value();
    speech_.forward = std::move(forward);
    constexpr std::size_t step = 10'000;
    for (std::uint64_t after = 0;;) {
        auto const entries = store_.outbox.outbox(queue_, after, step);
        waiting_ += entries.size();
        if (entries.size() < step)
            break;
        after = entries.back().id;
    }
}

void Line::start()
{
    asio::co_spawn(io_, run(), asio::detached);
    asio::co_spawn(io_, remove_answered(), asio::detached);
}

void Line::stop()
{
    stopping_ = true;
    error_code ignored;
    socket_.close(ignored);
    resolver_.cancel();
    pause_.cancel();
    wake();
}

void Line::wake()
{
    more_ = true;
    woken_ = true;
    signal_.cancel();
}

ForwardStatus Line::status() const
{
    auto const& forward = speech_.forward;
    ForwardStatus status;
    status.id = forward.id;
    status.address =
        forward.host.contains(':') ? fmt::format("[{}]:{}", forward.host, forward.port) : fmt::format("{}:{}", forward.host, forward.port);
    status.connected = connected_;
    status.waiting = waiting_;
    status.sent = sent_;
    status.repeated = repeated_;
    std::lock_guard const lock{mutex_};
    status.last_answer_at = last_answer_at_;
    status.last_error = last_error_;
    return status;
}

Line::Awaitable<void> Line::pause_for(std::chrono::milliseconds length)
{
    error_code ignored;
    if (stopping_)
        co_return;
    pause_.expires_after(length);
    co_await pause_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
}

void Line::lose(std::string reason)
{
    if (lost_.empty())
        lost_ = std::move(reason);
}

Line::Awaitable<void> Line::run()
{
    auto pause = options_.shortest_pause;
    while (!stopping_) {
        lost_.clear();
        if (co_await connect()) {
            connected_ = true;
            log::info("forward_connected", {{"forward", speech_.forward.id}, {"waiting", waiting_.load()}});
            progressed_ = false;
            co_await (receive() || send());
            connected_ = false;
            if (progressed_)
                pause = options_.shortest_pause;
        }
        error_code ignored;
        socket_.close(ignored);
        if (stopping_)
            break;
        {
            std::lock_guard const lock{mutex_};
            last_error_ = lost_;
        }
        log::warning("forward_lost", {{"forward", speech_.forward.id}, {"reason", lost_}, {"waiting", waiting_.load()}});
        // between half and all of it, so that many platforms do not come back at once
        co_await pause_for(pause / 2 +
                           std::chrono::milliseconds{std::uniform_int_distribution<std::int64_t>{0, pause.count() / 2}(random_)});
        pause = std::min(pause * 2, options_.longest_pause);
    }
    finished_ = true;
    done_signal_.cancel();
}

Line::Awaitable<bool> Line::connect()
{
    auto const& forward = speech_.forward;
    error_code ec;
    std::vector<tcp::endpoint> endpoints;
    if (auto const address = asio::ip::make_address(forward.host, ec); !ec) {
        endpoints.emplace_back(address, forward.port);
    } else {
        auto const found =
            co_await resolver_.async_resolve(forward.host, std::to_string(forward.port), asio::redirect_error(asio::use_awaitable, ec));
        if (ec) {
            lose(fmt::format("the name {} cannot be resolved: {}", forward.host, ec.message()));
            co_return false;
        }
        for (auto const& entry : found)
            endpoints.push_back(entry.endpoint());
    }
    for (auto const& endpoint : endpoints) {
        if (stopping_)
            co_return false;
        error_code ignored;
        socket_.close(ignored);
        asio::steady_timer deadline{io_, options_.connect_deadline};
        auto const first = co_await (socket_.async_connect(endpoint, asio::redirect_error(asio::use_awaitable, ec)) ||
                                     deadline.async_wait(asio::redirect_error(asio::use_awaitable, ignored)));
        if (first.index() == 0 && !ec) {
            socket_.set_option(tcp::no_delay{true}, ignored);
            net::watch_peer(socket_);
            co_return true;
        }
        lost_ = first.index() == 0 ? "cannot connect: " + ec.message() : std::string{"cannot connect: no answer"};
    }
    co_return false;
}

Line::Awaitable<void> Line::receive()
{
    hj212::FrameDecoder decoder{9999};
    std::array<char, 4096> bytes;
    for (;;) {
        error_code ec;
        auto const n = co_await socket_.async_read_some(asio::buffer(bytes), asio::redirect_error(asio::use_awaitable, ec));
        if (ec) {
            lose(ec == asio::error::eof ? std::string{"the receiver closed the connection"} : "the connection broke: " + ec.message());
            co_return;
        }
        decoder.feed({bytes.data(), n});
        while (auto const frame = decoder.next()) {
            if (hj212::crc_of(frame->segment, speech_.forward.crc) == frame->crc)
                take(frame->segment);
            else
                decoder.reject();
        }
        decoder.settle();
    }
}

void Line::take(std::string_view text)
{
    auto const segment = hj212::parse_segment(text);
    if (!segment)
        return;
    if (segment->cn == hj212::cn::data_answer) {
        answered(segment->qn);
        return;
    }
    if (!segment->wants_answer() || segment->cn >= hj212::cn::request_answer)
        return;
    // the receiver commands a station; this is none
    hj212::Outgoing refusal;
    refusal.qn = segment->qn;
    refusal.st = "91";
    refusal.cn = hj212::cn::request_answer;
    refusal.pw = speech_.forward.password;
    refusal.mn = segment->mn;
    refusal.flag = hj212::version_bits(speech_.edition);
    refusal.cp = "QnRtn=2";
    constexpr std::size_t replies_limit = 64 * 1024;   // of a receiver that asks and does not read
    if (replies_.size() < replies_limit)
        replies_ += hj212::to_frame(refusal, speech_.forward.crc);
    woken_ = true;
    signal_.cancel();
}

void Line::answered(std::string_view qn)
{
    for (auto& sending : in_flight_) {
        for (auto& part : sending.parts) {
            if (std::ranges::find(part.qns, qn) == part.qns.end())
                continue;
            if (part.qns.back() != qn)                 // sent again too soon: a slow receiver is not to be buried under repetitions
                patience_ = std::min(patience_ * 2, std::max(speech_.forward.answer_timeout, longest_patience));
            part.answered = true;
            progressed_ = true;
            silences_ = 0;
            progress_at_ = Clock::now();
            {
                std::lock_guard const lock{mutex_};
                last_answer_at_ = utc_now();
                last_error_.clear();
            }
            drop_done();
            woken_ = true;
            signal_.cancel();
            return;
        }
    }
}

/// In order only: what is left in the outbox is what the receiver does not have from the oldest gap on.
void Line::drop_done()
{
    bool some = false;
    while (!in_flight_.empty() && in_flight_.front().is_done()) {
        done_through_ = in_flight_.front().id;
        done_.push_back(done_through_);
        sent_ += in_flight_.front().parts.empty() ? 0 : 1;
        in_flight_.pop_front();
        some = true;
    }
    if (some)
        done_signal_.cancel();
}

Site const* Line::find_site(SiteNumber number)
{
    if (auto present = state_.world.load(); present != world_) {
        units_ = hj212::CommonUnits::make(*present->standards);
        world_ = std::move(present);
    }
    return world_->sites->numbered(number);
}

Line::Sending Line::make_sending(OutboxEntry const& entry)
{
    Sending sending{entry.id, {}};
    auto const drop = [&](std::string_view why) {
        log::error("forward_dropped", {{"forward", speech_.forward.id}, {"entry", entry.payload}, {"reason", why}});
        return sending;
    };
    auto const ticket = parse_payload(entry.payload);
    if (!ticket)
        return drop(ticket.error().detail);
    auto const* site = find_site(ticket->site);
    if (!site)
        return drop("its site is no longer in any site file");
    auto const record = store_.records.find(ticket->site, ticket->interval, ticket->time);
    if (!record)
        return drop("the store has no such record");
    for (auto& message : to_messages(*record, *site, speech_, world_->standards->parameters(), units_, utc_now()))
        sending.parts.push_back({std::move(message), {}, false});
    return sending;
}

std::string Line::next_qn()
{
    last_qn_ = std::max(utc_now(), last_qn_ + std::chrono::milliseconds{1});
    return hj212::format_qn(last_qn_);
}

void Line::append(Sending& sending, std::string& out)
{
    for (auto& part : sending.parts) {
        part.message.qn = next_qn();
        if (!part.qns.empty())
            ++repeated_;
        if (part.qns.size() == qns_kept)
            part.qns.erase(part.qns.begin());
        part.qns.push_back(part.message.qn);
        out += hj212::to_frame(part.message, speech_.forward.crc, key_ ? &*key_ : nullptr);
    }
}

void Line::fill(std::string& out)
{
    while (in_flight_.size() < speech_.forward.window) {
        if (ahead_.empty() && more_) {
            auto entries = store_.outbox.outbox(queue_, read_through_, entries_read_ahead);
            more_ = entries.size() == entries_read_ahead;
            if (!entries.empty())
                read_through_ = entries.back().id;
            std::ranges::move(entries, std::back_inserter(ahead_));
        }
        if (ahead_.empty())
            return;
        auto sending = make_sending(ahead_.front());
        ahead_.pop_front();
        if (in_flight_.empty())
            progress_at_ = Clock::now();
        append(sending, out);
        in_flight_.push_back(std::move(sending));
        drop_done();                                   // one without parts waits for nobody
    }
}

Line::Awaitable<void> Line::send()
{
    // go-back-N: everything from the oldest unanswered entry on is read and sent again
    for (auto const& sending : in_flight_)
        repeated_ += sending.parts.size();
    in_flight_.clear();
    ahead_.clear();
    read_through_ = done_through_;
    more_ = true;
    silences_ = 0;
    patience_ = speech_.forward.answer_timeout;
    replies_.clear();
    std::string out;
    while (!stopping_) {
        woken_ = false;
        out = std::exchange(replies_, {});
        try {
            fill(out);
        } catch (std::exception const& problem) {         // of the store, most likely
            lose(problem.what());
            co_return;
        }
        if (!in_flight_.empty() && Clock::now() - progress_at_ >= wait()) {
            auto const& first = in_flight_.front().parts.front().message;
            auto const what =
                fmt::format("no answer for MN {} CN {} {} within {} ms", first.mn, first.cn, first.cp.substr(0, 23), wait().count());
            if (++silences_ == silences_limit) {
                lose(what);
                co_return;
            }
            {
                std::lock_guard const lock{mutex_};
                last_error_ = what;
            }
            for (auto& sending : in_flight_)
                append(sending, out);
            progress_at_ = Clock::now();
        }
        error_code ec;
        if (!out.empty()) {
            co_await asio::async_write(socket_, asio::buffer(out), asio::redirect_error(asio::use_awaitable, ec));
            if (ec) {
                lose("the connection broke: " + ec.message());
                co_return;
            }
            continue;
        }
        if (woken_)
            continue;
        signal_.expires_at(in_flight_.empty() ? Clock::time_point::max() : progress_at_ + wait());
        co_await signal_.async_wait(asio::redirect_error(asio::use_awaitable, ec));
    }
}

Line::Awaitable<void> Line::remove_answered()
{
    error_code ignored;
    while (!finished_ || !done_.empty()) {
        if (done_.empty()) {
            done_signal_.expires_at(Clock::time_point::max());
            co_await done_signal_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
            continue;
        }
        auto ids = std::exchange(done_, {});
        bool const removed = co_await remove(ids);
        if (removed)
            waiting_ -= ids.size();
        else if (finished_)
            co_return;                                 // they will be sent again
        else
            done_.insert(done_.begin(), ids.begin(), ids.end());
        // whatever is answered meanwhile shares the next commit
        done_signal_.expires_after(removed ? between_removals : pause_after_failure);
        auto const until = done_signal_.expiry();
        while (!finished_ && Clock::now() < until) {
            done_signal_.expires_at(until);
            co_await done_signal_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
        }
    }
}

Line::Awaitable<bool> Line::remove(std::vector<std::uint64_t> ids)
{
    OutboxJob job;
    for (auto const id : ids)
        job.done_entries.emplace_back(queue_, id);
    co_return co_await net::answer_of<bool>([this, &job](auto answer) {
        job.done = answer;
        if (!writer_.submit(std::move(job)))
            answer(false);
    });
}

}  // namespace yihong::forward
