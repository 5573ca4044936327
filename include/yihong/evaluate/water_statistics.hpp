#pragma once

#include "yihong/evaluate/judge.hpp"

#include <span>

/// Periods, rivers, lakes, changes and trends of surface water (地表水环境质量评价办法, 环办〔2011〕22号). Values in, values out.
namespace yihong {

/// One value of a mean. Below the detection limit, `value` is that limit and half of it counts (HJ 91.2-2022).
struct Sample {
    Decimal value;
    bool below_detection = false;
};

/// Arithmetic mean, rounded once, half to even; a mean other than zero never becomes zero. \return nothing without samples
[[nodiscard]] std::optional<Decimal> mean_of(std::span<Sample const> samples, int decimals);
/// The mean of pH: -lg of the mean of 10^-pH, never the mean of the numbers.
[[nodiscard]] std::optional<Decimal> ph_mean_of(std::span<Sample const> samples, int decimals);

/// The means of a period, or of the points of a lake, as a record: every parameter that has valid values, rounded once to its assessment decimals,
/// pH in H⁺ space, marks `below_detection` at half. Site, interval and time are those of the first record.
[[nodiscard]] Record mean_record(std::span<Record const> records, StandardsBook const& standards);
/// Average first, round once, then grade.
[[nodiscard]] WaterJudgement judge_period(std::span<Record const> records, bool lake, WaterStandard const& standard,
                                          StandardsBook const& standards);

/// A supplementary item of a drinking-water source (GB 3838 Table 2): met or not, no class.
struct DrinkingWaterJudgement {
    Reading reading;
    Decimal assessed;
    DrinkingWaterItem const* item = nullptr;
    bool met = false;
    std::optional<Decimal> multiple = {};  ///< by how much of the limit it lies over it (超标倍数), one decimal; none: met
};
/// The valid readings that Table 2 limits, in the table's order.
[[nodiscard]] std::vector<DrinkingWaterJudgement> judge_drinking_water(Record const& record, WaterStandard const& standard);

/// Saturated dissolved oxygen in mg/L, fresh water at standard pressure: 468 / (31.6 + T) (HJ 2.3-2018), two decimals. GB 3838 grants class I at 90 %
/// saturation too; the class of a section does not use that, as the national publications do not.
/// \return nothing outside 0 to 60 degC
[[nodiscard]] std::optional<Decimal> dissolved_oxygen_saturation(Decimal const& water_temperature);
/// Whether the weekly mean changed by no more than GB 3838 permits people to cause (rise 1, drop 2 degC). \return nothing when the item has no such rule
[[nodiscard]] std::optional<bool> temperature_change_is_permitted(WaterItem const& item, Decimal const& natural_mean,
                                                                  Decimal const& observed_mean);

/// Sections of a river or basin by class.
struct ClassCounts {
    int good = 0;  ///< Ⅰ to Ⅲ
    int middle = 0;  ///< Ⅳ and Ⅴ
    int bad = 0;  ///< worse than Ⅴ
    [[nodiscard]] int total() const noexcept { return good + middle + bad; }
    [[nodiscard]] Decimal good_share() const;  ///< percent, one decimal; 0 without sections
    [[nodiscard]] Decimal bad_share() const;
};
/// Grade (水质状况) by shares: 1 优 to 5 重度污染, 0 without sections. Compares the exact shares, not the rounded ones.
[[nodiscard]] int basin_grade(ClassCounts const& counts, WaterEvaluation const& evaluation) noexcept;

struct BasinPollutant {
    ParameterId parameter = 0;
    int sections_over = 0;  ///< over class III
    std::optional<Decimal>
        exceed_rate;  ///< 断面超标率, percent of the sections, one decimal; none where the mean of the sections was graded
    std::optional<Decimal> multiple;  ///< the other way round
};
struct BasinJudgement {
    ClassCounts counts;
    int grade = 0;  ///< 1 优 to 5 重度污染, 0: nothing to judge
    std::optional<WaterJudgement> mean;  ///< with fewer than five sections: how the mean of the sections was graded
    std::vector<BasinPollutant> main_pollutants;
};
/// \param sections one record each, already the mean of the period
[[nodiscard]] BasinJudgement judge_basin(std::span<Record const> sections, WaterStandard const& standard, WaterEvaluation const& evaluation,
                                         StandardsBook const& standards);
/// The same of sections that were judged before, by the same standard. Of fewer than shares take only the counts: their mean is not in their classes.
[[nodiscard]] BasinJudgement judge_basin(std::span<WaterJudgement const* const> sections, WaterEvaluation const& evaluation);

/// Change between two periods: -2 明显变差, -1 有所变差, 0 无明显变化, 1 有所好转, 2 明显好转.
[[nodiscard]] int change_of_grade(int before, int now) noexcept;
/// By the shares of classes I-III and of worse than V, in percent, as published.
[[nodiscard]] int change_of_shares(Decimal const& good_before, Decimal const& bad_before, Decimal const& good_now, Decimal const& bad_now,
                                   WaterEvaluation const& evaluation);
/// Where both apply, the larger finding counts; alike but opposite, that of the shares.
[[nodiscard]] int larger_change(int by_grade, int by_shares) noexcept;
std::string_view change_label(int change) noexcept;

/// A trend by Spearman's rank correlation with time (Daniel).
struct Trend {
    Decimal rs;  ///< three decimals
    Decimal critical;  ///< at 0.05, one-tailed
    int direction = 0;  ///< 1 rising, -1 falling, 0 stable
};
/// \param values one a period, oldest first; equal values share their mean rank. \return nothing for fewer periods than the table of critical values has
[[nodiscard]] std::optional<Trend> trend_of(std::span<Decimal const> values, WaterEvaluation const& evaluation);

/// Trophic state of a lake (综合营养状态指数).
struct TrophicState {
    std::vector<std::pair<ParameterId, Decimal>> parts;  ///< two decimals
    Decimal tli;  ///< two decimals: this is graded
    Decimal shown;  ///< one decimal, rounded once: this is printed
    int grade = 0;  ///< 1 贫营养, 2 中营养, 3 轻度富营养, 4 中度富营养, 5 重度富营养
};
/// \return nothing unless all inputs of the index are valid and above zero
[[nodiscard]] std::optional<TrophicState> trophic_state(Record const& means, WaterEvaluation const& evaluation);
std::string_view trophic_label(int grade) noexcept;

/// City water index (城市水质指数, smaller is better) of one city mean.
struct CityWaterIndex {
    std::vector<std::pair<ParameterId, Decimal>> parts;  ///< four decimals
    Decimal total;  ///< four decimals
    std::vector<ParameterId> missing;  ///< items without a valid value
};
[[nodiscard]] CityWaterIndex city_water_index(Record const& means, bool lake, WaterStandard const& standard,
                                              WaterEvaluation const& evaluation);
/// (now - base) / base in percent; negative is better. \pre base > 0
[[nodiscard]] Decimal relative_change(Decimal const& now, Decimal const& base, int decimals = 2);

}  // namespace yihong
