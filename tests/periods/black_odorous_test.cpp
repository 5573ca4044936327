#include "yihong/periods/black_odorous.hpp"

#include "testing.hpp"

namespace yihong {
namespace {

using namespace testing;

std::vector<Record> samples(std::vector<std::array<std::string, 4>> const& values)
{
    std::vector<Record> all;
    for (auto const& [transparency, oxygen, redox, ammonia] : values)
        all.push_back(record(
            {{"transparency", transparency}, {"dissolved_oxygen", oxygen}, {"redox_potential", redox}, {"ammonia_nitrogen", ammonia}},
            IntervalKind::sample));
    return all;
}

BlackPoint judged(std::vector<std::array<std::string, 4>> const& values) { return judge_black_point(samples(values), book().parameters()); }

/// B01: four points of one water. Transparency is in metres here.
TEST(BlackOdorous, GradesPointsAndTheirWater_B01)
{
    auto const p1 = judged({{"0.08", "1.1", "-120", "9.2"},
                            {"0.09", "0.9", "-210", "11"},
                            {"0.12", "0.15", "-90", "16"},
                            {"0.09", "0.6", "-60", "12"},
                            {"0.11", "0.8", "-150", "10"}});
    EXPECT_EQ(p1.indicators[0].heavy_share().to_string(), "60.0");
    for (std::size_t i = 1; i < 4; ++i)
        EXPECT_EQ(p1.indicators[i].heavy_share().to_string(), "20.0");
    auto const p2 = judged({{"0.18", "0.1", "-230", "12"},
                            {"0.20", "0.15", "-150", "13"},
                            {"0.16", "0.4", "-210", "9"},
                            {"0.22", "0.3", "-90", "10"},
                            {"0.19", "0.6", "-40", "11"}});
    EXPECT_EQ(p2.indicators[1].heavy_share().to_string(), "40.0");
    auto const p3 = judged({{"0.30", "2.6", "80", "4.2"},
                            {"0.28", "3.1", "95", "5.1"},
                            {"0.33", "2.2", "60", "3.8"},
                            {"0.35", "2.4", "120", "4.9"},
                            {"0.31", "2.9", "70", "4.4"}});
    auto const p4 = judged({{"0.20", "1.4", "20", "8.4"},
                            {"0.24", "2.1", "60", "7.9"},
                            {"0.26", "1.8", "35", "9.1"},
                            {"0.22", "2.3", "70", "8.2"},
                            {"0.27", "1.9", "40", "7.7"}});
    EXPECT_EQ(p1.grade, Blackness::heavy);
    EXPECT_EQ(p2.grade, Blackness::heavy);
    EXPECT_EQ(p3.grade, Blackness::none);
    EXPECT_EQ(p4.grade, Blackness::light);
    auto const water = judge_black_water(std::vector{p1.grade, p2.grade, p3.grade, p4.grade});
    EXPECT_EQ(water.heavy_share().to_string(), "50.0");
    EXPECT_EQ(water.grade, Blackness::light);
    EXPECT_EQ(judge_black_water(std::vector{Blackness::heavy, Blackness::heavy, Blackness::light}).grade, Blackness::heavy);
}

TEST(BlackOdorous, TakesAValueOnALimitForTheBetterSide)
{
    auto const point = judged({{"0.25", "2.0", "50", "8.0"}, {"0.25", "2.0", "50", "8.0"}, {"0.25", "2.0", "50", "8.0"}});
    EXPECT_EQ(point.grade, Blackness::none);
    EXPECT_EQ(judged({{"0.10", "0.2", "-200", "15"}, {"0.10", "0.2", "-200", "15"}, {"0.10", "0.2", "-200", "15"}}).grade,
              Blackness::light);
}

TEST(BlackOdorous, SaysNothingOfTooFewValues)
{
    EXPECT_EQ(judged({{"0.05", "0.1", "-250", "20"}, {"0.05", "0.1", "-250", "20"}}).grade, Blackness::unknown);
    auto three = samples({{"0.05", "0.1", "-250", "20"}, {"0.05", "0.1", "-250", "20"}, {"0.05", "0.1", "-250", "20"}});
    EXPECT_EQ(judge_black_point(three, book().parameters()).grade, Blackness::heavy);
    for (auto& one : three)
        std::erase_if(one.readings, [](Reading const& reading) { return reading.parameter == id("redox_potential"); });
    EXPECT_EQ(judge_black_point(three, book().parameters()).grade, Blackness::unknown);
    EXPECT_EQ(judge_black_water(std::vector{Blackness::unknown}).grade, Blackness::unknown);
}

}  // namespace
}  // namespace yihong
