#pragma once

#include "alert_clocks.hpp"
#include "kept_alerts.hpp"
#include "period_looks.hpp"
#include "shown_alerts.hpp"
#include "site_watches.hpp"
#include "waiting_looks.hpp"

#include "yihong/alerting/alerting.hpp"
#include "yihong/evaluate/alert_life.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace yihong {

class StepDocuments;

/// The end of the log of all alerts, to which the next step is chained.
struct AlertLogEnd {
    std::uint64_t number = 0;
    std::string hash;
};

/// The rooms of alerting, as steps go through them. Writer thread.
struct AlertRooms {
    AlertRooms(AlertingOptions chosen, UtcTime now, Alerts const* alerts) : options{std::move(chosen)}, store{alerts}, awake_since{now} {}

    AlertingOptions options;
    Alerts const* store;                           ///< null: none
    UtcTime awake_since;                           ///< nothing can have been heard before
    std::shared_ptr<World const> world;
    SiteWatches watches;
    WaitingLooks looks;
    PeriodLooks periods;
    Alerting::Evidence evidence;                   ///< of the group
    KeptAlerts kept;
    KeptSilences silences;
    AlertClocks clocks;
    AlertLogEnd log_end;
    AlertLogEnd digests;                           ///< the log of daily digests
    std::optional<UtcTime> last_digest;            ///< the moment that it was made for
    std::vector<AlertNews> news;                   ///< of this group
    ShownAlerts shown;

    [[nodiscard]] AlertContext context() const { return {*world, options.public_url}; }
    /// What holds at a site, of all families.
    [[nodiscard]] std::vector<AlertCause> causes_of(SiteNumber site) const;
    /// In memory or in the store alone. \return null when there is none  \throws StoreError
    [[nodiscard]] std::shared_ptr<Alert const> find(std::string_view id) const;
    /// Id of the newest alert of the same site and family, in memory or in the store alone. Costs as many alerts as were closed since this
    /// one was opened and are no longer in memory. \throws StoreError
    [[nodiscard]] std::string newest_beside(Alert const& alert) const;
};

/// What is under way while a group is put together: at one moment, for one reason, with the records behind it. What comes of it is in the
/// rooms and in the group when a method returns.
class StepUnderWay {
public:
    /// By a person's deed or by time alone.
    StepUnderWay(AlertRooms& rooms, UtcTime now, WriteGroup& group) : rooms_{rooms}, now_{now}, group_{group} {}
    /// By a record.
    StepUnderWay(AlertRooms& rooms, UtcTime now, WriteGroup& group, AlertRecords const& records, Alerting::Evidence const& evidence)
        : rooms_{rooms}, now_{now}, group_{group}, records_{&records}, evidence_{&evidence}
    {}

    /// What people did that follows is part of its story.
    void because(EngineNote why) { why_ = std::move(why); }
    /// What the rules of a site say now, of all families. By a record, the alerts of the site show its values too.
    void take_causes(SiteWatch const& watch, std::vector<AlertCause> const& after);
    /// What the rules about the service itself say now.
    void take_service_causes(std::vector<AlertCause> after);
    /// Time has come for this alert.
    void take_time(std::string_view alert);
    /// The daily digest of this moment: it goes into a log of its own, and where there is something to say to every channel.
    void take_digest();
    /// \return the alert after it; Errc::not_found, and those of `follow_action`
    Result<std::shared_ptr<Alert const>> take_action(AlertAction const& action);

private:
    void take_family(Site const* site, AlertFamily family, std::vector<AlertCause> causes);
    /// The same causes hold as before.
    void take_values_of(Alert const& known);
    [[nodiscard]] AlertSurroundings around(Alert const& alert) const;
    [[nodiscard]] std::vector<std::string> upstream_of(Alert const& alert) const;
    [[nodiscard]] std::string evidence_of(AlertStepTaken const& step) const;
    void record(AlertTurn turn);
    void tell(AlertStepTaken const& step, StepDocuments const& documents, std::string const& document, std::string_view evidence);

    AlertRooms& rooms_;
    UtcTime now_;
    WriteGroup& group_;
    AlertRecords const* records_ = nullptr;  ///< null: no record is behind it
    Alerting::Evidence const* evidence_ = nullptr;  ///< null with `records_`
    EngineNote why_;
};

}  // namespace yihong
