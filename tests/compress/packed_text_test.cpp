#include "yihong/compress/packed_text.hpp"

#include <gtest/gtest.h>

namespace yihong {
namespace {

TEST(PackedText, GivesTheTextBackBehindWhatIsThere)
{
    std::string text;
    for (int i = 0; i < 500; ++i)
        text += R"({"time":"2025-08-01T00:00:00Z","values":{"ph":)" + std::to_string(i * 7919 % 1000) + "}},";
    for (auto const& one : {std::string{}, std::string{"x"}, std::string(3, '\0'), text}) {
        PackedText const packed{one};
        EXPECT_EQ(packed.size(), one.size());
        std::string out = "before ";
        packed.append_to(out);
        EXPECT_EQ(out, "before " + one);
    }
}

TEST(PackedText, TakesAFractionOfWhatRecordsTake)
{
    std::string text;
    for (int i = 0; i < 24; ++i)
        text += R"({"time":"2025-08-01T00:00:00Z","interval":"hour","status":"normal","values":{"ph":)" + std::to_string(i * 7919 % 1000) +
                "}},";
    EXPECT_LT(PackedText{text}.memory(), text.size() / 5);
}

TEST(PackedText, IsEmptyWhereNothingWasPacked)
{
    std::string out = "all";
    PackedText{}.append_to(out);
    EXPECT_EQ(out, "all");
}

}  // namespace
}  // namespace yihong
