#include "yihong/evaluate/period_sums.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace yihong {
namespace {

constexpr int ph_bits = 100;                       // every 10^-pH from pH 0 to 14 is a whole number of 2^-100

exact::Int hydrogen_of(double ph) noexcept { return static_cast<exact::Int>(std::ldexp(std::pow(10.0, -ph), ph_bits)); }

/// Of pH 0.00 to 14.00 by hundredths, as instruments give it.
constexpr int usual_decimals = 2;
constexpr int usual_phs = 1401;
std::array<exact::Int, usual_phs> const& usual_hydrogen() noexcept
{
    static auto const all = [] {
        std::array<exact::Int, usual_phs> made{};
        for (int i = 0; i < usual_phs; ++i)
            made[static_cast<std::size_t>(i)] = hydrogen_of(Decimal{i, usual_decimals}.to_double());
        return made;
    }();
    return all;
}

/// So that equal values of 7.5 average to 7.5 and not to 7.49999…, which would round the other way. \pre finite
Decimal to_nine_decimals(double ph)
{
    constexpr int nine = 9;
    auto const raised = ph * static_cast<double>(exact::powers_of_ten[nine]);
    auto const rounded = std::nearbyint(raised);
    constexpr double near_the_middle = 0.499;              // there the twelve decimals of a number decide
    if (std::abs(raised - rounded) > near_the_middle)
        if (auto const text = Decimal::from_double(ph))
            return text->rounded(nine);
    return Decimal{static_cast<std::int64_t>(rounded), nine};
}

}  // namespace

exact::Int ValueSum::hydrogen(Decimal const& ph) noexcept
{
    if (ph.scale() <= usual_decimals) {
        auto const hundredths = ph.mantissa() * exact::powers_of_ten[static_cast<std::size_t>(usual_decimals - ph.scale())];
        if (0 <= hundredths && hundredths < usual_phs)
            return usual_hydrogen()[static_cast<std::size_t>(hundredths)];
    }
    return hydrogen_of(std::clamp(ph.to_double(), -5.0, 30.0));  // far outside of what pH can be, the sum still fits
}

std::optional<Decimal> ValueSum::mean(int decimals) const
{
    if (count_ == 0)
        return std::nullopt;
    if (ph_) {
        auto const mean = -std::log10(std::ldexp(static_cast<double>(sum_), -ph_bits) / count_);
        if (!std::isfinite(mean))
            return std::nullopt;
        return to_nine_decimals(mean).normalized().rounded(decimals);
    }
    auto const rounded = [&](int digits) {
        return exact::to_decimal(exact::divided_half_even(sum_, count_ * exact::power_of_ten(sum_scale - digits)), digits);
    };
    Decimal mean = rounded(decimals);
    while (mean.is_zero() && sum_ != 0 && decimals < Decimal::max_scale)
        mean = rounded(++decimals);
    return mean;
}

PeriodSums::PeriodSums(ParameterBook const& parameters)
{
    if (auto const* ph = parameters.find("ph"))
        ph_ = ph->id;
}

void PeriodSums::add(Record const& record)
{
    auto at = items_.begin();
    for (auto const& reading : record.readings) {  // both ascend
        if (!is_valid(reading))
            continue;
        at = std::find_if(at, items_.end(), [&](Item const& item) { return item.parameter >= reading.parameter; });
        if (at == items_.end() || at->parameter != reading.parameter)
            at = items_.insert(at, {reading.parameter, ValueSum{ph_ != 0 && reading.parameter == ph_}});
        at->sum.add({reading.value, has(reading.marks, Mark::below_detection)});
    }
}

std::vector<Reading> PeriodSums::means(ParameterBook const& parameters) const
{
    std::vector<Reading> means;
    for (auto const& [id, sum] : items_) {
        auto const* parameter = parameters.find(id);
        if (auto const value = sum.mean(parameter ? parameter->decimals : Decimal::max_scale)) {
            Reading reading;
            reading.parameter = id;
            reading.value = *value;
            means.push_back(reading);
        }
    }
    return means;
}

}  // namespace yihong
