#include "yihong/periods/black_odorous.hpp"

#include "yihong/evaluate/exact.hpp"

#include <algorithm>
#include <array>

namespace yihong {
namespace {

constexpr int least_samples = 3;
constexpr int heavy_percent = 60, two_heavy_percent = 30;

/// Where light and heavy begin, in the unit of the parameter; worse is less, but for ammonia nitrogen.
struct Limits {
    std::string_view parameter;
    Decimal light, heavy;
    bool more_is_worse = false;
};
std::array<Limits, 4> const limits{{{"transparency", Decimal{25, 2}, Decimal{10, 2}},
                                    {"dissolved_oxygen", Decimal{20, 1}, Decimal{2, 1}},
                                    {"redox_potential", Decimal{50, 0}, Decimal{-200, 0}},
                                    {"ammonia_nitrogen", Decimal{80, 1}, Decimal{150, 1}, true}}};

Decimal percent(int part, int total) { return total > 0 ? exact::quotient(Decimal{part * 100LL, 0}, Decimal{total, 0}, 1) : Decimal{0, 1}; }

bool is_worse(Decimal const& value, Decimal const& limit, Limits const& of) { return of.more_is_worse ? limit < value : value < limit; }

}  // namespace

std::string_view to_text(Blackness grade) noexcept
{
    constexpr std::array<std::string_view, 4> names{"unknown", "none", "light", "heavy"};
    return names.at(static_cast<std::size_t>(grade));
}

std::string_view blackness_label(Blackness grade) noexcept
{
    constexpr std::array<std::string_view, 4> names{"数据不足", "不黑臭", "轻度黑臭", "重度黑臭"};
    return names.at(static_cast<std::size_t>(grade));
}

Decimal BlackIndicator::heavy_share() const { return percent(heavy, values); }
Decimal BlackWater::heavy_share() const { return percent(heavy_points, points); }

BlackPoint judge_black_point(std::span<Record const> samples, ParameterBook const& parameters)
{
    BlackPoint point;
    point.samples = static_cast<int>(samples.size());
    bool complete = point.samples >= least_samples;
    bool any = false, one_heavy = false;
    int two_heavy = 0;
    for (auto const& of : limits) {
        auto const* parameter = parameters.find(of.parameter);
        BlackIndicator indicator;
        indicator.parameter = parameter ? parameter->id : ParameterId{};
        for (auto const& sample : samples)
            for (auto const& reading : sample.readings) {
                if (!parameter || reading.parameter != parameter->id || !is_valid(reading))
                    continue;
                ++indicator.values;
                if (is_worse(reading.value, of.heavy, of))
                    ++indicator.heavy;
                else if (is_worse(reading.value, of.light, of))
                    ++indicator.light;
            }
        complete = complete && indicator.values > 0;
        any = any || indicator.light + indicator.heavy > 0;
        one_heavy = one_heavy || (indicator.heavy > 0 && indicator.heavy * 100 >= heavy_percent * indicator.values);
        two_heavy += indicator.heavy > 0 && indicator.heavy * 100 >= two_heavy_percent * indicator.values ? 1 : 0;
        point.indicators.push_back(indicator);
    }
    if (complete)
        point.grade = one_heavy || two_heavy >= 2 ? Blackness::heavy : any ? Blackness::light : Blackness::none;
    return point;
}

BlackWater judge_black_water(std::span<Blackness const> points)
{
    BlackWater water;
    bool any = false;
    for (auto const point : points) {
        water.points += point != Blackness::unknown ? 1 : 0;
        water.heavy_points += point == Blackness::heavy ? 1 : 0;
        any = any || point == Blackness::light || point == Blackness::heavy;
    }
    if (water.points > 0)
        water.grade = water.heavy_points * 100 >= heavy_percent * water.points ? Blackness::heavy
                      : any                                                    ? Blackness::light
                                                                               : Blackness::none;
    return water;
}

}  // namespace yihong
