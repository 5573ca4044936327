#pragma once

#include "world_fixture.hpp"

#include "yihong/alerting/alerting.hpp"
#include "yihong/evaluate/judge.hpp"
#include "yihong/model/channel.hpp"

namespace yihong::testing {

using namespace std::chrono_literals;

inline UtcTime const begin = at("2026-03-02T00:00:00Z");

/// Alerting over a store in memory, with three sections along a river.
class AlertingTest : public ::testing::Test {
protected:
    void SetUp() override
    {
        AlertPlan plan;
        plan.rules = exceedance_rules();
        plan.rules[1].min_gap = 3h;
        AlertRule heavy = plan.rules[0];
        heavy.id = "heavy";
        heavy.kind = RuleKind::heavy;
        heavy.severity = AlertSeverity::high;
        AlertRule gap = plan.rules[0];
        gap.id = "data-gap";
        gap.kind = RuleKind::data_gap;
        gap.scope.sites = {"lower"};
        plan.rules.push_back(heavy);
        plan.rules.push_back(gap);
        plan.contacts = {{.id = "wang", .name = "王某", .role = "河津市河长办", .phone = "13800000000", .email = "wang@example.invalid"},
                         {.id = "zhao", .name = "赵某", .role = "市生态环境局"}};
        plan.routes = {{.scope = {}, .level = 0, .contacts = {"wang"}, .channels = {}, .on_duty = false},
                       {.scope = {}, .level = 1, .contacts = {"zhao"}, .channels = {"city"}, .on_duty = false}};
        plan.ledger_from = AlertSeverity::alert;
        use(plan);
    }

    void use(AlertPlan plan)
    {
        plan.digest_at = digest_at;
        static auto const book =
            std::make_shared<StandardsBook const>(load_standards(std::filesystem::path{YIHONG_SOURCE_DIR} / "config/standards").value());
        std::vector<Site> sites;
        for (auto const& [id, chainage] : {std::pair{"upper", 10.0}, {"middle", 40.0}, {"lower", 90.0}}) {
            Site site;
            site.id = id;
            site.name = std::string{"断面"} + id;
            site.kind = SiteKind::water_section;
            site.target_class = 3;
            site.position = LonLat{chainage, 35.0};
            site.number = kept->number_sites({&site.id, 1}).front();
            sites.push_back(site);
        }
        world = make_world(book, std::move(sites), std::make_shared<OneRiver const>(), std::make_shared<AlertPlan const>(std::move(plan)));
        start();
    }

    /// As after a start of the service: everything comes from the kept->
    void start(UtcTime now = begin)
    {
        alerting = std::make_unique<Alerting>(
            read_from ? *read_from : *kept, *kept,
            AlertingOptions{.public_url = "https://water.example.invalid", .channels = {"duty", "city"}, .keep_closed = keep_closed}, now);
        alerting->use(world);
        for (auto const& record : kept->newest({}))
            alerting->heard(record);
        alerting->none_heard_after(now);
    }

    Record drawn(std::string_view site, char c, UtcTime time) const
    {
        auto const& parameters = world->standards->parameters();
        Record made;
        made.site = world->sites->find(site)->number;
        made.interval = IntervalKind::four_hours;
        made.time = time;
        made.received_at = time + 4h + 5min;
        Reading oxygen;
        oxygen.parameter = parameters.find("dissolved_oxygen")->id;
        oxygen.value = Decimal{79, 1};
        Reading ammonia = oxygen;
        ammonia.parameter = parameters.find("ammonia_nitrogen")->id;
        ammonia.value = c == '.' ? Decimal{32, 2} : c == 'X' ? Decimal{250, 2} : Decimal{131, 2};
        made.readings = {oxygen, ammonia};
        std::ranges::sort(made.readings, {}, &Reading::parameter);
        made.verdict = judge(made, SiteKind::water_section, *world->standards);
        return made;
    }

    /// One record in one commit, as the writer does it.
    void take(Record const& record)
    {
        WriteGroup group;
        group.records.added = {record};
        auto& series = seen[record.site];
        auto const place = std::ranges::lower_bound(series, record.time, {}, &Record::time);
        auto const came = place == series.end() ? Alerting::RecordCame::in_order : Alerting::RecordCame::late_or_corrected;
        std::optional<Record> before;
        if (place != series.end() && place->time == record.time)
            before = std::exchange(*place, record);
        else
            series.insert(place, record);
        Alerting::Evidence const evidence{
            .frames =
                [](Record const& of) {
                    RawFrame frame;
                    frame.received_at = of.received_at;
                    frame.bytes = "##0101QN=1;ST=21;CN=2061;PW=123456;MN=A;Flag=5;CP=&&x&&1C80\r\n";
                    return std::vector{frame};
                },
            .newest = [this](SiteNumber site) { return seen[site].empty() ? nullptr : &seen[site].back(); },
        };
        alerting->begin();
        RecordsBack const back = [&series](std::size_t i) { return i < series.size() ? &series[series.size() - 1 - i] : nullptr; };
        alerting->on_record(
            {.record = record, .before = before ? &*before : nullptr, .back = back, .received_at = record.received_at, .came = came},
            evidence, group);
        commit(group);
    }

    void commit(WriteGroup& group)
    {
        alerting->finish(group);
        if (lose_commits) {
            alerting->rolled_back();
            return;
        }
        kept->commit(group);
        alerting->committed();
    }

    void run(std::string_view site, std::string_view line, UtcTime from = begin)
    {
        for (std::size_t i = 0; i < line.size(); ++i)
            if (line[i] != '-')
                take(drawn(site, line[i], from + 4h * static_cast<int>(i)));
    }

    void tick(UtcTime now)
    {
        WriteGroup group;
        alerting->begin();
        alerting->tick(now, group);
        commit(group);
    }

    Result<std::shared_ptr<Alert const>> act(AlertAction::Kind kind, std::string note = {}, UtcTime now = begin + 100h,
                                             std::optional<UtcTime> until = {})
    {
        return act_on(newest().id, kind, std::move(note), now, until);
    }
    Result<std::shared_ptr<Alert const>> act_on(std::string id, AlertAction::Kind kind, std::string note, UtcTime now,
                                                std::optional<UtcTime> until = {})
    {
        AlertAction action;
        action.kind = kind;
        action.alert = std::move(id);
        action.by = "李值班";
        action.from = "10.1.2.3 token=duty";
        action.note = std::move(note);
        action.assignee = kind == AlertAction::Kind::assign ? "河津市河长办" : "";
        action.until = until;
        WriteGroup group;
        alerting->begin();
        auto result = alerting->act(action, now, group);
        commit(group);
        return result;
    }

    Alert newest() const { return *alerting->published()->alerts.at(0); }

    /// The kinds of steps so far, `opened escalated …`, of all alerts in order.
    std::string steps() const
    {
        std::string kinds;
        for (auto const& step : kept->journal(alert_topic, 0, 10'000)) {
            auto const from = step.document.find("yihong.alert.") + 13;
            kinds += (kinds.empty() ? "" : " ") + step.document.substr(from, step.document.find('"', from) - from);
        }
        return kinds;
    }

    std::vector<std::string> told(std::string_view channel) const
    {
        std::vector<std::string> kinds;
        for (auto const& entry : kept->outbox(alert_queue(channel), 0, 10'000)) {
            auto const from = entry.payload.find("yihong.alert.") + 13;
            kinds.push_back(entry.payload.substr(from, entry.payload.find('"', from) - from));
        }
        return kinds;
    }

    std::unique_ptr<MemoryStore> kept = std::make_unique<MemoryStore>();
    std::shared_ptr<World const> world;
    std::unique_ptr<Alerting> alerting;
    std::map<SiteNumber, std::vector<Record>> seen;
    bool lose_commits = false;
    std::optional<std::chrono::minutes> digest_at; // none: no daily digest among what is told
    std::chrono::hours keep_closed = std::chrono::days{30};
    Alerts const* read_from = nullptr;             // null: the store itself
};

}  // namespace yihong::testing
