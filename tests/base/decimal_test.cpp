#include "yihong/base/decimal.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include <random>

namespace yihong {
namespace {

Decimal decimal(std::string_view text) { return Decimal::parse(text).value(); }

TEST(DecimalParse, KeepsWhatAnInstrumentPrints)
{
    for (auto const* text : {"7.10", "0.025", "-3.5", "0", "0.00", "12345.678901", "999999999999999", "0.000000000001"})
        EXPECT_EQ(decimal(text).to_string(), text);
    EXPECT_EQ(decimal("+.5").to_string(), "0.5");
    EXPECT_EQ(decimal("5.").to_string(), "5");
    EXPECT_EQ(decimal("007").to_string(), "7");
    EXPECT_EQ(decimal("1.5e3").to_string(), "1500");
    EXPECT_EQ(decimal("15E-3").to_string(), "0.015");
    EXPECT_EQ(decimal("1e+2").to_string(), "100");
    EXPECT_EQ(decimal("-0.0").to_string(), "0.0");
}

TEST(DecimalParse, RoundsHalfToEvenBehindTheLastDigitItCanKeep)
{
    EXPECT_EQ(decimal("0.1234567890125").to_string(), "0.123456789012");
    EXPECT_EQ(decimal("0.1234567890135").to_string(), "0.123456789014");
    EXPECT_EQ(decimal("1.234567890123456789").to_string(), "1.234567890123");
    EXPECT_EQ(decimal("123456789.1234565").to_string(), "123456789.123456");
    EXPECT_EQ(decimal("123456789.12345650001").to_string(), "123456789.123457");
    EXPECT_EQ(decimal("9999999999999.995").to_string(), "10000000000000.0");
    EXPECT_EQ(decimal("1e-400").to_string(), "0.000000000000");
}

TEST(DecimalParse, RefusesWhatIsNoNumberOrTooLarge)
{
    for (auto const* text : {"", "-", ".", "1.2.3", "abc", "1a", "1e", "1e+", "1e+-3", "nan", "inf", " 1", "1 ", "0x10", "1,5", "--"}) {
        auto const parsed = Decimal::parse(text);
        ASSERT_FALSE(parsed) << text;
        EXPECT_EQ(parsed.error().code, Errc::bad_syntax) << text;
    }
    for (auto const* text : {"1e15", "9999999999999999", "1e999", "-1e99999999999"})
        EXPECT_EQ(Decimal::parse(text).error().code, Errc::bad_value) << text;
}

TEST(DecimalRounding, IsHalfToEven)
{
    struct Row {
        char const* value;
        int decimals;
        char const* expected;
    };
    for (auto const& [value, decimals, expected] : std::initializer_list<Row>{{"0.025", 2, "0.02"},
                                                                              {"1.005", 2, "1.00"},
                                                                              {"1.015", 2, "1.02"},
                                                                              {"4.95", 1, "5.0"},
                                                                              {"4.85", 1, "4.8"},
                                                                              {"6.05", 1, "6.0"},
                                                                              {"6.15", 1, "6.2"},
                                                                              {"0.2005", 3, "0.200"},
                                                                              {"0.2015", 3, "0.202"},
                                                                              {"9.4", 0, "9"},
                                                                              {"-2.5", 0, "-2"},
                                                                              {"-3.5", 0, "-4"},
                                                                              {"2.5000001", 0, "3"},
                                                                              {"7", 2, "7"},
                                                                              {"0.0004", 3, "0.000"}})
        EXPECT_EQ(decimal(value).rounded(decimals).to_string(), expected) << value;
}

TEST(DecimalRounding, KeepsOneSignificantDigitOfASmallValue)
{
    EXPECT_EQ(decimal("0.0004").rounded_keeping_nonzero(3).to_string(), "0.0004");
    EXPECT_EQ(decimal("0.00046").rounded_keeping_nonzero(2).to_string(), "0.0005");
    EXPECT_EQ(decimal("0.000").rounded_keeping_nonzero(1).to_string(), "0.0");
    EXPECT_EQ(decimal("0.06").rounded_keeping_nonzero(1).to_string(), "0.1");
}

TEST(DecimalOrder, ComparesNumbersNotTexts)
{
    EXPECT_EQ(decimal("7.1"), decimal("7.10"));
    EXPECT_LT(decimal("0.999999999999"), decimal("1"));
    EXPECT_LT(decimal("-1.5"), decimal("-1.49"));
    EXPECT_GT(decimal("999999999999999"), decimal("0.000000000001"));
}

TEST(DecimalFromDouble, IsTheShortestDecimalThatReadsBack)
{
    EXPECT_EQ(Decimal::from_double(0.1)->to_string(), "0.1");
    EXPECT_EQ(Decimal::from_double(5e-05)->to_string(), "0.00005");
    EXPECT_EQ(Decimal::from_double(2620)->to_string(), "2620");
    EXPECT_FALSE(Decimal::from_double(NAN));
    EXPECT_FALSE(Decimal::from_double(1e300));
}

TEST(DecimalScaling, IsExact)
{
    EXPECT_EQ(decimal("12.5").scaled_by_power_of_ten(-3)->to_string(), "0.0125");
    EXPECT_EQ(decimal("0.0125").scaled_by_power_of_ten(3)->to_string(), "12.5");
    EXPECT_EQ(decimal("2").scaled_by_power_of_ten(3)->to_string(), "2000");
    EXPECT_FALSE(decimal("999999999999999").scaled_by_power_of_ten(1));
}

TEST(Decimal, ReadsBackWhatItWrote)
{
    std::mt19937_64 random{7};
    for (int i = 0; i < 20'000; ++i) {
        Decimal const value{static_cast<std::int64_t>(random() % 2'000'000'000'000'000) - Decimal::max_mantissa,
                            static_cast<int>(random() % 13)};
        auto const back = decimal(value.to_string());
        EXPECT_EQ(back.mantissa(), value.mantissa());
        EXPECT_EQ(back.scale(), value.scale());
        EXPECT_EQ(value.to_double(), std::stod(value.to_string()));
    }
}

}  // namespace
}  // namespace yihong
