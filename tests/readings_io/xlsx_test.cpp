#include "archive_fixture.hpp"

#include "yihong/compress/zip.hpp"

#include <filesystem>
#include <fstream>

namespace yihong {
namespace {

/// A workbook of one sheet, 采样, and a hidden one before it.
std::string workbook(std::string const& rows, std::string const& shared = {})
{
    return pack({{"[Content_Types].xml", "<Types/>"},
                 {"xl/workbook.xml", R"(<workbook xmlns:r="r"><sheets><sheet name="hidden" sheetId="1" state="hidden" r:id="rId1"/>)"
                                     R"(<sheet name="采样" sheetId="2" r:id="rId2"/></sheets></workbook>)"},
                 {"xl/_rels/workbook.xml.rels", R"(<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/>)"
                                                R"(<Relationship Id="rId2" Target="/xl/worksheets/sheet2.xml"/></Relationships>)"},
                 {"xl/sharedStrings.xml", "<sst>" + shared + "</sst>"},
                 {"xl/worksheets/sheet1.xml", "<worksheet><sheetData/></worksheet>"},
                 {"xl/worksheets/sheet2.xml", "<worksheet><sheetData>" + rows + "</sheetData></worksheet>"}});
}

/// A row of texts and numbers.
std::string row(int number, std::vector<std::string> const& cells)
{
    std::string out = "<row r=\"" + std::to_string(number) + "\">";
    for (std::size_t i = 0; i < cells.size(); ++i) {
        auto const place = std::string{static_cast<char>('A' + i)} + std::to_string(number);
        bool const is_number = !cells[i].empty() && cells[i].find_first_not_of("0123456789.") == std::string::npos;
        if (is_number)
            out += "<c r=\"" + place + "\"><v>" + cells[i] + "</v></c>";
        else if (!cells[i].empty())
            out += "<c r=\"" + place + "\" t=\"inlineStr\"><is><t>" + cells[i] + "</t></is></c>";
    }
    return out + "</row>";
}
std::string const head = row(1, {"site", "time", "interval", "plan_month", "ph", "w21003"});

TEST(Xlsx, ReadsSamplesOfALaboratory)
{
    // a time as Excel keeps it (2025-11-01 09:00), a plan month that became a day, numbers as doubles, an empty row, rich text
    auto const book =
        workbook(head + row(2, {"longmen", "45962.375", "sample", "45931", "7.0999999999999996", "0.10000000000000001"}) +
                     R"(<row r="4"><c r="A4" t="s"><v>0</v></c><c t="inlineStr"><is><r><t>2025-11-02</t></r><r><t> 10:00</t></r></is></c>)"
                     R"(<c t="str"><v>sample</v></c><c r="E4"><v>8</v></c></row>)",
                 "<si><t>xiaohancun</t><rPh><t>x</t></rPh></si>");
    auto const batch = read_xlsx(book, names());
    ASSERT_TRUE(batch.has_value()) << batch.error().detail;
    EXPECT_EQ(shown(*batch), (Lines{"longmen sample 2025-11-01T01:00:00Z normal ph=7.1 ammonia_nitrogen=0.1 plan_month=202510",
                                    "xiaohancun sample 2025-11-02T02:00:00Z normal ph=8"}));
    expect_self_contained(*batch);
}

/// A file as a spreadsheet program writes it: times and months in formats of their own, a formula, texts shared.
TEST(Xlsx, ReadsWhatSpreadsheetProgramsWrite)
{
    auto const whole = read_all(sample("laboratory_samples.xlsx"));
    ASSERT_FALSE(whole.failure.has_value()) << whole.failure->detail;
    EXPECT_EQ(
        whole.lines,
        (Lines{"longmen sample 2025-11-01T01:00:00Z normal ph=7.1 cod=12.5 ammonia_nitrogen=0.1 total_phosphorus=<0.01 plan_month=202510",
               "zhangliuzhuang sample 2025-11-03T02:30:00Z normal ph=8.05 cod=18 ammonia_nitrogen=0.35 total_phosphorus=0.08 "
               "plan_month=202511"}));
}

TEST(Xlsx, NamesSheetRowAndColumnOfWhatItRefuses)
{
    auto const batch = read_xlsx(workbook(head + row(3, {"longmen", "45962.375", "sample", "2025-10", "7,1x", "0.2"}) +
                                          row(5, {"nowhere", "45962.375", "sample", "", "7.1"})),
                                 names());
    ASSERT_TRUE(batch.has_value());
    ASSERT_EQ(batch->refused.size(), 2U);
    EXPECT_TRUE(batch->refused[0].failure.detail.starts_with("sheet '采样', row 3: ph: ")) << batch->refused[0].failure.detail;
    EXPECT_TRUE(batch->refused[1].failure.detail.starts_with("sheet '采样', row 5: site")) << batch->refused[1].failure.detail;
    EXPECT_EQ(batch->records.size(), 1U);
    EXPECT_EQ(batch->format, "readings-csv") << "what was refused is read again as a line of CSV";
    auto const unknown = read_xlsx(workbook(row(2, {"site", "time", "interval", "moonlight"})), names());
    ASSERT_FALSE(unknown.has_value());
    EXPECT_EQ(unknown.error().detail, "sheet '采样', row 2, column D: column 'moonlight' is neither a field nor a parameter");
}

TEST(Xlsx, RefusesWhatIsNoWorkbookOrTooMuch)
{
    auto const code = [](std::string const& bytes) { return read_xlsx(bytes, names()).error().code; };
    EXPECT_EQ(code("site,time\n"), Errc::broken_file);
    EXPECT_EQ(code(pack({{"word/document.xml", "<w/>"}})), Errc::broken_file);
    EXPECT_EQ(code(workbook("<row r=\"2\"/><row r=\"1\"/>")), Errc::broken_file);
    EXPECT_EQ(code(workbook("<row r=\"99999999\"/>")), Errc::broken_file);
    EXPECT_EQ(code(workbook(head).substr(0, 300)), Errc::broken_file);
    EXPECT_EQ(code(workbook("<row")), Errc::broken_file);
    EXPECT_EQ(code(workbook(std::string(65U << 20U, ' '))), Errc::too_large) << "64 MB that pack into some KB";
    std::string deep;                                     // deeper than a stack
    for (int i = 0; i < 1'000'000; ++i)
        deep += "<r>";
    EXPECT_EQ(code(workbook(head, "<si>" + deep)), Errc::broken_file);
    std::string row_of_one_text = "<row>";                // 300 times a text of 1 MB
    for (int i = 0; i < 300; ++i)
        row_of_one_text += "<c t=\"s\"><v>0</v></c>";
    EXPECT_EQ(code(workbook(row_of_one_text + "</row>", "<si><t>" + std::string(1U << 20U, 'x') + "</t></si>")), Errc::too_large);
    std::string wide;                                     // 5,000 rows of 16,384 columns
    for (int i = 1; i <= 5'000; ++i)
        wide += "<row r=\"" + std::to_string(i) + "\"><c r=\"XFD" + std::to_string(i) + "\"><v>1</v></c></row>";
    EXPECT_EQ(code(workbook(wide)), Errc::too_large);
}

TEST(Xlsx, IsImportedAsAFile)
{
    auto const book = workbook(head + row(2, {"longmen", "45962.375", "sample", "2025-10", "7.1", "0.2"}) +
                               row(3, {"longmen", "45963.375", "sample", "2025-11", "x", ""}));
    auto const whole = read_all_text(book, "samples.xlsx");
    ASSERT_FALSE(whole.failure.has_value()) << whole.failure->detail;
    EXPECT_EQ(whole.format, "readings-xlsx");
    EXPECT_EQ(whole.counts.records, 2U) << "of the second its plan month is left";
    EXPECT_EQ(whole.counts.rows, 2U);
    ASSERT_EQ(whole.lines.size(), 3U);
    EXPECT_NE(whole.lines[2].find("sheet '采样', row 3: ph: "), std::string::npos) << whole.lines[2];
    auto reader = ArchiveReader::over(book, "samples.xlsx", context());
    ASSERT_TRUE(reader.has_value());
    ASSERT_TRUE((*reader)->next(1).has_value());
    auto const position = (*reader)->position();
    auto again = ArchiveReader::over(book, "samples.xlsx", context());
    ASSERT_TRUE((*again)->resume(position).has_value());
    auto const rest = read_all(**again, 1000);
    ASSERT_EQ(rest.lines.size(), 2U) << "an import that was broken off goes on behind its last row";
    EXPECT_NE(rest.lines[1].find("row 3: ph: "), std::string::npos) << rest.lines[1];
}

}  // namespace
}  // namespace yihong
