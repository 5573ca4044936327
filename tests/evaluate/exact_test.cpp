#include "yihong/evaluate/exact.hpp"

#include "testing.hpp"

#include <random>

namespace yihong {
namespace {

using namespace testing;

TEST(Exact, ComparesAsDecimalsDo)
{
    std::mt19937_64 random{20251106};
    for (int i = 0; i < 20000; ++i) {
        auto const any = [&] {
            auto const digits = static_cast<int>(random() % 16);
            auto const mantissa =
                static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(exact::powers_of_ten[static_cast<std::size_t>(digits)]));
            return Decimal{random() % 2 ? mantissa : -mantissa, static_cast<int>(random() % 13)};
        };
        auto const a = any();
        auto const b = i % 3 ? any() : a.normalized();
        ASSERT_EQ(exact::compare(a, b), a <=> b) << a.to_string() << " " << b.to_string();
    }
}

TEST(Exact, RoundsOnceAndSaturates)
{
    EXPECT_EQ(exact::quotient(d("2"), d("3"), 4).to_string(), "0.6667");
    EXPECT_EQ(exact::quotient(d("-0.125"), d("1"), 2).to_string(), "-0.12");
    EXPECT_EQ(exact::quotient(d("0.35"), d("0.1"), 0).to_string(), "4");
    EXPECT_EQ(exact::quotient(d("999999999999999"), d("0.000000000001"), 9), d("999999999999999"));
    EXPECT_EQ(exact::product(d("0.000000000001"), d("0.000000000001")), d("0"));
    EXPECT_EQ(exact::product(d("999999999999999"), d("999999999999999")), d("999999999999999"));
    EXPECT_EQ(exact::product(d("17"), d("0.55")).to_string(), "9.35");
    EXPECT_EQ(exact::plus(d("999999999999999"), d("0.4")), d("999999999999999"));
    EXPECT_EQ(exact::minus(d("0.1"), d("0.30")).to_string(), "-0.20");
    EXPECT_TRUE(exact::divided_up(7, 2) == 4 && exact::divided_up(-7, 2) == -3 && exact::divided_up(8, 2) == 4);
    auto const huge = exact::power_of_ten(30);
    EXPECT_TRUE(exact::divided_up(huge + 1, huge) == 2 && exact::divided_up(huge, huge) == 1);
}

}  // namespace
}  // namespace yihong
