#include "clock_watch.hpp"

#include <gtest/gtest.h>

namespace yihong {
namespace {

using namespace std::chrono_literals;

TEST(ClockWatch, TellsWhenTheWallClockIsSet)
{
    ClockWatch watch;
    UtcTime const wall{1'000'000s};
    ClockWatch::Steady const steady{50s};
    EXPECT_EQ(watch.look(wall, steady), std::nullopt);
    EXPECT_EQ(watch.look(wall + 1h, steady + 1h), std::nullopt) << "an hour without a look";
    EXPECT_EQ(watch.look(wall + 1h + 5s, steady + 1h + 1s), std::nullopt) << "corrected";
    EXPECT_EQ(watch.look(wall - 1h, steady + 1h + 2s), std::optional<std::chrono::milliseconds>{-2h - 6s});
    EXPECT_EQ(watch.look(wall - 1h + 1s, steady + 1h + 3s), std::nullopt) << "told once";
    EXPECT_EQ(watch.look(wall + 1000h, steady + 1h + 3s), std::optional<std::chrono::milliseconds>{1001h - 1s});
}

}  // namespace
}  // namespace yihong
