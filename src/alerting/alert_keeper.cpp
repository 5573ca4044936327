#include "yihong/alerting/alert_keeper.hpp"

#include <fmt/format.h>

#include <utility>

namespace yihong {

AlertKeeper::AlertKeeper(Store store, CurrentState& state, AlertingOptions options)
    : state_{state}, alerting_{store.alerts, store.journal, std::move(options), utc_now()}
{
    alerting_.use(state.world.load());
    for (auto const& record : store.records.newest({}))
        alerting_.heard(record);
}

void AlertKeeper::on_record(RecordTaken const& taken, GroupUnderWay& group)
{
    auto const* site = group.world().sites->numbered(taken.record.site);
    if (taken.quiet || !site || !site->judges(taken.record.interval))
        return;
    Alerting::Evidence const evidence{
        .frames = [&group](Record const& record) { return group.frames_of(record); },
        .newest = [&group](SiteNumber other) { return group.newest(other); },
    };
    auto const* newest = taken.back(0);
    bool const in_order = taken.verdict != FrameVerdict::revised && newest && newest->time == taken.record.time;
    alerting_.on_record(taken.record.site, taken.back, taken.received_at, evidence, group.share(),
                        in_order ? Alerting::RecordCame::in_order : Alerting::RecordCame::late_or_corrected);
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
