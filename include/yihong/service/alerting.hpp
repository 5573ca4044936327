#pragma once

#include "yihong/base/snapshot.hpp"
#include "yihong/evaluate/alert_rules.hpp"
#include "yihong/model/raw_frame.hpp"
#include "yihong/ports/record_store.hpp"
#include "yihong/service/alert_document.hpp"
#include "yihong/service/alert_feature.hpp"
#include "yihong/service/catalog.hpp"
#include "yihong/service/world.hpp"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace yihong {

/// What a person does to an alert.
struct AlertAction {
    enum class Kind : std::uint8_t { acknowledge, assign, progress, comment, resolve, silence, reopen, close };
    Kind kind = Kind::acknowledge;
    std::string alert;                             ///< id
    std::string by;
    std::string from;                              ///< `10.1.2.3 token=duty`
    std::string note;
    std::string assignee;                          ///< assign; empty: `by` takes it on
    std::optional<bool> major;                     ///< assign: a matter of a month (重大复杂事项), not of 7 days
    std::optional<UtcTime> until;                  ///< silence; none: for 24 h
    std::vector<std::string> links;
};
std::string_view to_text(AlertAction::Kind kind) noexcept;

struct AlertingOptions {
    std::string public_url;
    std::vector<std::string> channels;             ///< ids of all that are configured
    std::function<ServiceStatus()> status =
        {};    ///< of the service, but for `last_data`; called on the writer thread, about twice a minute; may be empty
    bool tells_news = false;                       ///< `committed` gives the steps, for live streams
    bool clocks = true;                            ///< false: nothing happens by time alone (commands beside the service)
};

/// What readers see: every alert as it stands, newest first, and the silences. Immutable.
struct AlertBook {
    std::vector<std::shared_ptr<Alert const>> alerts;
    std::vector<Silence> silences;
    /// \return null when there is none
    [[nodiscard]] std::shared_ptr<Alert const> find(std::string_view id) const noexcept;
};

/// A step for whoever listens: its document without what only some may know (addresses, people's telephones, evidence).
struct AlertNews {
    std::string type;                              ///< `alert.opened`
    SiteNumber site = 0;                           ///< 0: the service itself
    UtcTime at{};
    std::shared_ptr<std::string const> json;
};

/// How many records of a site and interval, the newest included, rules can look back on: a month of hours and more.
inline constexpr std::size_t records_back_limit = 1'024;

/// The name of a channel's queue in the outbox.
[[nodiscard]] std::string alert_queue(std::string_view channel);

/// The alerts' keeper: turns the causes that the rules find into alerts with a life, and every step of it into a document of the log and
/// entries of the outbox. Owned by the writer thread; what it changes is in the commit of what caused it. `published` is for any thread.
class Alerting {
public:
    /// Reads what is known from the store. \throws StoreError
    Alerting(RecordStore const& store, AlertingOptions options, UtcTime now);
    /// Without a store: nothing is known, and what `begin` would read anew is never lost. For a replay.
    Alerting(AlertingOptions options, UtcTime now);

    /// Takes new rules, sites and layers. Causes whose rule is gone end with the next record or tick of their site.
    void use(std::shared_ptr<World const> world);

    /// How the last records of all sites came; for `silence`, at the start.
    void heard(Record const& newest);

    /// A group begins: what a lost one left in memory is read anew. \throws StoreError
    void begin();

    struct Evidence {
        std::function<std::vector<RawFrame>(Record const&)> frames;        ///< as received; may be empty: none
        std::function<Record const*(SiteNumber)> newest;                   ///< of another site; may be empty
    };
    /// A record of this site and interval came, or was corrected; `back(0)` is the newest.
    void on_record(SiteNumber site, RecordsBack const& back, UtcTime now, Evidence const& evidence, WriteGroup& group);
    /// Time has come to `now`: silences, reminders, escalations.
    void tick(UtcTime now, WriteGroup& group);
    /// \return the alert after it; Errc::not_found, Errc::conflict (this step makes no sense in this state), Errc::bad_value
    Result<std::shared_ptr<Alert const>> act(AlertAction const& action, UtcTime now, WriteGroup& group);
    void add_silence(Silence silence, WriteGroup& group);
    /// \return whether there was one
    bool end_silence(std::string_view id, WriteGroup& group);

    /// Adds the alerts that changed to the group, each once. Call before the commit.
    void finish(WriteGroup& group);
    /// The group is on disk: what changed is published. \return the steps, in order, where `tells_news`
    std::vector<AlertNews> committed();
    /// The sites whose alerts changed since the last call.
    [[nodiscard]] std::vector<SiteNumber> take_changed_sites();
    /// The group is lost: the next one begins from what the store has.
    void rolled_back() noexcept { lost_ = true; }

    [[nodiscard]] std::shared_ptr<AlertBook const> published() const { return published_.load(); }
    /// The most severe alert of the site that is not resolved. \return null when there is none
    [[nodiscard]] std::shared_ptr<Alert const> standing(SiteNumber site) const;
    /// All alerts as features, for the catalog. Made anew when something changed.
    [[nodiscard]] std::shared_ptr<MemorySource const> collection(std::string version);
    [[nodiscard]] bool collection_changed() const noexcept { return collection_changed_; }

private:
    void watch_service(UtcTime now, WriteGroup& group);
    struct Watch {                                 ///< what is compiled for a site
        std::size_t index = 0;                     ///< in the registry
        std::vector<CompiledRule> rules;
        std::optional<LastHeard> heard;
    };
    using Key = std::pair<SiteNumber, AlertFamily>;
    struct Change {                                ///< of one alert while a group is put together
        Alert alert;
        bool fresh = false;
    };

    void load();
    [[nodiscard]] AlertStepInput input(Watch const& watch) const;
    [[nodiscard]] std::vector<AlertCause> causes_of(SiteNumber site) const;
    [[nodiscard]] Alert const* current(Key const& key) const;
    void apply(SiteNumber site, std::vector<AlertCause> const& after, RecordsBack const* back, UtcTime now, Evidence const* evidence,
               WriteGroup& group);
    /// \param watch null: the service itself
    void apply_family(Watch const* watch, AlertFamily family, std::vector<AlertCause> after, RecordsBack const* back, UtcTime now,
                      Evidence const* evidence, WriteGroup& group);
    void open(Watch const* watch, AlertFamily family, std::vector<AlertCause> causes, RecordsBack const* back, UtcTime now,
              Evidence const* evidence, WriteGroup& group);
    void take_causes(Alert& alert, std::vector<AlertCause> causes, RecordsBack const* back) const;
    void set_clocks(Alert& alert, UtcTime now) const;
    void resolve(Alert alert, bool by_person, AlertStepInfo info, RecordsBack const* back, Evidence const* evidence, WriteGroup& group);
    void find_upstream(Alert& alert, Watch const* watch, UtcTime now) const;
    [[nodiscard]] std::vector<std::size_t> upstream_of(std::size_t index) const;
    [[nodiscard]] std::string evidence_json(Alert const& alert, Watch const& watch, RecordsBack const& back,
                                            Evidence const& evidence) const;
    /// Whether its site is no longer configured: nothing measures there, so nothing can recover.
    [[nodiscard]] bool is_gone(Alert const& alert) const { return alert.site != 0 && !watches_.contains(alert.site); }
    [[nodiscard]] bool is_silenced(Alert const& alert, UtcTime now) const;
    void step(Alert alert, AlertStepInfo info, std::string_view evidence, WriteGroup& group);
    void keep(Alert alert);
    /// \param known kept alive: a step replaces it
    void remind(std::shared_ptr<Alert const> const& known, UtcTime now, WriteGroup& group);
    /// \return when `remind` next has something to do as the alert stands: in the past, if at any time; the end of time, if never
    [[nodiscard]] UtcTime next_reminder(Alert const& alert) const;
    [[nodiscard]] AlertContext context() const { return {*world_, options_.public_url}; }

    Alerting(RecordStore const* store, AlertingOptions options, UtcTime now);

    RecordStore const* store_;                     ///< null: none
    AlertingOptions options_;
    UtcTime awake_since_;
    UtcTime next_service_check_{};
    std::shared_ptr<World const> world_;
    std::map<SiteNumber, Watch> watches_;
    std::map<std::string, std::shared_ptr<Alert const>, std::less<>> alerts_;
    std::map<Key, std::string> current_;           ///< the newest alert of a site and family
    std::map<std::string, Silence, std::less<>> silences_;
    std::uint64_t last_number_ = 0;
    std::string last_hash_;
    std::set<std::string, std::less<>> changed_;   ///< ids, in this group
    std::vector<AlertNews> news_;                  ///< of this group
    std::set<SiteNumber> changed_sites_;
    /// Ids of those to which time alone may do something, and when to look at them next. Who changed is looked at with the next tick.
    std::map<std::string, UtcTime, std::less<>> waiting_;
    bool silences_changed_ = false;
    bool lost_ = false;
    Snapshot<AlertBook> published_;
    bool all_anew_ = true;                         ///< what is published no longer follows from what was
    AlertCollection collection_;
    bool collection_anew_ = true;
    bool collection_changed_ = true;
};

}  // namespace yihong
