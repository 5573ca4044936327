#pragma once

#include "yihong/base/snapshot.hpp"
#include "yihong/evaluate/world.hpp"
#include "yihong/ports/records.hpp"
#include "yihong/reports/air_months.hpp"
#include "yihong/reports/section_months.hpp"
#include "yihong/reports/settings.hpp"
#include "yihong/write/participant.hpp"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <span>
#include <thread>
#include <vector>

namespace yihong {

/// Keeps the months of sections and of air stations up to date with each commit: those that a record touches leave, and a thread of its own reads them anew a moment
/// later, so that hardly anybody waits for it. After a start, and when another world begins, the same thread reads ahead, a year of a site at a time: the
/// last year of each, then the one before, so that the first who asks for a year finds it. It takes half of a processor for that; all of it while somebody
/// waits for months, from the other end of the list. Adds nothing to a commit, and reads nothing in it.
class MonthKeeper final : public Participant {
public:
    /// How long after a change: what comes in many commits is read once.
    static constexpr std::chrono::seconds usual_pause{2};

    /// How far it reads ahead: a year, and the one that it is compared with.
    static constexpr int years_ahead = 2;
    static constexpr int months_a_year = 12;
    /// What it reads ahead from, and for which validity; null: it does not.
    struct Ahead {
        Records const* records;
        Snapshot<ReportSettings> const* settings;
    };

    /// \param months, ahead, air outlive this; without `air` none of air are kept
    MonthKeeper(SectionMonths& months, std::shared_ptr<World const> world, std::chrono::milliseconds pause = usual_pause, Ahead ahead = {},
                AirMonths* air = nullptr);
    void committed(CommitMade const& made) override;

private:
    /// Of a site.
    struct Year {
        SiteNumber site = 0;
        UtcTime begin{};
    };
    bool take(std::span<Record const> records);
    [[nodiscard]] bool has_room(SiteKind kind) const;
    void run(std::stop_token const& stop, std::chrono::milliseconds pause);
    void refresh(std::unique_lock<std::mutex>& lock, std::stop_token const& stop, std::chrono::milliseconds pause);
    void look_ahead(std::unique_lock<std::mutex>& lock);
    void read_ahead(std::unique_lock<std::mutex>& lock, std::stop_token const& stop);

    SectionMonths& months_;
    AirMonths* const air_;
    std::mutex mutex_;
    std::condition_variable_any change_;
    std::shared_ptr<World const> world_;
    bool changed_ = false;
    Ahead const from_;
    bool looks_ahead_;  ///< what is to be read is not known yet
    std::vector<Year> ahead_;  ///< the last is next
    std::jthread thread_;  // ends first
};

}  // namespace yihong
