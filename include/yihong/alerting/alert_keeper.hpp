#pragma once

#include "yihong/alerting/alerting.hpp"
#include "yihong/ports/alerts.hpp"
#include "yihong/ports/journal.hpp"
#include "yihong/ports/records.hpp"
#include "yihong/state/current_state.hpp"
#include "yihong/write/participant.hpp"

#include <memory>
#include <optional>
#include <vector>

namespace yihong {

class PeriodWatch;

/// Alerting (预警) as a participant of every commit: what the rules find, what people ask for and what time brings becomes steps of alerts in the
/// commit of their cause; once that is on disk, readers see the alerts and each site its own. Behind whoever keeps the marks of people: what they
/// say of periods is looked at as soon as it stands.
class AlertKeeper final : public Participant {
public:
    /// What the keeper reads of the store.
    struct Store {
        Alerts const& alerts;
        Journal const& journal;
        Records const& records;  ///< how the last records of sites came
    };
    /// Reads what is known. What `store` names and `state` outlive the keeper. \throws StoreError
    /// \param periods for rules about periods, called by a thread of its own; empty: they find nothing
    /// \param pause how long after the first record: what comes in many commits is looked at once
    AlertKeeper(Store store, CurrentState& state, AlertingOptions options, LookAtPeriods periods = {},
                std::chrono::milliseconds pause = std::chrono::seconds{30});
    ~AlertKeeper() override;

    void begin() override { alerting_.begin(); }
    void on_record(RecordTaken const& taken, GroupUnderWay& group) override;
    std::optional<AlertOutcome> on_command(AlertCommand const& command, GroupUnderWay& group) override;
    void tick(GroupUnderWay& group) override;
    void finish(GroupUnderWay& group) override { alerting_.finish(group.share()); }
    void committed(CommitMade const& made) override;
    void rolled_back() noexcept override;

private:
    /// How the last records of some sites came. \param sites none: of all
    void hear(World const& world, std::optional<std::vector<SiteNumber>> sites);

    Records const& records_;
    CurrentState& state_;
    Alerting alerting_;
    std::shared_ptr<MarkBook const> marks_;  ///< whose periods were looked at, or are about to be
    std::unique_ptr<PeriodWatch> periods_;  ///< null: nobody looks at periods
};

}  // namespace yihong
