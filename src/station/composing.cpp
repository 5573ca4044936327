// What a station sends and when: uploads, resends, floods and history. The connection is in station.cpp.
#include "station.hpp"

#include "yihong/base/log.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace yihong::station {
namespace {

namespace cn = hj212::cn;
using namespace std::chrono_literals;

constexpr std::size_t full_write = 64 * 1024;          // what one write takes at most of new frames
constexpr int given_up_limit = 3;                      // then the link counts as dead
constexpr auto longest_look_ahead = 1s;                // of a loop: a clock that is set, or a machine that slept, is noticed as soon

}  // namespace

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

bool Station::has_upload(std::size_t index) const noexcept
{
    return index < uploads_.size() || (options_.loop_period > 0ms && !uploads_.empty());
}

std::chrono::milliseconds Station::later_by(std::size_t index) const
{
    return static_cast<std::int64_t>(index / uploads_.size()) * options_.loop_period;
}

/// By the pace; in a loop not before the period is over by the clock either.
Station::Clock::time_point Station::due(std::size_t index, Clock::time_point now) const
{
    auto const available_at = upload_at(index).available_at + later_by(index);
    auto const by_clock = options_.loop_period > 0ms ? now + (available_at - fleet_.now()) : Clock::time_point::min();
    if (pace_.speed <= 0)
        return by_clock;
    std::chrono::duration<double, std::milli> const after{static_cast<double>((available_at - pace_.first).count()) / pace_.speed};
    return std::max(by_clock, pace_.start + std::chrono::duration_cast<Clock::duration>(after));
}

bool Station::is_done() const noexcept
{
    return !fleet_.stays && !has_upload(next_upload_) && queue_.empty() && pending_.empty() && !history_ && requests_.empty() &&
           Clock::now() >= flood_until_;
}

std::deque<Station::Item> Station::parts_of(std::size_t upload) const
{
    auto const& one = upload_at(upload);
    auto const count = hj212::to_data_areas(one.data_time, one.items).size();
    std::deque<Item> parts;
    for (std::size_t part = 0; part < count; ++part)
        parts.push_back({.upload = upload, .part = part});
    return parts;
}

hj212::Outgoing Station::message_of(Item item)
{
    auto const& upload = upload_at(item.upload);
    auto const data_time = upload.data_time + later_by(item.upload);
    // A wrong clock shows in the time of an instant; a period keeps the hour or day that the logger takes it for.
    auto const time = upload.cn == cn::real_time ? logger_.clock(data_time) : data_time;
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

void Station::begin_history(Clock::time_point now)
{
    History history{.request = std::move(requests_.front()), .items = {}};
    requests_.pop_front();
    auto const& request = history.request;
    // what has been measured by now; without a period the newest that was sent already
    for (std::size_t i = 0; has_upload(i) && (request.begin ? due(i, now) <= now : i < next_upload_); ++i) {
        auto const data_time = upload_at(i).data_time + later_by(i);
        if (upload_at(i).cn != request.cn || (request.begin && (data_time < *request.begin || data_time > request.end)))
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
            begin_history(now);
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
            if (!has_upload(next_upload_))
                return;
            if (auto const time = due(next_upload_, now); time > now) {
                next_ = std::min({next_, time, options_.loop_period > 0ms ? now + longest_look_ahead : time});
                return;
            }
            auto const index = next_upload_++;
            if (options_.left_out_every > 0 && index % options_.left_out_every == options_.left_out_every - 1)
                ++totals_.left_out;
            else if (upload_at(index).cn != cn::real_time || logger_.sends_real_time())
                queue_ = parts_of(index);
            continue;
        }
        auto const item = queue_.front();
        queue_.pop_front();
        send_item(item, Kind::live, now);
    }
}

}  // namespace yihong::station
