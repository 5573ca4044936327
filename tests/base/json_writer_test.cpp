#include "yihong/base/json_writer.hpp"

#include <gtest/gtest.h>

namespace yihong {
namespace {

/// The plain rule, one character after the other.
std::string escaped(std::string_view text)
{
    std::string out{'"'};
    for (char const c : text) {
        if (c == '"' || c == '\\')
            out.append({'\\', c});
        else if (c == '\n')
            out += "\\n";
        else if (c == '\r')
            out += "\\r";
        else if (c == '\t')
            out += "\\t";
        else if (static_cast<unsigned char>(c) < 0x20)
            out.append("\\u00").append({"01"[c >> 4], "0123456789abcdef"[c & 15]});
        else
            out += c;
    }
    return out + '"';
}

TEST(JsonWriter, EscapesEveryCharacterAtEveryPlaceOfATextOfAnyLength)
{
    for (std::size_t size = 0; size <= 40; ++size)
        for (std::size_t place = 0; place < size; ++place)
            for (int c = 0; c < 0x80; ++c) {
                std::string text(size, 'a');
                text[place] = static_cast<char>(c);
                std::string value, key;
                JsonWriter{value}.begin_array().value(text).value(text).end_array();
                ASSERT_EQ(value, "[" + escaped(text) + "," + escaped(text) + "]");
                JsonWriter{key}.begin_object().member(text, 1).member(text, text).end_object();
                ASSERT_EQ(key, "{" + escaped(text) + ":1," + escaped(text) + ":" + escaped(text) + "}");
            }
}

TEST(JsonWriter, LeavesChineseAsItIsAndReplacesWhatIsNoUtf8)
{
    for (std::size_t before = 0; before < 20; ++before)
        for (std::size_t behind = 0; behind < 20; ++behind) {
            std::string const front(before, 'x'), back(behind, 'y');
            std::string out;
            JsonWriter{out}.begin_array().value(front + "涑水河" + back).value(front + "\xFF" + back).end_array();
            ASSERT_EQ(out, "[\"" + front + "涑水河" + back + "\",\"" + front + "\uFFFD" + back + "\"]");
        }
}

TEST(JsonWriter, SetsCommasBetweenMembersAndElementsAlone)
{
    std::string out;
    JsonWriter{out}
        .begin_object()
        .member("number", Decimal{-710, 2})
        .member("time", UtcTime{std::chrono::milliseconds{1}})
        .key("list")
        .begin_array()
        .value(Decimal{5, 3})
        .value(Decimal{7, 0})
        .value(UtcTime{})
        .null()
        .value(true)
        .begin_array()
        .end_array()
        .value("")
        .end_array()
        .member("", std::int64_t{-3})
        .end_object();
    EXPECT_EQ(out, R"({"number":-7.10,"time":"1970-01-01T00:00:00.001Z","list":[0.005,7,"1970-01-01T00:00:00Z",null,true,[],""],"":-3})");
}

}  // namespace
}  // namespace yihong
