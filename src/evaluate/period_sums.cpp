#include "yihong/evaluate/period_sums.hpp"

#include <algorithm>
#include <cmath>

namespace yihong {
namespace {

constexpr int sum_scale = Decimal::max_scale + 1;  // one decimal more than a value can have, for the halves
constexpr int ph_bits = 100;                       // every 10^-pH from pH 0 to 14 is a whole number of 2^-100

}  // namespace

exact::Int ValueSum::term(Sample const& sample) const noexcept
{
    if (!ph_) {
        auto const raised = exact::raised(sample.value, sum_scale);
        return sample.below_detection ? raised / 2 : raised;
    }
    // far outside of what pH can be, the sum still fits
    auto const ph = std::clamp(sample.value.to_double(), -5.0, 30.0);
    return static_cast<exact::Int>(std::ldexp(std::pow(10.0, -ph), ph_bits));
}

std::optional<Decimal> ValueSum::mean(int decimals) const
{
    if (count_ == 0)
        return std::nullopt;
    if (ph_) {
        auto const mean = Decimal::from_double(-std::log10(std::ldexp(static_cast<double>(sum_), -ph_bits) / count_));
        // To nine decimals first, so that equal values of 7.5 average to 7.5 and not to 7.49999…, which would round the other way.
        return mean ? std::optional{mean->rounded(9).normalized().rounded(decimals)} : std::nullopt;
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
