#include "yihong/evaluate/judge.hpp"

#include "yihong/evaluate/exact.hpp"

#include <algorithm>
#include <span>

namespace yihong {
namespace {

struct Reason {
    std::string_view en, zh;
};
constexpr Reason no_value{"no value", "无数值"};
constexpr Reason not_normal{"the flag is not N", "数据标记不是N"};
constexpr Reason unit_in_doubt{"its unit is doubtful", "单位存疑"};
constexpr Reason no_limits{"the standard has no limits for it", "标准未规定限值"};
constexpr Reason lakes_only{"limited in lakes and reservoirs only", "标准只规定湖库限值"};
constexpr Reason only_change{"only its change over a week is limited", "标准只限制周平均变化"};
constexpr Reason beside{"reported beside the class, not graded", "单独评价，不参与断面类别"};
constexpr Reason no_column{"no indicator of this report", "不是本时段的评价指标"};
constexpr Reason stands_back{"another reading serves this indicator", "该指标采用另一数值"};

template <typename Item>
void set_reason(Item& item, Reason const& reason)
{
    item.why_not_counted = reason.en;
    item.why_not_counted_zh = reason.zh;
}

Reason const& reason_not_valid(Reading const& reading) noexcept
{
    return !reading.has_value ? no_value : !reading.flag.is_normal() ? not_normal : unit_in_doubt;
}

/// What is held against the limits.
Decimal assessed_value(WaterItem const& item, Decimal const& value)
{
    return item.rounds_readings ? value.rounded_keeping_nonzero(item.decimals) : value;
}

std::string_view label_of(std::span<std::string_view const> labels, int place) noexcept
{
    return place > 0 && static_cast<std::size_t>(place) <= labels.size() ? labels[static_cast<std::size_t>(place) - 1] : std::string_view{};
}

/// Why a valid value has no class or does not count; nothing when it does.
Reason const* reason_not_counted(WaterItem const* item, bool lake) noexcept
{
    if (!item)
        return &no_limits;
    if (item->rule == LimitRule::change)
        return &only_change;
    if (!lake && !item->river_limits)
        return &lakes_only;
    return item->graded ? nullptr : &beside;
}

/// The multiple to six decimals, for ordering main pollutants; those without one come last.
Decimal ordering_multiple(ItemJudgement const& item) noexcept
{
    return item.multiple ? exact::quotient(exact::minus(item.assessed, item.limits[2]), item.limits[2], 6) : Decimal{-1, 0};
}

std::vector<MainPollutant> find_main_pollutants(std::vector<ItemJudgement> const& items)
{
    std::vector<ItemJudgement const*> over;
    for (auto const& item : items)
        if (item.counted && item.item_class > 3)
            over.push_back(&item);
    std::ranges::sort(over, [](ItemJudgement const* a, ItemJudgement const* b) {
        if (a->item->toxic != b->item->toxic)
            return a->item->toxic;
        if (a->item_class != b->item_class)
            return a->item_class > b->item_class;
        auto const order = ordering_multiple(*a) <=> ordering_multiple(*b);
        return order != 0 ? order > 0 : a < b;       // alike: in the record's order
    });
    std::vector<MainPollutant> main;
    for (auto const* item : over)
        if (main.size() < 3)
            main.push_back({item->reading.parameter, item->multiple});
    return main;
}

Reading const* valid_reading(Record const& record, ParameterId parameter) noexcept
{
    auto const* reading = parameter ? record.find(parameter) : nullptr;
    return reading && is_valid(*reading) ? reading : nullptr;
}

struct AirSummary {
    int aqi = 0;
    bool any = false;          ///< at least one indicator is valid
    bool published = true;
};

/// The one calculation behind judge_air and judge. `visit(column, reading, used, iaqi)` for each valid indicator, `miss(column)` for each other.
template <typename Visit, typename Miss>
AirSummary evaluate_air(Record const& record, AqiStandard const& standard, Visit visit, Miss miss)
{
    bool const daily = record.interval == IntervalKind::day;
    AirSummary summary;
    bool one_missing = false;
    bool has_needed = daily || standard.hourly_needs_one_of.empty();
    for (std::size_t const index : daily ? standard.daily : standard.hourly) {
        IaqiColumn const* column = &standard.columns[index];
        Reading const* reading = valid_reading(record, column->parameter);
        if (!reading && daily)
            reading = valid_reading(record, column->day_parameter);
        if (!reading) {
            one_missing = true;
            miss(*column);
            continue;
        }
        has_needed = has_needed || std::ranges::find(standard.hourly_needs_one_of, index) != standard.hourly_needs_one_of.end();
        Reading const* shown = reading;
        auto const concentration = [&] {
            return standard.rounds_concentration ? reading->value.rounded(column->decimals) : reading->value;
        };
        Iaqi result = iaqi(*column, concentration());
        if (result.beyond && column->above_column) {
            auto const* other = &standard.columns[*column->above_column];
            auto const* figure = valid_reading(record, other->day_parameter);
            if (!figure && daily)
                figure = valid_reading(record, other->parameter);
            if (figure) {
                column = other;
                reading = figure;
                result = iaqi(*column, concentration());
            }
        }
        summary.any = true;
        summary.aqi = std::max(summary.aqi, result.value);
        visit(standard.columns[index], *column, *shown, concentration(), result);
    }
    summary.published = summary.any && has_needed && !(standard.missing_blocks_publication && one_missing && summary.aqi <= 100);
    if (!summary.published)
        summary.aqi = 0;
    return summary;
}

}  // namespace

bool is_valid(Reading const& reading) noexcept
{
    return reading.has_value && reading.flag.is_normal() && !has(reading.marks, Mark::unit_doubtful);
}

std::string_view water_class_label(int water_class) noexcept
{
    static constexpr std::array<std::string_view, 6> labels{"Ⅰ", "Ⅱ", "Ⅲ", "Ⅳ", "Ⅴ", "劣Ⅴ"};
    return label_of(labels, water_class);
}

std::string_view water_class_label_en(int water_class) noexcept
{
    static constexpr std::array<std::string_view, 6> labels{"class I",  "class II", "class III",
                                                            "class IV", "class V",  "worse than class V"};
    return label_of(labels, water_class);
}

int water_grade(int water_class) noexcept { return water_class <= 1 ? water_class : water_class - 1; }

std::string_view water_grade_label(int grade) noexcept
{
    static constexpr std::array<std::string_view, 5> labels{"优", "良好", "轻度污染", "中度污染", "重度污染"};
    return label_of(labels, grade);
}

std::string_view water_quality_label(int water_class) noexcept { return water_grade_label(water_grade(water_class)); }

std::string_view aqi_category_label(int level) noexcept
{
    static constexpr std::array<std::string_view, 6> labels{"优", "良", "轻度污染", "中度污染", "重度污染", "严重污染"};
    return label_of(labels, level);
}

int aqi_level(int aqi) noexcept { return aqi <= 50 ? 1 : aqi <= 100 ? 2 : aqi <= 150 ? 3 : aqi <= 200 ? 4 : aqi <= 300 ? 5 : 6; }

int water_item_class(WaterItem const& item, Decimal const& assessed, bool lake) noexcept
{
    if (item.rule == LimitRule::range)
        return exact::compare(item.range_low, assessed) <= 0 && exact::compare(assessed, item.range_high) <= 0 ? 1 : 6;
    if (item.rule == LimitRule::change || (!lake && !item.river_limits))
        return 0;
    auto const& limits = item.limits(lake);
    for (std::size_t i = 0; i < limits.size(); ++i)
        if (auto const order = exact::compare(assessed, limits[i]); item.rule == LimitRule::minimum ? order >= 0 : order <= 0)
            return static_cast<int>(i) + 1;
    return 6;
}

Decimal multiple_over(Decimal const& assessed, Decimal const& limit) noexcept
{
    auto const over = exact::minus(assessed, limit);
    // an item that is over its limit is never over it 0.0 times
    auto const multiple = exact::quotient(over, limit, 1);
    return multiple.is_zero() ? exact::quotient(over, limit, 2) : multiple;
}

std::optional<Decimal> exceedance_multiple(WaterItem const& item, Decimal const& assessed, bool lake) noexcept
{
    if (!item.has_multiple || item.rule != LimitRule::maximum || (!lake && !item.river_limits))
        return std::nullopt;
    auto const& limit = item.limits(lake)[2];
    if (assessed <= limit || limit <= Decimal{})
        return std::nullopt;
    return multiple_over(assessed, limit);
}

namespace {

/// One reading by itself. What the standard does not limit stays unrounded.
ItemJudgement judge_item(Reading const& reading, bool lake, WaterStandard const& standard, bool round)
{
    ItemJudgement item;
    item.reading = reading;
    item.assessed = reading.value;
    item.item = standard.find(reading.parameter);
    if (round && item.item)
        item.assessed = assessed_value(*item.item, reading.value);
    if (item.item && (lake || item.item->river_limits))
        item.limits = item.item->limits(lake);
    if (!is_valid(reading)) {
        set_reason(item, reason_not_valid(reading));
    } else if (auto const* reason = reason_not_counted(item.item, lake)) {
        set_reason(item, *reason);
    } else {
        item.counted = true;
    }
    if (item.item && is_valid(reading)) {
        item.item_class = water_item_class(*item.item, item.assessed, lake);
        item.multiple = exceedance_multiple(*item.item, item.assessed, lake);
    }
    return item;
}

}  // namespace

WaterJudgement judge_water(Record const& record, bool lake, WaterStandard const& standard, ParameterBook const& parameters, bool round)
{
    WaterJudgement judgement;
    judgement.edition = &standard.edition;
    judgement.lake = lake;
    judgement.items.reserve(record.readings.size());
    for (auto const& reading : record.readings) {
        auto& item = judgement.items.emplace_back(judge_item(reading, lake, standard, round));
        if (auto const* parameter = item.item ? nullptr : parameters.find(reading.parameter); round && parameter)
            item.assessed = reading.value.rounded_keeping_nonzero(parameter->decimals);
        if (item.counted)
            judgement.water_class = std::max(judgement.water_class, item.item_class);
    }
    for (auto& item : judgement.items) {
        item.decided = item.counted && item.item_class == judgement.water_class;
        if (item.decided)
            judgement.deciding.push_back(item.reading.parameter);
    }
    judgement.main_pollutants = find_main_pollutants(judgement.items);
    return judgement;
}

std::vector<MainPollutant> main_pollutants(Record const& record, bool lake, WaterStandard const& standard)
{
    std::vector<ItemJudgement> over;
    for (auto const& reading : record.readings) {
        auto const* item = is_valid(reading) ? standard.find(reading.parameter) : nullptr;
        if (item && water_item_class(*item, assessed_value(*item, reading.value), lake) > 3)
            over.push_back(judge_item(reading, lake, standard, true));
    }
    return find_main_pollutants(over);
}

Iaqi iaqi(IaqiColumn const& column, Decimal const& concentration) noexcept
{
    auto const& points = column.breakpoints;
    std::size_t high = 1;
    while (high < points.size() && exact::compare(concentration, points[high]) > 0)
        ++high;
    if (high == points.size())
        return {column.above, column.above, column.above, points.back(), points.back(), true};
    Iaqi result{0, iaqi_levels[high - 1], iaqi_levels[high], points[high - 1], points[high], false};
    if (concentration <= points[0])
        return result;
    int const scale = std::max({concentration.scale(), points[high - 1].scale(), points[high].scale()});
    auto const low = exact::raised(points[high - 1], scale);
    auto const rise = (result.index_high - result.index_low) * (exact::raised(concentration, scale) - low);
    result.value = static_cast<int>(exact::divided_up(rise, exact::raised(points[high], scale) - low)) + result.index_low;
    return result;
}

AirJudgement judge_air(Record const& record, AqiStandard const& standard, ParameterBook const& parameters)
{
    AirJudgement judgement;
    judgement.edition = &standard.edition;
    judgement.daily = record.interval == IntervalKind::day;
    for (auto const& reading : record.readings) {
        AqiItem item;
        item.reading = reading;
        item.used = reading.value;
        auto const* parameter = parameters.find(reading.parameter);
        if (standard.rounds_concentration && parameter)
            item.used = reading.value.rounded(parameter->decimals);
        set_reason(item, is_valid(reading) ? no_column : reason_not_valid(reading));
        judgement.items.push_back(std::move(item));
    }
    std::vector<std::pair<AqiItem*, ParameterId>> counted;
    auto const summary = evaluate_air(
        record, standard,
        [&](IaqiColumn const& indicator, IaqiColumn const& column, Reading const& reading, Decimal const& used, Iaqi const& result) {
            auto& item = judgement.items[static_cast<std::size_t>(&reading - record.readings.data())];
            item.used = used;
            item.column = &column;
            item.iaqi = result.value;
            item.index_low = result.index_low;
            item.index_high = result.index_high;
            item.concentration_low = result.concentration_low;
            item.concentration_high = result.concentration_high;
            item.counted = true;
            set_reason(item, {});
            counted.emplace_back(&item, indicator.parameter);
            if (auto* day = judgement.daily ? valid_reading(record, indicator.day_parameter) : nullptr; day && day != &reading)
                set_reason(judgement.items[static_cast<std::size_t>(day - record.readings.data())], stands_back);
        },
        [&](IaqiColumn const& indicator) { judgement.missing.push_back(indicator.parameter); });
    judgement.aqi = summary.aqi;
    judgement.published = summary.published;
    judgement.level = summary.published ? aqi_level(summary.aqi) : 0;
    if (summary.aqi > 50)
        for (auto const& [item, parameter] : counted)
            if (item->iaqi == summary.aqi) {
                item->primary = true;
                judgement.primary.push_back(parameter);
            }
    return judgement;
}

Verdict judge(Record const& record, SiteKind kind, StandardsBook const& standards)
{
    Verdict verdict;
    if (is_water(kind)) {
        auto const* standard = standards.water(beijing_date(record.time));
        if (!standard)
            return verdict;
        bool const lake = kind == SiteKind::lake_section;
        int worst = 0;
        for (auto const& reading : record.readings) {
            auto const* item = is_valid(reading) ? standard->find(reading.parameter) : nullptr;
            if (item && item->graded)
                worst = std::max(worst, water_item_class(*item, assessed_value(*item, reading.value), lake));
        }
        verdict = {standard->edition.number, static_cast<std::uint8_t>(worst), 0};
    } else if (kind == SiteKind::air_station) {
        auto const* standard = standards.aqi(beijing_date(record.time));
        if (!standard)
            return verdict;
        auto const summary = evaluate_air(record, *standard, [](auto const&...) {}, [](auto const&) {});
        verdict = {standard->edition.number, 0, static_cast<std::uint16_t>(summary.published ? summary.aqi : 0)};
    }
    return verdict;
}

}  // namespace yihong
