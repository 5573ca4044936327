#pragma once

#include "yihong/evaluate/world.hpp"
#include "yihong/reports/section_months.hpp"
#include "yihong/write/participant.hpp"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace yihong {

/// Keeps the months of sections up to date with each commit: those that a record touches leave, and a thread of its own reads them anew a moment
/// later, so that hardly anybody waits for it. Adds nothing to a commit, and reads nothing in it.
class MonthKeeper final : public Participant {
public:
    /// How long after a change: what comes in many commits is read once.
    static constexpr std::chrono::seconds usual_pause{2};

    /// \param months outlives this
    MonthKeeper(SectionMonths& months, std::shared_ptr<World const> world, std::chrono::milliseconds pause = usual_pause);
    void committed(CommitMade const& made) override;

private:
    void run(std::stop_token const& stop, std::chrono::milliseconds pause);

    SectionMonths& months_;
    std::mutex mutex_;
    std::condition_variable_any change_;
    std::shared_ptr<World const> world_;
    bool changed_ = false;
    std::jthread thread_;  // ends first
};

}  // namespace yihong
