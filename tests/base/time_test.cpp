#include "yihong/base/beijing_text.hpp"
#include "yihong/base/time.hpp"

#include <gtest/gtest.h>

namespace yihong {
namespace {

std::string utc(std::string_view text) { return format_rfc3339(parse_rfc3339(text).value()); }

TEST(Rfc3339, BecomesUtc)
{
    EXPECT_EQ(utc("2025-11-06T20:00:00+08:00"), "2025-11-06T12:00:00Z");
    EXPECT_EQ(utc("2025-11-06T20:00:00 08:00"), "2025-11-06T12:00:00Z");     // a form-decoded plus
    EXPECT_EQ(utc("2025-11-06t20:00:00z"), "2025-11-06T20:00:00Z");
    EXPECT_EQ(utc("2024-02-29T23:59:60Z"), "2024-03-01T00:00:00Z");
    EXPECT_EQ(utc("2025-01-01T00:00:00.5-01:30"), "2025-01-01T01:30:00.500Z");
    EXPECT_EQ(utc("2025-01-01T00:00:00.1239999Z"), "2025-01-01T00:00:00.123Z");
    EXPECT_EQ(utc("0000-01-01T00:00:00Z"), "0000-01-01T00:00:00Z");
    EXPECT_EQ(utc("9999-12-31T23:59:59Z"), "9999-12-31T23:59:59Z");
    EXPECT_EQ(utc("0000-01-01T00:00:00+08:00"), "-0001-12-31T16:00:00Z");
    EXPECT_EQ(utc("9999-12-31T23:59:59-08:00"), "+10000-01-01T07:59:59Z");
}

TEST(Rfc3339, RefusesAnythingElse)
{
    for (auto const* text :
         {"", "2025-11-06", "2025-11-06T20:00:00", "2025-11-06T20:00Z", "2025-13-06T20:00:00Z", "2025-02-29T20:00:00Z",
          "2025-11-06T24:00:00Z", "2025-11-06T20:60:00Z", "2025-11-06T20:00:61Z", "2025-11-06T20:00:00+8", "2025-11-06T20:00:00+0800",
          "2025-11-06T20:00:00.Z", "2025-11-06T20:00:00Z ", "20251106200000", "2025-11-06T20:00:00+08:0x", "x025-11-06T20:00:00Z"})
        EXPECT_EQ(parse_rfc3339(text).error().code, Errc::bad_time) << text;
    EXPECT_NE(parse_rfc3339("2025-11-06T20:00:00").error().detail.find("+08:00"), std::string::npos) << "the hint says what to add";
}

TEST(BeijingTime, IsEightHoursAhead)
{
    auto const late = parse_rfc3339("2026-02-28T16:00:00Z").value();
    EXPECT_EQ(format_date(beijing_date(late)), "2026-03-01");
    EXPECT_EQ(format_beijing(late), "2026-03-01T00:00:00+08:00");
    EXPECT_EQ(beijing_midnight(parse_date("2026-03-01").value()), late);
}

TEST(BeijingText, StandsBesideATimeAndIsNullWithIt)
{
    std::string out;
    JsonWriter json{out};
    json.begin_object();
    write_with_beijing(json, "opened_at", parse_rfc3339("2026-02-28T16:00:30Z").value());
    write_with_beijing(json, "closed_at", std::nullopt);
    json.end_object();
    EXPECT_EQ(out, R"({"opened_at":"2026-02-28T16:00:30Z","opened_at_beijing":"北京时间 2026-03-01 00:00",)"
                   R"("closed_at":null,"closed_at_beijing":null})");
}

TEST(TimeIntervalText, TakesEveryFormOfTheStandard)
{
    auto const at = [](std::string_view t) { return parse_rfc3339(t).value(); };
    EXPECT_EQ(parse_time_interval("2025-11-06T12:00:00Z"), (TimeInterval{at("2025-11-06T12:00:00Z"), at("2025-11-06T12:00:00Z")}));
    EXPECT_EQ(parse_time_interval("2025-11-06"), (TimeInterval{at("2025-11-06T00:00:00+08:00"), at("2025-11-06T23:59:59.999+08:00")}));
    EXPECT_EQ(parse_time_interval("2025-11-06/2025-11-07"),
              (TimeInterval{at("2025-11-06T00:00:00+08:00"), at("2025-11-07T23:59:59.999+08:00")}));
    auto const no_day = parse_time_interval("2025-11-31");
    ASSERT_FALSE(no_day);
    EXPECT_EQ(no_day.error().detail, "'2025-11-31' is not a day of the calendar") << "as it was written";
    EXPECT_EQ(parse_time_interval("2025-11-06T12:00:00Z/.."), (TimeInterval{at("2025-11-06T12:00:00Z"), std::nullopt}));
    EXPECT_EQ(parse_time_interval("2025-11-06T12:00:00Z/"), (TimeInterval{at("2025-11-06T12:00:00Z"), std::nullopt}));
    EXPECT_EQ(parse_time_interval("../2025-11-06T12:00:00Z"), (TimeInterval{std::nullopt, at("2025-11-06T12:00:00Z")}));
    EXPECT_EQ(parse_time_interval("/2025-11-06T12:00:00Z"), (TimeInterval{std::nullopt, at("2025-11-06T12:00:00Z")}));
    EXPECT_EQ(parse_time_interval("../.."), (TimeInterval{}));
    EXPECT_TRUE(parse_time_interval("0000-01-01T00:00:00Z/9999-12-31T23:59:59Z"));
    for (auto const* text : {"", "..", "now", "2025-11-06/2025-11-05", "a/b", "2025-11-06/2025-11-07/2025-11-08", "../2025-11-06T12:00:00"})
        EXPECT_FALSE(parse_time_interval(text)) << text;
}

}  // namespace
}  // namespace yihong
