#pragma once

#include "yihong/evaluate/exact.hpp"
#include "yihong/evaluate/water_statistics.hpp"

#include <optional>
#include <vector>

namespace yihong {

/// The sum of values of one parameter, exact in whatever order they come.
class ValueSum {
public:
    /// \param ph its mean is that of H⁺
    explicit ValueSum(bool ph) noexcept : ph_{ph} {}
    void add(Sample const& sample) noexcept
    {
        if (ph_)
            sum_ += hydrogen(sample.value);
        else if (auto const raised = exact::raised(sample.value, sum_scale); sample.below_detection)
            sum_ += raised / 2;
        else
            sum_ += raised;
        ++count_;
    }
    [[nodiscard]] int count() const noexcept { return count_; }
    /// Rounded once, half to even; a mean other than zero never becomes zero. \return nothing without values
    [[nodiscard]] std::optional<Decimal> mean(int decimals) const;

private:
    static constexpr int sum_scale = Decimal::max_scale + 1;  ///< one decimal more than a value can have, for the halves
    [[nodiscard]] static exact::Int hydrogen(Decimal const& ph) noexcept;

    exact::Int sum_ = 0;
    int count_ = 0;
    bool ph_;
};

/// The valid values of records by parameter, summed; records can be added in any order.
class PeriodSums {
public:
    explicit PeriodSums(ParameterBook const& parameters);
    void add(Record const& record);
    /// The mean of each parameter that has values, ascending, each rounded once to its assessment decimals.
    [[nodiscard]] std::vector<Reading> means(ParameterBook const& parameters) const;

private:
    struct Item {
        ParameterId parameter = 0;
        ValueSum sum;
    };
    ParameterId ph_ = 0;                           ///< 0: there is none
    std::vector<Item> items_;                      ///< ascending parameter
};

}  // namespace yihong
