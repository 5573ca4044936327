#include "yihong/features/feature_list.hpp"

#include "yihong/features/feature.hpp"

#include <gtest/gtest.h>

#include <string>

namespace yihong {
namespace {

using namespace std::chrono_literals;

FeatureList::Item item(std::string id, std::optional<UtcTime> time = {})
{
    static auto const schema = std::make_shared<Schema const>();
    return std::make_shared<PointFeature const>(std::move(id), std::nullopt, time, schema);
}

std::vector<std::string> ids(FeatureList const& list)
{
    std::vector<std::string> all;
    for (auto const& feature : list)
        all.push_back(feature->id());
    return all;
}

TEST(FeatureList, IsEmptyAtFirst)
{
    FeatureList const none;
    EXPECT_EQ(none.size(), 0U);
    EXPECT_EQ(none.time(), TimeInterval{});
    EXPECT_EQ(ids(none.with({})), ids(none));
}

TEST(FeatureList, KeepsItsFeaturesWhenAnotherListIsMadeOfIt)
{
    for (std::size_t const size : {1U, 63U, 64U, 65U, 1000U}) {
        std::vector<FeatureList::Item> all;
        for (std::size_t i = 0; i < size; ++i)
            all.push_back(item(std::to_string(i), UtcTime{} + std::chrono::hours{i}));
        FeatureList const list{all};
        std::vector<FeatureList::Change> const changes{{size - 1, item("last", UtcTime{} - 5h)}, {0, item("first", UtcTime{} + 5000h)}};
        auto const next = list.with(changes);
        ASSERT_EQ(next.size(), size);
        for (std::size_t i = 0; i < size; ++i) {
            EXPECT_EQ(list[i], all[i]);
            EXPECT_EQ(next[i] == all[i], i != 0 && i != size - 1) << i;
        }
        EXPECT_EQ(list.time(), (TimeInterval{UtcTime{}, UtcTime{} + std::chrono::hours{size - 1}}));
        EXPECT_EQ(next[0]->id(), "first");
        EXPECT_EQ(next.time().end, UtcTime{} + 5000h);
        EXPECT_EQ(next.time().begin, size == 1 ? UtcTime{} + 5000h : UtcTime{} - 5h);
    }
}

TEST(FeatureList, TakesTheTimesOfItsFeaturesBackWithThem)
{
    FeatureList const list{{item("a", UtcTime{1h}), item("b"), item("c", UtcTime{9h})}};
    EXPECT_EQ(list.time(), (TimeInterval{UtcTime{1h}, UtcTime{9h}}));
    EXPECT_EQ(list.with(std::vector<FeatureList::Change>{{2, item("c")}}).time(), (TimeInterval{UtcTime{1h}, UtcTime{1h}}));
    EXPECT_EQ(list.with(std::vector<FeatureList::Change>{{2, item("c")}, {0, item("a")}}).time(), TimeInterval{});
}

}  // namespace
}  // namespace yihong
