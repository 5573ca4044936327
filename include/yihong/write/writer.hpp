#pragma once

#include "yihong/ports/committer.hpp"
#include "yihong/ports/evidence.hpp"
#include "yihong/ports/records.hpp"
#include "yihong/state/current_state.hpp"
#include "yihong/write/job.hpp"
#include "yihong/write/participant.hpp"

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace yihong {

struct WriterLimits {
    std::size_t queue_records = 400'000;           ///< waiting records before `submit` says no
    std::size_t queue_jobs = 100'000;              ///< waiting jobs of any kind, likewise
    std::size_t group_records = 20'000;            ///< at most about so many share one commit
};

/// Counters since the start, for /metrics. Any thread reads them; they move after the commit that they speak of.
struct WriterCounters {
    std::atomic<std::uint64_t> accepted{0}, duplicates{0}, revised{0}, rejected{0}, values{0}, commits{0};
    std::atomic<std::uint64_t> queued_records{0};
    std::atomic<std::uint64_t> participant_failures{0};
    std::atomic<std::uint64_t> clock_jumps{0};     ///< times that the wall clock was set by half a minute or more
    std::atomic<std::int64_t> last_commit_ms{0};   ///< UTC milliseconds
    std::atomic<bool> store_broken{false};
};

/// Somebody who sends from the outbox, told when a commit has put something there.
class OutboxListener {
public:
    virtual ~OutboxListener() = default;
    /// On the writer thread, so it must be quick. The entries have no ids.
    virtual void outbox_grew(std::vector<OutboxEntry> const& entries) = 0;
};

/// The parts of a store that the writer needs. They outlive it.
struct WriterStore {
    Committer& committer;
    Records const& records;
    Evidence const& evidence;
};

/// A participant and its name, for the log.
struct Seat {
    std::string_view name;
    std::shared_ptr<Participant> participant;
};

/// The one writer (写入线程): takes jobs from a bounded queue, decides about the records of a whole group of waiting jobs, lets the participants add
/// what follows from them, makes one synced commit of everything, publishes the new state, and only then answers.
class Writer {
public:
    /// Publishes the state that the store has. `store` and `state` outlive the writer. \param participants are asked in this order
    /// \throws StoreError
    Writer(WriterStore store, CurrentState& state, std::vector<Seat> participants, WriterLimits limits = {});
    /// Commits what waits, then ends.
    ~Writer();
    Writer(Writer const&) = delete;
    Writer& operator=(Writer const&) = delete;

    /// \return false when the queue is full: `job` was not taken, try again later. Any thread
    [[nodiscard]] bool submit(Job&& job);
    /// As `submit`, waiting for room. For those who must be heard: commands and reloads.
    void submit_when_there_is_room(Job&& job);

    /// `listener` is told of every commit that put something into the outbox, until it is taken off again: when `stop_listening` returns, it is
    /// not being called any more.
    void listen(OutboxListener& listener);
    void stop_listening(OutboxListener& listener);

    [[nodiscard]] WriterCounters const& counters() const noexcept;

private:
    class State;
    std::unique_ptr<State> state_;
};

}  // namespace yihong
