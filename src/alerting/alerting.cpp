#include "yihong/alerting/alerting.hpp"

#include "daily_digest.hpp"
#include "step_under_way.hpp"

#include "yihong/evaluate/present_state.hpp"
#include "yihong/evaluate/series_memory.hpp"

#include <algorithm>
#include <utility>

namespace yihong {
namespace {

constexpr auto service_check_interval = std::chrono::seconds{30};

/// Whether what stands with this record is still news (时效之内): later it is history, that only what holds already can learn from.
bool may_be_told(Record const& newest, UtcTime now) noexcept
{
    return now - newest.time <= std::max<std::chrono::minutes>(freshness(newest.interval), live_within + period_length(newest.interval));
}

bool has_item(std::vector<AlertCause> const& causes, std::string_view rule, ParameterId parameter)
{
    return std::ranges::any_of(causes, [&](AlertCause const& cause) {
        return cause.rule == rule && std::ranges::find(cause.items, parameter, &Exceedance::parameter) != cause.items.end();
    });
}

/// Whether something was raised on the way that is over at the end.
bool has_passed(std::vector<AlertCause> const& before, std::vector<AlertCause> const& on_the_way, std::vector<AlertCause> const& at_the_end)
{
    return std::ranges::any_of(on_the_way, [&](AlertCause const& cause) {
        return std::ranges::any_of(cause.items, [&](Exceedance const& item) {
            return !has_item(before, cause.rule, item.parameter) && !has_item(at_the_end, cause.rule, item.parameter);
        });
    });
}

}  // namespace

Alerting::Alerting(Alerts const& alerts, Journal const& journal, AlertingOptions options, UtcTime now)
    : Alerting{&alerts, &journal, std::move(options), now}
{}
Alerting::Alerting(AlertingOptions options, UtcTime now) : Alerting{nullptr, nullptr, std::move(options), now} {}

Alerting::Alerting(Alerts const* alerts, Journal const* journal, AlertingOptions options, UtcTime now)
    : journal_{journal}, rooms_{std::make_unique<AlertRooms>(std::move(options), now, alerts)}, now_{now}
{
    if (alerts)
        load();
    committed();
}

Alerting::~Alerting() = default;

void Alerting::load()
{
    auto& rooms = *rooms_;
    rooms.kept.load(*rooms.store, closed_since());
    rooms.silences.load(*rooms.store, rooms.options.make_filter);
    rooms.clocks.clear();
    for (auto const& [id, alert] : rooms.kept.all())
        rooms.clocks.changed(*alert);
    auto const last = journal_->last_entry(alert_topic);
    rooms.log_end = last ? AlertLogEnd{last->number, last->hash} : AlertLogEnd{};
    auto const digest = journal_->last_entry(digest_topic);
    rooms.digests = digest ? AlertLogEnd{digest->number, digest->hash} : AlertLogEnd{};
    rooms.last_digest = digest ? std::optional{std::min(digest->at, now_)} : std::nullopt;
    rooms.news.clear();
    rooms.looks.clear();
    rooms.shown.start_anew(rooms.kept);
}

UtcTime Alerting::closed_since() const
{
    std::chrono::milliseconds keep = rooms_->options.keep_closed;
    if (auto const& world = rooms_->world) {       // what may come back as the same alert, or explain another, is at hand
        keep = std::max<std::chrono::milliseconds>({keep, world->alerts->reopen_within, world->alerts->upstream_hours});
        // the result of a month is found again until the next one is old enough
        if (std::ranges::any_of(world->alerts->rules, [](AlertRule const& rule) { return rule.kind == RuleKind::month_mean; }))
            keep = std::max<std::chrono::milliseconds>(keep, std::chrono::days{62});
    }
    return now_ - keep;
}

void Alerting::let_closed_go()
{
    auto& rooms = *rooms_;
    if (!rooms.store)
        return;
    for (auto const& id : rooms.kept.let_go(closed_since()))
        rooms.clocks.forget(id);
}

void Alerting::begin()
{
    if (!lost_)
        return;
    load();
    lost_ = false;
    shown_again_ = true;
}

void Alerting::rolled_back() noexcept
{
    lost_ = true;
    rooms_->looks.clear();
    rooms_->watches.forget_memories();
}

void Alerting::use(std::shared_ptr<World const> world)
{
    rooms_->world = world;
    rooms_->watches.use(world);
    rooms_->clocks.reset();
    rooms_->periods.look_again();
    rooms_->shown.use(std::move(world));
    if (rooms_->store && closed_since() < rooms_->kept.closed_since())
        lost_ = true;                              // its rules look further back: the next group begins with what they may ask for
}

void Alerting::heard(Record const& newest) { rooms_->watches.heard(newest); }
void Alerting::none_heard_after(UtcTime now) noexcept { rooms_->watches.none_heard_after(now); }
void Alerting::forget_heard(SiteNumber site) { rooms_->watches.forget_heard(site); }

void Alerting::on_record(Kept const& kept, Evidence const& evidence, WriteGroup& group)
{
    auto& rooms = *rooms_;
    auto const& [record, before, back, received_at, came, is_quiet] = kept;
    auto const* watch = rooms.watches.find(record.site);
    auto const* newest = back(0);
    if (!watch || !newest)
        return;
    if (rooms.looks.has_other(record.site, received_at))
        for (auto const& waiting : rooms.looks.take_of(record.site))
            look_at(waiting, group);
    if (shown_again_)
        rooms.watches.forget_memories();
    else if (came == RecordCame::withdrawn)
        rooms.watches.memory(record.site, record.interval).forget();
    else
        rooms.watches.remember(record, before);
    if (is_quiet)
        return;
    if (came != RecordCame::withdrawn)
        rooms.watches.heard(*newest);
    bool const holds = rooms.kept.has_causes(record.site);
    if ((watch->rules.empty() || !may_be_told(*newest, received_at)) && !holds)
        return;
    rooms.periods.note(*watch, record, received_at);
    auto* waiting = rooms.looks.find(record.site, record.interval);
    if (!waiting) {
        rooms.evidence = evidence;
        waiting = &rooms.looks.add({record.site, record.interval, received_at, back, {}, {}, false});
    }
    waiting->newest = newest->time;
    bool const is_turn = came == RecordCame::in_order && (waiting->turns.empty() || record.time > waiting->turns.back());
    if (is_turn && received_at <= record.time + freshness(record.interval))
        waiting->turns.push_back(record.time);
    else if (came != RecordCame::in_order || is_turn)
        waiting->changed = true;
}

void Alerting::look(WriteGroup& group)
{
    for (auto const& waiting : rooms_->looks.take_all())
        look_at(waiting, group);
}

void Alerting::look_at(WaitingLook const& waiting, WriteGroup& group)
{
    auto& rooms = *rooms_;
    auto const* watch = rooms.watches.find(waiting.site);
    auto const now = waiting.received_at;
    auto const in = rooms.watches.input(*watch);
    auto& memory = rooms.watches.memory(waiting.site, waiting.interval);
    auto turns = waiting.turns;
    if (turns.empty() || turns.back() != waiting.newest)
        turns = {waiting.newest};
    auto const before = rooms.causes_of(waiting.site);
    std::vector<std::vector<AlertCause>> after;
    for (auto const turn : turns)
        after.push_back(step_record(in, after.empty() ? before : after.back(), waiting.up_to(turn), memory));
    auto const back = waiting.up_to(waiting.newest);
    auto const* newest = back(0);
    if (!newest)
        return;
    for (std::size_t i = 0; i + 1 < turns.size(); ++i) {
        if (!has_passed(before, after[i], after.back()))
            continue;
        auto const then = waiting.up_to(turns[i]);
        AlertRecords const records{.input = in, .back = then, .changed_before = waiting.changed};
        StepUnderWay{rooms, now, group, records, rooms.evidence}.take_causes(*watch, after[i]);
    }
    auto causes = step_time(in, after.back(), *watch->heard, rooms.awake_since, now);
    causes = step_items(in, causes, watch->items, *newest);
    AlertRecords const records{.input = in, .back = back, .changed_before = waiting.changed || turns.size() > 1};
    StepUnderWay{rooms, now, group, records, rooms.evidence}.take_causes(*watch, causes);
}

std::vector<PeriodLook> Alerting::take_period_looks() { return rooms_->periods.take(); }

void Alerting::marked(PeriodMarks const& marks, UtcTime now)
{
    auto& rooms = *rooms_;
    auto const& sites = rooms.world->sites->all();
    for (auto const& mark : marks)
        for (auto const& [number, watch] : rooms.watches.all()) {
            auto const& site = sites[watch.index];
            if (site.id == mark->site || is_of_station(*mark, site, rooms.world->facts[watch.index]))
                rooms.periods.note(watch, number, mark, now);
        }
}

void Alerting::take_periods(PeriodLook const& found, std::vector<PeriodFinding> const& findings, UtcTime now, WriteGroup& group)
{
    auto& rooms = *rooms_;
    look(group);
    auto const* watch = rooms.watches.find(found.site);
    if (!watch)
        return;
    auto const before = rooms.causes_of(found.site);
    auto const after = step_periods(rooms.watches.input(*watch), before, findings);
    if (after == before)
        return;
    auto const& parameters = rooms.world->standards->parameters();
    StepUnderWay step{rooms, now, group};
    if (!found.marks.empty())
        step.because({mark_deeds_text(found.marks, parameters), mark_deeds_text_en(found.marks, parameters)});
    step.take_causes(*watch, after);
}

void Alerting::tick(UtcTime now, WriteGroup& group)
{
    auto& rooms = *rooms_;
    look(group);
    if (!rooms.options.clocks)
        return;
    if (now < now_)
        set_back(now);
    now_ = now;
    watch_sites(now, group);
    watch_service(now, group);
    StepUnderWay step{rooms, now, group};
    for (auto const& id : rooms.clocks.due(now))
        step.take_time(id);
    if (auto const due = digest_due(*rooms.world->alerts, rooms.last_digest, rooms.awake_since, now);
        due && journal_ && !rooms.options.channels.empty())
        StepUnderWay{rooms, *due, group}.take_digest();
    for (auto& id : rooms.silences.take_out_over(now))
        group.alerts.silences_ended.push_back(std::move(id));
    let_closed_go();
}

/// Nothing waits until the old time is reached again.
void Alerting::set_back(UtcTime now)
{
    auto& rooms = *rooms_;
    none_heard_after(now);
    rooms.clocks.reset();
    rooms.awake_since = std::min(rooms.awake_since, now);
    if (rooms.last_digest)
        rooms.last_digest = std::min(*rooms.last_digest, now);
    next_service_check_ = now;
}

void Alerting::watch_sites(UtcTime now, WriteGroup& group)
{
    auto& rooms = *rooms_;
    for (auto const& [number, watch] : rooms.watches.all()) {
        if (!watch.heard)
            continue;
        auto const in = rooms.watches.input(watch);
        auto const from = due_from(in, *watch.heard, rooms.awake_since);
        if (!from || *from > now)
            continue;
        auto const before = rooms.causes_of(number);
        auto const after = step_time(in, before, *watch.heard, rooms.awake_since, now);
        if (after != before)                       // at the time from which it is missed, however late that is noticed
            StepUnderWay{rooms, *from, group}.take_causes(watch, after);
    }
}

void Alerting::watch_service(UtcTime now, WriteGroup& group)
{
    auto& rooms = *rooms_;
    if (now < next_service_check_)
        return;
    next_service_check_ = now + service_check_interval;
    auto status = rooms.options.status ? rooms.options.status() : ServiceStatus{};
    status.last_data = rooms.watches.last_data();
    auto const known = rooms.kept.newest(0, AlertFamily::service);
    auto const before = known ? known->causes : std::vector<AlertCause>{};
    auto after = step_service(*rooms.world->alerts, before, status, rooms.awake_since, now);
    if (after != before)
        StepUnderWay{rooms, now, group}.take_service_causes(std::move(after));
}

Result<std::shared_ptr<Alert const>> Alerting::act(AlertAction const& action, UtcTime now, WriteGroup& group)
{
    look(group);
    return StepUnderWay{*rooms_, now, group}.take_action(action);
}

void Alerting::add_silence(Silence silence, WriteGroup& group)
{
    group.alerts.silences.push_back(silence);
    rooms_->silences.put(std::move(silence));
}

bool Alerting::end_silence(std::string_view id, WriteGroup& group)
{
    if (!rooms_->silences.take_out(id))
        return false;
    group.alerts.silences_ended.emplace_back(id);
    return true;
}

void Alerting::finish(WriteGroup& group)
{
    look(group);
    rooms_->evidence = {};
    shown_again_ = false;
    for (auto const& id : rooms_->kept.changed())
        group.alerts.changed.push_back(*rooms_->kept.find(id));
}

std::vector<AlertNews> Alerting::committed()
{
    auto& rooms = *rooms_;
    if (rooms.kept.changed().empty() && rooms.kept.left().empty() && !rooms.silences.changed())
        return {};
    rooms.shown.publish(rooms.kept, rooms.silences, rooms.log_end.number);
    rooms.kept.forget_changes();
    rooms.silences.forget_changes();
    return std::exchange(rooms.news, {});
}

std::shared_ptr<AlertBook const> Alerting::published() const { return rooms_->shown.book(); }

std::vector<SiteNumber> Alerting::take_changed_sites() { return rooms_->shown.take_changed_sites(); }

std::shared_ptr<Alert const> Alerting::standing(SiteNumber site) const
{
    std::shared_ptr<Alert const> most;
    for (auto const family : all_alert_families)
        if (auto alert = rooms_->kept.newest(site, family); alert && !is_over(alert->state) && (!most || alert->severity > most->severity))
            most = std::move(alert);
    return most;
}

std::shared_ptr<MemorySource const> Alerting::collection(std::string version) { return rooms_->shown.collection(std::move(version)); }

bool Alerting::collection_changed() const noexcept { return rooms_->shown.collection_changed(); }

}  // namespace yihong
