// Supplementary items of drinking-water sources (GB 3838 Table 2).
#include "testing.hpp"

namespace yihong {
namespace {

using namespace testing;

SectionPeriod source(Values values, bool is_source = true)
{
    SectionSums sums{period("2025-10"), {}, book().parameters()};
    sums.add(at("2025-10-05T09:00", IntervalKind::sample, values));
    SectionFacts facts;
    facts.drinking_water_source = is_source;
    return evaluate_section(period("2025-10"), sums.finish(), facts, {}, book(), time("2026-06-01T00:00:00Z"));
}
std::string text_of(SectionPeriod const& section) { return drinking_water_text(*section.drinking_water, book().parameters()); }

TEST(DrinkingWater, HoldsWhereEveryItemOfTheTableIsMeasuredAndMet)
{
    auto const made = source({{"sulfate", "250.0"}, {"chloride", "41"}, {"nitrate", "10"}, {"iron", "0.30"}, {"manganese", "0.1"}});
    EXPECT_EQ(made.drinking_water->met(), true);
    EXPECT_EQ(drinking_water_exceeded(*made.drinking_water, book().parameters()), "");
    EXPECT_EQ(text_of(made), "饮用水源补充项目（GB 3838表2）达标");
    EXPECT_TRUE(made.judgement.deciding.empty()) << "they are in no class";
}

TEST(DrinkingWater, SaysWhatExceedsByHowMuchAndWhatWasNotMeasured)
{
    auto const over = source({{"sulfate", "300"}, {"nitrate", "10.1"}, {"iron", "0.1"}});
    EXPECT_EQ(over.drinking_water->met(), false);
    EXPECT_EQ(drinking_water_exceeded(*over.drinking_water, book().parameters()), "硫酸盐(0.2)、硝酸盐(0.01)");
    EXPECT_EQ(text_of(over),
              "饮用水源补充项目（GB 3838表2）不达标：硫酸盐 300.0 mg/L（限值250，超0.2倍）、硝酸盐 10.10 mg/L（限值10，超0.01倍）；"
              "未测 氯化物、锰");
    auto const open = source({{"sulfate", "30"}, {"ph", "8"}});
    EXPECT_EQ(open.drinking_water->met(), std::nullopt);
    EXPECT_EQ(text_of(open), "饮用水源补充项目（GB 3838表2）不判定，未测 氯化物、硝酸盐、铁、锰");
    EXPECT_EQ(explain(open, book().parameters()), "2025年10月水质类别Ⅰ类，优；" + text_of(open) + "。");
    EXPECT_FALSE(source({{"sulfate", "300"}}, false).drinking_water);
}

}  // namespace
}  // namespace yihong
