#include "yihong/periods/allowance.hpp"

#include "yihong/evaluate/exact.hpp"
#include "yihong/evaluate/period_sums.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace yihong {
namespace {

constexpr int kept = 9;

/// a / b, rounded down or up. \pre divisor > 0
Decimal directed(exact::Int dividend, exact::Int divisor, int decimals, bool up)
{
    auto const quotient = up ? exact::divided_up(dividend, divisor) : -exact::divided_up(-dividend, divisor);
    return exact::to_decimal(quotient, decimals);
}

/// (bound (n + k) - sum) / k, exactly as a fraction over 10^scale k.
struct Rest {
    exact::Int above = 0;
    exact::Int below = 1;
    int scale = 0;
    [[nodiscard]] Decimal rounded(int decimals) const
    {
        auto const more = exact::power_of_ten(decimals);
        return exact::to_decimal(exact::divided_half_even(above * more, below * exact::power_of_ten(scale)), decimals);
    }
    [[nodiscard]] Decimal towards_safety(int decimals, bool at_least) const
    {
        return directed(above * exact::power_of_ten(decimals), below * exact::power_of_ten(scale), decimals, at_least);
    }
};
Rest rest_of(Decimal const& bound, std::int64_t months, Decimal const& sum, int left)
{
    int const scale = std::max(bound.scale(), sum.scale());
    return {exact::raised(bound, scale) * months - exact::raised(sum, scale), left, scale};
}

/// Whether the class can still be reached: the rest at nothing (or, for oxygen, at all that water can hold).
bool is_reachable(WaterItem const& item, bool lake, int water_class, Decimal const& sum, int known, int left,
                  std::optional<Decimal> const& physical_maximum)
{
    bool const at_least = item.rule == LimitRule::minimum;
    auto const [bound, tie] = mean_bound(item.limits(lake)[static_cast<std::size_t>(water_class - 1)], item.decimals, at_least);
    auto const rest = rest_of(bound, known + left, sum, left);
    if (!at_least)
        return rest.above > 0 || (rest.above == 0 && tie);
    return !physical_maximum || rest.rounded(kept) <= *physical_maximum;
}

std::vector<DecidingMonth> months_over(std::span<Decimal const> known, Decimal const& limit, bool at_least)
{
    std::vector<std::pair<std::size_t, Decimal>> over;
    Decimal total;
    for (std::size_t i = 0; i < known.size(); ++i) {
        auto const by = at_least ? exact::minus(limit, known[i]) : exact::minus(known[i], limit);
        if (by <= Decimal{})
            continue;
        over.emplace_back(i, by);
        total = exact::plus(total, by);
    }
    std::ranges::sort(over, [](auto const& a, auto const& b) { return a.second == b.second ? a.first < b.first : b.second < a.second; });
    std::vector<DecidingMonth> all;
    for (auto const& [month, by] : over)
        all.push_back({.month = month, .share = exact::quotient(exact::product(by, Decimal{100, 0}), total, 1)});
    return all;
}

}  // namespace

MeanBound mean_bound(Decimal const& limit, int decimals, bool at_least) noexcept
{
    int const scale = std::max(decimals, limit.scale()) + 1;
    auto const half = exact::power_of_ten(scale - decimals) / 2;
    auto const raised = exact::raised(limit, scale);
    bool const even = raised / exact::power_of_ten(scale - decimals) % 2 == 0;
    return {exact::to_decimal(at_least ? raised - half : raised + half, scale).normalized(), even};
}

std::string_view outlook_label(Outlook outlook) noexcept
{
    constexpr std::array<std::string_view, 5> labels{"已定", "仍可达标", "已无法达标", "余量大", "月数不足，不判定"};
    return labels[static_cast<std::size_t>(outlook)];
}

std::optional<Allowance> allowance(WaterItem const& item, bool lake, int target_class, std::span<Decimal const> known, int left,
                                   std::optional<Decimal> const& physical_maximum)
{
    bool const has_limits = item.rule == LimitRule::maximum || item.rule == LimitRule::minimum;
    if (!has_limits || (known.empty() && left <= 0) || target_class < 1 || target_class > 5)
        return std::nullopt;
    Allowance made;
    made.months = static_cast<int>(known.size());
    made.parameter = item.parameter;
    made.target_class = target_class;
    made.at_least = item.rule == LimitRule::minimum;
    made.limit = item.limits(lake)[static_cast<std::size_t>(target_class - 1)];
    Decimal sum;
    for (auto const& month : known)
        sum = exact::plus(sum, month);
    int const count = static_cast<int>(known.size());
    if (count > 0) {
        made.mean_so_far = exact::quotient(sum, Decimal{count, 0}, kept);
        auto const shown = made.mean_so_far.rounded_keeping_nonzero(item.decimals);
        int const so_far = water_item_class(item, shown, lake);
        made.met_so_far = so_far > 0 && so_far <= target_class;
        made.best_class = so_far;
    }
    made.deciding = months_over(known, made.limit, made.at_least);
    if (left <= 0)
        return made;
    auto const [bound, tie] = mean_bound(made.limit, item.decimals, made.at_least);
    auto const strict = rest_of(made.limit, count + left, sum, left);
    auto const margin = rest_of(bound, count + left, sum, left);
    made.strict = strict.rounded(kept);
    made.with_margin = margin.rounded(kept);
    made.strict_shown = strict.towards_safety(item.decimals, made.at_least);
    made.with_margin_shown = margin.towards_safety(item.decimals, made.at_least);
    made.best_class = 6;
    for (int water_class = 5; water_class >= 1; --water_class)
        if (is_reachable(item, lake, water_class, sum, count, left, physical_maximum))
            made.best_class = water_class;
    made.outlook = made.best_class > target_class                                      ? Outlook::unreachable
                   : made.at_least && (margin.above < 0 || (margin.above == 0 && tie)) ? Outlook::any
                                                                                       : Outlook::open;
    return made;
}

std::optional<PhAllowance> ph_allowance(WaterItem const& item, std::span<Decimal const> known, int left)
{
    if (item.rule != LimitRule::range || known.empty())
        return std::nullopt;
    PhAllowance made;
    ValueSum sum{true};
    double acid = 0;
    for (auto const& month : known) {
        sum.add({month, false});
        acid += std::pow(10.0, -month.to_double());
    }
    made.mean_so_far = *sum.mean(3);
    if (left <= 0) {
        made.outlook = Outlook::settled;
        return made;
    }
    auto const total = static_cast<double>(known.size()) + left;
    auto const rest = [&](Decimal const& bound) { return (std::pow(10.0, -bound.to_double()) * total - acid) / left; };
    double const at_least =
        rest(mean_bound(item.range_high, item.decimals, false).bound);  // H+ of the upper end: the rest must bring as much
    double const at_most = rest(mean_bound(item.range_low, item.decimals, true).bound);
    if (at_most <= 0) {
        made.outlook = Outlook::unreachable;
        return made;
    }
    auto const shown = [](double ph, bool up) {
        auto const hundredths = static_cast<std::int64_t>(up ? std::ceil(ph * 100) : std::floor(ph * 100));
        return Decimal{hundredths, 2};
    };
    made.lowest = shown(-std::log10(at_most), true);
    if (at_least > 0)
        made.highest = shown(-std::log10(at_least), false);
    return made;
}

int SectionOutlook::months_with_means() const noexcept
{
    auto const fewest = std::ranges::min_element(items, {}, &Allowance::months);
    return fewest == items.end() ? 0 : fewest->months;
}

Outlook SectionOutlook::worst() const noexcept
{
    auto const has = [&](Outlook outlook) {
        return std::ranges::find(items, outlook, &Allowance::outlook) != items.end() || (ph && ph->outlook == outlook);
    };
    if (months_possible < months_needed)
        return Outlook::undecided;
    return has(Outlook::unreachable) ? Outlook::unreachable
           : has(Outlook::open)      ? Outlook::open
           : has(Outlook::settled)   ? Outlook::settled
                                     : Outlook::any;
}

std::optional<SectionOutlook> section_outlook(SectionPeriod const& year, bool lake, std::span<ParameterId const> owed, int months_needed,
                                              WaterStandard const& standard, ParameterBook const& parameters, UtcTime now)
{
    if (!year.target_class)
        return std::nullopt;
    SectionOutlook made;
    made.months_needed = months_needed;
    std::optional<std::size_t> fewest;
    for (auto const& piece : year.pieces)
        ++(piece->period.end <= now ? made.months_known : made.months_left);
    for (auto const id : owed) {
        auto const* limits = standard.find(id);
        auto const* item = year.find(id);
        if (!limits || !limits->graded || !item)
            continue;
        std::vector<Decimal> known;
        std::vector<Period> months;
        for (auto const& month : item->by_month)
            if (auto const& period = year.pieces[month.piece]->period; period.end <= now) {
                known.push_back(month.exact);
                months.push_back(period);
            }
        if (!known.empty() && std::ranges::find(standard.owed, id) != standard.owed.end())
            fewest = std::min(fewest.value_or(known.size()), known.size());
        auto const* parameter = parameters.find(id);
        if (limits->rule == LimitRule::range)
            made.ph = ph_allowance(*limits, known, made.months_left);
        else if (auto rest =
                     allowance(*limits, lake, *year.target_class, known, made.months_left, parameter ? parameter->maximum : std::nullopt)) {
            for (auto& one : rest->deciding)
                one.period = months[one.month];
            made.items.push_back(*std::move(rest));
        }
    }
    if (made.items.empty() && !made.ph)
        return std::nullopt;
    made.months_possible = static_cast<int>(fewest.value_or(0)) + made.months_left;
    return made;
}

GoodDaysNeeded good_days_needed(Decimal const& target_percent, int valid_so_far, int good_so_far, int days_left)
{
    GoodDaysNeeded made;
    auto const ratio = [](int good, int days) { return exact::quotient(Decimal{good * 100LL, 0}, Decimal{days, 0}, 1); };
    int const days = valid_so_far + days_left;
    if (valid_so_far > 0)
        made.ratio_so_far = ratio(good_so_far, valid_so_far);
    int& needed = made.needed;
    while (days > 0 && needed <= days_left && ratio(good_so_far + needed, days) < target_percent)
        ++needed;
    auto const enough = exact::product(target_percent, Decimal{days, 0});
    while (made.needed_exactly <= days_left && Decimal{(good_so_far + made.needed_exactly) * 100LL, 0} < enough)
        ++made.needed_exactly;
    made.bad_allowed = days_left - needed;
    return made;
}

RemainingMean remaining_mean(Decimal const& target, int decimals, int valid_days, Decimal const& mean_so_far, int days_left)
{
    auto const [bound, tie] = mean_bound(target, decimals, false);
    auto const had = exact::product(mean_so_far, Decimal{valid_days, 0});
    int const days = valid_days + days_left;
    return {rest_of(target, days, had, days_left).rounded(2), rest_of(bound, days, had, days_left).rounded(2), tie};
}

DaysOver days_over(int days, Decimal const& p)
{
    auto const place = exact::plus(Decimal{1, 0}, exact::product(Decimal{days - 1, 0}, p));
    auto const one = exact::power_of_ten(place.scale());
    auto const raised = exact::raised(place, place.scale());
    return {place, days - static_cast<int>(exact::divided_up(raised, one)), days - static_cast<int>(raised / one) + 1};
}

}  // namespace yihong
