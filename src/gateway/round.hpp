#pragma once

#include "yihong/write/intake.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <functional>
#include <vector>

namespace yihong::gateway {

/// What the sessions of one I/O thread have for the writer (一轮). They hand it in together, as one job: who comes while the last one is being written goes
/// with the next, as it would have waited for it anyway. Touched by that thread only; lives until the last session has its answer.
class Round {
public:
    explicit Round(Intake& intake) : intake_{intake} {}

    /// Puts `batch` into the next round and waits for its commit. Where the writer's queue is full it is tried again, and the station waits.
    /// \param executor of the thread
    /// \return whether it is on disk
    boost::asio::awaitable<bool> commit(boost::asio::any_io_executor executor, PreparedBatch batch);

private:
    using Told = std::function<void(bool kept)>;
    void hand_in(boost::asio::any_io_executor const& executor);
    void hand_in_soon(boost::asio::any_io_executor const& executor);
    void answered(std::vector<Told> const& sessions, bool kept, boost::asio::any_io_executor const& executor);

    Intake& intake_;
    std::vector<PreparedBatch> batches_;
    std::vector<Told> sessions_;  // whose batches these are
    bool is_under_way_ = false;  // a job, or the hour of the next one
};

}  // namespace yihong::gateway
