#include "yihong/model/alert.hpp"

#include <algorithm>
#include <span>

namespace yihong {
namespace {

constexpr std::array<std::string_view, 3> severity_names{"notice", "alert", "high"};
constexpr std::array<std::string_view, 3> severity_labels{"提示", "预警", "严重"};
constexpr std::array<std::string_view, 4> state_names{"open", "acknowledged", "resolved", "closed"};
constexpr std::array<std::string_view, 4> state_labels{"待确认", "已确认", "已解除", "已销号"};
constexpr std::array<std::string_view, all_rule_kinds.size()> kind_names{
    "worse_than_class", "worse_than_target", "heavy",     "jump",       "approaching",    "month_mean", "aqi",
    "discharge",        "data_gap",          "frozen",    "over_range", "outbox_stalled", "store_full", "no_data",
    "out_of_service",   "item_gap",          "item_owed", "clock_jump", "year_mean",      "good_days",  "discharge_day"};
constexpr std::array<std::string_view, all_alert_families.size()> family_names{"water",     "month",   "air",   "discharge",
                                                                               "operation", "service", "period"};
constexpr std::array<std::string_view, all_alert_families.size()> family_labels{"水质",     "月均值",   "空气质量", "排放",
                                                                                "站点运行", "服务自身", "时段考核"};

/// \param first value of the first name
template <typename Enum>
Result<Enum> parse_among(std::span<std::string_view const> names, std::string_view text, int first = 0)
{
    auto const found = std::ranges::find(names, text);
    if (found != names.end())
        return static_cast<Enum>(found - names.begin() + first);
    std::string all;
    for (auto const name : names) {
        all += all.empty() ? "" : ", ";
        all += name;
    }
    return fail(Errc::bad_value, "\"" + std::string{text.substr(0, 64)} + "\" is not one of " + all);
}

}  // namespace

std::string_view to_text(AlertSeverity severity) noexcept { return severity_names[static_cast<std::size_t>(severity) - 1]; }
std::string_view label_zh(AlertSeverity severity) noexcept { return severity_labels[static_cast<std::size_t>(severity) - 1]; }
Result<AlertSeverity> parse_alert_severity(std::string_view text) { return parse_among<AlertSeverity>(severity_names, text, 1); }

std::string_view to_text(AlertState state) noexcept { return state_names[static_cast<std::size_t>(state)]; }
std::string_view label_zh(AlertState state) noexcept { return state_labels[static_cast<std::size_t>(state)]; }
Result<AlertState> parse_alert_state(std::string_view text) { return parse_among<AlertState>(state_names, text); }

std::string_view to_text(RuleKind kind) noexcept { return kind_names[static_cast<std::size_t>(kind)]; }
Result<RuleKind> parse_rule_kind(std::string_view text) { return parse_among<RuleKind>(kind_names, text); }

std::string_view to_text(Comparison comparison) noexcept
{
    constexpr std::array<std::string_view, 5> names{"none", "class_limit", "discharge_limit", "index", "median"};
    return names[static_cast<std::size_t>(comparison)];
}
std::string_view to_text(AlertFamily family) noexcept { return family_names[static_cast<std::size_t>(family)]; }
std::string_view label_zh(AlertFamily family) noexcept { return family_labels[static_cast<std::size_t>(family)]; }
Result<AlertFamily> parse_alert_family(std::string_view text) { return parse_among<AlertFamily>(family_names, text); }

AlertFamily family_of(RuleKind kind) noexcept
{
    switch (kind) {
    case RuleKind::worse_than_class:
    case RuleKind::worse_than_target:
    case RuleKind::heavy:
    case RuleKind::jump:
    case RuleKind::approaching: return AlertFamily::water;
    case RuleKind::month_mean: return AlertFamily::month;
    case RuleKind::aqi: return AlertFamily::air;
    case RuleKind::discharge: return AlertFamily::discharge;
    case RuleKind::data_gap:
    case RuleKind::frozen:
    case RuleKind::over_range:
    case RuleKind::out_of_service:
    case RuleKind::item_gap:
    case RuleKind::item_owed: return AlertFamily::operation;
    case RuleKind::outbox_stalled:
    case RuleKind::store_full:
    case RuleKind::no_data:
    case RuleKind::clock_jump: return AlertFamily::service;
    case RuleKind::year_mean:
    case RuleKind::good_days:
    case RuleKind::discharge_day: return AlertFamily::period;
    }
    return AlertFamily::operation;
}

}  // namespace yihong
