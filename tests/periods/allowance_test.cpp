// What is still possible: T01 to T11 of the reference.
#include "yihong/periods/allowance.hpp"

#include "testing.hpp"

#include <array>

namespace yihong {
namespace {

using namespace testing;

Allowance of(std::string_view item, int target, std::vector<Decimal> const& known, int left)
{
    return allowance(*gb3838().find(id(item)), false, target, known, left, d("60")).value();
}

TEST(Allowance, TheLargestMeanThatStillMeets_T01)
{
    struct Example {
        std::string_view item;
        int water_class;
        bool lake;
        std::string_view bound;
        bool tie;
    };
    for (auto const& [item, water_class, lake, bound, tie] : std::array<Example, 14>{{
             {"total_phosphorus", 3, false, "0.2005", true},
             {"total_phosphorus", 2, false, "0.1005", true},
             {"ammonia_nitrogen", 3, false, "1.005", true},
             {"ammonia_nitrogen", 4, false, "1.505", true},
             {"ammonia_nitrogen", 2, false, "0.505", true},
             {"ammonia_nitrogen", 1, false, "0.155", false},
             {"codmn", 3, false, "6.05", true},
             {"codmn", 2, false, "4.05", true},
             {"cod", 3, false, "20.05", true},
             {"dissolved_oxygen", 3, false, "4.95", true},
             {"dissolved_oxygen", 2, false, "5.95", true},
             {"dissolved_oxygen", 1, false, "7.45", false},
             {"fluoride", 3, false, "1.0005", true},
             {"total_phosphorus", 2, true, "0.0255", false},
         }}) {
        auto const& limits = *gb3838().find(id(item));
        auto const made =
            mean_bound(limits.limits(lake)[static_cast<std::size_t>(water_class - 1)], limits.decimals, limits.rule == LimitRule::minimum);
        EXPECT_EQ(made.bound, d(bound)) << item << water_class;
        EXPECT_EQ(made.tie_meets, tie) << item << water_class;
        // and so does the class itself
        bool const meets = water_item_class(limits, made.bound.rounded_keeping_nonzero(limits.decimals), lake) <= water_class;
        EXPECT_EQ(meets, tie) << item << water_class;
    }
}

TEST(Allowance, OfPhosphorusWithEightMonthsKnown_T02)
{
    auto const made = of("total_phosphorus", 3, numbers({"0.148", "0.221", "0.254", "0.262", "0.187", "0.133", "0.171", "0.202"}), 4);
    EXPECT_EQ(made.mean_so_far, d("0.19725"));
    EXPECT_TRUE(made.met_so_far);
    EXPECT_EQ(made.with_margin, d("0.207"));
    EXPECT_EQ(made.with_margin_shown.to_string(), "0.207");
    EXPECT_EQ(made.strict, d("0.2055"));
    EXPECT_EQ(made.strict_shown.to_string(), "0.205");
    EXPECT_EQ(made.outlook, Outlook::open);
    std::vector<std::size_t> months;
    for (auto const& [month, share, period] : made.deciding)
        months.push_back(month + 1);
    EXPECT_EQ(months, (std::vector<std::size_t>{4, 3, 2, 8}));  // most first
    EXPECT_EQ(made.deciding[0].share.to_string(), "44.6");      // 0.062 of 0.139
}

TEST(Allowance, OfAmmoniaAndOxygen_T03_T04)
{
    auto const ammonia = numbers({"2.31", "1.98", "1.62", "1.44", "0.93", "0.71", "0.66", "0.58", "0.74"});
    auto const made = of("ammonia_nitrogen", 3, ammonia, 3);
    EXPECT_EQ(made.with_margin.rounded(4).to_string(), "0.3633");
    EXPECT_EQ(made.with_margin_shown.to_string(), "0.36");
    EXPECT_EQ(made.outlook, Outlook::open);
    EXPECT_EQ(of("ammonia_nitrogen", 4, ammonia, 3).with_margin.rounded(4).to_string(), "2.3633");

    auto const oxygen = of("dissolved_oxygen", 3, numbers({"8.9", "8.1", "6.2", "4.4", "3.1", "2.6", "2.4", "2.9"}), 4);
    EXPECT_TRUE(oxygen.at_least);
    EXPECT_EQ(oxygen.with_margin, d("5.2"));
    EXPECT_EQ(oxygen.with_margin_shown.to_string(), "5.2");
    EXPECT_EQ(oxygen.strict_shown.to_string(), "5.4");          // 5.35, rounded up
}

TEST(Allowance, OutOfReachIsSaid_T05)
{
    auto const made = of("total_phosphorus", 3, numbers({"0.41", "0.38", "0.35", "0.37", "0.33", "0.29", "0.31", "0.3", "0.28"}), 3);
    EXPECT_EQ(made.with_margin.rounded(4).to_string(), "-0.2047");
    EXPECT_EQ(outlook_label(made.outlook), "已无法达标");
    EXPECT_EQ(made.best_class, 4);
    EXPECT_EQ(of("total_phosphorus", 3, numbers({"0.2"}), 0).outlook, Outlook::settled);
    EXPECT_EQ(of("dissolved_oxygen", 3, numbers({"20", "20", "20"}), 1).outlook, Outlook::any);
    EXPECT_EQ(allowance(*gb3838().find(id("ph")), false, 3, numbers({"8"}), 3), std::nullopt);
}

TEST(Allowance, OfAcidityLiesInTheSpaceOfHydrogenIons_T06)
{
    auto const& ph = *gb3838().find(id("ph"));
    auto const made = ph_allowance(ph, numbers({"8.6", "8.9", "9.2", "9.3", "9.4", "8.8"}), 6);
    ASSERT_TRUE(made.has_value());
    EXPECT_EQ(made->mean_so_far.to_string(), "8.940");
    EXPECT_EQ(made->highest, std::nullopt);                     // the known months alone keep the mean below 9.5
    ASSERT_TRUE(made->lowest.has_value());
    EXPECT_EQ(ph_allowance(ph, numbers({"5.0"}), 1)->outlook, Outlook::unreachable);
    auto const high = ph_allowance(ph, numbers({"9.9", "9.9"}), 1);
    ASSERT_TRUE(high->highest.has_value());
    EXPECT_LT(*high->highest, d("9.2"));
}

TEST(Allowance, MonthsThatStayEmptyLeaveTheDenominator_T07)
{
    auto const known = numbers({"0.21", "0.22", "0.24", "0.19", "0.18", "0.2", "0.23"});
    EXPECT_EQ(of("total_phosphorus", 3, known, 4).with_margin.rounded(4).to_string(), "0.1839");
    EXPECT_EQ(of("total_phosphorus", 3, known, 5).with_margin.rounded(4).to_string(), "0.1872");
}

TEST(Allowance, OfASectionsYearTakesItsMonthsByThemselves)
{
    SectionSums sums{period("2025"), {}, book().parameters()};
    for (auto const& [month, phosphorus] :
         {std::pair{"01", "0.19"}, std::pair{"02", "0.22"}, std::pair{"04", "0.21"}, std::pair{"05", "0.9"}})
        sums.add(at(std::string{"2025-"} + month + "-05T09:00", IntervalKind::sample, {{"ph", "8.1"}, {"total_phosphorus", phosphorus}}));
    auto const now = time("2025-05-20T00:00:00Z");
    auto const year = evaluate_section(period("2025"), sums.finish(), {.target_class = 3, .owed = five(), .graded = {}}, {}, book(), now);
    auto const made = section_outlook(year, false, five(), 8, gb3838(), book().parameters(), now);
    ASSERT_TRUE(made.has_value());
    EXPECT_EQ(made->months_known, 4);
    EXPECT_EQ(made->months_left, 8);                            // May is not over: what it has so far is not held fast
    ASSERT_EQ(made->items.size(), 4U);
    auto const& phosphorus = made->items.back();
    EXPECT_EQ(phosphorus.strict_shown.to_string(), "0.197");  // (0.2 x 11 - 0.62) / 8: March is without a value and leaves the denominator
    ASSERT_EQ(phosphorus.deciding.size(), 2U);
    EXPECT_EQ(period_code(*phosphorus.deciding[0].period), "2025-02");
    EXPECT_EQ(phosphorus.deciding[0].share.to_string(), "66.7");
    EXPECT_EQ(period_code(*phosphorus.deciding[1].period), "2025-04") << "the third that has a value";
    EXPECT_EQ(made->worst(), Outlook::open);
    EXPECT_EQ(made->months_possible, 11);
    EXPECT_EQ(section_outlook(year, false, five(), 12, gb3838(), book().parameters(), now)->worst(), Outlook::undecided);
    EXPECT_EQ(made->ph->mean_so_far, d("8.1"));
}

TEST(Allowance, OfAYearThatIsOverSaysNothingWhereNoMonthHasAValue)
{
    auto const now = time("2026-02-01T00:00:00Z");
    auto const year = evaluate_section(period("2025"), SectionSums{period("2025"), {}, book().parameters()}.finish(),
                                       {.target_class = 3, .owed = five(), .graded = {}}, {}, book(), now);
    EXPECT_FALSE(section_outlook(year, false, five(), 8, gb3838(), book().parameters(), now).has_value());
}

/// What is allowed meets, and one unit of the last kept digit more does not: against the rules themselves.
TEST(Allowance, HoldsAgainstTheRulesThemselves)
{
    for (auto const name : {"total_phosphorus", "ammonia_nitrogen", "codmn", "cod"}) {
        auto const& item = *gb3838().find(id(name));
        for (int target = 1; target <= 5; ++target) {
            auto const limit = item.river[static_cast<std::size_t>(target - 1)];
            std::vector<Decimal> const known{limit, Decimal{limit.mantissa() * 9 + 1, limit.scale() + 1}, limit};
            auto const made = allowance(item, false, target, known, 2).value();
            auto const meets = [&](Decimal const& rest) {
                std::vector<Sample> months;
                for (auto const& month : known)
                    months.push_back({month, false});
                months.push_back({rest, false});
                months.push_back({rest, false});
                return water_item_class(item, *mean_of(months, item.decimals), false) <= target;
            };
            EXPECT_TRUE(meets(made.strict_shown)) << name << target;
            EXPECT_TRUE(meets(made.with_margin_shown) || made.with_margin == made.with_margin_shown) << name << target;
            auto const step = Decimal{made.with_margin.mantissa() + 1000, made.with_margin.scale()};
            EXPECT_FALSE(meets(step)) << name << target << " " << step.to_string();
        }
    }
}

TEST(Allowance, GoodDaysStillNeeded_T08)
{
    struct Example {
        std::string_view target;
        int valid, good, left;
        std::string_view ratio;
        int needed, bad, exactly;
    };
    for (auto const& [target, valid, good, left, ratio, needed, bad, exactly] :
         std::array<Example, 5>{{{"72.0", 300, 212, 65, "70.7", 51, 14, 51},
                                 {"72.0", 300, 215, 65, "71.7", 48, 17, 48},
                                 {"72.0", 334, 240, 31, "71.9", 23, 8, 23},
                                 {"75.0", 200, 120, 166, "60.0", 155, 11, 155},
                                 {"71.8", 300, 214, 65, "71.3", 48, 17, 49}}}) {
        auto const made = good_days_needed(d(target), valid, good, left);
        EXPECT_EQ(made.ratio_so_far->to_string(), ratio);
        EXPECT_EQ(made.needed, needed);
        EXPECT_EQ(made.bad_allowed, bad);
        EXPECT_EQ(made.needed_exactly, exactly);
    }
    EXPECT_LT(good_days_needed(d("90"), 300, 100, 10).bad_allowed, 0);
}

TEST(Allowance, MeanOfTheDaysLeft_T09_T11)
{
    struct Example {
        std::string_view target;
        int valid;
        std::string_view mean;
        int left;
        std::string_view margin, strict;
        bool tie;
    };
    for (auto const& [target, valid, mean, left, margin, strict, tie] :
         std::array<Example, 6>{{{"40", 300, "41.3", 65, "36.81", "34.00", true},
                                 {"40", 334, "42.1", 31, "23.26", "17.37", true},
                                 {"38", 304, "38.2", 61, "40.00", "37.00", true},
                                 {"78", 74, "76", 108, "", "79.37", true},
                                 {"67", 347, "57", 18, "", "259.78", false},
                                 {"119", 347, "118", 18, "", "138.28", false}}}) {
        auto const made = remaining_mean(d(target), 0, valid, d(mean), left);
        EXPECT_EQ(made.strict, d(strict)) << target;
        EXPECT_EQ(made.tie_meets, tie) << target;
        if (!margin.empty())
            EXPECT_EQ(made.with_margin, d(margin)) << target;
    }
}

TEST(Allowance, DaysThatMayExceedBeforeAPercentileDoes_T10)
{
    struct Example {
        std::string_view p;
        int days;
        std::string_view place;
        int met, missed;
    };
    for (auto const& [p, days, place, met, missed] : std::array<Example, 5>{{{"0.90", 365, "328.6", 36, 38},
                                                                             {"0.90", 366, "329.5", 36, 38},
                                                                             {"0.90", 30, "27.1", 2, 4},
                                                                             {"0.95", 365, "346.8", 18, 20},
                                                                             {"0.95", 31, "29.5", 1, 3}}}) {
        auto const made = days_over(days, d(p));
        EXPECT_EQ(made.place, d(place));
        EXPECT_EQ(made.surely_met_up_to, met);
        EXPECT_EQ(made.surely_missed_from, missed);
    }
}

}  // namespace
}  // namespace yihong
