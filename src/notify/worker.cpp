#include "worker.hpp"

#include "yihong/base/log.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace yihong::notify {
namespace {

constexpr std::size_t read_ahead_limit = 2'000;        // entries known by name; their content is read when they are sent
constexpr std::size_t read_step = 200;
constexpr std::chrono::milliseconds pause_after_failure{1'000};
constexpr std::chrono::seconds between_notes{10};

}  // namespace

Dispatcher::Worker::Worker(Channel channel, Outbox const& outbox, Journal const& journal, Writer& writer, DeliveryWatch& watch,
                           DispatcherOptions const& options)
    : channel_{std::move(channel)}, queue_{alert_queue(channel_.id)}, dead_queue_{dead_queue_of(channel_.id)},
      tries_queue_{tries_queue_of(channel_.id)}, outbox_{outbox}, options_{options}, writer_{writer}, watch_{watch},
      sender_{make_sender(channel_, {options.settings, journal, &stopping_})}, pending_{channel_.group_wait},
      random_{std::random_device{}()}
{
    waiting_ = count(queue_);
    dead_ = count(dead_queue_);
    note_ = restored();
    if (note_.failing_since)
        watch_.note(channel_.id, note_.failing_since);
}

TriesNote Dispatcher::Worker::restored()
{
    auto const kept = outbox_.outbox(tries_queue_, 0, 1);
    return kept.empty() ? TriesNote{} : parse_tries_note(kept.front().payload);
}

int Dispatcher::Worker::tries_of(std::uint64_t entry) const
{
    std::lock_guard const lock{mutex_};
    auto const known = note_.tries.find(entry);
    return known == note_.tries.end() ? 0 : known->second;
}

bool Dispatcher::Worker::add_note(OutboxJob& job, TriesNote const& note) const
{
    try {
        for (auto const& old : outbox_.outbox(tries_queue_, 0, 10))
            job.done_entries.emplace_back(tries_queue_, old.id);
    } catch (StoreError const&) {
        return false;
    }
    if (note != TriesNote{})
        job.added.push_back({0, tries_queue_, to_payload(note)});
    return true;
}

std::uint64_t Dispatcher::Worker::count(std::string const& queue) const
{
    constexpr std::size_t step = 1'000;
    std::uint64_t found = 0;
    for (std::uint64_t after = 0;;) {
        auto const entries = outbox_.outbox(queue, after, step);
        found += entries.size();
        if (entries.size() < step)
            return found;
        after = entries.back().id;
    }
}

void Dispatcher::Worker::start()
{
    stopping_ = false;
    thread_ = std::thread{[this] { run(); }};
}

void Dispatcher::Worker::ask_to_stop()
{
    {
        std::lock_guard const lock{mutex_};
        stopping_ = true;
    }
    wake_.notify_all();
}

void Dispatcher::Worker::stop()
{
    ask_to_stop();
    if (thread_.joinable())
        thread_.join();
}

void Dispatcher::Worker::added(std::uint64_t waiting, std::uint64_t dead)
{
    waiting_ += waiting;
    dead_ += dead;
    if (waiting == 0)
        return;
    {
        std::lock_guard const lock{mutex_};
        more_ = true;
    }
    wake_.notify_all();
}

ChannelStatus Dispatcher::Worker::status() const
{
    ChannelStatus status;
    status.id = channel_.id;
    status.kind = to_text(channel_.kind);
    status.target = shown_target(channel_);
    status.waiting = waiting_;
    status.dead = dead_;
    status.delivered = delivered_;
    status.failed = failed_;
    std::lock_guard const lock{mutex_};
    status.last_delivered_at = last_delivered_at_;
    status.failing_since = note_.failing_since;
    status.last_error = note_.last_error;
    return status;
}

void Dispatcher::Worker::run()
{
    while (!stopping_) {
        std::vector<Pending::Item> items;
        auto until = Clock::time_point::max();
        try {
            read_ahead();
            if (auto const held = held_until(); held > Clock::now())
                until = held;
            else
                items = pending_.take(Clock::now());
            if (!items.empty()) {
                deliver(items);
                until = Clock::now();                  // there may be more
            } else if (auto const due = pending_.next_due(); due && until == Clock::time_point::max()) {
                until = *due;
            }
        } catch (std::exception const& problem) {      // of the store, most likely
            log::error("notification_failed", {{"channel", channel_.id}, {"detail", problem.what()}});
            if (!items.empty())
                pending_.put_back(std::move(items));
            until = Clock::now() + pause_after_failure;
        }
        submit_finished();
        std::unique_lock lock{mutex_};
        auto const has_work = [&] {
            return stopping_ || (more_ && pending_.size() < read_ahead_limit) ||
                   (has_to_commit() && !committing_ && commit_again_at_ <= Clock::now());
        };
        if (note_changed_ && !committing_)
            until = std::min(until, std::max(note_again_at_, commit_again_at_));
        if (!finished_.empty() && !committing_)
            until = std::min(until, commit_again_at_);
        if (until == Clock::time_point::max())
            wake_.wait(lock, has_work);
        else
            wake_.wait_until(lock, until, has_work);
    }
    // what was delivered is to be noted once more; what cannot be noted will be delivered again
    std::unique_lock lock{mutex_};
    wake_.wait(lock, [&] { return !committing_; });
    if (!has_to_commit())
        return;
    commit_again_at_ = {};
    lock.unlock();
    submit_finished();
    lock.lock();
    wake_.wait(lock, [&] { return !committing_; });
}

void Dispatcher::Worker::read_ahead()
{
    {
        std::lock_guard const lock{mutex_};
        if (!more_ || pending_.size() >= read_ahead_limit)
            return;
        more_ = false;                                 // before reading: what is committed meanwhile sets it again
    }
    auto const entries = outbox_.outbox(queue_, read_through_, read_step);
    auto const now = Clock::now();
    for (auto const& entry : entries) {
        read_through_ = entry.id;
        auto const event = parse_event(entry.payload);
        if (!event) {
            log::error("notification_dead", {{"channel", channel_.id}, {"entry", entry.id}, {"error", event.error().detail}});
            finish({entry.id, DeadLetter{event.error().detail, 0, utc_now(), entry.payload}});
        } else if (event->is_alert && std::max(severity_rank(event->peak_severity), severity_rank(event->severity)) <
                                          static_cast<int>(channel_.min_severity)) {
            finish({entry.id, std::nullopt});          // nobody here wants it
        } else {
            bool const may_be_merged = event->kind == "opened" || event->kind == "updated";
            pending_.add(entry.id, event->alert_id.empty() ? event->id : event->alert_id, may_be_merged ? event->river : std::string{}, now,
                         tries_of(entry.id));
        }
    }
    if (entries.size() == read_step) {
        std::lock_guard const lock{mutex_};
        more_ = true;
    }
}

Dispatcher::Worker::Clock::time_point Dispatcher::Worker::held_until()
{
    auto held = receiver_holds_until_;
    if (channel_.rate_per_minute > 0) {
        auto const now = Clock::now();
        while (!sent_.empty() && sent_.front() + std::chrono::minutes{1} <= now)
            sent_.pop_front();
        if (sent_.size() >= static_cast<std::size_t>(channel_.rate_per_minute))
            held = std::max(held, sent_.front() + std::chrono::minutes{1});
    }
    return held;
}

void Dispatcher::Worker::deliver(std::vector<Pending::Item> const& items)
{
    std::vector<Event> events;
    for (auto const& item : items) {
        auto const found = outbox_.outbox(queue_, item.id - 1, 1);
        if (!found.empty() && found.front().id == item.id)
            events.push_back(parse_event(found.front().payload).value());      // it could be read when it was read ahead
    }
    if (events.size() != items.size()) {               // somebody else empties the queue
        log::error("notification_gone", {{"channel", channel_.id}, {"entry", items.front().id}});
        pending_.settle(items);
        return;
    }
    Outcome outcome;
    try {
        outcome = sender_->send(events);
    } catch (std::exception const& problem) {
        outcome = {Outcome::Kind::failed, redacted(problem.what(), channel_), std::nullopt};
    }
    if (channel_.rate_per_minute > 0)
        sent_.insert(sent_.end(), outcome.messages, Clock::now());
    bool const all = outcome.kind == Outcome::Kind::delivered;
    auto const taken = static_cast<std::ptrdiff_t>(all ? items.size() : std::min(outcome.taken, items.size() - 1));
    std::vector<Pending::Item> const done{items.begin(), items.begin() + taken};
    if (!all && !stopping_)                            // given up, or not: what is left stays in the outbox
        failed({items.begin() + taken, items.end()}, std::span{events}.subspan(static_cast<std::size_t>(taken)), outcome);
    delivered(done, all);
}

void Dispatcher::Worker::delivered(std::vector<Pending::Item> const& items, bool gets_through)
{
    if (!stopping_ || gets_through)
        pending_.settle(items);
    delivered_ += items.size();
    for (auto const& item : items)
        finish({item.id, std::nullopt});
    bool was_failing = false;
    {
        std::lock_guard const lock{mutex_};
        if (!items.empty())
            last_delivered_at_ = utc_now();
        if (!gets_through)
            return;
        was_failing = note_.failing_since.has_value();
        note_.failing_since.reset();
        note_.last_error.clear();
        note_changed_ = note_changed_ || was_failing;
    }
    if (!was_failing)
        return;
    watch_.note(channel_.id, std::nullopt);
    log::info("notification_recovered", {{"channel", channel_.id}});
    pending_.receiver_is_back(Clock::now());
}

void Dispatcher::Worker::failed(std::vector<Pending::Item> items, std::span<Event const> events, Outcome const& outcome)
{
    log::warning("notification_failed",
                 {{"channel", channel_.id}, {"event", events.front().id}, {"tries", items.front().tries + 1}, {"error", outcome.error}});
    {
        std::lock_guard const lock{mutex_};
        if (!note_.failing_since)
            note_.failing_since = utc_now();
        note_.last_error = outcome.error;
        note_changed_ = true;
        for (auto const& item : items)
            note_.tries[item.id] = item.tries + (outcome.kind == Outcome::Kind::locked_out ? 0 : 1);
        watch_.note(channel_.id, note_.failing_since);
    }
    ++failed_;                                         // who sees the count sees the reason
    auto const now = Clock::now();
    if (outcome.retry_after)
        receiver_holds_until_ = now + std::min<std::chrono::milliseconds>(*outcome.retry_after, options_.longest_retry_after);
    bool const locked_out = outcome.kind == Outcome::Kind::locked_out;
    if (locked_out) {                                  // no event is at fault: the channel waits, and none of them dies
        receiver_holds_until_ = std::max(receiver_holds_until_, now + options_.longest_pause);
        log::error("notification_channel_paused",
                   {{"channel", channel_.id},
                    {"error", outcome.error},
                    {"detail", "address or secret of the channel is wrong; put it right and restart, nothing is lost"}});
    }
    std::vector<Pending::Item> again;
    std::vector<Pending::Item> dead;
    auto const due = now + backoff(items.front().tries + 1, options_.shortest_pause, options_.longest_pause, random_);
    for (std::size_t i = 0; i < items.size(); ++i) {
        auto& item = items[i];
        item.tries += locked_out ? 0 : 1;
        if (outcome.kind == Outcome::Kind::refused || (!locked_out && item.tries >= channel_.max_tries)) {
            log::error("notification_dead",
                       {{"channel", channel_.id}, {"event", events[i].id}, {"tries", item.tries}, {"error", outcome.error}});
            finish({item.id, DeadLetter{outcome.error, item.tries, utc_now(), events[i].document}});
            dead.push_back(std::move(item));
        } else {
            item.unreachable = outcome.kind == Outcome::Kind::unreachable || locked_out;
            item.due = due;
            again.push_back(std::move(item));
        }
    }
    pending_.put_back(std::move(again));
    pending_.settle(dead);
}

void Dispatcher::Worker::finish(Finished finished)
{
    std::lock_guard const lock{mutex_};
    note_changed_ = note_.tries.erase(finished.id) > 0 || note_changed_;
    finished_.push_back(std::move(finished));
}

void Dispatcher::Worker::submit_finished()
{
    auto batch = std::make_shared<std::vector<Finished>>();
    OutboxJob job;
    std::optional<TriesNote> note;
    {
        std::lock_guard const lock{mutex_};
        if (!has_to_commit() || committing_ || commit_again_at_ > Clock::now())
            return;
        batch->swap(finished_);
        committing_ = true;
        if (note_is_due()) {
            note = note_;
            note_changed_ = false;
            note_again_at_ = Clock::now() + between_notes;
        }
    }
    if (note && !add_note(job, *note)) {
        std::lock_guard const lock{mutex_};
        note_changed_ = true;                          // at the next one
    }
    for (auto const& finished : *batch) {
        job.done_entries.emplace_back(queue_, finished.id);
        if (finished.dead)
            job.added.push_back({0, dead_queue_, to_payload(*finished.dead)});
    }
    auto const committed = [this, batch, noted = note.has_value()](bool kept) {
        if (kept)
            waiting_ -= batch->size();
        // notified under the lock: once it is free, the worker may be gone
        std::lock_guard const lock{mutex_};
        committing_ = false;
        commit_again_at_ = {};
        if (!kept) {
            finished_.insert(finished_.begin(), std::make_move_iterator(batch->begin()), std::make_move_iterator(batch->end()));
            commit_again_at_ = Clock::now() + pause_after_failure;
            note_changed_ = note_changed_ || noted;
        }
        wake_.notify_all();
    };
    job.done = committed;
    if (!writer_.submit(std::move(job)))
        committed(false);
}

}  // namespace yihong::notify
