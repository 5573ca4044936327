#include "yihong/service/alerting.hpp"

#include "alert_evidence.hpp"

#include "yihong/evaluate/duty.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace yihong {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t by_limit = 100;
constexpr std::size_t text_limit = 4000;
constexpr std::size_t links_limit = 20;
constexpr auto silence_limit = std::chrono::days{90};
constexpr auto usual_silence = std::chrono::hours{24};

constexpr std::array<std::string_view, 8> action_names{"acknowledge", "assign",  "progress", "comment",
                                                       "resolve",     "silence", "reopen",   "close"};

/// `20251106T120000Z`, for ids.
std::string compact(UtcTime time)
{
    auto text = format_rfc3339(std::chrono::floor<std::chrono::seconds>(time));
    std::erase_if(text, [](char c) { return c == '-' || c == ':'; });
    return text;
}

bool is_worse(Exceedance const& a, Exceedance const& b) noexcept
{
    if (a.item_class != b.item_class)
        return a.item_class > b.item_class;
    return a.below ? a.value < b.value : a.value > b.value;
}

void remember_worst(std::vector<Exceedance>& worst, Exceedance const& item)
{
    auto const at = std::ranges::lower_bound(worst, item.parameter, {}, &Exceedance::parameter);
    if (at == worst.end() || at->parameter != item.parameter)
        worst.insert(at, item);
    else if (is_worse(item, *at))
        *at = item;
}

/// Whether `after` has a rule that `before` had not.
bool has_new_rule(std::vector<AlertCause> const& after, std::vector<AlertCause> const& before)
{
    return std::ranges::any_of(
        after, [&](AlertCause const& cause) { return std::ranges::find(before, cause.rule, &AlertCause::rule) == before.end(); });
}

/// Whether a rule of both has an item in `after` that it had not in `before`.
bool has_new_item(std::vector<AlertCause> const& after, std::vector<AlertCause> const& before)
{
    return std::ranges::any_of(after, [&](AlertCause const& cause) {
        auto const known = std::ranges::find(before, cause.rule, &AlertCause::rule);
        return known != before.end() && std::ranges::any_of(cause.items, [&](Exceedance const& item) {
                   return std::ranges::find(known->items, item.parameter, &Exceedance::parameter) == known->items.end();
               });
    });
}

/// Nobody has seen it yet, or what was said of it holds no more.
void set_open(Alert& alert)
{
    alert.state = AlertState::open;
    alert.acknowledged_at.reset();
    alert.acknowledged_by.clear();
    alert.resolved_at.reset();
    alert.closed_at.reset();
    alert.resolved_by_person = false;
    alert.escalation_level = 0;
}

std::set<ParameterId> parameters_of(std::vector<AlertCause> const& causes)
{
    std::set<ParameterId> all;
    for (auto const& cause : causes)
        for (auto const& item : cause.items)
            all.insert(item.parameter);
    return all;
}

bool is_over(AlertState state) noexcept { return state == AlertState::resolved || state == AlertState::closed; }

/// Whether time alone may do something to it: remind, escalate, or end a person's word against the readings.
bool waits(Alert const& alert) noexcept { return !is_over(alert.state) || !alert.causes.empty(); }

/// By when something has to be done about it, and which bits of `reminded` say that this was told.
struct Due {
    UtcTime at;
    UtcTime remind_at;
    bool met;
    unsigned reminder, overdue;
    std::string_view zh, en;
};
std::array<Due, 3> dues_of(Alert const& alert, AlertPlan const& plan)
{
    auto const& deadlines = *alert.deadlines;
    unsigned bits = 0;
    auto const due = [&](UtcTime at, bool met, std::string_view zh, std::string_view en) {
        auto const before = std::min<std::chrono::milliseconds>(plan.remind_before, (at - alert.opened_at) / 2);
        auto const bit = bits++;
        return Due{at, at - before, met, 1U << (2 * bit), 1U << (2 * bit + 1), zh, en};
    };
    return {due(deadlines.assign_by, alert.assigned_at.has_value(), "交办", "assigning"),
            due(deadlines.progress_by, alert.progress_at.has_value(), "反馈进展", "reporting progress"),
            due(deadlines.resolve_by, false, "办结", "solving")};
}

}  // namespace

std::string_view to_text(AlertAction::Kind kind) noexcept { return action_names[static_cast<std::size_t>(kind)]; }

std::string alert_queue(std::string_view channel) { return fmt::format("alert:{}", channel); }

std::shared_ptr<Alert const> AlertBook::find(std::string_view id) const noexcept
{
    auto const found = std::ranges::find(alerts, id, [](auto const& alert) { return std::string_view{alert->id}; });
    return found == alerts.end() ? nullptr : *found;
}

Alerting::Alerting(RecordStore const& store, AlertingOptions options, UtcTime now) : Alerting{&store, std::move(options), now} {}
Alerting::Alerting(AlertingOptions options, UtcTime now) : Alerting{nullptr, std::move(options), now} {}

Alerting::Alerting(RecordStore const* store, AlertingOptions options, UtcTime now)
    : store_{store}, options_{std::move(options)}, awake_since_{now}, published_{std::make_shared<AlertBook const>()}
{
    if (store_)
        load();
    silences_changed_ = true;
    committed();
}

void Alerting::load()
{
    alerts_.clear();
    current_.clear();
    silences_.clear();
    waiting_.clear();
    changed_.clear();
    news_.clear();
    all_anew_ = collection_anew_ = true;
    for (auto& alert : store_->alerts()) {
        changed_sites_.insert(alert.site);
        auto& current = current_[{alert.site, alert.family}];
        if (current.empty() || alerts_.at(current)->opened_at <= alert.opened_at)
            current = alert.id;
        if (waits(alert))
            waiting_.emplace(alert.id, UtcTime::min());
        auto const id = alert.id;
        alerts_[id] = std::make_shared<Alert const>(std::move(alert));
    }
    for (auto& silence : store_->silences())
        silences_[silence.id] = std::move(silence);
    auto const last = store_->last_alert_step();
    last_number_ = last ? last->number : 0;
    last_hash_ = last ? last->hash : std::string{};
}

void Alerting::begin()
{
    if (!lost_)
        return;
    load();
    silences_changed_ = true;
    lost_ = false;
}

void Alerting::use(std::shared_ptr<World const> world)
{
    world_ = std::move(world);
    auto const before = std::move(watches_);
    watches_.clear();
    auto const& sites = world_->sites->all();
    for (std::size_t i = 0; i < sites.size(); ++i) {
        Watch watch{
            .index = i, .rules = rules_for(*world_->alerts, sites[i], world_->facts[i], world_->standards->parameters()), .heard = {}};
        if (auto const known = before.find(sites[i].number); known != before.end())
            watch.heard = known->second.heard;
        watches_.emplace(sites[i].number, std::move(watch));
    }
    for (auto& [id, next] : waiting_)
        next = UtcTime::min();                     // other rules, other times
    collection_changed_ = collection_anew_ = true; // names may have changed
}

void Alerting::heard(Record const& newest)
{
    auto const found = watches_.find(newest.site);
    if (found == watches_.end() || !world_->sites->all()[found->second.index].judges(newest.interval))
        return;
    auto& last = found->second.heard;
    if (!last || newest.time >= last->time || newest.received_at > last->received_at)
        last = LastHeard{newest.received_at, newest.time, newest.interval, newest.status};
}

AlertStepInput Alerting::input(Watch const& watch) const
{
    auto const* site = &world_->sites->all()[watch.index];
    auto const* facts = &world_->facts[watch.index];
    AlertStepInput input{.rules = watch.rules, .site = site, .standards = world_->standards.get(), .excluded = {}};
    if (!world_->alerts->maintenance.empty())
        input.excluded = [plan = world_->alerts.get(), site, facts](UtcTime time) { return in_maintenance(*plan, *site, *facts, time); };
    return input;
}

Alert const* Alerting::current(Key const& key) const
{
    auto const found = current_.find(key);
    return found == current_.end() ? nullptr : alerts_.at(found->second).get();
}

std::vector<AlertCause> Alerting::causes_of(SiteNumber site) const
{
    std::vector<AlertCause> all;
    for (auto const family : all_alert_families)
        if (auto const* alert = current({site, family}))
            all.insert(all.end(), alert->causes.begin(), alert->causes.end());
    return all;
}

void Alerting::on_record(SiteNumber site, RecordsBack const& back, UtcTime now, Evidence const& evidence, WriteGroup& group)
{
    auto const found = watches_.find(site);
    auto const* newest = back(0);
    if (found == watches_.end() || !newest)
        return;
    heard(*newest);
    auto& watch = found->second;
    auto const before = causes_of(site);
    if (watch.rules.empty() && before.empty())
        return;
    auto const in = input(watch);
    auto after = step_record(in, before, back);
    after = step_time(in, after, *watch.heard, awake_since_, now);
    if (after != before)
        apply(site, after, &back, now, &evidence, group);
}

void Alerting::apply(SiteNumber site, std::vector<AlertCause> const& after, RecordsBack const* back, UtcTime now, Evidence const* evidence,
                     WriteGroup& group)
{
    auto const& watch = watches_.at(site);
    for (auto const family : all_alert_families) {
        std::vector<AlertCause> causes;
        std::ranges::copy_if(after, std::back_inserter(causes), [&](AlertCause const& cause) { return family_of(cause.kind) == family; });
        auto const* known = current({site, family});
        if (known ? known->causes != causes : !causes.empty())
            apply_family(&watch, family, std::move(causes), back, now, evidence, group);
    }
}

void Alerting::apply_family(Watch const* watch, AlertFamily family, std::vector<AlertCause> after, RecordsBack const* back, UtcTime now,
                            Evidence const* evidence, WriteGroup& group)
{
    SiteNumber const number = watch ? world_->sites->all()[watch->index].number : 0;
    auto const* known = current({number, family});
    if (after.empty()) {                           // then `known` is there and had causes
        Alert alert = *known;
        if (is_over(alert.state)) {                // a person's word was right
            alert.causes.clear();
            step(std::move(alert), {.kind = AlertStepKind::commented, .at = now, .note = "数据已恢复正常 the readings have recovered"}, {},
                 group);
        } else {
            resolve(std::move(alert), false, {.kind = AlertStepKind::resolved, .at = now}, back, evidence, group);
        }
        return;
    }
    bool const ended = !known || (is_over(known->state) && known->causes.empty());
    if (ended && !(known && known->resolved_at && now - *known->resolved_at <= world_->alerts->reopen_within &&
                   known->state == AlertState::resolved))
        return open(watch, family, std::move(after), back, now, evidence, group);

    Alert alert = *known;
    auto const before = alert.causes;
    auto const was = alert.severity;
    bool const over = is_over(alert.state);
    take_causes(alert, std::move(after), back);
    auto kind = AlertStepKind::updated;
    if (over) {
        if (!ended && !has_new_rule(alert.causes, before)) {
            // a person said that it is solved, and nothing is worse than it was then: keep count in silence
            keep(std::move(alert));
            return;
        }
        kind = AlertStepKind::reopened;
        set_open(alert);
    } else if (alert.severity > was) {
        kind = AlertStepKind::escalated;
        alert.silent_until.reset();                // asked for when it was less severe
    } else if (alert.severity < was) {
        kind = AlertStepKind::eased;
    } else if (!has_new_rule(alert.causes, before) && !has_new_item(alert.causes, before)) {     // other numbers, the same matter
        keep(std::move(alert));
        return;
    }
    set_clocks(alert, now);
    find_upstream(alert, watch, now);
    auto const proof = watch && back && evidence ? evidence_json(alert, *watch, *back, *evidence) : std::string{};
    step(std::move(alert), {.kind = kind, .at = now}, proof, group);
}

void Alerting::open(Watch const* watch, AlertFamily family, std::vector<AlertCause> causes, RecordsBack const* back, UtcTime now,
                    Evidence const* evidence, WriteGroup& group)
{
    Alert alert;
    alert.family = family;
    if (watch) {
        auto const& site = world_->sites->all()[watch->index];
        alert.site = site.number;
        alert.site_id = site.id;
    }
    alert.opened_at = now;
    take_causes(alert, std::move(causes), back);
    auto const base = fmt::format("{}{}{}-{}", alert.site_id, watch ? "-" : "", to_text(family), compact(alert.last_time.value_or(now)));
    alert.id = base;
    for (int n = 2; alerts_.contains(alert.id); ++n)
        alert.id = fmt::format("{}-{}", base, n);
    set_clocks(alert, now);
    find_upstream(alert, watch, now);
    current_[{alert.site, family}] = alert.id;
    auto const proof = watch && back && evidence ? evidence_json(alert, *watch, *back, *evidence) : std::string{};
    step(std::move(alert), {.kind = AlertStepKind::opened, .at = now}, proof, group);
}

void Alerting::take_causes(Alert& alert, std::vector<AlertCause> causes, RecordsBack const* back) const
{
    alert.causes = std::move(causes);
    alert.severity = severity_of(alert.causes, alert.family).value_or(alert.severity);
    alert.peak_severity = std::max(alert.peak_severity, alert.severity);
    for (auto const& cause : alert.causes) {
        if (std::ranges::find(alert.rules, cause.rule) == alert.rules.end())
            alert.rules.push_back(cause.rule);
        for (auto const& item : cause.items)
            remember_worst(alert.worst, item);
        alert.first_time = std::min(alert.first_time.value_or(cause.since), cause.since);
        auto const last = cause.kind == RuleKind::silence ? cause.since : cause.last;
        alert.last_time = std::max(alert.last_time.value_or(last), last);
    }
    auto const* newest = back ? (*back)(0) : nullptr;
    if (newest && newest->time == alert.last_time) {
        if (alert.family == AlertFamily::water)
            alert.water_class = std::max<int>(alert.water_class, newest->verdict.water_class);
        if (alert.family == AlertFamily::air)
            alert.aqi = std::max<int>(alert.aqi, newest->verdict.aqi);
    }
}

void Alerting::set_clocks(Alert& alert, UtcTime now) const
{
    auto const& plan = *world_->alerts;
    if (alert.family != AlertFamily::operation && alert.family != AlertFamily::service && alert.severity >= plan.ledger_from &&
        !alert.deadlines)
        alert.deadlines = deadlines_from(plan, now, false);
    bool const asks = alert.state == AlertState::open && alert.severity >= plan.escalate_from && plan.acknowledge_within.count() > 0;
    if (asks && !alert.escalate_at)
        alert.escalate_at = now + plan.acknowledge_within;
}

std::vector<std::size_t> Alerting::upstream_of(std::size_t index) const
{
    auto const& here = world_->facts[index];
    std::vector<std::size_t> found;
    if (here.river.empty() || !here.river_chainage_km)
        return found;
    for (std::size_t i = 0; i < world_->facts.size(); ++i) {
        auto const& there = world_->facts[i];
        if (i != index && there.river == here.river && there.river_chainage_km && *there.river_chainage_km < *here.river_chainage_km)
            found.push_back(i);
    }
    std::ranges::sort(found, std::greater{}, [&](std::size_t i) { return *world_->facts[i].river_chainage_km; });
    return found;                                  // the nearest first
}

void Alerting::find_upstream(Alert& alert, Watch const* watch, UtcTime now) const
{
    if (alert.family != AlertFamily::water || !watch)
        return;
    auto const mine = parameters_of(alert.causes);
    for (auto const i : upstream_of(watch->index)) {
        for (auto const family : {AlertFamily::water, AlertFamily::discharge}) {
            auto const* other = current({world_->sites->all()[i].number, family});
            if (!other || std::ranges::find(alert.consequence_of, other->id) != alert.consequence_of.end())
                continue;
            bool const recent =
                !is_over(other->state) || (other->resolved_at && now - *other->resolved_at <= world_->alerts->upstream_hours);
            if (recent && std::ranges::any_of(other->worst, [&](Exceedance const& item) { return mine.contains(item.parameter); }))
                alert.consequence_of.push_back(other->id);
        }
    }
}

std::string Alerting::evidence_json(Alert const& alert, Watch const& watch, RecordsBack const& back, Evidence const& evidence) const
{
    EvidenceInput in{.alert = alert, .world = *world_, .index = watch.index, .back = back, .frames = evidence.frames, .upstream = {}};
    for (auto const i : upstream_of(watch.index)) {
        auto const number = world_->sites->all()[i].number;
        if (auto const* newest = evidence.newest ? evidence.newest(number) : nullptr)
            in.upstream.emplace_back(i, newest);
    }
    return write_evidence(in);
}

void Alerting::resolve(Alert alert, bool by_person, AlertStepInfo info, RecordsBack const* back, Evidence const* evidence,
                       WriteGroup& group)
{
    alert.state = AlertState::resolved;
    alert.resolved_at = info.at;
    alert.resolved_by_person = by_person;
    alert.escalate_at.reset();
    alert.silent_until.reset();
    if (!by_person)
        alert.causes.clear();
    auto const watch = watches_.find(alert.site);
    auto const proof = back && evidence && watch != watches_.end() ? evidence_json(alert, watch->second, *back, *evidence) : std::string{};
    auto const id = alert.id;
    auto const at = info.at;
    step(std::move(alert), std::move(info), proof, group);
    // a notice asks nobody to do anything: its end closes it
    if (auto const& done = *alerts_.at(id); done.peak_severity == AlertSeverity::notice && done.causes.empty()) {
        Alert closed = done;
        closed.state = AlertState::closed;
        closed.closed_at = at;
        step(std::move(closed), {.kind = AlertStepKind::closed, .at = at}, {}, group);
    }
}

bool Alerting::is_silenced(Alert const& alert, UtcTime now) const
{
    if (alert.silent_until && now < *alert.silent_until)
        return true;
    auto const* facts = context().facts(alert);
    return std::ranges::any_of(silences_, [&](auto const& entry) {
        Silence const& s = entry.second;
        return s.begin <= now && now < s.end && (s.site.empty() || s.site == alert.site_id) &&
               (s.river.empty() || (facts && s.river == facts->river)) && (s.county.empty() || (facts && s.county == facts->county)) &&
               (s.rule.empty() || std::ranges::find(alert.rules, s.rule) != alert.rules.end());
    });
}

void Alerting::step(Alert alert, AlertStepInfo info, std::string_view evidence, WriteGroup& group)
{
    ++alert.steps;
    alert.updated_at = info.at;
    auto const kind = info.kind;
    bool const told = kind != AlertStepKind::commented && kind != AlertStepKind::silenced && kind != AlertStepKind::progressed;
    bool const silenced = is_silenced(alert, info.at);
    if (told && silenced)
        alert.owes_notice = alert.owes_notice || kind == AlertStepKind::opened || kind == AlertStepKind::escalated ||
                            kind == AlertStepKind::updated || kind == AlertStepKind::reopened;
    else if (told)
        alert.owes_notice = false;
    auto document = step_document(alert, info, {}, evidence, context());
    last_hash_ = chained_hash(last_hash_, document);
    if (told && !silenced) {
        auto const& plan = *world_->alerts;
        std::vector<Contact const*> contacts;
        std::vector<std::string> channels;
        auto const add = [](auto& list, auto const& entry) {
            if (std::ranges::find(list, entry) == list.end())
                list.push_back(entry);
        };
        for (auto const& id : alert.rules) {
            auto const rule = std::ranges::find(plan.rules, id, &AlertRule::id);
            for (auto const& channel : rule == plan.rules.end() || rule->channels.empty() ? options_.channels : rule->channels)
                add(channels, channel);
        }
        auto const* site = context().site(alert);
        auto const* facts = context().facts(alert);
        for (int level = 0; site && level <= alert.escalation_level; ++level) {
            auto const who = recipients(plan, *site, *facts, level, info.at);
            for (auto const* contact : who.contacts)
                add(contacts, contact);
            for (auto const& channel : who.channels)
                add(channels, channel);
        }
        // people's telephone numbers leave by the channels only; the log can be read by many
        auto const payload = contacts.empty() ? document : step_document(alert, info, contacts, evidence, context());
        for (auto const& channel : channels)
            if (std::ranges::find(options_.channels, channel) != options_.channels.end())
                group.outbox.push_back({.id = 0, .queue = alert_queue(channel), .payload = payload});
    }
    if (options_.tells_news) {
        AlertStepInfo open_to_all = info;
        open_to_all.from.clear();
        news_.push_back({.type = fmt::format("alert.{}", to_text(kind)),
                         .site = alert.site,
                         .at = info.at,
                         .json = std::make_shared<std::string const>(step_document(alert, open_to_all, {}, {}, context()))});
    }
    group.alert_steps.push_back({++last_number_, alert.id, std::move(document), last_hash_});
    keep(std::move(alert));
}

void Alerting::keep(Alert alert)
{
    auto const id = alert.id;
    changed_.insert(id);
    if (waits(alert))
        waiting_[id] = UtcTime::min();
    else
        waiting_.erase(id);
    alerts_[id] = std::make_shared<Alert const>(std::move(alert));
}

void Alerting::tick(UtcTime now, WriteGroup& group)
{
    if (!options_.clocks)
        return;
    for (auto& [number, watch] : watches_) {
        if (!watch.heard)
            continue;
        auto const in = input(watch);
        auto const from = silent_from(in, *watch.heard, awake_since_);
        if (!from || *from > now)
            continue;
        auto const before = causes_of(number);
        auto const after = step_time(in, before, *watch.heard, awake_since_, now);
        if (after != before)
            apply(number, after, nullptr, *from, nullptr, group);
    }
    watch_service(now, group);
    std::vector<std::string> due;
    for (auto const& [id, next] : waiting_)
        if (next <= now)
            due.push_back(id);
    for (auto const& id : due) {
        remind(std::shared_ptr{alerts_.at(id)}, now, group);
        if (auto const still = waiting_.find(id); still != waiting_.end())
            still->second = next_reminder(*alerts_.at(id));
    }
    for (auto it = silences_.begin(); it != silences_.end();) {
        if (it->second.end <= now) {
            group.silences_ended.push_back(it->first);
            it = silences_.erase(it);
            silences_changed_ = true;
        } else {
            ++it;
        }
    }
}

void Alerting::watch_service(UtcTime now, WriteGroup& group)
{
    if (now < next_service_check_)
        return;
    next_service_check_ = now + 30s;
    auto status = options_.status ? options_.status() : ServiceStatus{};
    for (auto const& [number, watch] : watches_)
        if (watch.heard && is_live(*watch.heard))
            status.last_data = std::max(status.last_data.value_or(watch.heard->received_at), watch.heard->received_at);
    auto const* known = current({0, AlertFamily::service});
    auto const before = known ? known->causes : std::vector<AlertCause>{};
    auto after = step_service(*world_->alerts, before, status, awake_since_, now);
    if (after != before)
        apply_family(nullptr, AlertFamily::service, std::move(after), nullptr, now, nullptr, group);
}

void Alerting::remind(std::shared_ptr<Alert const> const& known, UtcTime now, WriteGroup& group)
{
    auto const& plan = *world_->alerts;
    auto const* site = context().site(*known);
    auto const* facts = context().facts(*known);
    int const last = site ? last_level(plan, *site, *facts) : 0;
    Alert alert = *known;
    if (is_over(alert.state)) {
        if (!is_gone(alert) && alert.state == AlertState::resolved && alert.resolved_by_person && !alert.causes.empty() &&
            now - *alert.resolved_at >= plan.reopen_within) {
            set_open(alert);
            set_clocks(alert, now);
            step(std::move(alert), {.kind = AlertStepKind::reopened, .at = now, .note = "数据仍未恢复 the readings have not recovered"}, {},
                 group);
        }
        return;
    }
    if (alert.owes_notice && !is_silenced(alert, now)) {
        alert.silent_until.reset();
        step(std::move(alert), {.kind = AlertStepKind::updated, .at = now, .note = "静默结束 the silence is over"}, {}, group);
        alert = *alerts_.at(known->id);
    }
    if (alert.escalate_at && *alert.escalate_at <= now) {
        AlertStepInfo info{.kind = AlertStepKind::reminded, .at = now, .note = "无人确认 nobody has acknowledged"};
        alert.escalate_at.reset();
        if (alert.escalation_level < last) {
            ++alert.escalation_level;
            info.kind = AlertStepKind::escalated;
            if (alert.escalation_level < last)
                alert.escalate_at = now + plan.acknowledge_within;
        }
        step(std::move(alert), std::move(info), {}, group);
        alert = *alerts_.at(known->id);
    }
    if (!alert.deadlines)
        return;
    for (auto const& due : dues_of(alert, plan)) {
        if (due.met)
            continue;
        if (due.at <= now && (alert.reminded & due.overdue) == 0) {
            alert.reminded |= due.overdue | due.reminder;
            alert.escalation_level = std::min(last, alert.escalation_level + 1);
            step(alert, {.kind = AlertStepKind::overdue, .at = now, .note = fmt::format("{}已超期 {} is overdue", due.zh, due.en)}, {},
                 group);
        } else if (due.remind_at <= now && (alert.reminded & due.reminder) == 0) {
            alert.reminded |= due.reminder;
            step(alert, {.kind = AlertStepKind::reminded, .at = now, .note = fmt::format("{}时限将至 {} is due soon", due.zh, due.en)}, {},
                 group);
        } else {
            continue;
        }
        alert = *alerts_.at(known->id);
    }
}

UtcTime Alerting::next_reminder(Alert const& alert) const
{
    auto const& plan = *world_->alerts;
    if (is_over(alert.state))
        return alert.resolved_by_person && alert.resolved_at ? *alert.resolved_at + plan.reopen_within : UtcTime::max();
    if (alert.owes_notice)                         // a silence may end at any time
        return UtcTime::min();
    auto next = alert.escalate_at.value_or(UtcTime::max());
    if (!alert.deadlines)
        return next;
    for (auto const& due : dues_of(alert, plan)) {
        if (due.met)
            continue;
        if ((alert.reminded & due.reminder) == 0)
            next = std::min(next, due.remind_at);
        else if ((alert.reminded & due.overdue) == 0)
            next = std::min(next, due.at);
    }
    return next;
}

Result<std::shared_ptr<Alert const>> Alerting::act(AlertAction const& action, UtcTime now, WriteGroup& group)
{
    using Kind = AlertAction::Kind;
    auto const found = alerts_.find(action.alert);
    if (found == alerts_.end())
        return fail(Errc::not_found, fmt::format("there is no alert '{}'", action.alert.substr(0, 128)));
    if (action.by.empty() || action.by.size() > by_limit)
        return fail(Errc::bad_value, fmt::format("by: the name of whoever does it, 1 to {} bytes", by_limit));
    if (action.note.size() > text_limit || action.assignee.size() > by_limit)
        return fail(Errc::too_large, fmt::format("note: at most {} bytes; assignee: at most {}", text_limit, by_limit));
    if (action.links.size() > links_limit || std::ranges::any_of(action.links, [](std::string const& link) {
            return link.size() > 2000 || !(link.starts_with("https://") || link.starts_with("http://"));
        }))
        return fail(Errc::bad_value, fmt::format("links: at most {} http or https addresses", links_limit));
    if ((action.kind == Kind::comment || action.kind == Kind::progress) && action.note.empty())
        return fail(Errc::missing_field, "note: say what there is to say");
    Alert alert = *found->second;
    auto const conflict = [&](std::string_view why) {
        return fail(Errc::conflict, fmt::format("alert '{}' is {}: {}", alert.id, to_text(alert.state), why));
    };
    AlertStepInfo info{
        .kind = AlertStepKind::commented, .at = now, .by = action.by, .from = action.from, .note = action.note, .links = action.links};
    auto const acknowledge = [&] {
        alert.state = AlertState::acknowledged;
        alert.acknowledged_at = now;
        alert.acknowledged_by = action.by;
        alert.escalate_at.reset();
    };
    switch (action.kind) {
    case Kind::acknowledge:
        if (alert.state != AlertState::open)
            return conflict("only an open alert can be acknowledged");
        acknowledge();
        info.kind = AlertStepKind::acknowledged;
        break;
    case Kind::assign:
        if (is_over(alert.state))
            return conflict("reopen it first");
        alert.assignee = action.assignee.empty() ? action.by : action.assignee;
        if (!alert.assigned_at)
            alert.assigned_at = now;
        if (alert.state == AlertState::open)       // whoever hands it on has seen it
            acknowledge();
        if (action.major && alert.deadlines) {
            alert.deadlines = deadlines_from(*world_->alerts, alert.opened_at, *action.major);
            alert.reminded &= ~(0b11U << 4);
        }
        info.kind = AlertStepKind::assigned;
        break;
    case Kind::progress:
        if (alert.state == AlertState::closed)
            return conflict("reopen it first");
        alert.progress_at = now;
        info.kind = AlertStepKind::progressed;
        break;
    case Kind::comment: break;
    case Kind::resolve:
        if (is_over(alert.state))
            return conflict("it is over already");
        info.kind = AlertStepKind::resolved;
        resolve(std::move(alert), true, std::move(info), nullptr, nullptr, group);
        return alerts_.at(action.alert);
    case Kind::silence:
        if (is_over(alert.state))
            return conflict("it is over already");
        alert.silent_until = action.until.value_or(now + usual_silence);
        if (*alert.silent_until <= now || *alert.silent_until - now > silence_limit)
            return fail(Errc::bad_value, "until: a time to come, at most 90 days ahead");
        info.kind = AlertStepKind::silenced;
        break;
    case Kind::reopen:
        if (!is_over(alert.state))
            return conflict("it is not over");
        if (auto const& newest = current_.at({alert.site, alert.family}); newest != alert.id)
            return conflict(fmt::format("'{}' is the newer one of this site", newest));
        set_open(alert);
        if (!is_gone(alert))
            set_clocks(alert, now);
        info.kind = AlertStepKind::reopened;
        break;
    case Kind::close:
        if (alert.state != AlertState::resolved)
            return conflict(alert.state == AlertState::closed ? "it is closed already" : "resolve it first");
        if (!alert.causes.empty() && !is_gone(alert))
            return conflict("the readings have not recovered");
        alert.state = AlertState::closed;
        alert.closed_at = now;
        info.kind = AlertStepKind::closed;
        break;
    }
    step(std::move(alert), std::move(info), {}, group);
    return alerts_.at(action.alert);
}

void Alerting::add_silence(Silence silence, WriteGroup& group)
{
    group.silences.push_back(silence);
    auto const id = silence.id;
    silences_[id] = std::move(silence);
    silences_changed_ = true;
}

bool Alerting::end_silence(std::string_view id, WriteGroup& group)
{
    auto const found = silences_.find(id);
    if (found == silences_.end())
        return false;
    group.silences_ended.push_back(found->first);
    silences_.erase(found);
    silences_changed_ = true;
    return true;
}

void Alerting::finish(WriteGroup& group)
{
    for (auto const& id : changed_)
        group.alerts.push_back(*alerts_.at(id));
}

std::vector<AlertNews> Alerting::committed()
{
    if (changed_.empty() && !silences_changed_)
        return {};
    auto const newest_first = [](auto const& a, auto const& b) { return std::tie(b->opened_at, a->id) < std::tie(a->opened_at, b->id); };
    auto book = std::make_shared<AlertBook>();
    if (all_anew_) {
        for (auto const& [id, alert] : alerts_)
            book->alerts.push_back(alert);
        std::ranges::sort(book->alerts, newest_first);
    } else {
        book->alerts = published_.load()->alerts;
        for (auto const& id : changed_) {
            auto const& alert = alerts_.at(id);
            auto const at = std::ranges::lower_bound(book->alerts, alert, newest_first);
            if (at != book->alerts.end() && (*at)->id == id)
                *at = alert;
            else
                book->alerts.insert(at, alert);
            if (!collection_anew_)
                collection_.put(alert);
        }
    }
    for (auto const& id : changed_)
        changed_sites_.insert(alerts_.at(id)->site);
    for (auto const& [id, silence] : silences_)
        book->silences.push_back(silence);
    published_.publish(std::move(book));
    collection_changed_ = true;
    all_anew_ = false;
    silences_changed_ = false;
    changed_.clear();
    return std::exchange(news_, {});
}

std::vector<SiteNumber> Alerting::take_changed_sites()
{
    auto const sites = std::exchange(changed_sites_, {});
    return {sites.begin(), sites.end()};
}

std::shared_ptr<Alert const> Alerting::standing(SiteNumber site) const
{
    std::shared_ptr<Alert const> most;
    for (auto const family : all_alert_families) {
        auto const found = current_.find({site, family});
        if (found == current_.end())
            continue;
        auto const& alert = alerts_.at(found->second);
        if (!is_over(alert->state) && (!most || alert->severity > most->severity))
            most = alert;
    }
    return most;
}

std::shared_ptr<MemorySource const> Alerting::collection(std::string version)
{
    collection_changed_ = false;
    if (std::exchange(collection_anew_, false))
        collection_.reset(world_, published_.load()->alerts);
    return collection_.published(std::move(version));
}

}  // namespace yihong
