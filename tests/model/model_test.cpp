#include "yihong/model/layer.hpp"
#include "yihong/model/record.hpp"
#include "yihong/model/site.hpp"

#include <gtest/gtest.h>

namespace yihong {
namespace {

TEST(Flag, IsOneOrTwoLettersOrDigits)
{
    EXPECT_TRUE(Flag::parse("N")->is_normal());
    EXPECT_FALSE(Flag::parse("hd")->is_normal());
    EXPECT_EQ(Flag::parse("hd")->text(), "hd");
    EXPECT_FALSE(Flag::parse("Nx")->is_normal());
    for (auto const* bad : {"", "abc", "*", "-", " N"})
        EXPECT_FALSE(Flag::parse(bad)) << bad;
}

TEST(IntervalKind, KnowsTheLengthOfItsPeriod)
{
    using namespace std::chrono_literals;
    EXPECT_EQ(period_length(IntervalKind::four_hours), 240min);
    EXPECT_EQ(period_length(IntervalKind::day, 10min), 1440min);
    EXPECT_EQ(period_length(IntervalKind::minute, 10min), 10min);
    EXPECT_EQ(period_length(IntervalKind::minute), 0min);
    EXPECT_EQ(period_length(IntervalKind::realtime, 10min), 0min);
}

TEST(IntervalKind, ReadsBackItsOwnText)
{
    for (auto const kind : all_interval_kinds)
        EXPECT_EQ(parse_interval_kind(to_text(kind)), kind);
    EXPECT_NE(parse_interval_kind("4 h").error().detail.find("4h"), std::string::npos) << "the answer lists what is permitted";
}

TEST(SiteRegistry, FindsByIdDeviceNumberAndForeignName)
{
    Site site;
    site.id = "zhangliuzhuang";
    site.mn = "A140800_0001";
    site.external_ids = {{"cnemc", "山西省/张留庄"}};
    SiteRegistry const registry{{site}};
    EXPECT_EQ(registry.find("zhangliuzhuang"), &registry.all().front());
    EXPECT_EQ(registry.find("A140800_0001"), &registry.all().front());
    EXPECT_EQ(registry.find_external("cnemc", "山西省/张留庄"), &registry.all().front());
    EXPECT_EQ(registry.find("张留庄"), nullptr);
    EXPECT_EQ(registry.find_external("cnemc\n山西省", "/张留庄"), nullptr);
}

}  // namespace
}  // namespace yihong
