#include "yihong/periods/outfall_period.hpp"

#include "yihong/evaluate/exact.hpp"
#include "yihong/evaluate/period_sums.hpp"
#include "yihong/periods/stretches.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace yihong {
namespace {

constexpr int input_decimals = 6;  // concentrations and flows enter with so many: their products are summed exactly
constexpr int exact_decimals = 9, load_decimals = 6;

std::optional<Decimal> percent(int part, int total, int decimals)
{
    return total > 0 ? std::optional{exact::quotient(Decimal{part * 100LL, 0}, Decimal{total, 0}, decimals)} : std::nullopt;
}

exact::Int raised(Decimal const& value) { return exact::raised(value.rounded(input_decimals), input_decimals); }

/// To which a mean is shown and judged. The class of waters takes pH as a whole number; the range of an outlet does not.
int decimals_of(Parameter const& parameter) { return parameter.name == "ph" ? 2 : parameter.decimals; }

bool is_over(OutfallDay const& a, OutfallDay const& b) { return exact::compare(*a.shown, *b.shown) > 0; }

}  // namespace

std::string_view to_text(DayVerdict verdict) noexcept
{
    constexpr std::array<std::string_view, 3> names{"none", "met", "exceeded"};
    return names.at(static_cast<std::size_t>(verdict));
}

void OutfallCounts::add(OutfallCounts const& other) noexcept
{
    due += other.due;
    received += other.received;
    valid += other.valid;
}
std::optional<Decimal> OutfallCounts::transmission() const { return percent(received, due, 2); }
std::optional<Decimal> OutfallCounts::validity() const { return percent(valid, received, 2); }
std::optional<Decimal> OutfallCounts::both() const { return percent(valid, due, 2); }
std::optional<Decimal> OutfallItem::met_share() const { return percent(met_days, met_days + exceeded_days, 1); }
std::optional<bool> OutfallItem::met() const noexcept
{
    if (exceeded_days > 0)
        return false;
    return limit && mean ? std::optional{true} : std::nullopt;
}

Decimal value_of_outfall(Reading const& reading, ParameterBook const& parameters)
{
    static std::array<std::pair<std::string_view, Decimal>, 4> const least{{{"cod", Decimal{2, 0}},
                                                                            {"ammonia_nitrogen", Decimal{1, 2}},
                                                                            {"total_phosphorus", Decimal{5, 3}},
                                                                            {"total_nitrogen", Decimal{25, 3}}}};
    auto const* parameter = parameters.find(reading.parameter);
    for (auto const& [name, value] : least)
        if (parameter && parameter->name == name && (has(reading.marks, Mark::below_detection) || reading.value < value))
            return value;
    return reading.value;
}

void hold_against(OutfallDay& day, DischargeLimit const& limit, std::optional<Decimal> const& water_temperature)
{
    auto const& high = limit.upper(water_temperature);
    day.limit = high ? high : limit.low;
    if (!day.shown)
        return;
    day.verdict = DayVerdict::met;
    if (limit.low && *day.shown < *limit.low) {
        day.verdict = DayVerdict::exceeded;
        day.limit = limit.low;
    } else if (high && *day.shown > *high) {
        day.verdict = DayVerdict::exceeded;
        if (!limit.low && *high > Decimal{})              // none is defined for a range (pH)
            day.multiple = exact::quotient(exact::minus(*day.shown, *high), *high, 2);
    }
}

OutfallSums::OutfallSums(Period const& period, UtcTime until, OutfallRules const& rules, std::span<OutfallLimit const> limits,
                         std::span<ParameterId const> owed, std::vector<Stretch> stops, ParameterBook const& parameters)
    : period_{period}, rules_{rules}, limits_{limits}, owed_{owed}, parameters_{parameters}
{
    auto const id_of = [&](std::string_view name) {
        auto const* parameter = parameters.find(name);
        return parameter ? parameter->id : ParameterId{};
    };
    flow_ = id_of("effluent_flow");
    temperature_ = id_of("water_temperature");
    std::chrono::hours const cycle{rules.cycle_hours};
    auto const end = std::min(period.end, until);
    for (auto begin = period.begin; begin + cycle <= end; begin += cycle)
        slots_.push_back({{}, {}, is_within(stops, begin)});
}

void OutfallSums::add(Record const& record)
{
    if (record.interval != IntervalKind::hour || record.time < period_.begin)
        return;
    auto const place = static_cast<std::size_t>((record.time - period_.begin) / std::chrono::hours{rules_.cycle_hours});
    if (place >= slots_.size())
        return;
    auto& slot = slots_[place];
    for (auto const& reading : record.readings) {
        bool const valid = is_valid(reading) && record.status == StationStatus::normal;
        if (reading.parameter == flow_ && valid && !slot.flow)
            slot.flow = reading.value;
        auto& value = slot.values[reading.parameter];
        if (valid && !value.valid)                        // of several in one cycle the first that is valid
            value = {true, value_of_outfall(reading, parameters_)};
    }
}

std::vector<OutfallSums::Day> OutfallSums::days() const
{
    std::vector<Day> all;
    std::vector<Sample> temperatures;
    auto const close = [&] {
        if (!all.empty())
            all.back().water_temperature = mean_of(temperatures, 1);
        temperatures.clear();
    };
    auto time = period_.begin;
    for (auto const& slot : slots_) {
        if (auto const date = beijing_date(time); all.empty() || all.back().date != date) {
            close();
            all.push_back({date, {}, {}});
        }
        time += std::chrono::hours{rules_.cycle_hours};
        if (!slot.is_due())
            continue;
        all.back().slots.push_back(&slot);
        if (auto const found = slot.values.find(temperature_); found != slot.values.end() && found->second.valid)
            temperatures.push_back({found->second.value, false});
    }
    close();
    return all;
}

OutfallDay OutfallSums::day_of(Day const& day, Parameter const& parameter, std::optional<OutfallLimit> const& limit, bool by_flow) const
{
    bool const is_ph = parameter.name == "ph";
    OutfallDay made;
    made.date = day.date;
    ValueSum plain{is_ph};
    exact::Int of_products = 0, of_flows = 0;
    for (auto const* slot : day.slots) {
        ++made.counts.due;
        auto const found = slot->values.find(parameter.id);
        if (found == slot->values.end())
            continue;
        ++made.counts.received;
        if (!found->second.valid || (by_flow && !slot->flow))
            continue;
        ++made.counts.valid;
        plain.add({found->second.value, false});
        if (slot->flow) {
            of_products += raised(found->second.value) * raised(*slot->flow);
            of_flows += raised(*slot->flow);
        }
    }
    if (by_flow && !is_ph && of_flows > 0)
        made.mean = exact::to_decimal(
            exact::divided_half_even(of_products * exact::power_of_ten(exact_decimals - input_decimals), of_flows), exact_decimals);
    else
        made.mean = plain.mean(exact_decimals);
    if (made.mean && made.counts.valid * 100 >= rules_.percent_of_hours * made.counts.due) {
        made.shown = made.mean->rounded_keeping_nonzero(decimals_of(parameter));
        if (by_flow && !is_ph)                            // mg/L x L/s over the cycle: 3600 s an hour, 10^9 mg a tonne
            made.load_t = exact::to_decimal(exact::divided_half_even(of_products * (3600 * rules_.cycle_hours), exact::power_of_ten(15)),
                                            load_decimals);
    }
    if (limit)
        hold_against(made, limit->limit, day.water_temperature);
    return made;
}

OutfallItem OutfallSums::item_of(std::vector<Day> const& days, Parameter const& parameter, bool by_flow) const
{
    OutfallItem item;
    item.parameter = parameter.id;
    auto const limit = std::ranges::find(limits_, parameter.id, &OutfallLimit::parameter);
    if (limit != limits_.end())
        item.limit = *limit;
    std::vector<Sample> means;
    for (auto const& day : days) {
        if (day.slots.empty())
            continue;
        auto one = day_of(day, parameter, item.limit, by_flow);
        item.counts.add(one.counts);
        item.met_days += one.verdict == DayVerdict::met;
        item.exceeded_days += one.verdict == DayVerdict::exceeded;
        if (one.shown) {
            ++item.valid_days;
            means.push_back({*one.mean, false});
            if (!item.worst || is_over(one, item.days[*item.worst]))
                item.worst = item.days.size();
        }
        if (one.load_t)
            item.load_t = item.load_t ? exact::plus(*item.load_t, *one.load_t) : *one.load_t;
        item.days.push_back(std::move(one));
    }
    if (item.valid_days > 0 && item.valid_days * 100 >= rules_.percent_of_days * static_cast<int>(item.days.size()))
        item.mean = parameter.name == "ph" ? ph_mean_of(means, decimals_of(parameter)) : mean_of(means, decimals_of(parameter));
    return item;
}

void fill_loads(OutfallPeriod& now, OutfallPeriod const& before)
{
    constexpr std::size_t last_loads = 30;
    for (auto& item : now.items) {
        std::vector<Decimal> known;
        if (auto const earlier = std::ranges::find(before.items, item.parameter, &OutfallItem::parameter); earlier != before.items.end())
            for (auto const& day : earlier->days)
                if (day.load_t)
                    known.push_back(*day.load_t);
        bool complete = now.by_flow;
        std::optional<Decimal> sum;
        for (auto const& day : item.days) {
            auto load = day.load_t;
            if (load) {
                known.push_back(*load);
            } else if (!known.empty()) {
                load =
                    *std::ranges::max_element(known.end() - static_cast<std::ptrdiff_t>(std::min(known.size(), last_loads)), known.end());
                ++item.filled_days;
            }
            complete = complete && load;
            if (load)
                sum = sum ? exact::plus(*sum, *load) : *load;
        }
        if (complete)
            item.filled_load_t = sum;
    }
}

OutfallPeriod OutfallSums::finish() const
{
    OutfallPeriod made;
    std::set<ParameterId> wanted{owed_.begin(), owed_.end()};
    auto const is_limited = [&](ParameterId id) { return std::ranges::find(limits_, id, &OutfallLimit::parameter) != limits_.end(); };
    exact::Int flows = 0;
    for (auto const& slot : slots_) {
        made.by_flow = made.by_flow || slot.flow;
        made.hours_stopped += slot.stopped ? rules_.cycle_hours : 0;
        made.hours_without_flow += !slot.stopped && !slot.is_due() ? rules_.cycle_hours : 0;
        if (slot.is_due() && slot.flow)
            flows += raised(*slot.flow);
        for (auto const& [id, value] : slot.values)
            if (auto const* parameter = parameters_.find(id); parameter && (parameter->unit == "mg/L" || is_limited(id)))
                wanted.insert(id);
    }
    if (made.by_flow)                                     // L/s over the cycle
        made.volume_m3 =
            exact::to_decimal(exact::divided_half_even(flows * (3600 * rules_.cycle_hours), exact::power_of_ten(input_decimals + 3)), 0);
    auto const all = days();
    for (auto const id : wanted)
        if (auto const* parameter = parameters_.find(id)) {
            made.items.push_back(item_of(all, *parameter, made.by_flow));
            made.counts.add(made.items.back().counts);
        }
    return made;
}

}  // namespace yihong
