#include "yihong/write/writer.hpp"

#include "answers.hpp"
#include "clock_watch.hpp"
#include "earlier_frames.hpp"
#include "participants.hpp"
#include "series_tails.hpp"
#include "write_trouble.hpp"

#include "yihong/base/log.hpp"
#include "yihong/state/network.hpp"
#include "yihong/state/recent_records.hpp"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <set>
#include <thread>
#include <utility>

namespace yihong {
namespace {

using namespace std::chrono_literals;

std::size_t records_of(Job const& job) noexcept
{
    std::size_t records = 0;
    if (auto const* one = std::get_if<BatchJob>(&job))
        records = one->batch.records.size();
    else if (auto const* several = std::get_if<BatchesJob>(&job))
        for (auto const& batch : several->batches)
            records += batch.records.size();
    return records;
}

}  // namespace

class Writer::State {
public:
    State(WriterStore store, CurrentState& state, std::vector<Seat> seats, WriterLimits limits)
        : store_{store}, state_{state}, limits_{limits}, tails_{store.records}, network_{state.catalog},
          participants_{std::move(seats), store.evidence, network_, tails_, counters_.participant_failures}
    {
        publish_first();
        probe_first();
        thread_ = std::thread{[this] { run(); }};
    }
    ~State()
    {
        {
            std::lock_guard const lock{mutex_};
            stopping_ = true;
        }
        wake_.notify_all();
        room_.notify_all();
        thread_.join();
    }

    bool submit(Job&& job, bool waits)
    {
        {
            std::unique_lock lock{mutex_};
            auto const records = records_of(job);
            auto const fits = [&] {
                auto const waiting = counters_.queued_records.load();
                return queue_.size() < limits_.queue_jobs && (waiting == 0 || waiting + records <= limits_.queue_records);
            };
            if (waits)
                room_.wait(lock, fits);
            else if (stopping_ || !fits())
                return false;
            counters_.queued_records += records;
            queue_.push_back(std::move(job));
        }
        wake_.notify_one();
        return true;
    }

    void listen(OutboxListener& listener)
    {
        std::lock_guard const lock{listeners_mutex_};
        listeners_.push_back(&listener);
    }
    void stop_listening(OutboxListener& listener)
    {
        std::lock_guard const lock{listeners_mutex_};
        std::erase(listeners_, &listener);
    }

    [[nodiscard]] WriterCounters const& counters() const noexcept { return counters_; }

private:
    void publish_first();
    /// A store that was opened on a full disk cannot be written: that is known from the start on, not from the first loss.
    void probe_first();
    void run();
    std::deque<Job> next_jobs(bool& warm);
    void process(std::deque<Job>& jobs);

    // the phases of a group, in their order
    void put_together(std::deque<Job>& jobs, Group& group);
    void close(Group& group);
    void tell_clock_jump(std::chrono::milliseconds by, UtcTime now);
    void commit(std::deque<Job> const& jobs, Group const& group);
    void count(Group const& group);
    void publish(Group& group);
    void answer(std::deque<Job>& jobs, Group& group);
    void tell_broken(std::string_view why);
    /// Nothing of the group is on disk and nobody was told otherwise.
    void lose(std::deque<Job>& jobs, std::string_view why);

    void take(BatchJob& job, Group& group, Answer& answer);
    void take(BatchesJob& job, Group& group, Answer& answer);
    void take(PreparedBatch& batch, Group& group, Answer& answer);
    void take_records(PreparedBatch& batch, Group& group, Answer& answer);
    static void set_aside(PreparedBatch& batch, Group& group);
    void take(OutboxJob& job, Group& group, Answer& answer);
    void take(AlertJob& job, Group& group, Answer& answer);
    void take(MarkJob& job, Group& group, Answer& answer);
    void take(WithdrawJob& job, Group& group, Answer& answer);
    void take(MissingPeriodsJob& job, Group& group, Answer& answer);
    void take(WorldJob& job, Group& group, Answer& answer);
    void take(ProbeJob&, Group&, Answer&) {}

    WriterStore store_;
    CurrentState& state_;
    WriterLimits limits_;
    WriterCounters counters_;
    SeriesTails tails_;
    Network network_;
    Participants participants_;
    std::chrono::steady_clock::time_point next_tick_{};    // the wall clock may be set back
    ClockWatch clock_;
    WriteTrouble trouble_;
    CommitNumber commit_ = 0;                      // the newest one

    std::mutex mutex_;
    std::condition_variable wake_;
    std::condition_variable room_;
    std::deque<Job> queue_;
    bool stopping_ = false;
    std::mutex listeners_mutex_;
    std::vector<OutboxListener*> listeners_;
    std::thread thread_;
};

void Writer::State::publish_first()
{
    auto const now = utc_now();
    auto const world = state_.world.load();
    auto const last = store_.committer.last_commit();
    commit_ = last.number;
    if (last.at - now > 30s)                       // set back while nothing ran
        tell_clock_jump(std::chrono::duration_cast<std::chrono::milliseconds>(now - last.at), now);
    // as it was told last: what has turned stale since is a change
    auto const then = last.number > 0 ? std::min(last.at, now) : now;
    network_.reset(world, recent_records(store_.records, *world->sites), then);
    Group group;
    group.now = now;
    std::vector<LiveEvent> events;
    participants_.committed({group.write, world, network_, now, events}, group);
    network_.publish(then);
    if (network_.publish(now))
        state_.feed.publish(site_changes(network_.changes(), now), {commit_, world->digest, now});
}

void Writer::State::probe_first()
{
    try {
        store_.committer.probe();
    } catch (StoreError const& problem) {
        tell_broken(problem.what());
    }
}

std::deque<Job> Writer::State::next_jobs(bool& warm)
{
    // Under load every commit changes what was just rendered; the next reader renders it then, or a pause does.
    constexpr auto pause_before_warming = 50ms;
    constexpr auto tick = 1s;
    std::deque<Job> jobs;
    std::unique_lock lock{mutex_};
    auto const has_work = [&] { return stopping_ || !queue_.empty(); };
    if (!warm && !wake_.wait_for(lock, pause_before_warming, has_work)) {
        lock.unlock();
        network_.warm();
        warm = true;
        lock.lock();
    }
    // wakes all the same: a site turns stale, a station silent, an alert overdue without anything coming in
    wake_.wait_for(lock, tick, has_work);
    std::size_t records = 0;
    while (!queue_.empty() && records < limits_.group_records) {
        bool const is_alone = std::holds_alternative<WithdrawJob>(queue_.front());
        if (is_alone && !jobs.empty())
            break;
        records += records_of(queue_.front());
        jobs.push_back(std::move(queue_.front()));
        queue_.pop_front();
        if (is_alone || std::holds_alternative<WorldJob>(jobs.back()))
            break;                                 // what comes behind is of the new world
    }
    counters_.queued_records -= records;
    return jobs;
}

void Writer::State::run()
{
    bool warm = false;
    for (;;) {
        auto jobs = next_jobs(warm);
        if (jobs.empty()) {
            std::lock_guard const lock{mutex_};
            if (stopping_ && queue_.empty())
                return;
        }
        room_.notify_all();
        process(jobs);
        warm = false;
    }
}

void Writer::State::process(std::deque<Job>& jobs)
{
    Group group;
    group.now = utc_now();
    group.answers.resize(jobs.size());
    try {
        participants_.begin(group);
        put_together(jobs, group);
        close(group);
        commit(jobs, group);
    } catch (std::exception const& problem) {
        return lose(jobs, problem.what());
    }
    count(group);
    publish(group);
    answer(jobs, group);
}

void Writer::State::put_together(std::deque<Job>& jobs, Group& group)
{
    for (std::size_t j = 0; j < jobs.size(); ++j)
        std::visit([&](auto& job) { take(job, group, group.answers[j]); }, jobs[j]);
}

void Writer::State::take(BatchJob& job, Group& group, Answer& answer) { take(job.batch, group, answer); }

void Writer::State::take(BatchesJob& job, Group& group, Answer& answer)
{
    for (auto& batch : job.batches)
        take(batch, group, answer);
}

void Writer::State::take(PreparedBatch& batch, Group& group, Answer& answer)
{
    take_records(batch, group, answer);
    set_aside(batch, group);
    std::ranges::move(batch.refused, std::back_inserter(answer.report.rejected));
    std::ranges::move(batch.replayed, std::back_inserter(group.write.evidence.cleared));
    std::ranges::move(batch.new_sites, std::back_inserter(group.write.sites));
}

void Writer::State::take_records(PreparedBatch& batch, Group& group, Answer& answer)
{
    auto& frames = group.write.evidence.frames;
    auto const first_frame = frames.size();        // there before the records, so that participants find them
    for (auto& [frame, record] : batch.frames)
        frames.push_back(std::move(frame));
    constexpr auto none = SIZE_MAX;
    std::vector<std::size_t> frame_of(batch.records.size(), none);
    for (std::size_t i = 0; i < batch.frames.size(); ++i)
        if (auto const record = batch.frames[i].record)
            frame_of[*record] = first_frame + i;
    for (std::size_t i = 0; i < batch.records.size(); ++i) {
        auto& record = batch.records[i];
        auto const key = key_of(record);
        auto const received_at = record.received_at;
        std::optional<Record> waited;              // replayed: as it came
        if (!batch.first_received.empty()) {
            record.received_at = batch.first_received[i];
            waited = record;
        }
        auto const outdated = [&](Record const& known) {
            if (waited)
                return known.received_at > waited->received_at;
            return frame_of[i] != none && is_outdated(frames[frame_of[i]], store_.evidence, std::span{frames}.first(frame_of[i]));
        };
        group.values += record.readings.size();
        auto const decided = tails_.take(std::move(record), group.write.records, *network_.world(), outdated);
        bool const came_late = waited && decided.outdated;
        switch (decided.verdict) {
        case FrameVerdict::duplicate: ++(came_late ? answer.report.superseded : answer.report.duplicates); break;
        case FrameVerdict::revised: ++answer.report.revised; break;
        default: ++(came_late ? answer.report.superseded : answer.report.accepted);
        }
        if (came_late)
            group.write.records.came_late.push_back(*std::move(waited));
        if (frame_of[i] != none)
            frames[frame_of[i]].verdict = decided.verdict;
        if (decided.kept)
            participants_.on_record(*decided.kept, decided.before, {key, decided.verdict, batch.quiet, received_at}, group);
    }
}

void Writer::State::set_aside(PreparedBatch& batch, Group& group)
{
    constexpr std::size_t most_bytes = 64 * 1024;
    for (auto& refusal : batch.refused) {
        QuarantineEntry entry{.id = 0,
                              .received_at = group.now,
                              .source = batch.source,
                              .format = refusal.format.empty() ? batch.format : refusal.format,
                              .code = std::string{code_name(refusal.failure.code)},
                              .detail = refusal.failure.detail,
                              .site = refusal.site,
                              .raw = (refusal.format.empty() ? batch.raw_prefix : std::string{}) + refusal.raw};
        if (entry.raw.size() > most_bytes) {       // a piece must never be read again for the whole
            entry.detail +=
                " (of its " + std::to_string(entry.raw.size()) + " bytes the first " + std::to_string(most_bytes) + " are kept)";
            entry.raw.resize(most_bytes);
            entry.format = "cut";
        }
        group.write.evidence.quarantined.push_back(std::move(entry));
        refusal.raw.clear();
    }
}

void Writer::State::take(OutboxJob& job, Group& group, Answer&)
{
    std::ranges::move(job.added, std::back_inserter(group.write.outbox.added));
    std::ranges::move(job.done_entries, std::back_inserter(group.write.outbox.done));
}

void Writer::State::take(AlertJob& job, Group& group, Answer& answer)
{
    if (auto outcome = participants_.on_command(job.command, group)) {
        answer.alert = std::move(outcome->first);
        answer.answered_by = outcome->second;
    }
}

void Writer::State::take(MarkJob& job, Group& group, Answer& answer)
{
    if (auto outcome = participants_.on_marks(job.command, group)) {
        answer.marks = std::move(outcome->first);
        answer.answered_by = outcome->second;
    }
}

void Writer::State::take(WithdrawJob& job, Group& group, Answer& answer)
{
    auto const taken = tails_.withdraw(job.which, group.write.records);
    answer.withdrawn = taken ? taken->size() : job.which.limit + 1;
    if (!taken)
        return;
    for (auto const& record : *taken)
        participants_.on_withdrawn(record, group);
}

void Writer::State::take(MissingPeriodsJob& job, Group& group, Answer&)
{
    std::ranges::move(job.sites, std::back_inserter(group.missing_periods));
}

void Writer::State::take(WorldJob& job, Group& group, Answer&) { group.new_world = job.world; }

void Writer::State::tell_clock_jump(std::chrono::milliseconds by, UtcTime now)
{
    ++counters_.clock_jumps;
    state_.clock_set_ms = now.time_since_epoch().count();
    log::warning("clock_jumped", {{"by_s", static_cast<double>(by.count()) / 1000.0}, {"now", format_rfc3339(now)}});
}

void Writer::State::close(Group& group)
{
    auto const steady = std::chrono::steady_clock::now();
    if (auto const set = clock_.look(group.now, steady)) {
        tell_clock_jump(*set, group.now);
    }
    if (steady >= next_tick_) {
        next_tick_ = steady + 1s;
        participants_.tick(group);
    }
    participants_.finish(group);
    group.write.records.newest = tails_.take_newest();
    group.write.records.superseded_at = group.now;
}

void Writer::State::commit(std::deque<Job> const& jobs, Group const& group)
{
    if (!group.write.empty()) {
        commit_ = store_.committer.commit(group.write);
        ++counters_.commits;
        counters_.last_commit_ms = utc_now().time_since_epoch().count();
    } else if (bool const is_asked = std::ranges::any_of(jobs, [](Job const& job) { return std::holds_alternative<ProbeJob>(job); });
               is_asked || (counters_.store_broken && jobs.empty())) {
        store_.committer.probe();
    } else {
        return;
    }
    trouble_.wrote();
    counters_.store_broken = false;
}

void Writer::State::tell_broken(std::string_view why)
{
    counters_.store_broken = true;
    trouble_.failed(why);
}

void Writer::State::lose(std::deque<Job>& jobs, std::string_view why)
{
    tell_broken(why);
    tails_.forget();
    participants_.rolled_back();
    std::ranges::for_each(jobs, tell_lost);
    if (!jobs.empty() && std::holds_alternative<WorldJob>(jobs.back())) {  // it writes nothing: it only shared a group with what was lost
        std::lock_guard const lock{mutex_};
        queue_.push_front(std::move(jobs.back()));
    }
}

void Writer::State::count(Group const& group)
{
    counters_.values += group.values;
    for (auto const& answer : group.answers) {
        counters_.accepted += answer.report.accepted;
        counters_.duplicates += answer.report.duplicates;
        counters_.revised += answer.report.revised;
        counters_.rejected += answer.report.rejected.size();
    }
}

void Writer::State::publish(Group& group)
{
    if (!group.write.outbox.added.empty()) {
        std::lock_guard const lock{listeners_mutex_};
        for (auto* listener : listeners_)
            listener->outbox_grew(group.write.outbox.added);
    }
    for (auto const& record : group.write.records.added)
        state_.series.mark(record.site);
    std::set<SiteNumber> to_gather;  // what they show is gone from the store
    for (auto const& record : group.write.records.withdrawn)
        to_gather.insert(record.site);
    for (auto const site : to_gather)
        state_.series.mark(site);
    for (auto const site : network_.apply(group.write.records.added))
        to_gather.insert(site);
    for (auto const site : to_gather)
        network_.gather(site, recent_records(store_.records, *network_.world()->sites, {{site}}));
    for (auto const& [site, periods] : group.missing_periods)
        network_.set_missing(site, periods);
    if (group.new_world) {
        state_.world.publish(group.new_world);
        state_.series.mark_world();
        network_.reset(group.new_world, recent_records(store_.records, *group.new_world->sites), utc_now());
    }
    std::vector<LiveEvent> news;
    participants_.committed({group.write, group.new_world, network_, group.now, news}, group);
    bool const published = network_.publish(utc_now());
    auto events = published ? site_changes(network_.changes(), utc_now()) : std::vector<LiveEvent>{};
    if (group.new_world)
        events = {reset_event("reloaded", group.now)};
    std::ranges::move(news, std::back_inserter(events));
    if (!events.empty())
        state_.feed.publish(std::move(events), {commit_, network_.world()->digest, group.now});
}

void Writer::State::answer(std::deque<Job>& jobs, Group& group)
{
    for (std::size_t j = 0; j < jobs.size(); ++j) {
        auto& answer = group.answers[j];
        if (answer.answered_by && !participants_.is_in(*answer.answered_by)) {
            answer.alert.reset();
            answer.marks.reset();
        }
        tell_kept(jobs[j], std::move(answer));
    }
}

Writer::Writer(WriterStore store, CurrentState& state, std::vector<Seat> participants, WriterLimits limits)
    : state_{std::make_unique<State>(store, state, std::move(participants), limits)}
{}

Writer::~Writer() = default;

bool Writer::submit(Job&& job) { return state_->submit(std::move(job), false); }
void Writer::submit_when_there_is_room(Job&& job) { (void)state_->submit(std::move(job), true); }
void Writer::listen(OutboxListener& listener) { state_->listen(listener); }
void Writer::stop_listening(OutboxListener& listener) { state_->stop_listening(listener); }
WriterCounters const& Writer::counters() const noexcept { return state_->counters(); }

}  // namespace yihong
