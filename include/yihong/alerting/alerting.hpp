#pragma once

#include "yihong/alerting/alert_document.hpp"
#include "yihong/evaluate/alert_life.hpp"
#include "yihong/evaluate/alert_rules.hpp"
#include "yihong/evaluate/mark_book.hpp"
#include "yihong/evaluate/period_findings.hpp"
#include "yihong/evaluate/world.hpp"
#include "yihong/model/raw_frame.hpp"
#include "yihong/ports/alerts.hpp"
#include "yihong/ports/journal.hpp"
#include "yihong/ports/write_group.hpp"
#include "yihong/state/alert_book.hpp"
#include "yihong/state/catalog.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace yihong {

struct AlertingOptions {
    std::string public_url;
    std::vector<std::string> channels;             ///< ids of all that are configured
    std::function<ServiceStatus()> status =
        {};    ///< of the service, but for `last_data`; called on the writer thread, about twice a minute; may be empty
    std::chrono::hours keep_closed = std::chrono::days{30};  ///< in memory; longer where the rules look further back
    bool tells_news = false;                       ///< `committed` gives the steps, for live streams
    MakeScopeFilter make_filter = {};              ///< of the texts in silences that the store has; empty: such a silence covers nothing
    bool clocks = true;                            ///< false: nothing happens by time alone (commands beside the service)
};

/// A step for whoever listens: its document without what only some may know (addresses, people's telephones, evidence).
struct AlertNews {
    std::string type;                              ///< `alert.opened`
    SiteNumber site = 0;                           ///< 0: the service itself
    UtcTime at{};
    std::shared_ptr<std::string const> json;
};

/// A site whose periods have to be looked at, as they stood at a midnight in Beijing.
struct PeriodLook {
    SiteNumber site = 0;
    UtcTime midnight{};
    PeriodMarks marks = {};                        ///< what people said that makes it due; none: records do
    bool operator==(PeriodLook const&) const = default;
};

struct AlertRooms;
struct WaitingLook;

/// The alerts' keeper, a participant of commits: turns the causes that the rules find into alerts with a life, and every step of it into a document of the log and
/// entries of the outbox. In memory are the alerts that are not closed, and those closed of late; older ones are read from the store when a
/// person names one. Owned by the writer thread; what it changes is in the commit of what caused it. `published` is for any thread.
class Alerting {
public:
    /// Reads what is known from the store. \throws StoreError
    Alerting(Alerts const& alerts, Journal const& journal, AlertingOptions options, UtcTime now);
    /// Without a store: nothing is known, and what `begin` would read anew is never lost. For a replay.
    Alerting(AlertingOptions options, UtcTime now);
    ~Alerting();

    /// Takes new rules, sites and layers. Causes whose rule is gone end with the next record or tick of their site.
    void use(std::shared_ptr<World const> world);

    /// How the last records of a site came, oldest first; for rules that ask when it and its items were last heard, at the start.
    void heard(Record const& newest);
    /// A clock that was ahead was set back, while the service ran or before it started: what was heard later than `now` was heard now.
    void none_heard_after(UtcTime now) noexcept;
    /// What a site was heard of is forgotten, since some of it was withdrawn: it is told anew.
    void forget_heard(SiteNumber site);

    /// A group begins: what a lost one left in memory is read anew. \throws StoreError
    void begin();

    struct Evidence {
        std::function<std::vector<RawFrame>(Record const&)> frames;  ///< as received; may be empty: none
        std::function<Record const*(SiteNumber)> newest;  ///< of another site; may be empty
    };
    /// How a record came to stand beside those before it.
    enum class RecordCame : std::uint8_t {
        in_order,  ///< it is the newest
        late_or_corrected,  ///< others are newer, or it was another before
        withdrawn  ///< it stands no more; where nothing is left of the series, `back(0)` is the record without readings
    };
    /// A record that is kept now.
    struct Kept {
        Record const& record;
        Record const* before;  ///< what it was until now; null: it is new
        RecordsBack const& back;  ///< of its site and interval; `back(0)` is the newest. A copy serves until the group is over
        UtcTime received_at{};  ///< of what came just now; what came at once is one batch
        RecordCame came = RecordCame::in_order;
        bool quiet = false;  ///< history: it raises nothing
    };
    /// A record came, or was corrected: the rules look at its series when its batch is in, at the latest before the commit. A backlog (补传), older than the
    /// freshness of its interval, is looked at once, as it stands at its end; of what is older than `live_within` too, only where something holds.
    /// \param evidence serves until the group is over
    void on_record(Kept const& kept, Evidence const& evidence, WriteGroup& group);
    /// The batch is in: the rules look at what came. All that follows calls it first.
    void look(WriteGroup& group);
    /// People have made, corrected or withdrawn these marks (人工标记): the periods of their sites have to be looked at.
    void marked(PeriodMarks const& marks, UtcTime now);
    /// The sites whose periods a record has changed: the first of a day, and each that came for a day before; and those that were marked. In no order.
    [[nodiscard]] std::vector<PeriodLook> take_period_looks();
    /// What such a look has found. Of a site or a rule that is no more nothing is taken.
    void take_periods(PeriodLook const& look, std::vector<PeriodFinding> const& findings, UtcTime now, WriteGroup& group);
    /// Time has come to `now`: silences, reminders, escalations, the daily digest, closed alerts that leave memory.
    void tick(UtcTime now, WriteGroup& group);
    /// \return the alert after it; Errc::not_found, Errc::conflict (this step makes no sense in this state), Errc::bad_value
    /// \throws StoreError
    Result<std::shared_ptr<Alert const>> act(AlertAction const& action, UtcTime now, WriteGroup& group);
    void add_silence(Silence silence, WriteGroup& group);
    /// \return whether there was one
    bool end_silence(std::string_view id, WriteGroup& group);

    /// Looks at what came, and adds the alerts that changed to the group, each once. Call before the commit.
    void finish(WriteGroup& group);
    /// The group is on disk: what changed is published. \return the steps, in order, where `tells_news`
    std::vector<AlertNews> committed();
    /// The sites whose alerts changed since the last call.
    [[nodiscard]] std::vector<SiteNumber> take_changed_sites();
    /// The group is lost: the next one begins from what the store has.
    void rolled_back() noexcept;

    [[nodiscard]] std::shared_ptr<AlertBook const> published() const;
    /// The most severe alert of the site that is not resolved. \return null when there is none
    [[nodiscard]] std::shared_ptr<Alert const> standing(SiteNumber site) const;
    /// The alerts in memory as features, for the catalog. Made anew when something changed.
    [[nodiscard]] std::shared_ptr<MemorySource const> collection(std::string version);
    [[nodiscard]] bool collection_changed() const noexcept;

private:
    Alerting(Alerts const* alerts, Journal const* journal, AlertingOptions options, UtcTime now);
    void load();
    void look_at(WaitingLook const& waiting, WriteGroup& group);
    /// Closed alerts are in memory from this time of their closing on.
    [[nodiscard]] UtcTime closed_since() const;
    void let_closed_go();
    void set_back(UtcTime now);
    void watch_sites(UtcTime now, WriteGroup& group);
    void watch_service(UtcTime now, WriteGroup& group);

    Journal const* journal_;  ///< null: there is no store
    std::unique_ptr<AlertRooms> rooms_;
    UtcTime now_;  ///< the latest that was told
    UtcTime next_service_check_{};
    bool lost_ = false;  ///< what is in memory is not what the store has, or not enough of it
    bool shown_again_ = false;  ///< records of a lost group may come once more
};

}  // namespace yihong
