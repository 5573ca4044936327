#pragma once

#include "ports/store_contract.hpp"

namespace yihong::store_contract {

/// Every field at a value of its own.
inline Alert full_alert(std::string id)
{
    Alert a;
    a.id = std::move(id);
    a.family = AlertFamily::operation;
    a.site = 7;
    a.site_id = "zhangliuzhuang";
    a.state = AlertState::resolved;
    a.severity = AlertSeverity::notice;
    a.peak_severity = AlertSeverity::high;
    Exceedance const item{.parameter = 5,
                          .value = Decimal{131, 2},
                          .limit = Decimal{10, 1},
                          .below = true,
                          .multiple = Decimal{3, 1},
                          .item_class = 4,
                          .time = at(1h),
                          .compared_with = Comparison::median,
                          .limit_class = 3,
                          .median = Decimal{55, 2},
                          .interval = IntervalKind::four_hours};
    a.causes = {{.rule = "below-class-iii",
                 .kind = RuleKind::over_range,
                 .severity = AlertSeverity::high,
                 .interval = IntervalKind::sample,
                 .since = at(1h),
                 .last = at(2h),
                 .items = {item, item}}};
    a.rules = {"below-class-iii", "heavy"};
    a.present = {item, item, item};
    a.worst = {item};
    a.water_class = 3;
    a.aqi = 101;
    a.peak_class = 6;
    a.peak_aqi = 301;
    a.peak_time = at(10h);
    a.opened_at = at(3h), a.updated_at = at(4h), a.acknowledged_at = at(5h), a.assigned_at = at(6h), a.progress_at = at(7h),
    a.resolved_at = at(8h);
    a.closed_at = at(9h), a.first_time = at(10h), a.last_time = at(11h);
    a.resolved_by_person = true;
    a.acknowledged_by = "王";
    a.assignee = "李";
    a.consequence_of = {"upstream-water-1", "upstream-water-2"};
    a.deadlines = AlertDeadlines{at(12h), at(13h), at(14h), true};
    a.reminded = 5;
    a.escalation_level = 2;
    a.escalate_at = at(15h);
    a.silent_until = at(16h);
    a.owes_notice = true;
    a.steps = 9;
    return a;
}

template <typename Harness>
class AlertsContract : public StoreContract<Harness> {};
TYPED_TEST_SUITE_P(AlertsContract);

inline JournalEntry step(std::uint64_t number, std::string alert, std::string document, std::string hash)
{
    return {number, std::string{alert_topic}, std::move(alert), at(1h), std::move(document), std::move(hash)};
}

TYPED_TEST_P(AlertsContract, KeepsAlertsTheirStoriesAndSilences)
{
    Alert plain;
    plain.id = "b-water-1";
    Alert changed = full_alert("a-water-1");
    changed.causes.front().mean_class = 4;
    changed.causes.front().month_over = true;
    changed.causes.front().said = "余8个月";
    changed.causes.front().said_en = "8 months left";
    changed.registered_at = at(17h);
    changed.reopened = 3;
    changed.told = {.messages = 7,
                    .reminders = 2,
                    .severity = AlertSeverity::high,
                    .worst = changed.worst,
                    .over = true,
                    .month_result = MonthResult::missed};
    Silence const silence{.id = "s1",
                          .site = "a",
                          .river = "汾河",
                          .county = "河津市",
                          .rule = "r",
                          .begin = at(1h),
                          .end = at(2h),
                          .reason = "检修",
                          .author = "王",
                          .created_at = at(0h),
                          .filter = {.text = "level = 'national'", .condition = {}}};
    WriteGroup first;
    first.alerts.changed = {changed, plain};
    first.journal = {step(1, "a-water-1", "{\"a\":1}", "aa"), step(2, "b-water-1", "{}", "bb")};
    first.alerts.silences = {silence};
    this->store().commit(first);
    EXPECT_EQ(this->store().silences(), std::vector{silence});
    changed.steps = 10;
    WriteGroup second;
    second.alerts.changed = {changed};
    second.journal = {step(3, "a-water-1", "{\"a\":2}", "cc"), step(4, "a-water-10", "{}", "dd")};
    second.alerts.silences_ended = {"s1"};
    this->store().commit(second);
    for (int pass = 0; pass < 2; ++pass) {
        EXPECT_EQ(this->store().open_alerts(), (std::vector{changed, plain}));
        EXPECT_EQ(this->store().story(alert_topic, "a-water-1"), (std::vector{first.journal[0], second.journal[0]}));
        EXPECT_TRUE(this->store().story(alert_topic, "a-water").empty());
        EXPECT_EQ(this->store().journal(alert_topic, 1, 2), (std::vector{first.journal[1], second.journal[0]}));
        EXPECT_EQ(this->store().last_entry(alert_topic), second.journal[1]);
        EXPECT_TRUE(this->store().silences().empty());
        this->harness_.reopen();
    }
}

/// Closed so many hours after the beginning.
inline Alert closed_alert(std::string id, int hour)
{
    auto alert = full_alert(std::move(id));
    alert.state = AlertState::closed;
    alert.closed_at = at(std::chrono::hours{hour});
    return alert;
}
inline void keep(Store& store, std::vector<Alert> alerts)
{
    WriteGroup group;
    group.alerts.changed = std::move(alerts);
    store.commit(group);
}

TYPED_TEST_P(AlertsContract, PagesClosedAlertsNewestFirstBesideTheOpenOnes)
{
    auto untimed = closed_alert("untimed", 0);
    untimed.closed_at.reset();
    untimed.updated_at = at(25h);
    auto const open = full_alert("open");
    // some of one moment, one from before 1970
    std::vector<Alert> newest_first{untimed};
    for (int h : {24, 24, 24, 20, 9, 9, 1, -600'000})
        newest_first.push_back(closed_alert("z" + std::to_string(100 - newest_first.size()), h));
    auto shuffled = newest_first;
    std::ranges::shuffle(shuffled, std::mt19937{2});
    keep(this->store(), {open});
    for (auto const& alert : shuffled)
        keep(this->store(), {alert});
    for (int pass = 0; pass < 2; ++pass) {
        EXPECT_EQ(this->store().open_alerts(), std::vector{open});
        EXPECT_EQ(this->store().closed_alerts({}), newest_first);
        for (std::size_t limit : {1, 2, 4}) {
            ClosedAlertsQuery query{.after = {}, .limit = limit};
            std::vector<Alert> collected;
            for (auto page = this->store().closed_alerts(query); !page.empty(); page = this->store().closed_alerts(query)) {
                ASSERT_LE(page.size(), limit);
                collected.insert(collected.end(), page.begin(), page.end());
                query.after = {time_closed(page.back()), page.back().id};
            }
            EXPECT_EQ(collected, newest_first);
        }
        EXPECT_TRUE(this->store().closed_alerts({.after = {}, .limit = 0}).empty());
        EXPECT_EQ(this->store().closed_alerts({.after = {{at(10h), ""}}, .limit = 1}).at(0).closed_at, at(9h)) << "no alert has that key";
        EXPECT_EQ(this->store().closed_alerts({.after = {}, .since = at(9h)}),
                  (std::vector(newest_first.begin(), newest_first.begin() + 7)));
        EXPECT_EQ(this->store().closed_alerts({.after = {{at(24h), ""}}, .since = at(10h)}), std::vector{newest_first[4]});
        EXPECT_TRUE(this->store().closed_alerts({.after = {}, .since = at(26h)}).empty());
        EXPECT_EQ(this->store().find_alert("open"), open);
        EXPECT_EQ(this->store().find_alert("untimed"), untimed);
        EXPECT_EQ(this->store().find_alert("ope"), std::nullopt);
        this->harness_.reopen();
    }
}

TYPED_TEST_P(AlertsContract, AnAlertMovesWhenItIsClosedReopenedAndClosedAgain)
{
    auto const other = closed_alert("other", 5);
    auto alert = full_alert("a");
    alert.closed_at.reset();
    keep(this->store(), {alert, other});
    auto const is_open = [&] {
        return this->store().open_alerts() == std::vector{alert} && this->store().closed_alerts({}) == std::vector{other} &&
               this->store().find_alert("a") == alert;
    };
    auto const is_closed = [&] {
        return this->store().open_alerts().empty() && this->store().closed_alerts({}) == std::vector{alert, other} &&
               this->store().find_alert("a") == alert;
    };
    EXPECT_TRUE(is_open());
    auto const opened = alert;
    alert = closed_alert("a", 9);
    keep(this->store(), {alert});
    EXPECT_TRUE(is_closed());
    alert.assignee = "王";                                 // changes in its place
    keep(this->store(), {alert});
    EXPECT_TRUE(is_closed());
    alert.closed_at = at(11h);                             // and in another
    keep(this->store(), {alert});
    EXPECT_TRUE(is_closed());
    alert = opened;
    keep(this->store(), {alert});
    EXPECT_TRUE(is_open());
    this->harness_.reopen();
    EXPECT_TRUE(is_open());
    alert = closed_alert("a", 12);
    keep(this->store(), {opened, closed_alert("a", 7), alert});        // the last one holds
    EXPECT_TRUE(is_closed());
    this->harness_.reopen();
    EXPECT_TRUE(is_closed());
}

REGISTER_TYPED_TEST_SUITE_P(AlertsContract, KeepsAlertsTheirStoriesAndSilences, PagesClosedAlertsNewestFirstBesideTheOpenOnes,
                            AnAlertMovesWhenItIsClosedReopenedAndClosedAgain);

}  // namespace yihong::store_contract
