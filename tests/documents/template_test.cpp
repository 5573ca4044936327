#include "yihong/documents/template.hpp"

#include "yihong/compress/zip.hpp"

#include <gtest/gtest.h>
#include <pugixml.hpp>

#include <algorithm>

namespace yihong::documents {
namespace {

/// A document of these paragraphs and tables.
std::string docx(std::string const& body, std::vector<ZipPart> more = {})
{
    std::vector<ZipPart> parts{{"[Content_Types].xml", "<Types/>"},
                               {"word/document.xml", "<w:document><w:body>" + body + "</w:body></w:document>"}};
    std::ranges::move(more, std::back_inserter(parts));
    return pack(parts);
}
std::string run(std::string const& text) { return "<w:r><w:t>" + text + "</w:t></w:r>"; }
std::string paragraph(std::string const& text) { return "<w:p>" + run(text) + "</w:p>"; }
std::string cell(std::string const& text) { return "<w:tc><w:tcPr><w:tcW/><w:vAlign/></w:tcPr>" + paragraph(text) + "</w:tc>"; }

ReportContent content()
{
    ReportContent made;
    made.fields = {{"标题", {"十月 <报告>"}}, {"期号", {"10"}}, {"两行", {"一\n二"}}};
    made.lists["断面"] = {{"名称", "类别"}, {{{"甲{{标题}}", {}, "https://water.example/a?b=1&c=2"}, {"Ⅲ", "#00FF00"}}, {{"乙"}, {"--"}}}};
    made.lists["说明"] = {{"内容"}, {{{"第一条"}}, {{"第二条"}}}};
    made.lists["空"] = {{"项"}, {}};
    return made;
}

std::string part_of(std::string const& archive, std::string_view name)
{
    for (auto const& part : unpack(archive).value())
        if (part.name == name)
            return part.content;
    return {};
}

/// The text of all paragraphs, one a line.
std::string text_of(std::string const& xml)
{
    pugi::xml_document document;
    EXPECT_TRUE(document.load_string(xml.c_str(), pugi::parse_default | pugi::parse_ws_pcdata)) << xml;
    std::string out;
    for (auto const& paragraph : document.select_nodes("//w:p")) {
        for (auto const& text : paragraph.node().select_nodes(".//w:t"))
            out += text.node().text().get();
        out += '\n';
    }
    return out;
}

std::string filled(std::string const& body)
{
    auto made = fill_template(docx(body), content());
    EXPECT_TRUE(made.has_value()) << made.error().detail;
    return part_of(*made, "word/document.xml");
}

TEST(Template, FillsFieldsWhereverTheyStand)
{
    EXPECT_EQ(text_of(filled(paragraph("第{{期号}}期：{{ 标题 }}。"))), "第10期：十月 <报告>。\n");
    EXPECT_NE(filled(paragraph("{{两行}}")).find("一</w:t><w:br/><w:t"), std::string::npos);
    auto const made =
        fill_template(docx(paragraph("正文"), {{"word/header1.xml", "<w:hdr>" + paragraph("{{标题}}") + "</w:hdr>"}}), content());
    EXPECT_EQ(text_of(part_of(*made, "word/header1.xml")), "十月 <报告>\n");
}

TEST(Template, FindsANameThatWordHasCutUp)
{
    auto const body = "<w:p><w:r><w:rPr><w:b/></w:rPr><w:t xml:space=\"preserve\">在 {{</w:t></w:r><w:proofErr/><w:r><w:t>标</w:t></w:r>" +
                      std::string{"<w:r><w:t>题}</w:t></w:r><w:r><w:t>} 后</w:t></w:r></w:p>"};
    auto const made = filled(body);
    EXPECT_EQ(text_of(made), "在 十月 <报告> 后\n");
    EXPECT_NE(made.find("<w:rPr><w:b/></w:rPr><w:t xml:space=\"preserve\">十月"), std::string::npos) << made;
}

TEST(Template, RepeatsTheRowOfATableForEachRowOfAList)
{
    auto const made = filled("<w:tbl><w:tr>" + cell("断面") + cell("类别") + "</w:tr><w:tr>" + cell("{{断面.名称}}") +
                             cell("{{断面.类别}}（{{期号}}）") + "</w:tr></w:tbl>");
    EXPECT_EQ(text_of(made), "断面\n类别\n甲{{标题}}\nⅢ（10）\n乙\n--（10）\n");           // what data say is no name
    EXPECT_NE(made.find("<w:tcW/><w:shd w:val=\"clear\" w:color=\"auto\" w:fill=\"00FF00\"/><w:vAlign/>"), std::string::npos) << made;
    EXPECT_NE(made.find("<w:fldSimple w:instr=\" HYPERLINK &quot;https://water.example/a?b=1&amp;c=2&quot; \"><w:r>"), std::string::npos)
        << made;
    EXPECT_EQ(made.find("yihong-placeholder"), std::string::npos);
}

TEST(Template, RepeatsAParagraphOutsideOfTables)
{
    EXPECT_EQ(text_of(filled(paragraph("说明") + paragraph("· {{说明.内容}}。") + paragraph("完"))), "说明\n· 第一条。\n· 第二条。\n完\n");
}

TEST(Template, SaysOfAListWithoutRowsThatThereIsNothing)
{
    EXPECT_EQ(text_of(filled("<w:tbl><w:tr>" + cell("项") + "</w:tr><w:tr>" + cell("{{空.项}}") + "</w:tr></w:tbl>" +
                             paragraph("{{空.项}}") + paragraph("完"))),
              "项\n--\n完\n");
    EXPECT_EQ(text_of(filled(paragraph("{{空.项}}"))), "\n");     // a document has to hold a paragraph
}

TEST(Template, NamesWhatThereIsNot)
{
    auto const problem = [](std::string const& body) { return fill_template(docx(body), content()).error().detail; };
    EXPECT_EQ(problem(paragraph("{{期好}}")), "没有 {{期好}}，可用 there is no such name; there are: 两行、期号、标题");
    EXPECT_EQ(problem(paragraph("{{断面.类型}}")), "没有 {{断面.类型}}，“断面”中可用 there is no such name; there are: 名称、类别");
    EXPECT_EQ(problem(paragraph("{{站点.名称}}")), "没有 {{站点.名称}}，可用 there is no such name; there are: 断面.…、空.…、说明.…");
    EXPECT_NE(problem(paragraph("第{{期号期")).find("不成对"), std::string::npos);
    EXPECT_NE(problem(paragraph("第期号}}期")).find("不成对"), std::string::npos);
    EXPECT_NE(problem(paragraph("{{期{{期号}}")).find("不成对"), std::string::npos);
    EXPECT_NE(problem(paragraph("{{}}")).find("没有名称"), std::string::npos);
    EXPECT_NE(problem("<w:tbl><w:tr>" + cell("{{断面.名称}}") + cell("{{说明.内容}}") + "</w:tr></w:tbl>").find("一行只能取自一个列表"),
              std::string::npos);
    auto const both = problem(paragraph("{{期好}}") + paragraph("{{期好}}{{标体}}"));
    EXPECT_EQ(std::ranges::count(both, '\n'), 1) << both;         // each once
}

TEST(Template, RefusesWhatIsNoDocument)
{
    EXPECT_EQ(fill_template("not a document", content()).error().code, Errc::broken_file);
    EXPECT_EQ(fill_template(pack({{"xl/workbook.xml", "<workbook/>"}}), content()).error().code, Errc::broken_file);
    EXPECT_EQ(fill_template(docx("<w:p>"), content()).error().code, Errc::broken_file);
    auto whole = docx(paragraph("{{标题}}"));
    EXPECT_EQ(fill_template(whole.substr(0, whole.size() - 30), content()).error().code, Errc::broken_file);
    whole[whole.find("word/document.xml") + 25] ^= 0x55;          // within its deflated text
    EXPECT_EQ(fill_template(whole, content()).error().code, Errc::broken_file);
}

TEST(Template, MakesTheSameBytes)
{
    auto const body = paragraph("{{标题}}");
    EXPECT_EQ(fill_template(docx(body), content()).value(), fill_template(docx(body), content()).value());
    EXPECT_EQ(shipped_template(Kind::air_month), shipped_template(Kind::air_month));
    EXPECT_NE(shipped_template(Kind::air_month), shipped_template(Kind::water_month));
    EXPECT_LT(shipped_template(Kind::water_month).size(), 16U * 1024);
}

}  // namespace
}  // namespace yihong::documents
