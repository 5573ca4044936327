#include "yihong/readings_io/dust_list.hpp"

#include "yihong/compress/zip.hpp"

#include <gtest/gtest.h>

namespace yihong {
namespace {

TEST(DustList, ReadsCitiesAndDays)
{
    auto const days = read_dust_list("\xEF\xBB\xBF序号,城市,日期,AQI,文号\r\n1,运城市,2026-04-12,320,\"总站〔2026〕5号\"\r\n2,临汾市,2026/"
                                     "4/13,280,\r\n3,运城市,20260414,150,\n");
    ASSERT_TRUE(days) << days.error().detail;
    ASSERT_EQ(days->size(), 3U);
    EXPECT_EQ((*days)[0].place, "运城市");
    EXPECT_EQ(format_date((*days)[0].date), "2026-04-12");
    EXPECT_EQ((*days)[0].document, "总站〔2026〕5号");
    EXPECT_EQ(format_date((*days)[1].date), "2026-04-13");
    EXPECT_EQ(format_date((*days)[2].date), "2026-04-14");
    EXPECT_EQ((*days)[2].line, 4U);
    auto const gb18030 = read_dust_list("\xB3\xC7\xCA\xD0,\xC8\xD5\xC6\xDA\n\xD4\xCB\xB3\xC7\xCA\xD0,2026-04-12\n");
    ASSERT_TRUE(gb18030) << gb18030.error().detail;
    EXPECT_EQ(gb18030->at(0).place, "运城市");
}

std::string workbook(std::string const& rows)
{
    return pack({{"xl/workbook.xml", R"(<workbook><sheets><sheet name="扣沙" r:id="a"/></sheets></workbook>)"},
                 {"xl/_rels/workbook.xml.rels", R"(<Relationships><Relationship Id="a" Target="s.xml"/></Relationships>)"},
                 {"xl/s.xml", "<worksheet><sheetData>" + rows + "</sheetData></worksheet>"}});
}
constexpr auto head = R"(<row r="1"><c t="str"><v>城市</v></c><c t="str"><v>日期</v></c></row>)";

TEST(DustList, ReadsAWorkbook)
{
    // 2026-04-12 as a cell of a date, and as text
    auto const days =
        read_dust_list(workbook(head + std::string{R"(<row r="2"><c t="str"><v>运城市</v></c><c><v>46124</v></c></row>)"
                                                   R"(<row r="4"><c t="str"><v>临汾市</v></c><c t="str"><v>2026年4月13日</v></c></row>)"}));
    ASSERT_TRUE(days) << days.error().detail;
    ASSERT_EQ(days->size(), 2U);
    EXPECT_EQ((*days)[0].place, "运城市");
    EXPECT_EQ(format_date((*days)[0].date), "2026-04-12");
    EXPECT_EQ(format_date((*days)[1].date), "2026-04-13");
    EXPECT_EQ((*days)[1].line, 4U);
    auto const wrong =
        read_dust_list(workbook(head + std::string{R"(<row r="3"><c t="str"><v>运城市</v></c><c><v>46124.5</v></c></row>)"}));
    ASSERT_FALSE(wrong);
    EXPECT_EQ(wrong.error().detail, "sheet '扣沙', row 3, date (日期): '46124.5' is no date such as 2026-04-12") << "noon is no day";
    auto const cut = read_dust_list(workbook(head).substr(0, 200));
    ASSERT_FALSE(cut);
    EXPECT_EQ(cut.error().code, Errc::broken_file);
}

TEST(DustList, NamesLineAndColumnOfWhatIsWrong)
{
    auto const wrong = [](std::string_view text) {
        auto const days = read_dust_list(text);
        return days ? std::string{"nothing"} : days.error().detail;
    };
    EXPECT_EQ(wrong("city,value\n"), "line 1, date (日期): the header names no such column");
    EXPECT_EQ(wrong("city,date\n运城市,2026-02-30\n"), "line 2, date (日期): '2026-02-30' is no date such as 2026-04-12");
    EXPECT_EQ(wrong("city,date\n\n ,2026-02-03\n"), "line 3, city (城市): is empty");
    EXPECT_EQ(wrong("city,date,城市\n"), "line 1, 城市: stands there twice");
    EXPECT_EQ(wrong(""), "the list is empty");
}

}  // namespace
}  // namespace yihong
