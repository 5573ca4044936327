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
                          .time = at(1h)};
    a.causes = {{.rule = "below-class-iii",
                 .kind = RuleKind::over_range,
                 .severity = AlertSeverity::high,
                 .interval = IntervalKind::sample,
                 .since = at(1h),
                 .last = at(2h),
                 .items = {item, item}}};
    a.rules = {"below-class-iii", "heavy"};
    a.worst = {item};
    a.water_class = 6;
    a.aqi = 301;
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

TYPED_TEST_P(AlertsContract, KeepsAlertsTheirStoriesAndSilences)
{
    Alert plain;
    plain.id = "b-water-1";
    Alert changed = full_alert("a-water-1");
    Silence const silence{.id = "s1",
                          .site = "a",
                          .river = "汾河",
                          .county = "河津市",
                          .rule = "r",
                          .begin = at(1h),
                          .end = at(2h),
                          .reason = "检修",
                          .author = "王",
                          .created_at = at(0h)};
    WriteGroup first;
    first.alerts.changed = {changed, plain};
    first.journal = {{1, "a-water-1", "{\"a\":1}", "aa"}, {2, "b-water-1", "{}", "bb"}};
    first.alerts.silences = {silence};
    this->store().commit(first);
    EXPECT_EQ(this->store().silences(), std::vector{silence});
    changed.steps = 10;
    WriteGroup second;
    second.alerts.changed = {changed};
    second.journal = {{3, "a-water-1", "{\"a\":2}", "cc"}, {4, "a-water-10", "{}", "dd"}};
    second.alerts.silences_ended = {"s1"};
    this->store().commit(second);
    for (int pass = 0; pass < 2; ++pass) {
        auto alerts = this->store().alerts();
        std::ranges::sort(alerts, {}, &Alert::id);
        EXPECT_EQ(alerts, (std::vector{changed, plain}));
        EXPECT_EQ(this->store().alert_steps("a-water-1"), (std::vector<AlertStep>{first.journal[0], second.journal[0]}));
        EXPECT_TRUE(this->store().alert_steps("a-water").empty());
        EXPECT_EQ(this->store().alert_log(1, 2), (std::vector<AlertStep>{first.journal[1], second.journal[0]}));
        EXPECT_EQ(this->store().last_alert_step(), second.journal[1]);
        EXPECT_TRUE(this->store().silences().empty());
        this->harness_.reopen();
    }
}

REGISTER_TYPED_TEST_SUITE_P(AlertsContract, KeepsAlertsTheirStoriesAndSilences);

}  // namespace yihong::store_contract
