// The worked examples of the reference for air: A01 to A06.
#include "yihong/periods/air_period.hpp"

#include "testing.hpp"

#include <array>

namespace yihong {
namespace {

using namespace testing;

Record air_day(std::string_view date, std::string_view pm10, std::string_view pm25)
{
    return record({{"pm10", pm10}, {"pm25", pm25}, {"so2", "20"}, {"no2", "30"}, {"co", "0.8"}, {"o3_8h", "90"}}, IntervalKind::day, date);
}

GoodDays const& on(AirPeriod const& made, std::string_view edition)
{
    for (auto const& [label, counts] : made.by_edition)
        if (label == edition)
            return counts.days;
    throw std::runtime_error{"no edition " + std::string{edition}};
}

TEST(AirPeriod, CountsByTheTableOfTheDayAndByEach_A04)
{
    std::vector<AirDay> const days{judge_day(air_day("2026-02-27", "134", "72"), book()),
                                   judge_day(air_day("2026-03-03", "134", "72"), book())};
    EXPECT_EQ(days[0].valid_then->aqi, 97);
    EXPECT_EQ(days[1].valid_then->aqi, 111);
    auto const made = count_air_days(period("2026-02/2026-03"), days, book(), time("2026-04-01T00:00:00Z"));
    EXPECT_EQ(made.valid_then.days.percent.to_string(), "50.0");
    EXPECT_EQ(on(made, "HJ 633-2012").percent.to_string(), "100.0");
    EXPECT_EQ(on(made, "HJ 633-2026").percent.to_string(), "0.0");
    EXPECT_EQ(made.days_due, 59);
    EXPECT_EQ(made.valid_then.days.valid, 2);                   // 57 days without data are not good days
    EXPECT_EQ(count_air_days(period("2026-03"), days, book(), time("2026-04-01T00:00:00Z")).valid_then.days.valid, 1);
}

TEST(AirPeriod, DustLeavesTheParticlesOutAndKeepsTheDay_A05)
{
    std::vector<Record> records;
    std::vector<Date> dust;
    constexpr std::array<std::pair<std::string_view, std::string_view>, 6> last{
        {{"410", "96"}, {"286", "74"}, {"172", "58"}, {"95", "47"}, {"95", "47"}, {"95", "47"}}};
    for (int i = 0; i < 31; ++i) {
        auto const date = "2025-03-" + std::string{i < 9 ? "0" : ""} + std::to_string(i + 1);
        auto const [pm10, pm25] = i < 20   ? std::pair<std::string_view, std::string_view>{"88", "41"}
                                  : i < 25 ? std::pair<std::string_view, std::string_view>{"140", "55"}
                                           : last.at(static_cast<std::size_t>(i - 25));
        records.push_back(record({{"pm10", pm10}, {"pm25", pm25}, {"so2", "20"}, {"no2", "30"}, {"co", "0.8"}, {"o3_8h", "90"}},
                                 IntervalKind::day, date));
        if (i >= 25 && i < 28)
            dust.push_back(day(date));
    }
    auto const counted = [&](bool marked) {
        std::vector<AirDay> days;
        for (auto const& one : records)
            days.push_back(judge_day(one, book(), marked && (std::ranges::find(dust, beijing_date(one.time)) != dust.end())));
        return count_air_days(period("2025-03"), days, book(), time("2025-05-01T00:00:00Z"));
    };
    auto const measured = counted(false);
    EXPECT_EQ(measured.valid_then.days.good, 28);
    EXPECT_EQ(measured.valid_then.days.percent.to_string(), "90.3");
    auto const without = counted(true);
    EXPECT_EQ(without.valid_then.days.good, 31);
    EXPECT_EQ(without.valid_then.days.valid, 31);
    EXPECT_EQ(on(without, "HJ 633-2026").valid, 31);            // also where an edition would not publish a day without its particles
    std::vector<int> indices;
    for (int i = 25; i < 28; ++i)
        indices.push_back(judge_day(records[static_cast<std::size_t>(i)], book()).valid_then->aqi);
    EXPECT_EQ(indices, (std::vector<int>{286, 168, 111}));
    auto const mean = [&](std::span<Date const> left_out, std::string_view pollutant) {
        for (auto const& one : air_figures(records, left_out, day("2025-03-31"), book()))
            if (one.pollutant.parameter == id(pollutant))
                return one.pollutant.mean->to_string() + " of " + std::to_string(one.valid_days);
        return std::string{};
    };
    EXPECT_EQ(mean({}, "pm10"), "117 of 31");                   // 116.5 to one decimal
    EXPECT_EQ(mean(dust, "pm10"), "98 of 28");
    EXPECT_EQ(mean(dust, "pm25"), "44 of 28");
    EXPECT_EQ(mean(dust, "no2"), "30 of 31");
}

TEST(AirPeriod, PercentilesAreThoseOfTheDays_A01_A02)
{
    auto const ozone = numbers({"126", "139", "160", "175", "214", "156", "88",  "101", "188", "166", "142", "151", "170", "153", "72",
                                "61",  "148", "145", "110", "163", "158", "196", "181", "95",  "118", "161", "131", "122", "172", "137"});
    EXPECT_EQ(percentile(ozone, d("0.9")), d("181.7"));
    auto const co = numbers({"1",   "0.4", "0.6", "0.8", "0.6", "0.8", "0.6", "0.8", "1",   "0.9", "1.1", "1.3", "0.9", "0.7", "1.4", "0.7",
                             "1.9", "0.7", "0.8", "1.2", "1.3", "0.9", "0.7", "0.5", "0.8", "1.6", "1.2", "1",   "1.1", "0.5", "0.9"});
    EXPECT_EQ(percentile(co, d("0.95")), d("1.5"));
}

TEST(AirPeriod, TheOrderMayTurnWithTheLimits_A03)
{
    auto const values = [](std::string_view so2, std::string_view no2, std::string_view pm10, std::string_view pm25, std::string_view co,
                           std::string_view o3) {
        return std::vector<std::pair<ParameterId, Decimal>>{{id("so2"), d(so2)},   {id("no2"), d(no2)}, {id("pm10"), d(pm10)},
                                                            {id("pm25"), d(pm25)}, {id("co"), d(co)},   {id("o3_8h"), d(o3)}};
    };
    auto const a = values("9", "26", "74", "39", "1.2", "171");
    auto const b = values("11", "31", "69", "42", "1.4", "158");
    auto const c = values("8", "22", "88", "37", "1.0", "172");
    auto const totals = [&](std::string_view date) {
        std::vector<std::string> all;
        for (auto const& one : {a, b, c})
            all.push_back(composite_index(one, *book().air_statistics(day(date))).total.to_string());
        return all;
    };
    EXPECT_EQ(totals("2026-02-28"), (std::vector<std::string>{"4.34", "4.48", "4.32"}));
    EXPECT_EQ(totals("2026-03-01"), (std::vector<std::string>{"4.70", "4.85", "4.71"}));
    auto const before = composite_index(a, *book().air_statistics(day("2026-02-28")));
    EXPECT_EQ(before.largest, id("pm25"));
    EXPECT_EQ(before.share(id("pm25")), d("25.7"));
    EXPECT_EQ(before.share(id("so2")), d("3.5"));
    EXPECT_EQ(composite_index(b, *book().air_statistics(day("2026-02-28"))).share(id("pm25")), d("26.8"));
    EXPECT_FALSE(before.share(id("ph")));
    EXPECT_FALSE(composite_index({}, *book().air_statistics(day("2026-02-28"))).share(id("pm25")));
}

/// A09: from printed figures or from those with a decimal more, by the limits of either edition; shown with two decimals.
TEST(AirPeriod, TheIndexDependsOnWhatItIsMadeFrom_A09)
{
    auto const total = [](std::array<std::string_view, 6> const& values, std::string_view date) {
        constexpr std::array names{"so2", "no2", "pm10", "pm25", "co", "o3_8h"};
        std::vector<std::pair<ParameterId, Decimal>> all;
        for (std::size_t i = 0; i < names.size(); ++i)
            all.emplace_back(id(names.at(i)), d(values.at(i)));
        return composite_index(all, *book().air_statistics(day(date))).total.to_string();
    };
    constexpr std::array<std::string_view, 6> printed{"8", "26", "74", "38", "1.1", "171"},
        with_more{"8.5", "25.5", "73.6", "38.5", "1.15", "171.4"};
    EXPECT_EQ(total(printed, "2026-02-28"), "4.27");
    EXPECT_EQ(total(printed, "2026-03-01"), "4.63");
    EXPECT_EQ(total(with_more, "2026-02-28"), "4.29");
    EXPECT_EQ(total(with_more, "2026-03-01"), "4.65");
}

/// A09, the forms of three decimals: sub-indices rounded first, the plain sum and the weighted one.
TEST(AirPeriod, TheIndexMayBeWeightedAndHaveThreeDecimals_A09)
{
    auto const totals = [](std::array<std::string_view, 6> const& values, std::string_view date) {
        constexpr std::array names{"so2", "no2", "pm10", "pm25", "co", "o3_8h"};
        std::vector<std::pair<ParameterId, Decimal>> all;
        for (std::size_t i = 0; i < names.size(); ++i)
            all.emplace_back(id(names.at(i)), d(values.at(i)));
        std::vector<std::pair<ParameterId, int>> const weights{{id("pm25"), 3}, {id("no2"), 2}, {id("o3_8h"), 2}};
        auto const& statistics = *book().air_statistics(day(date));
        return composite_index(all, statistics, {}, 3).total.to_string() + " " +
               composite_index(all, statistics, weights, 3).total.to_string();
    };
    constexpr std::array<std::string_view, 6> printed{"8", "26", "74", "38", "1.1", "171"},
        with_more{"8.5", "25.5", "73.6", "38.5", "1.15", "171.4"};
    EXPECT_EQ(totals(printed, "2026-02-28"), "4.270 8.161");
    EXPECT_EQ(totals(printed, "2026-03-01"), "4.627 8.880");
    EXPECT_EQ(totals(with_more, "2026-02-28"), "4.290 8.199");
    EXPECT_EQ(totals(with_more, "2026-03-01"), "4.649 8.924");
}

TEST(AirPeriod, HighestEightHoursWithGaps_A06)
{
    auto const& statistics = *book().air_statistics(day("2026-02-28"));
    auto const highest = [&](std::initializer_list<int> hours) {
        std::vector<std::optional<Decimal>> values;
        for (auto const hour : hours)
            values.push_back(hour < 0 ? std::nullopt : std::optional{Decimal{hour, 0}});
        auto const made = daily_highest_8h(values, statistics, d("160"), 0);
        return made ? made->to_string() : "--";
    };
    EXPECT_EQ(highest({48, 45, 41, 38, 36, 33, 35, 42, 55, 70, 88, -1, 121, 134, 146, 151, 155, 158, 152, 139, 120, 98, 77, 60}), "145");
    EXPECT_EQ(highest({48, 45, 41, 38, 36, 33, 35, 42, 55, 70, 88, -1, 121, 134, 146, 151, -1, -1, -1, 139, 120, 98, 77, 60}), "--");
    EXPECT_EQ(highest({48, 45, 41, 38, 36, 33, 35, 42, 75, 110, 148, -1, 171, 184, 196, 201, -1, -1, -1, 189, 150, 108, 87, 60}), "168");
}

}  // namespace
}  // namespace yihong
