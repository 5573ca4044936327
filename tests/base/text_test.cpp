#include "yihong/base/json_writer.hpp"
#include "yihong/base/text.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace yihong {
namespace {

TEST(JsonWriter, WritesEveryKindOfValue)
{
    std::string out;
    JsonWriter json{out};
    json.begin_object()
        .member("text", "a\"\\\n\x01涑水河")
        .member("whole", 4)
        .member("real", 35.5)
        .member("none", std::numeric_limits<double>::quiet_NaN())
        .member("exact", Decimal{710, 2})
        .member("flag", true)
        .member("time", UtcTime{})
        .key("list")
        .begin_array()
        .value(1)
        .begin_array()
        .end_array()
        .raw("{}")
        .null()
        .end_array()
        .end_object();
    EXPECT_EQ(out, "{\"text\":\"a\\\"\\\\\\n\\u0001涑水河\",\"whole\":4,\"real\":35.5,\"none\":null,\"exact\":7.10,\"flag\":true,"
                   "\"time\":\"1970-01-01T00:00:00Z\",\"list\":[1,[],{},null]}");
}

TEST(JsonWriter, NeverWritesMalformedUtf8)
{
    std::string out;
    JsonWriter{out}.value(std::string_view{"\xff\xc0\xaf\xed\xa0\x80x"});
    EXPECT_TRUE(is_valid_utf8(out));
    EXPECT_TRUE(out.ends_with("x\""));
}

TEST(Utf8, KnowsOverlongFormsAndSurrogates)
{
    EXPECT_TRUE(is_valid_utf8("é河😀"));
    for (auto const* bad : {"\xc0\x80", "\xe0\x80\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xf8\x88\x80\x80\x80", "\x80", "\xe6\xb2"})
        EXPECT_FALSE(is_valid_utf8(bad));
}

TEST(Escaping, CoversHtmlUrlsAndCsv)
{
    EXPECT_EQ(html_escaped("<a href=\"x\">&'"), "&lt;a href=&quot;x&quot;&gt;&amp;&#39;");
    EXPECT_EQ(percent_encoded("a/b 河"), "a%2Fb%20%E6%B2%B3");
    std::string csv;
    append_csv_field(csv, "a,\"b\"");
    EXPECT_EQ(csv, "\"a,\"\"b\"\"\"");
    EXPECT_EQ(to_base64("f"), "Zg==");
    EXPECT_EQ(to_base64("foobar"), "Zm9vYmFy");
    EXPECT_EQ(to_base64("\xff\xfe"), "//4=");
    EXPECT_EQ(to_hex("\x0f\xa0"), "0fa0");
}

TEST(Text, ReadsTheBase64ItWrites)
{
    for (std::string const bytes : {"", "a", "ab", "abc", "\xff\xfe\xfd\xfc"})
        EXPECT_EQ(from_base64(to_base64(bytes)), bytes);
    EXPECT_EQ(from_base64("YQ"), "a");
    for (auto const* bad : {"Y", "YR==", "Y Q=", "YQ=a", "Y=Q=", "=", "YWJ-"})
        EXPECT_EQ(from_base64(bad), std::nullopt) << bad;
}

}  // namespace
}  // namespace yihong
