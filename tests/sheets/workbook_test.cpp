#include "yihong/sheets/workbook.hpp"

#include <gtest/gtest.h>

namespace yihong::sheets {
namespace {

Sheet sheet(std::string name)
{
    return {std::move(name), {{"断面", 14}, {"均值", 8}}, {{std::string{"甲"}, Decimal{7100, 3}}, {std::string{"乙"}, Cell{}}}};
}
UtcTime const made{std::chrono::sys_days{std::chrono::year{2025} / 11 / 5}};

TEST(Workbook, IsAZipAndTheSameEveryTime)
{
    auto const first = to_xlsx({sheet("均值"), sheet("河流")}, made);
    EXPECT_EQ(first.substr(0, 4), "PK\x03\x04");
    EXPECT_NE(first.find("xl/worksheets/sheet2.xml"), std::string::npos);
    EXPECT_EQ(first, to_xlsx({sheet("均值"), sheet("河流")}, made));
}

TEST(Workbook, LeadsFromNumbersAndTexts)
{
    constexpr auto addresses = "xl/worksheets/_rels/sheet1.xml.rels";
    EXPECT_EQ(to_xlsx({sheet("均值")}, made).find(addresses), std::string::npos);
    auto linked = sheet("均值");
    linked.rows[0] = {Linked{std::string{"甲"}, "https://w/a?b=1&c=2"}, Linked{Decimal{7100, 3}, "https://w/b"}};
    EXPECT_NE(to_xlsx({linked}, made).find(addresses), std::string::npos);
}

TEST(Workbook, RefusesANameThatExcelDoes)
{
    EXPECT_THROW((void)to_xlsx({sheet("a/b")}, made), std::runtime_error);
    EXPECT_THROW((void)to_xlsx({sheet("均值"), sheet("均值")}, made), std::runtime_error);
}

}  // namespace
}  // namespace yihong::sheets
