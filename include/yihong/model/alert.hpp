#pragma once

#include "yihong/base/decimal.hpp"
#include "yihong/base/time.hpp"
#include "yihong/model/record.hpp"
#include "yihong/model/scope_filter.hpp"
#include "yihong/model/site.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace yihong {

/// How urgent an alert is (预警级别): 提示, 预警, 严重.
enum class AlertSeverity : std::uint8_t { notice = 1, alert = 2, high = 3 };
/// `notice` | `alert` | `high`
std::string_view to_text(AlertSeverity severity) noexcept;
std::string_view label_zh(AlertSeverity severity) noexcept;
Result<AlertSeverity> parse_alert_severity(std::string_view text);

/// Where an alert stands in its life (处置状态): 待确认, 已确认, 已解除, 已销号.
enum class AlertState : std::uint8_t { open = 0, acknowledged = 1, resolved = 2, closed = 3 };
std::string_view to_text(AlertState state) noexcept;
std::string_view label_zh(AlertState state) noexcept;
Result<AlertState> parse_alert_state(std::string_view text);

/// What a rule looks at (规则类型).
enum class RuleKind : std::uint8_t {
    worse_than_class = 0,      ///< 劣于某类
    worse_than_target = 1,     ///< 劣于断面水质目标
    heavy = 2,                 ///< 重度污染
    jump = 3,                  ///< 突变
    approaching = 4,           ///< 接近超标
    month_mean = 5,            ///< 月均值不达标
    aqi = 6,                   ///< 空气质量指数
    discharge = 7,             ///< 排放超标
    data_gap = 8,              ///< 数据中断
    frozen = 9,                ///< 数值不变
    over_range = 10,           ///< 超量程
    outbox_stalled = 11,       ///< 通知积压: the service's own outbox is not emptied
    store_full = 12,           ///< 存储将满
    no_data = 13,              ///< 全网无数据: nothing comes from any station
    out_of_service = 14,       ///< 长时间维护或故障: the station has said so for long
    item_gap = 15,             ///< 因子缺测: an item has no valid value while others of the site arrive
    item_owed = 16,            ///< 应报未报: an item that the site owes has never come
    clock_jump = 17,           ///< 时钟跳变: the clock of the service was set
    year_mean = 18,            ///< 年初以来均值劣于目标: the mean of the year's months so far
    good_days = 19,            ///< 优良天数余量: how many days of the year may still not be good
    discharge_day = 20,        ///< 日均值超标: the daily mean of an outlet
};
inline constexpr std::array all_rule_kinds{RuleKind::worse_than_class,
                                           RuleKind::worse_than_target,
                                           RuleKind::heavy,
                                           RuleKind::jump,
                                           RuleKind::approaching,
                                           RuleKind::month_mean,
                                           RuleKind::aqi,
                                           RuleKind::discharge,
                                           RuleKind::data_gap,
                                           RuleKind::frozen,
                                           RuleKind::over_range,
                                           RuleKind::outbox_stalled,
                                           RuleKind::store_full,
                                           RuleKind::no_data,
                                           RuleKind::out_of_service,
                                           RuleKind::item_gap,
                                           RuleKind::item_owed,
                                           RuleKind::clock_jump,
                                           RuleKind::year_mean,
                                           RuleKind::good_days,
                                           RuleKind::discharge_day};
std::string_view to_text(RuleKind kind) noexcept;
Result<RuleKind> parse_rule_kind(std::string_view text);

/// Rules of one family share one alert a site (预警类别): it rises and falls in severity instead of multiplying.
enum class AlertFamily : std::uint8_t {
    water = 0,                 ///< 水质: worse_than_class, worse_than_target, heavy, jump, approaching
    month = 1,                 ///< 月均值: month_mean
    air = 2,                   ///< 空气质量: aqi
    discharge = 3,             ///< 排放: discharge
    operation = 4,             ///< 站点运行: data_gap, frozen, over_range, out_of_service, item_gap, item_owed
    service = 5,               ///< 服务自身: outbox_stalled, store_full, no_data, clock_jump; of no site
    period = 6,                ///< 时段考核: year_mean, good_days, discharge_day
};
inline constexpr std::array all_alert_families{AlertFamily::water,     AlertFamily::month,   AlertFamily::air,   AlertFamily::discharge,
                                               AlertFamily::operation, AlertFamily::service, AlertFamily::period};
std::string_view to_text(AlertFamily family) noexcept;
std::string_view label_zh(AlertFamily family) noexcept;
Result<AlertFamily> parse_alert_family(std::string_view text);
[[nodiscard]] AlertFamily family_of(RuleKind kind) noexcept;

/// What a value was compared with (比较对象).
enum class Comparison : std::uint8_t {
    none = 0,                  ///< nothing: the finding is a flag, or a value that does not change
    class_limit = 1,           ///< 类别限值: the limit of a water class
    discharge_limit = 2,       ///< 排放限值
    index = 3,                 ///< 指数: the AQI of the rule
    median = 4,                ///< 中位数: what is usual at this place; the threshold of `jump` is no limit that a standard knows
};
std::string_view to_text(Comparison comparison) noexcept;

/// One value of an item, beside what it was compared with.
struct Exceedance {
    ParameterId parameter = 0;                     ///< 0: the AQI as a whole
    Decimal value;                                 ///< as assessed, in the parameter's unit; pH as measured
    std::optional<Decimal> limit;                  ///< what it was compared with; none: the finding is no comparison
    bool below = false;                            ///< too small is bad (dissolved oxygen), not too large
    std::optional<Decimal> multiple;               ///< exceedance multiple over class III or the limit, one decimal
    int item_class = 0;                            ///< 1 to 6, 0: none
    UtcTime time{};                                ///< of its record
    Comparison compared_with = Comparison::none;
    int limit_class = 0;                           ///< class_limit: of which class, 1 to 5
    std::optional<Decimal> median = {};            ///< median: what is usual; `limit` is a multiple of it
    IntervalKind interval = IntervalKind::hour;    ///< of its record
    bool operator==(Exceedance const&) const = default;
};

/// A rule that holds at a site now, until it recovers (触发原因).
struct AlertCause {
    std::string rule;
    RuleKind kind = RuleKind::worse_than_class;
    AlertSeverity severity = AlertSeverity::notice;
    IntervalKind interval = IntervalKind::hour;    ///< of the records that are looked at
    UtcTime since{};                               ///< phenomenon time of the first record that counts towards it
    UtcTime last{};                                ///< of the newest record that fulfils it
    std::vector<Exceedance> items;                 ///< ascending parameter; one stays until its own values have recovered
    int mean_class = 0;                            ///< month_mean: class of the month's mean, 1 to 6; 0: none
    bool month_over = false;                       ///< month_mean: its month has ended, and this is the result (without items: met)
    std::string said = {}, said_en = {};           ///< of a period: its figure, of how much it is made, what the rest may still have
    bool operator==(AlertCause const&) const = default;
};

/// What the 13710 rule asks for by when (13710 工作制度).
struct AlertDeadlines {
    UtcTime assign_by{};                           ///< 1 天内批转
    UtcTime progress_by{};                         ///< 3 天内反馈进展
    UtcTime resolve_by{};                          ///< 7 天内办结; 重大复杂事项 1 个月
    bool major = false;                            ///< 重大复杂事项
    bool operator==(AlertDeadlines const&) const = default;
};

/// What its channels were told of a month that is over.
enum class MonthResult : std::uint8_t { none, met, missed };

/// What the channels of an alert have heard of it (已告知): what is told next depends on it.
struct AlertTold {
    std::uint32_t messages = 0;                    ///< steps that they were told
    std::uint32_t reminders = 0;                   ///< of them by time alone: nobody acknowledged, a deadline draws near or has passed
    std::optional<AlertSeverity> severity;         ///< the highest; none: nothing was told
    std::vector<Exceedance> worst;                 ///< the worst, ascending parameter
    bool over = false;                             ///< the last that they heard is that it is over
    MonthResult month_result = MonthResult::none;  ///< month_mean: the result of its month
    bool operator==(AlertTold const&) const = default;
};

/// An alert as it stands (预警). Its story is the log of its steps; `id` is `<site>-<family>-<time it was raised>`
/// (`service-<time>` for those of the service itself, which have no site).
struct Alert {
    std::string id;
    AlertFamily family = AlertFamily::water;
    SiteNumber site = 0;
    std::string site_id;
    AlertState state = AlertState::open;
    AlertSeverity severity = AlertSeverity::notice;
    AlertSeverity peak_severity = AlertSeverity::notice;
    std::vector<AlertCause> causes;                ///< that hold; empty once the water has recovered
    std::vector<std::string> rules;                ///< ids of all that took part in its life
    std::vector<Exceedance> present;               ///< newest valid value (现值) of each item it is or was about, ascending
    std::vector<Exceedance> worst;                 ///< of its life (最差值), ascending parameter; only what is on record still
    int water_class = 0;                           ///< the present one; once it is over, that of its end; 0: none
    int aqi = 0;                                   ///< likewise
    int peak_class = 0;                            ///< worst of its life (最差类别); 0: none
    int peak_aqi = 0;                              ///< highest of its life; 0: none
    std::optional<UtcTime> peak_time;              ///< of the record with that class or AQI
    UtcTime opened_at{};
    UtcTime updated_at{};
    std::optional<UtcTime> acknowledged_at;
    std::optional<UtcTime> assigned_at;
    std::optional<UtcTime> progress_at;
    std::optional<UtcTime> resolved_at;
    std::optional<UtcTime> closed_at;
    std::optional<UtcTime> first_time;             ///< phenomenon times of the first and newest record behind it
    std::optional<UtcTime> last_time;
    bool resolved_by_person = false;
    std::string acknowledged_by;
    std::string assignee;
    std::vector<std::string> consequence_of;       ///< alerts upstream for the same pollutant (可能受上游影响)
    std::optional<AlertDeadlines> deadlines;
    std::uint32_t reminded = 0;                    ///< a bit for each reminder and overdue mark that went out
    int escalation_level = 0;                      ///< 0: whoever is on duty
    std::optional<UtcTime> escalate_at;            ///< next level then, unless somebody acknowledges
    std::optional<UtcTime> silent_until;           ///< no notification before
    bool owes_notice = false;                      ///< something happened while it was muted that its channels have to hear of
    std::uint32_t steps = 0;                       ///< length of its story
    std::optional<UtcTime> registered_at;          ///< `deadlines` run from here
    std::uint32_t reopened = 0;                    ///< how often readings have brought it back
    AlertTold told;
    bool operator==(Alert const&) const = default;
};

/// No notifications for what it covers (静默), while alerts are raised and kept all the same.
struct Silence {
    std::string id;
    std::string site;                              ///< empty: any
    std::string river;
    std::string county;
    std::string rule;
    UtcTime begin{};
    UtcTime end{};
    std::string reason;
    std::string author;
    UtcTime created_at{};
    ScopeFilter filter = {};
    bool operator==(Silence const&) const = default;
};

}  // namespace yihong
