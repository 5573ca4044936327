#include "yihong/base/least_recent.hpp"

#include <gtest/gtest.h>

namespace yihong {
namespace {

TEST(LeastRecent, ThrowsOutWhatWasNotUsedForLongest)
{
    LeastRecent<int> kept;
    for (int i = 0; i < 3; ++i)
        EXPECT_TRUE(kept.put({std::string(1, static_cast<char>('a' + i)), "v", i, 30}, 100).empty());
    ASSERT_NE(kept.find("a"), nullptr);
    auto const left = kept.put({"d", "v", 3, 30}, 100);
    ASSERT_EQ(left.size(), 1U);
    EXPECT_EQ(left.front().key, "b") << "a was used since";
    EXPECT_EQ(kept.find("b"), nullptr);
    EXPECT_EQ(kept.find("a")->value, 0);
    EXPECT_EQ(kept.bytes(), 90U);
}

TEST(LeastRecent, ReplacesWhatHasTheSameKeyAndRefusesWhatIsTooLarge)
{
    LeastRecent<int> kept;
    (void)kept.put({"a", "1", 1, 40}, 100);
    auto const left = kept.put({"a", "2", 2, 20}, 100);
    ASSERT_EQ(left.size(), 1U);
    EXPECT_EQ(left.front().version, "1");
    EXPECT_EQ(kept.find("a")->version, "2");
    EXPECT_TRUE(kept.put({"b", "1", 3, 51}, 100).empty());
    EXPECT_EQ(kept.find("b"), nullptr);
    EXPECT_EQ(kept.bytes(), 20U);
    EXPECT_EQ(kept.put({"c", "1", 4, 10}, 25).size(), 1U) << "the limit may have become less";
}

}  // namespace
}  // namespace yihong
