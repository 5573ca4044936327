#include "yihong/alerting/alert_keeper.hpp"

#include "period_watch.hpp"

#include "yihong/evaluate/owed_parameters.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

namespace yihong {

namespace {

/// What of a series says when the site and its items were last heard, oldest first: its first record, the last valid one of each owed item, and
/// the last few days. `newest` is its newest.
std::vector<Record> last_heard(Records const& records, Record const& newest, std::vector<ParameterId> const& owed)
{
    constexpr auto look_back = std::chrono::days{3};
    constexpr auto look_for_owed = std::chrono::days{30};
    constexpr std::size_t most = 300;
    if (newest.interval < IntervalKind::hour || newest.interval > IntervalKind::day)
        return {newest};
    SeriesQuery query{.site = newest.site, .interval = newest.interval, .time = {}, .parameters = {}, .limit = 1, .after = {}};
    std::vector<Record> heard;
    ItemsHeard items;
    auto const take = [&](Record const& record) {
        heard.push_back(record);
        items.take(record);
        return true;
    };
    records.visit_series(query, take);
    query.newest_first = true;
    query.limit = most;
    query.time = {newest.time - look_back, newest.time};
    records.visit_series(query, take);
    query.time = {newest.time - look_for_owed, newest.time - look_back};
    for (auto const parameter : owed) {
        if (items.find(parameter))
            continue;
        query.parameters = {parameter};
        records.visit_series(query, [&](Record const& record) {
            ItemsHeard found;
            found.take(record);
            return !found.find(parameter) || !take(record);
        });
    }
    std::ranges::stable_sort(heard, {}, &Record::time);
    return heard;
}

/// How the service is doing, and what the writer has seen of its clock.
AlertingOptions with_clock(AlertingOptions options, CurrentState const& state)
{
    options.status = [&state, others = std::move(options.status)] {
        auto status = others ? others() : ServiceStatus{};
        if (auto const at = state.clock_set_ms.load(); at != 0)
            status.clock_set = UtcTime{std::chrono::milliseconds{at}};
        return status;
    };
    return options;
}

}  // namespace

AlertKeeper::AlertKeeper(Store store, CurrentState& state, AlertingOptions options, LookAtPeriods periods, std::chrono::milliseconds pause)
    : records_{store.records}, state_{state}, alerting_{store.alerts, store.journal, with_clock(std::move(options), state), utc_now()}
{
    auto const world = state.world.load();
    marks_ = state.marks.load();
    alerting_.use(world);
    hear(*world, std::nullopt);
    if (periods)
        periods_ = std::make_unique<PeriodWatch>(world, std::move(periods), pause);
}

AlertKeeper::~AlertKeeper() = default;

void AlertKeeper::tick(GroupUnderWay& group)
{
    if (periods_)
        for (auto const& [look, findings] : periods_->take())
            alerting_.take_periods(look, findings, group.now(), group.share());
    alerting_.tick(group.now(), group.share());
}

void AlertKeeper::rolled_back() noexcept
{
    if (periods_)
        periods_->lost();
    alerting_.rolled_back();
}

void AlertKeeper::hear(World const& world, std::optional<std::vector<SiteNumber>> sites)
{
    for (auto const& newest : records_.newest({.before = {}, .sites = std::move(sites), .interval = {}})) {
        auto const* site = world.sites->numbered(newest.site);
        auto const owed = site ? awaited_parameters(*site, *world.standards, beijing_date(newest.time)) : std::vector<ParameterId>{};
        for (auto const& record : last_heard(records_, newest, owed))
            alerting_.heard(record);
    }
    alerting_.none_heard_after(utc_now());
}

void AlertKeeper::on_record(RecordTaken const& taken, GroupUnderWay& group)
{
    auto const* site = group.world().sites->numbered(taken.record.site);
    if (!site || !site->judges(taken.record.interval))
        return;
    Alerting::Evidence const evidence{
        .frames = [&group](Record const& record) { return group.frames_of(record); },
        .newest = [&group](SiteNumber other) { return group.newest(other); },
    };
    auto const* newest = taken.back(0);
    bool const in_order = taken.verdict != FrameVerdict::revised && newest && newest->time == taken.record.time;
    RecordsBack const only_this = [record = taken.record](std::size_t i) { return i == 0 ? &record : nullptr; };
    alerting_.on_record({.record = taken.record,
                         .before = taken.before,
                         .back = taken.withdrawn && !newest ? only_this : taken.back,
                         .received_at = taken.received_at,
                         .came = taken.withdrawn ? Alerting::RecordCame::withdrawn
                                 : in_order      ? Alerting::RecordCame::in_order
                                                 : Alerting::RecordCame::late_or_corrected,
                         .quiet = taken.quiet},
                        evidence, group.share());
}

std::optional<AlertOutcome> AlertKeeper::on_command(AlertCommand const& command, GroupUnderWay& group)
{
    if (auto const* action = std::get_if<AlertAction>(&command))
        return alerting_.act(*action, group.now(), group.share());
    if (auto const* begin = std::get_if<BeginSilence>(&command)) {
        alerting_.add_silence(begin->silence, group.share());
        return nullptr;
    }
    auto const& id = std::get<EndSilence>(command).id;
    if (!alerting_.end_silence(id, group.share()))
        return fail(Errc::not_found, fmt::format("there is no silence '{}'", id.substr(0, 60)));
    return nullptr;
}

void AlertKeeper::committed(CommitMade const& made)
{
    if (made.new_world)
        alerting_.use(made.new_world);
    if (auto marks = state_.marks.load(); marks != marks_) {
        alerting_.marked(marks->changed_since(*marks_), made.at);
        marks_ = std::move(marks);
    }
    auto const looks = alerting_.take_period_looks();
    if (periods_)
        periods_->committed(looks, made.new_world);
    std::set<SiteNumber> withdrawn;
    for (auto const& record : made.group.records.withdrawn)
        withdrawn.insert(record.site);
    for (auto const site : withdrawn)
        alerting_.forget_heard(site);
    if (!withdrawn.empty())
        hear(*state_.world.load(), std::vector(withdrawn.begin(), withdrawn.end()));
    for (auto& step : alerting_.committed()) {
        auto const* site = made.network.state(step.site);
        auto event = site ? event_of_site(step.type, *site, step.at) : LiveEvent{.type = step.type, .at = step.at};
        event.json = std::move(step.json);
        made.events.push_back(std::move(event));
    }
    state_.alerts.publish(alerting_.published());
    for (auto const site : alerting_.take_changed_sites())
        made.network.set_alert(site, alerting_.standing(site));
    if (alerting_.collection_changed())
        made.network.show(alerting_.collection(made.network.next_version()));
}

}  // namespace yihong
