#pragma once

#include "yihong/model/alert.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace yihong {

/// Which sites something is about (适用范围); each empty list: any.
struct AlertScope {
    std::vector<SiteKind> kinds;
    std::vector<std::string> levels;               ///< national | provincial | municipal
    std::vector<std::string> rivers;
    std::vector<std::string> counties;
    std::vector<std::string> zones;                ///< ids
    std::vector<std::string> sites;                ///< ids
    std::vector<std::string> assessed_for;         ///< places, e.g. 临汾市 or 临汾市侯马市 (考核归属)
    ScopeFilter filter = {};
    bool operator==(AlertScope const&) const = default;
};
[[nodiscard]] bool covers(AlertScope const& scope, Site const& site, OverlayFacts const& facts);

/// A limit of a discharge rule, in the parameter's canonical unit.
struct DischargeLimit {
    std::string parameter;                         ///< our name or a code
    std::optional<Decimal> low;                    ///< pH
    std::optional<Decimal> high;
    std::optional<Decimal> cold_high = {};         ///< instead of `high` in water of 12 degC and less (GB 18918: the figure in brackets)
    /// \param water_temperature none: not measured
    [[nodiscard]] std::optional<Decimal> const& upper(std::optional<Decimal> const& water_temperature) const noexcept
    {
        return cold_high && water_temperature && *water_temperature <= Decimal{12, 0} ? cold_high : high;
    }
    bool operator==(DischargeLimit const&) const = default;
};

/// A rule as declared (预警规则). Keys that its kind does not use stay at their defaults.
struct AlertRule {
    std::string id;
    std::string title;                             ///< Chinese
    std::string title_en;
    RuleKind kind = RuleKind::worse_than_class;
    AlertSeverity severity = AlertSeverity::alert;
    AlertScope scope;
    std::vector<std::string> parameters;           ///< only these items; empty: all that are judged
    int water_class = 3;                           ///< worse_than_class: worse than this; jump: only where the value is worse than this
    int records = 1;                               ///< consecutive valid records; frozen: equal readings in a row; aqi: hours
    std::chrono::minutes min_gap{0};               ///< between those that count
    int recover_records = 3;                       ///< consecutive valid records that no longer fulfil it
    Decimal multiple{10, 1};                       ///< heavy: at least this exceedance multiple
    Decimal factor{20, 1};                         ///< jump: above this many times the median (DO: below the median divided by it)
    std::chrono::days window{7};                   ///< jump: of the median
    int min_records = 12;                          ///< jump, month_mean: valid records in the window
    int percent = 90;                              ///< approaching: of the class III limit; store_full: of the disk; good_days: used
    int min_months = 3;                            ///< year_mean: of the year, that are over
    Decimal target{};                              ///< good_days: of the year, percent
    int aqi = 150;                                 ///< aqi: above this
    std::chrono::minutes after{480};               ///< without data, a delivery, a valid value; out of service for so long
    std::vector<DischargeLimit> limits;            ///< discharge
    std::string standard;                          ///< discharge: where the limits stand, e.g. `DB14/1928-2019`
    std::vector<std::string> channels;             ///< ids; empty: every channel
    bool operator==(AlertRule const&) const = default;
};

/// Somebody who can be told (联系人).
struct Contact {
    std::string id;
    std::string name;
    std::string role;                              ///< e.g. 河津市河长办
    std::string phone;
    std::string email;
    std::string dingtalk_id;                       ///< by which the group robots call (@) him; DingTalk also by `phone`
    std::string wecom_id;
    std::string feishu_id;                         ///< open_id or user_id
    bool operator==(Contact const&) const = default;
};

/// Who is on duty when (值班表). A shift with dates is one stretch of time; one with weekdays comes again every week, in Beijing time.
struct DutyShift {
    std::vector<std::string> contacts;             ///< ids
    std::optional<UtcTime> begin;
    std::optional<UtcTime> end;
    std::uint8_t weekdays = 0;                     ///< a bit each, Monday first; 0: every day
    std::chrono::minutes from{0};                  ///< after midnight
    std::chrono::minutes to{24 * 60};              ///< at or before `from`: of the next day
    bool operator==(DutyShift const&) const = default;
};

/// Who answers for which sites (责任分工): all that cover a site count. Level 0 hears at once, the next when nobody has acknowledged.
struct AlertRoute {
    AlertScope scope;
    int level = 0;
    std::vector<std::string> contacts;             ///< ids
    std::vector<std::string> channels;             ///< ids, beside those of the rule
    bool on_duty = false;                          ///< and whoever is on duty
    bool operator==(AlertRoute const&) const = default;
};

/// A planned stretch of work on a station (计划维护): its records raise nothing.
struct Maintenance {
    AlertScope scope;
    UtcTime begin{};
    UtcTime end{};
    std::string reason;
    bool operator==(Maintenance const&) const = default;
};

/// Days off and days worked instead (节假日与调休), for deadlines in working days.
struct WorkCalendar {
    bool working_days = false;                     ///< deadlines count working days, not calendar days
    std::vector<Date> holidays;
    std::vector<Date> workdays;                    ///< Saturdays and Sundays that are worked
    bool operator==(WorkCalendar const&) const = default;
};

/// A stretch of every day, in Beijing time. Its end is not part of it; one whose end is not after its beginning ends on the next day.
struct DailyHours {
    std::chrono::minutes from{0};                  ///< after midnight
    std::chrono::minutes to{0};                    ///< equal to `from`: never
    bool operator==(DailyHours const&) const = default;
};

/// alerts.toml as a whole.
struct AlertPlan {
    std::vector<AlertRule> rules;
    std::vector<Contact> contacts;
    std::vector<DutyShift> duty;
    std::vector<AlertRoute> routes;
    std::vector<Maintenance> maintenance;
    WorkCalendar calendar;
    AlertSeverity ledger_from = AlertSeverity::alert;  ///< so severe, alerts but of operation and service have 13710 deadlines
    int assign_days = 1, progress_days = 3, resolve_days = 7, major_months = 1;
    std::chrono::minutes assign_within{0};  ///< of its registration, whatever the calendar says, in place of `assign_days`; 0: by the days
    std::chrono::hours remind_before{24};
    std::chrono::minutes acknowledge_within{30};  ///< then the next level; 0: never
    AlertSeverity escalate_from = AlertSeverity::alert;
    std::chrono::minutes repeat_every{60};  ///< a `high` alert that nobody acknowledges, at the last level; 0: never
    DailyHours quiet{std::chrono::hours{22}, std::chrono::hours{7}};  ///< reminders of what is not `high` wait for its end (安静时段)
    std::chrono::hours known_after{24};  ///< known for so long, only what is worse than anything told is told at once; 0: everything
    std::optional<std::chrono::minutes> digest_at{510};  ///< 08:30 of the day in Beijing time (每日摘要); none: no digest
    std::chrono::hours reopen_within{
        24};  ///< of its end: the same alert again instead of a new one; also how long a person's word that it is solved stands against the water
    std::chrono::hours upstream_hours{48};  ///< how far back an alert upstream may explain one downstream
    bool operator==(AlertPlan const&) const = default;
};

}  // namespace yihong
