#pragma once

#include "yihong/evaluate/quality_control.hpp"
#include "yihong/state/current_state.hpp"
#include "yihong/write/writer.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace yihong {

/// The way in for readings (接入): checks and judges a batch on the caller's thread, then hands it to the writer. Any thread.
class Intake {
public:
    /// Both outlive the intake.
    Intake(Writer& writer, CurrentState const& state, TimeLimits const& limits = {}) : writer_{writer}, state_{state}, limits_{limits} {}

    /// What readers should parse against.
    [[nodiscard]] std::shared_ptr<World const> world() const { return state_.world.load(); }

    /// Times and ranges by quality control, class or AQI by the edition in force on the day of the measurement. What is refused goes on with its
    /// reason, to quarantine. `batch`'s raw views must still be alive.
    [[nodiscard]] PreparedBatch prepare(ParsedBatch batch, std::string source, World const& world, UtcTime now) const;

    /// Called on the writer thread after the commit; an empty result means the store failed and nothing was kept.
    using Done = std::function<void(std::optional<IngestReport>)>;
    /// \return false when the queue is full: `batch` was not taken, try again later
    [[nodiscard]] bool submit(PreparedBatch&& batch, Done done);
    /// Batches of many senders as one job. `done` is told on the writer thread whether they are on disk.
    /// \return false when the queue is full: `batches` were not taken, try again later
    [[nodiscard]] bool submit(std::vector<PreparedBatch>&& batches, std::function<void(bool kept)> done);
    /// As `submit`, waiting for room and for the commit. For commands. \throws StoreError
    IngestReport submit_and_wait(PreparedBatch batch);

private:
    Writer& writer_;
    CurrentState const& state_;
    TimeLimits limits_;
};

}  // namespace yihong
