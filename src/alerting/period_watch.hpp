#pragma once

#include "yihong/alerting/alerting.hpp"

#include <chrono>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <stop_token>
#include <thread>
#include <utility>
#include <vector>

namespace yihong {

/// Looks at periods beside the writer: a commit says which sites, a thread of its own reads and computes a moment later, and the next tick of the
/// writer takes what was found. A commit waits for none of it. Owned by the writer thread.
class PeriodWatch {
public:
    using Found = std::pair<PeriodLook, std::vector<PeriodFinding>>;

    PeriodWatch(std::shared_ptr<World const> world, LookAtPeriods look, std::chrono::milliseconds pause);

    /// \pre the records are on disk \param new_world null: the same holds
    void committed(std::vector<PeriodLook> const& looks, std::shared_ptr<World const> const& new_world);
    /// What was found since the last call. It may be lost until the next commit.
    [[nodiscard]] std::vector<Found> take();
    /// What was taken is lost with its group: it is looked for once more.
    void lost() noexcept;

private:
    void put(PeriodLook const& look);
    /// Other rules hold than it was looked at with: the next record of its site brings another look, but none comes of a mark.
    void look_again(PeriodLook const& look);
    void run(std::stop_token const& stop, std::chrono::milliseconds pause);

    LookAtPeriods const look_;
    std::mutex mutex_;
    std::condition_variable_any change_;
    std::shared_ptr<World const> world_;
    std::map<SiteNumber, PeriodLook> due_;
    std::vector<Found> found_, taken_;
    std::jthread thread_;  // ends first
};

}  // namespace yihong
