#include "plan_parts.hpp"
#include "values.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <utility>

namespace yihong {
namespace {

using namespace std::chrono_literals;
using std::chrono::days;
using std::chrono::minutes;

constexpr unsigned bits(std::initializer_list<RuleKind> kinds)
{
    unsigned all = 0;
    for (auto const kind : kinds)
        all |= 1U << static_cast<unsigned>(kind);
    return all;
}

/// Which keys a rule has beside those of every rule, by its kind.
constexpr std::array<std::pair<std::string_view, unsigned>, 16> keys_of_kinds{{
    {"parameters", bits({RuleKind::worse_than_class, RuleKind::worse_than_target, RuleKind::heavy, RuleKind::jump, RuleKind::approaching,
                         RuleKind::month_mean, RuleKind::frozen, RuleKind::over_range, RuleKind::item_gap, RuleKind::item_owed,
                         RuleKind::year_mean, RuleKind::discharge_day})},
    {"class", bits({RuleKind::worse_than_class, RuleKind::jump})},
    {"records", bits({RuleKind::worse_than_class, RuleKind::worse_than_target, RuleKind::heavy, RuleKind::approaching, RuleKind::aqi,
                      RuleKind::discharge, RuleKind::frozen, RuleKind::over_range})},
    {"min_gap",
     bits({RuleKind::worse_than_class, RuleKind::worse_than_target, RuleKind::heavy, RuleKind::approaching, RuleKind::discharge})},
    {"multiple", bits({RuleKind::heavy})},
    {"factor", bits({RuleKind::jump})},
    {"window", bits({RuleKind::jump})},
    {"min_records", bits({RuleKind::jump, RuleKind::month_mean})},
    {"percent", bits({RuleKind::approaching, RuleKind::store_full, RuleKind::good_days})},
    {"min_months", bits({RuleKind::year_mean})},
    {"target", bits({RuleKind::good_days})},
    {"aqi", bits({RuleKind::aqi})},
    {"after", bits({RuleKind::data_gap, RuleKind::outbox_stalled, RuleKind::no_data, RuleKind::out_of_service, RuleKind::item_gap,
                    RuleKind::item_owed})},
    {"limits", bits({RuleKind::discharge})},
    {"grade", bits({RuleKind::discharge})},
    {"standard", bits({RuleKind::discharge})},
}};

std::optional<Decimal> decimal_of(toml::node const& node)
{
    auto const* whole = node.as_integer();
    auto const number = whole != nullptr           ? Decimal::parse(std::to_string(whole->get()))
                        : node.is_floating_point() ? Decimal::from_double(node.as_floating_point()->get())
                                                   : Result<Decimal>{fail(Errc::bad_value, "")};
    return number ? std::optional{*number} : std::nullopt;
}

void read_decimal(TableReader& reader, std::string_view key, Decimal& to, Decimal low, Decimal high)
{
    auto const* node = reader.take(key);
    if (node == nullptr)
        return;
    auto const value = decimal_of(*node);
    if (!value || *value < low || *value > high)
        reader.problem(key, Errc::bad_value, fmt::format("must be a number from {} to {}", low.to_string(), high.to_string()));
    else
        to = *value;
}

/// The grades of GB 18918-2002, Table 1 (plants built from 2006 on), with its items that we know: in mg/L, coliforms in 1/L.
std::vector<DischargeLimit> const& limits_of_grade(std::size_t grade)
{
    auto const at_most = [](std::string name, Decimal high, std::optional<Decimal> cold = {}) {
        return DischargeLimit{std::move(name), {}, high, cold};
    };
    auto const whole = [](std::int64_t value) { return Decimal{value, 0}; };
    DischargeLimit const ph{"ph", whole(6), whole(9)};
    static std::array<std::vector<DischargeLimit>, 3> const grades{{
        {ph, at_most("cod", whole(50)), at_most("bod5", whole(10)), at_most("suspended_solids", whole(10)), at_most("petroleum", whole(1)),
         at_most("anionic_surfactant", Decimal{5, 1}), at_most("total_nitrogen", whole(15)),
         at_most("ammonia_nitrogen", whole(5), whole(8)), at_most("total_phosphorus", Decimal{5, 1}),
         at_most("faecal_coliform", whole(1000))},
        {ph, at_most("cod", whole(60)), at_most("bod5", whole(20)), at_most("suspended_solids", whole(20)), at_most("petroleum", whole(3)),
         at_most("anionic_surfactant", whole(1)), at_most("total_nitrogen", whole(20)), at_most("ammonia_nitrogen", whole(8), whole(15)),
         at_most("total_phosphorus", whole(1)), at_most("faecal_coliform", whole(10'000))},
        {ph, at_most("cod", whole(100)), at_most("bod5", whole(30)), at_most("suspended_solids", whole(30)), at_most("petroleum", whole(5)),
         at_most("anionic_surfactant", whole(2)), at_most("ammonia_nitrogen", whole(25), whole(30)), at_most("total_phosphorus", whole(3)),
         at_most("faecal_coliform", whole(10'000))},
    }};
    return grades.at(grade);
}

/// The limits of a grade for all items that the rule itself does not limit.
void read_grade(TableReader& rule, AlertRule& to)
{
    constexpr std::array<std::pair<std::string_view, std::size_t>, 3> grades{{{"1A", 0}, {"1B", 1}, {"2", 2}}};
    std::optional<std::size_t> grade;
    rule.parsed("grade", grade, [&](std::string_view text) -> Result<std::size_t> {
        auto const found = std::ranges::find(grades, text, &std::pair<std::string_view, std::size_t>::first);
        return found == grades.end() ? fail(Errc::bad_value, "must be 1A, 1B or 2 of GB 18918-2002") : Result<std::size_t>{found->second};
    });
    if (!grade)
        return;
    for (auto const& limit : limits_of_grade(*grade))
        if (std::ranges::find(to.limits, limit.parameter, &DischargeLimit::parameter) == to.limits.end())
            to.limits.push_back(limit);
    if (to.standard.empty())
        to.standard = fmt::format("GB 18918-2002 {}", std::array{"一级A", "一级B", "二级"}.at(*grade));
}

/// `{ cod = 40, ammonia_nitrogen = { high = 5, cold_high = 8 }, ph = { low = 6, high = 9 } }`
void read_limits(TableReader& rule, std::vector<DischargeLimit>& to)
{
    constexpr std::string_view key = "limits";
    auto const* node = rule.take(key);
    if (node == nullptr)
        return;
    auto const* table = node->as_table();
    if (table == nullptr || table->empty()) {
        rule.problem(key, Errc::bad_value, "must be a table that is not empty, such as { cod = 40, ph = { low = 6, high = 9 } }");
        return;
    }
    for (auto const& [parameter, value] : *table) {
        DischargeLimit limit;
        limit.parameter = parameter.str();
        auto const* range = value.as_table();
        if (range == nullptr) {
            limit.high = decimal_of(value);
        } else {
            bool fits = !range->empty();
            for (auto const& [end, number] : *range) {
                auto const decimal = decimal_of(number);
                fits = fits && decimal && (end.str() == "low" || end.str() == "high" || end.str() == "cold_high");
                (end.str() == "low" ? limit.low : end.str() == "high" ? limit.high : limit.cold_high) = decimal;
            }
            if (!fits || (limit.low && limit.high && *limit.low >= *limit.high) || (limit.cold_high && !limit.high))
                limit.low = limit.high = std::nullopt;
        }
        if (limit.low || limit.high)
            to.push_back(std::move(limit));
        else
            rule.at(value, Errc::bad_value,
                    fmt::format("{}.{}: must be a number (not to be exceeded), or {{ low = …, high = … }} with one or both, low below "
                                "high, and cold_high beside high (for water of 12 °C and less)",
                                rule.path_of(key), parameter.str()));
    }
}

/// `data_gap` was called `silence` once, as a mute is: understood for one version more.
std::optional<RuleKind> read_kind(TableReader& rule)
{
    constexpr std::string_view former_data_gap = "silence";
    bool was_former = false;
    std::optional<RuleKind> kind;
    rule.require("kind");
    rule.parsed("kind", kind, [&](std::string_view text) {
        was_former = text == former_data_gap;
        return was_former ? Result<RuleKind>{RuleKind::data_gap} : parse_rule_kind(text);
    });
    if (was_former)
        rule.outdated("kind", "\"silence\" is now called \"data_gap\"; the next version no longer understands the old name");
    return kind;
}

}  // namespace

AlertRule read_rule(TableReader& rule)
{
    AlertRule to;
    rule.require("id");
    rule.parsed("id", to.id, identifier_from);
    auto const kind = read_kind(rule);
    to.kind = kind.value_or(RuleKind::worse_than_class);
    to.title = to.id;
    rule.text("title", to.title);
    rule.text("title_en", to.title_en);
    rule.parsed("severity", to.severity, parse_alert_severity);
    if (!kind || family_of(*kind) != AlertFamily::service) {       // that is about no site and no records
        read_scope(rule, to.scope);
        if (!kind || family_of(*kind) != AlertFamily::period)      // whose figures recover with the period
            rule.whole("recover_records", to.recover_records, 1, 1000);
    }
    read_names(rule, "channels", to.channels);

    auto const has = [&](std::string_view key) {
        auto const known = std::ranges::find(keys_of_kinds, key, [](auto const& entry) { return entry.first; });
        assert(known != keys_of_kinds.end());
        return !kind || (known->second >> static_cast<unsigned>(*kind) & 1U) != 0;  // of an unknown kind, its kind is enough of a problem
    };
    if (has("parameters"))
        read_names(rule, "parameters", to.parameters);
    if (kind == RuleKind::jump)
        to.water_class = 2;
    if (has("class"))
        rule.whole("class", to.water_class, 1, 5);
    if (kind == RuleKind::frozen)
        to.records = 6;
    if (has("records"))
        rule.whole("records", to.records, kind == RuleKind::frozen ? 2 : 1, 1000);
    if (has("min_gap"))
        rule.parsed("min_gap", to.min_gap, duration_between<minutes>(0min, days{7}));
    if (has("multiple"))
        read_decimal(rule, "multiple", to.multiple, Decimal{1, 1}, Decimal{1000, 0});
    if (has("factor"))
        read_decimal(rule, "factor", to.factor, Decimal{11, 1}, Decimal{1000, 0});
    if (has("window"))
        rule.parsed("window", to.window, duration_between<days>(days{1}, days{60}));
    if (has("min_records"))
        rule.whole("min_records", to.min_records, 1, 100'000);
    if (kind == RuleKind::good_days) {
        to.percent = 100;
        rule.require("target");
    }
    if (has("target"))
        read_decimal(rule, "target", to.target, Decimal{1, 1}, Decimal{100, 0});
    if (has("min_months"))
        rule.whole("min_months", to.min_months, 1, 12);
    if (has("percent"))
        rule.whole("percent", to.percent, 1, 100);
    if (has("aqi"))
        rule.whole("aqi", to.aqi, 1, 500);
    if (kind == RuleKind::out_of_service || kind == RuleKind::item_gap || kind == RuleKind::item_owed)
        to.after = days{1};
    if (has("after"))
        rule.parsed("after", to.after, duration_between<minutes>(1min, days{60}));
    if (kind == RuleKind::discharge && !rule.has("grade"))
        rule.require("limits");
    if (has("limits"))
        read_limits(rule, to.limits);
    if (has("standard"))
        rule.text("standard", to.standard);
    if (has("grade"))
        read_grade(rule, to);
    return to;
}

}  // namespace yihong
