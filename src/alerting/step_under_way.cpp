#include "step_under_way.hpp"

#include "alert_evidence.hpp"
#include "daily_digest.hpp"
#include "step_documents.hpp"

#include "yihong/evaluate/alert_routing.hpp"
#include "yihong/evaluate/duty.hpp"
#include "yihong/model/channel.hpp"
#include "yihong/write/chained_hash.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <utility>

namespace yihong {
namespace {

std::set<ParameterId> parameters_of(std::vector<AlertCause> const& causes)
{
    std::set<ParameterId> all;
    for (auto const& cause : causes)
        for (auto const& item : cause.items)
            all.insert(item.parameter);
    return all;
}

}  // namespace

std::vector<AlertCause> AlertRooms::causes_of(SiteNumber site) const
{
    std::vector<AlertCause> all;
    for (auto const family : all_alert_families)
        if (auto const alert = kept.newest(site, family))
            all.insert(all.end(), alert->causes.begin(), alert->causes.end());
    return all;
}

std::shared_ptr<Alert const> AlertRooms::find(std::string_view id) const
{
    if (auto known = kept.find(id); known || !store)
        return known;
    auto stored = store->find_alert(id);
    return stored ? std::make_shared<Alert const>(std::move(*stored)) : nullptr;
}

std::string AlertRooms::newest_beside(Alert const& alert) const
{
    constexpr std::size_t piece = 1000;
    auto const known = kept.newest(alert.site, alert.family);
    auto newest = std::pair{alert.opened_at, alert.id};
    if (known && known->id != alert.id && known->opened_at >= alert.opened_at)
        newest = {known->opened_at, known->id};
    if (!store || alert.opened_at >= kept.closed_since())
        return newest.second;
    // a newer one was closed after this one was opened
    ClosedAlertsQuery query{.after = {{kept.closed_since(), std::string{}}}, .since = newest.first, .limit = piece};
    for (bool more = true; more;) {
        auto const closed = store->closed_alerts(query);
        for (auto const& other : closed)
            if (other.site == alert.site && other.family == alert.family && other.opened_at > newest.first)
                newest = {other.opened_at, other.id};
        more = closed.size() == piece;
        if (more)
            query.after = {time_closed(closed.back()), closed.back().id};
    }
    return newest.second;
}

void StepUnderWay::take_causes(SiteWatch const& watch, std::vector<AlertCause> const& after)
{
    auto const& site = rooms_.world->sites->all()[watch.index];
    if (after.empty() && !rooms_.kept.knows(site.number))
        return;
    for (auto const family : all_alert_families) {
        std::vector<AlertCause> causes;
        std::ranges::copy_if(after, std::back_inserter(causes), [&](AlertCause const& cause) { return family_of(cause.kind) == family; });
        auto const known = rooms_.kept.newest(site.number, family);
        if (known ? known->causes != causes : !causes.empty())
            take_family(&site, family, std::move(causes));
        else if (known)
            take_values_of(*known);
    }
}

void StepUnderWay::take_values_of(Alert const& known)
{
    bool const goes_on = !is_over(known.state) || !known.causes.empty();
    if (!records_ || (!goes_on && !records_->changed_before))
        return;
    auto alert = known;
    take_values(alert, records_);
    if (alert != known)
        rooms_.kept.put(std::move(alert));
}

void StepUnderWay::take_service_causes(std::vector<AlertCause> after) { take_family(nullptr, AlertFamily::service, std::move(after)); }

void StepUnderWay::take_family(Site const* site, AlertFamily family, std::vector<AlertCause> causes)
{
    auto const known = rooms_.kept.newest(site ? site->number : 0, family);
    if (causes.empty() || !begins_another(known.get(), *rooms_.world->alerts, now_, causes))
        return record(follow_causes(*known, std::move(causes), records_, around(*known), now_));
    if (known && !is_over(known->state))           // of a month whose end no record showed
        record(follow_causes(*known, {}, records_, around(*known), now_));
    if (is_met_month(causes))
        return;
    auto made = make_alert(family, site, std::move(causes), records_, now_);
    auto const id = made.id;
    for (int n = 2; rooms_.find(made.id); ++n)
        made.id = fmt::format("{}-{}", id, n);
    auto const surroundings = around(made);
    record(open_alert(std::move(made), surroundings, now_));
}

void StepUnderWay::take_time(std::string_view alert)
{
    auto const known = rooms_.kept.find(alert);
    auto turn = follow_time(*known, around(*known), now_);
    if (!turn.steps.empty())
        record(std::move(turn));
    rooms_.clocks.looked_at(*rooms_.kept.find(alert), *rooms_.world->alerts);
}

Result<std::shared_ptr<Alert const>> StepUnderWay::take_action(AlertAction const& action)
{
    auto const known = rooms_.find(action.alert);
    if (!known)
        return fail(Errc::not_found, fmt::format("there is no alert '{}'", action.alert.substr(0, 128)));
    // nothing else depends on a newer one, and to look for it may cost a long look into the store
    auto const newest = action.kind == AlertAction::Kind::reopen ? rooms_.newest_beside(*known) : known->id;
    auto turn = follow_action(*known, action, newest, around(*known), now_);
    if (!turn)
        return std::unexpected{std::move(turn.error())};
    record(std::move(*turn));
    return rooms_.kept.find(action.alert);
}

void StepUnderWay::take_digest()
{
    auto const context = rooms_.context();
    DailyDigest const digest{rooms_.kept, context, now_};
    auto document = digest.document({});
    if (!digest.is_calm()) {
        auto const contacts = on_duty(*rooms_.world->alerts, now_);
        auto const payload = contacts.empty() ? document : digest.document(contacts);
        for (auto const& channel : rooms_.options.channels)
            group_.outbox.added.push_back({.id = 0, .queue = alert_queue(channel), .payload = payload});
    }
    auto& end = rooms_.digests;
    end = {end.number + 1, chained_hash(end.hash, document)};
    group_.journal.push_back({.number = end.number,
                              .topic = std::string{digest_topic},
                              .subject = format_date(beijing_date(now_)),
                              .at = now_,
                              .document = std::move(document),
                              .hash = end.hash});
    rooms_.last_digest = now_;
}

AlertSurroundings StepUnderWay::around(Alert const& alert) const
{
    auto const* watch = rooms_.watches.find(alert.site);
    return {.plan = *rooms_.world->alerts,
            .site = watch ? &rooms_.world->sites->all()[watch->index] : nullptr,
            .facts = watch ? &rooms_.world->facts[watch->index] : nullptr,
            .gone = alert.site != 0 && !watch,
            .silences = rooms_.silences.all(),
            .upstream = [this](Alert const& asked) { return upstream_of(asked); },
            .why = why_};
}

std::vector<std::string> StepUnderWay::upstream_of(Alert const& alert) const
{
    std::vector<std::string> ids;
    auto const* watch = rooms_.watches.find(alert.site);
    if (alert.family != AlertFamily::water || !watch)
        return ids;
    auto const mine = parameters_of(alert.causes);
    for (auto const& there : rooms_.world->rivers.upstream(watch->index)) {
        for (auto const family : {AlertFamily::water, AlertFamily::discharge}) {
            auto const other = rooms_.kept.newest(rooms_.world->sites->all()[there.index].number, family);
            if (!other)
                continue;
            bool const recent =
                !is_over(other->state) || (other->resolved_at && now_ - *other->resolved_at <= rooms_.world->alerts->upstream_hours);
            if (recent && std::ranges::any_of(other->worst, [&](Exceedance const& item) { return mine.contains(item.parameter); }))
                ids.push_back(other->id);
        }
    }
    return ids;
}

std::string StepUnderWay::evidence_of(AlertStepTaken const& step) const
{
    auto const* watch = rooms_.watches.find(step.alert.site);
    bool const on_account_of_readings = step.info.kind != AlertStepKind::commented && step.info.kind != AlertStepKind::closed;
    if (!records_ || !watch || !on_account_of_readings)
        return {};
    EvidenceInput in{.alert = step.alert,
                     .world = *rooms_.world,
                     .index = watch->index,
                     .back = records_->back,
                     .frames = evidence_->frames,
                     .upstream = {}};
    for (auto const& there : rooms_.world->rivers.upstream(watch->index))
        if (auto const* newest = evidence_->newest ? evidence_->newest(rooms_.world->sites->all()[there.index].number) : nullptr)
            in.upstream.push_back({there, newest});
    return write_evidence(in);
}

void StepUnderWay::record(AlertTurn turn)
{
    auto& end = rooms_.log_end;
    for (auto const& step : turn.steps) {
        StepDocuments const documents{step.alert, step.info, rooms_.context()};
        auto const evidence = evidence_of(step);
        auto document = documents.document({}, evidence);
        if (step.told)
            tell(step, documents, document, evidence);
        if (rooms_.options.tells_news)
            rooms_.news.push_back({.type = fmt::format("alert.{}", to_text(step.info.kind)),
                                   .site = step.alert.site,
                                   .at = step.info.at,
                                   .json = std::make_shared<std::string const>(documents.open_to_all())});
        end = {end.number + 1, chained_hash(end.hash, document)};
        group_.journal.push_back({.number = end.number,
                                  .topic = std::string{alert_topic},
                                  .subject = step.alert.id,
                                  .at = step.info.at,
                                  .document = std::move(document),
                                  .hash = end.hash});
    }
    rooms_.clocks.changed(turn.alert);
    rooms_.kept.put(std::move(turn.alert));
}

void StepUnderWay::tell(AlertStepTaken const& step, StepDocuments const& documents, std::string const& document, std::string_view evidence)
{
    auto const context = rooms_.context();
    auto const& configured = rooms_.options.channels;
    auto const audience =
        audience_of(step.alert, *rooms_.world->alerts, context.site(step.alert), context.facts(step.alert), configured, step.info.at);
    // people's telephone numbers leave by the channels only; the log can be read by many
    auto const payload = audience.contacts.empty() ? document : documents.document(audience.contacts, evidence);
    for (auto const& channel : audience.channels)
        group_.outbox.added.push_back({.id = 0, .queue = alert_queue(channel), .payload = payload});
}

}  // namespace yihong
