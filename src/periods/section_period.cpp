#include "yihong/periods/section_period.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace yihong {
namespace {

/// Digits behind which two means are alike: what thirds of months lose must not break a tie.
constexpr int exact_decimals = 9;

bool has_one(std::vector<ParameterId> const& ids, ParameterId id) { return std::ranges::find(ids, id) != ids.end(); }

struct Chosen {
    Decimal const* value = nullptr;  ///< of the item
    ValueSource source = ValueSource::none;
    bool below = false;
};

/// What of a month counts. \param days_due by the calendar
Chosen choose(ItemPiece const& item, bool station_goes_first, int days_due, WaterValidity const& validity)
{
    bool const enough = item.station && item.days * 100 >= days_due * validity.percent_of_days;
    if (enough && (station_goes_first || !item.sample))
        return {&*item.station, ValueSource::station, item.station_below};
    return item.sample ? Chosen{&*item.sample, ValueSource::sample, item.sample_below} : Chosen{};
}

ValueSource together(ValueSource a, ValueSource b) noexcept
{
    return a == ValueSource::none || a == b ? b : b == ValueSource::none ? a : ValueSource::both;
}

/// 自动监测有效6天（共30天），采用手工监测结果
std::string note_of(ItemPeriod const& item, std::vector<std::string> const& not_used)
{
    if (not_used.empty())
        return {};
    return fmt::format("{}，{}", fmt::join(not_used, "；"),
                       item.source == ValueSource::none      ? "未采用"
                       : item.source == ValueSource::station ? "该月不计"
                                                             : "采用手工监测结果");
}

/// Where the items of a piece are walked along, and how many of its days are due.
struct PieceWalk {
    int due = 0;
    std::size_t next = 0;
};

/// \param walks of each piece; \pre what was asked for before has a lesser id
ItemPeriod evaluate_item(ParameterId id, SectionPieces const& pieces, std::vector<PieceWalk>& walks, bool station_goes_first,
                         WaterValidity const& validity, ParameterBook const& parameters)
{
    auto const* parameter = parameters.find(id);
    bool const ph = parameter && parameter->name == "ph";
    ItemPeriod made;
    made.parameter = id;
    ValueSum sum{ph};
    bool below = true;
    std::vector<std::string> not_used;
    made.by_month.reserve(pieces.size());
    for (std::size_t i = 0; i < pieces.size(); ++i) {
        auto const& piece = *pieces[i];
        auto& [due, next] = walks[i];
        made.days_due += due;
        made.months_due += due > 0;
        while (next < piece.items.size() && piece.items[next].parameter < id)
            ++next;
        if (next == piece.items.size() || piece.items[next].parameter != id)
            continue;
        auto const& item = piece.items[next];
        made.days += item.days;
        made.samples += item.samples;
        auto const chosen = choose(item, station_goes_first, due, validity);
        if (station_goes_first && item.days > 0 && chosen.source != ValueSource::station)
            not_used.push_back(
                fmt::format("{}自动监测有效{}天（共{}天）", pieces.size() > 1 ? period_label(piece.period) : "", item.days, due));
        if (!chosen.value)
            continue;
        ++made.months;
        made.by_month.push_back({i, *chosen.value, chosen.source});
        made.source = together(made.source, chosen.source);
        sum.add({*chosen.value, false});
        below = below && chosen.below;
    }
    if (auto const mean = sum.mean(Decimal::max_scale)) {
        made.exact = *mean;
        made.shown = printed_mean(*mean, parameter);
        made.below_detection = below;
    }
    made.note = note_of(made, not_used);
    return made;
}

/// Those that are owed, and those of the pieces, ascending, each once.
/// \param ids that are owed
std::vector<ParameterId> items_of(std::vector<ParameterId> ids, SectionPieces const& pieces)
{
    std::ranges::sort(ids);
    ids.erase(std::ranges::unique(ids).begin(), ids.end());
    for (auto const& piece : pieces) {
        auto at = ids.begin();
        for (auto const& item : piece->items) {            // both ascend
            while (at != ids.end() && *at < item.parameter)
                ++at;
            if (at == ids.end() || *at != item.parameter)
                at = ids.insert(at, item.parameter);
        }
    }
    return ids;
}

/// \param begun months of the period by now
MonthsKnown months_known(std::span<ItemPeriod const> items, std::vector<ParameterId> const& owed, std::span<PieceWalk const> walks,
                         int begun, WaterValidity const& validity)
{
    if (walks.size() < 2)                                  // a month, or no whole months
        return {};
    MonthsKnown made;
    made.needed = validity.months_needed_of(begun);
    made.due = static_cast<int>(std::ranges::count_if(walks, [](PieceWalk const& walk) { return walk.due > 0; }));
    std::optional<int> fewest;
    for (auto const& item : items)
        if (item.months > 0 && has_one(owed, item.parameter))  // what is missing altogether is named as such
            fewest = std::min(fewest.value_or(item.months), item.months);
    made.with_means = fewest.value_or(0);
    return made;
}

/// Days of the period that these take out.
int days_within(Period const& period, std::span<Stretch const> stretches)
{
    int days = 0;
    for (auto const& [begin, end] : stretches)
        if (Period const part{PeriodKind::interval, std::max(begin, period.begin), std::min(end, period.end)}; part.begin < part.end)
            days += days_in(part);
    return days;
}

/// `断流，2025-10-03至2025-10-09，…`, one after the other.
std::string marks_text(SectionPeriod const& section, ParameterBook const& parameters)
{
    std::vector<std::string> all;
    for (auto const& mark : section.marks)
        all.push_back(mark_text(*mark, parameters));
    return fmt::format("{}", fmt::join(all, "；"));
}

/// 应有12个月，1个月有均值，不足8个月
std::string months_text(MonthsKnown const& months)
{
    auto out = fmt::format("应有{}个月，{}个月有均值", months.due, months.with_means);
    return months.are_enough() ? out : out + fmt::format("，不足{}个月", months.needed);
}

template <typename Takes>
Record record_of(SectionPeriod const& section, Decimal ItemPeriod::* value, Takes takes)
{
    Record record;
    record.interval = IntervalKind::day;
    record.time = section.period.begin;
    record.readings.reserve(section.items.size());
    for (auto const& item : section.items)
        if (takes(item)) {
            Reading reading;
            reading.parameter = item.parameter;
            reading.value = item.*value;
            record.readings.push_back(reading);
        }
    return record;
}

bool is_graded(ItemPeriod const& item) noexcept { return item.graded; }

/// Also those that are not graded.
Record all_means_of(SectionPeriod const& section)
{
    return record_of(section, &ItemPeriod::shown, [](ItemPeriod const& item) { return item.source != ValueSource::none; });
}

}  // namespace

std::string_view to_text(ValueSource source) noexcept
{
    constexpr std::array<std::string_view, 4> names{"none", "station", "sample", "both"};
    return names[static_cast<std::size_t>(source)];
}
std::string_view source_label(ValueSource source) noexcept
{
    constexpr std::array<std::string_view, 4> names{"", "自动", "手工", "自动与手工"};
    return names[static_cast<std::size_t>(source)];
}
std::string_view to_text(TargetVerdict verdict) noexcept
{
    constexpr std::array<std::string_view, 4> names{"", "met", "missed", "unknown"};
    return names[static_cast<std::size_t>(verdict)];
}
std::string_view target_label(TargetVerdict verdict) noexcept
{
    constexpr std::array<std::string_view, 4> names{"无目标", "达标", "未达标", "无法判定"};
    return names[static_cast<std::size_t>(verdict)];
}

TargetVerdict target_verdict(int water_class, std::optional<int> target_class, bool complete) noexcept
{
    if (!target_class)
        return TargetVerdict::none;
    if (water_class == 0 || !complete)
        return TargetVerdict::unknown;
    return water_class <= *target_class ? TargetVerdict::met : TargetVerdict::missed;
}

ItemPeriod const* SectionPeriod::find(ParameterId parameter) const noexcept
{
    auto const at = std::ranges::lower_bound(items, parameter, {}, &ItemPeriod::parameter);
    return at != items.end() && at->parameter == parameter ? &*at : nullptr;
}

std::optional<Decimal> StationDays::share() const
{
    if (due == 0)
        return std::nullopt;
    return exact::quotient(Decimal{std::int64_t{valid} * 100, 0}, Decimal{due, 0}, 1);
}

StationDays station_days(SectionPeriod const& section, std::span<ParameterId const> owed)
{
    std::optional<int> fewest;
    StationDays days{0, section.days_due};
    for (auto const id : owed)
        if (auto const* item = section.find(id))
            fewest = std::min(fewest.value_or(item->days), item->days);
    days.valid = fewest.value_or(0);
    return days;
}

std::vector<ParameterId> station_first(WaterStandard const& standard, ParameterBook const& parameters)
{
    auto first = standard.owed;
    if (auto const* nitrogen = parameters.find("total_nitrogen"))
        first.push_back(nitrogen->id);
    std::ranges::sort(first);
    return first;
}

SectionPeriod evaluate_section(Period const& period, SectionPieces pieces, SectionFacts const& facts, WaterValidity const& validity,
                               StandardsBook const& standards, UtcTime now, std::span<Stretch const> left_out)
{
    auto const& parameters = standards.parameters();
    auto const& standard = *standards.water(period.last_day());
    auto const first = station_first(standard, parameters);
    SectionPeriod made;
    made.period = period;
    made.target_class = facts.target_class;
    made.lake_since = facts.lake_since;
    made.provisional = now < period.end;
    std::vector<PieceWalk> walks;
    walks.reserve(pieces.size());
    int begun = 0;
    for (auto const& piece : pieces) {
        auto const due = until(piece->period, now);
        int const not_due = days_within(due, left_out);
        walks.push_back({.due = days_in(due) - not_due});
        made.days_due += walks.back().due;
        begun += days_in(due) > 0;
        made.days_left_out += not_due;
    }
    auto const ids = items_of(facts.owed, pieces);
    made.items.reserve(ids.size());
    for (auto const id : ids) {
        auto item = evaluate_item(id, pieces, walks, std::ranges::binary_search(first, id), validity, parameters);
        auto const* limits = standard.find(id);
        item.graded = item.source != ValueSource::none && limits && limits->graded && (facts.lake || limits->river_limits) &&
                      (!facts.graded || has_one(*facts.graded, id));
        if (item.source == ValueSource::none && has_one(facts.owed, id))
            made.missing.push_back(id);
        made.items.push_back(std::move(item));
    }
    if (made.is_left_out())
        made.missing.clear();
    made.months = months_known(made.items, standard.owed, walks, begun, validity);
    made.pieces = std::move(pieces);
    made.judgement = judge_water(means_of(made), facts.lake, standard, parameters);
    made.target = target_verdict(made.judgement.water_class, facts.target_class, made.is_decisive());
    if (facts.drinking_water_source)
        made.drinking_water = evaluate_drinking_water(all_means_of(made), standard);
    return made;
}

Decimal printed_mean(Decimal const& exact, Parameter const* parameter)
{
    return exact.rounded_keeping_nonzero(exact_decimals).rounded_keeping_nonzero(parameter ? parameter->decimals : exact_decimals);
}

Record means_of(SectionPeriod const& section) { return record_of(section, &ItemPeriod::shown, is_graded); }
Record exact_means_of(SectionPeriod const& section) { return record_of(section, &ItemPeriod::exact, is_graded); }

std::string item_name(ParameterId id, ParameterBook const& parameters)
{
    auto const* parameter = parameters.find(id);
    return parameter ? parameter->name_zh : std::string{"?"};
}

std::vector<std::string> notes_of(SectionPeriod const& section, ParameterBook const& parameters)
{
    std::vector<std::pair<std::string_view, std::string>> names;  // of the items of each note, in the order of the first of them
    for (auto const& item : section.items) {
        if (item.note.empty())
            continue;
        auto const alike = std::ranges::find(names, item.note, [](auto const& entry) { return entry.first; });
        if (alike == names.end())
            names.emplace_back(item.note, item_name(item.parameter, parameters));
        else
            alike->second += "、" + item_name(item.parameter, parameters);
    }
    std::vector<std::string> notes;
    for (auto const& [note, items] : names)
        notes.push_back(fmt::format("{}：{}", items, note));
    return notes;
}

std::string pollutants_text(std::vector<MainPollutant> const& pollutants, ParameterBook const& parameters)
{
    std::vector<std::string> names;
    for (auto const& main : pollutants)
        names.push_back(item_name(main.parameter, parameters) + (main.multiple ? "(" + main.multiple->to_string() + ")" : ""));
    return names.empty() ? "—" : fmt::format("{}", fmt::join(names, "、"));
}

std::string lake_since_text(SectionPeriod const& section)
{
    return section.lake_since
               ? fmt::format("{}起由河流断面改为湖库点位，本时段跨越该日，统一按湖库限值评价", format_date(*section.lake_since))
               : std::string{};
}

std::string explain(SectionPeriod const& section, ParameterBook const& parameters)
{
    auto const list = [&](std::vector<ParameterId> const& ids) {
        std::vector<std::string> names;
        for (auto const id : ids) {
            auto const* item = section.find(id);
            names.push_back(item_name(id, parameters) +
                            (item && item->source != ValueSource::none ? "（" + item->shown.to_string() + "）" : ""));
        }
        return fmt::format("{}", fmt::join(names, "、"));
    };
    auto const& judged = section.judgement;
    std::string out = period_label(section.period);
    if (section.provisional)
        out += "（至今）";
    auto const marked = marks_text(section, parameters);
    if (judged.water_class == 0 && section.is_left_out())
        return out + marked + "，不参评。";
    if (judged.water_class == 0)
        return out + "有效数据不足，不参评" + (marked.empty() ? "" : "；" + marked) + "。";
    out += fmt::format("水质类别{}类，{}", water_class_label(judged.water_class), water_quality_label(judged.water_class));
    if (judged.water_class > 1)
        out += "，由" + list(judged.deciding) + "决定";
    if (!judged.main_pollutants.empty())
        out += "；主要污染指标：" + pollutants_text(judged.main_pollutants, parameters);
    if (!section.missing.empty())
        out += "；缺少" + list(section.missing) + "，类别按已有项目评价";
    if (section.months.with_means < section.months.due)
        out += "；" + months_text(section.months);
    if (section.target_class)
        out += fmt::format("；目标{}类，{}", water_class_label(*section.target_class), target_label(section.target));
    if (section.lake_since)
        out += "；" + lake_since_text(section);
    if (section.drinking_water)
        out += "；" + drinking_water_text(*section.drinking_water, parameters);
    for (auto const& note : notes_of(section, parameters))
        out += "；" + note;
    if (!marked.empty())
        out += "；" + marked;
    return out + "。";
}

}  // namespace yihong
