#include "yihong/reports/issue.hpp"

#include <gtest/gtest.h>

namespace yihong {
namespace {

ReportContent content(std::string water_class, std::string ammonia, std::string base_class = "Ⅲ")
{
    ReportContent made;
    made.fields = {{"标题", {"2025年10月\n\"报告\""}}};
    made.lists["断面"] = {
        {"标识", "名称", "类别", "上期类别", "氨氮", "序号", "说明"},
        {{{"a"}, {"甲"}, {std::move(water_class), "#ffff00"}, {std::move(base_class)}, {std::move(ammonia)}, {"1"}, {"…"}},
         {{"b"}, {"乙"}, {"Ⅱ"}, {"Ⅱ"}, {"0.10"}, {"2"}, {"…"}}}};
    made.lists["说明"] = {{"序号", "内容"}, {{{"1"}, {"读取记录31条"}}}};
    return made;
}

Issue issue(ReportContent said)
{
    return {"water-month",
            parse_period("2025-01/2025-10").value(),
            "永济市",
            "10",
            1,
            parse_rfc3339("2025-11-05T00:00:00Z").value(),
            parse_rfc3339("2025-11-05T16:30:00Z").value(),
            "docx",
            std::move(said)};
}

TEST(Issue, IsReadAsItWasWritten)
{
    auto const kept = issue(content("Ⅳ", "1.05"));
    EXPECT_EQ(issue_id(kept), "water-month_2025-01~2025-10_%E6%B0%B8%E6%B5%8E%E5%B8%82_v1");
    auto const read = read_issue(issue_json(kept));
    ASSERT_TRUE(read.has_value()) << read.error().detail;
    EXPECT_EQ(issue_json(*read), issue_json(kept));
    EXPECT_EQ(read->period, kept.period);
    EXPECT_EQ(read->issued, kept.issued);
    EXPECT_EQ(read->content.lists.at("断面").rows[0][2].text, "Ⅳ");
    EXPECT_EQ(read_issue("{\"kind\":").error().code, Errc::bad_syntax);
    EXPECT_EQ(read_issue(R"({"period":"2025-13"})").error().code, Errc::bad_value);
    EXPECT_EQ(read_issue(R"({"lists":{"断面":{"columns":["名称"],"rows":[[]]}}})").error().code, Errc::bad_value);
}

TEST(Issue, TellsWhatChangedBetweenTwoVersions)
{
    auto const before = issue(content("Ⅳ", "1.05"));
    EXPECT_EQ(changes_between(before.content, content("Ⅲ", "0.95")), (std::vector<std::string>{"断面 甲：类别 Ⅳ→Ⅲ、氨氮 1.05→0.95"}));
    EXPECT_EQ(issue_notes(&before, nullptr, content("Ⅲ", "0.95")),
              (std::vector<std::string>{"本期为第2版，第1版印发于2025-11-06。与其相比：断面 甲：类别 Ⅳ→Ⅲ、氨氮 1.05→0.95。"}));
    EXPECT_EQ(issue_notes(&before, nullptr, content("Ⅳ", "1.05")),
              (std::vector<std::string>{"本期为第2版，第1版印发于2025-11-06。数字没有变化。"}));
    EXPECT_TRUE(issue_notes(nullptr, nullptr, content("Ⅳ", "1.05")).empty());
}

TEST(Issue, MarksAComparedPeriodThatWasPrintedOtherwise)
{
    auto base = issue(content("Ⅲ", "0.95"));
    base.period = parse_period("2024-10").value();
    EXPECT_TRUE(issue_notes(nullptr, &base, content("Ⅱ", "0.40", "Ⅲ")).empty());
    EXPECT_EQ(issue_notes(nullptr, &base, content("Ⅱ", "0.40", "Ⅳ")),
              (std::vector<std::string>{"2024年10月的数字与当时印发的第10期（第1版）不同，比较按现在的数字：断面 甲：上期类别 Ⅲ→Ⅳ。"}));
}

TEST(Issue, NamesTheFirstChangesAndCountsTheRest)
{
    ReportContent before, now;
    before.lists["断面"] = now.lists["断面"] = {{"名称", "氨氮"}, {}};
    for (int i = 0; i < 50; ++i) {
        before.lists["断面"].rows.push_back({{std::to_string(i)}, {"1"}});
        now.lists["断面"].rows.push_back({{std::to_string(i)}, {"2"}});
    }
    now.lists["断面"].rows.push_back({{"new"}, {"2"}});
    auto const changes = changes_between(before, now);
    ASSERT_EQ(changes.size(), 41U);
    EXPECT_EQ(changes.back(), "另有11处");
    std::swap(before, now);
    EXPECT_EQ(changes_between(before, now, 100).back(), "断面 new：不再列入");
}

}  // namespace
}  // namespace yihong
