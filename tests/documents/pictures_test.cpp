#include "yihong/compress/zip.hpp"
#include "yihong/documents/template.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <iterator>

namespace yihong::documents {
namespace {

ReportContent content()
{
    ReportContent made;
    made.fields["标题"] = {"十月"};
    made.pictures["类别"] = {
        "各类别",
        156,
        30,
        {rectangle(1, 2, 3, 4, "#00FF00"), PictureDisc{{5, 5}, 1, "#FF0000"}, PictureText{{10, 10}, "Ⅲ 8", PictureAnchor::middle}}};
    made.pictures["分布"] = {};
    return made;
}

constexpr auto usual_types = R"(<Types xmlns="t"><Default Extension="xml" ContentType="application/xml"/></Types>)";

Result<std::vector<ZipPart>> filled(std::string const& body, std::string const& types = usual_types, std::vector<ZipPart> more = {})
{
    std::vector<ZipPart> parts{{"[Content_Types].xml", types},
                               {"word/document.xml", "<w:document><w:body>" + body + "</w:body></w:document>"}};
    std::ranges::move(more, std::back_inserter(parts));
    auto made = fill_template(pack(parts), content());
    return made ? unpack(*made) : Result<std::vector<ZipPart>>{std::unexpected{made.error()}};
}
std::string part_of(std::vector<ZipPart> const& parts, std::string_view name)
{
    auto const found = std::ranges::find(parts, name, &ZipPart::name);
    return found == parts.end() ? "" : found->content;
}
std::uint32_t number_at(std::string const& bytes, std::size_t at)
{
    std::uint32_t value = 0;
    std::memcpy(&value, bytes.data() + at, sizeof value);
    return value;
}

TEST(Pictures, StandInTheDocumentWithTheirFileAndType)
{
    auto const parts =
        filled("<w:p><w:pPr><w:spacing w:line=\"560\" w:lineRule=\"exact\"/></w:pPr><w:r><w:t>{{图.类别}}</w:t></w:r></w:p>").value();
    auto const text = part_of(parts, "word/document.xml");
    EXPECT_NE(text.find("<wp:extent cx=\"5616000\" cy=\"1080000\"/>"), std::string::npos) << text;
    EXPECT_NE(text.find("descr=\"各类别\""), std::string::npos);
    EXPECT_EQ(text.find("exact"), std::string::npos);           // a line of fixed height would cut it off
    EXPECT_NE(part_of(parts, "word/_rels/document.xml.rels").find("Id=\"rIdYihong1\""), std::string::npos);
    EXPECT_NE(text.find("r:embed=\"rIdYihong1\""), std::string::npos);
    EXPECT_NE(part_of(parts, "[Content_Types].xml").find("Extension=\"emf\" ContentType=\"image/x-emf\""), std::string::npos);
    EXPECT_NE(part_of(parts, "word/_rels/document.xml.rels").find("Target=\"media/yihong2.emf\""),
              std::string::npos);  // 分布 comes before 类别
    EXPECT_FALSE(part_of(parts, "word/media/yihong2.emf").empty());
}

TEST(Pictures, AreMetafilesWhoseRecordsAddUp)
{
    auto const parts = filled("<w:p><w:r><w:t>{{图.类别}}</w:t></w:r></w:p>").value();
    auto const emf = part_of(parts, "word/media/yihong2.emf");
    ASSERT_GE(emf.size(), 108U);
    EXPECT_EQ(emf.substr(40, 4), " EMF");
    EXPECT_EQ(number_at(emf, 48), emf.size());
    std::size_t at = 0, count = 0;
    std::uint32_t type = 0;
    while (at < emf.size()) {
        type = number_at(emf, at);
        ASSERT_EQ(number_at(emf, at + 4) % 4, 0U);
        at += number_at(emf, at + 4);
        ++count;
    }
    EXPECT_EQ(at, emf.size());
    EXPECT_EQ(type, 14U);                                       // the end of the file is its last record
    EXPECT_EQ(number_at(emf, 52), count);
}

TEST(Pictures, LeaveWithTheirParagraphWhereThereIsNothingToShow)
{
    auto const parts = filled("<w:p><w:r><w:t>{{图.分布}}</w:t></w:r></w:p><w:p><w:r><w:t>{{标题}}</w:t></w:r></w:p>").value();
    auto const text = part_of(parts, "word/document.xml");
    EXPECT_EQ(text.find("w:drawing"), std::string::npos);
    EXPECT_EQ(text.find("<w:p/>"), std::string::npos);
    EXPECT_EQ(text.find("<w:p>"), text.rfind("<w:p>")) << text;
    EXPECT_EQ(std::ranges::count_if(parts, [](ZipPart const& part) { return part.name.starts_with("word/media/"); }), 0);
}

TEST(Pictures, NameThePartOfTheTemplateThatCannotBeRead)
{
    auto const body = "<w:p><w:r><w:t>{{图.类别}}</w:t></w:r></w:p>";
    auto const links = filled(body, usual_types, {{"word/_rels/document.xml.rels", "<Relationships><Relationship>"}});
    ASSERT_FALSE(links);
    EXPECT_EQ(links.error().code, Errc::broken_file);
    EXPECT_TRUE(links.error().detail.starts_with("word/_rels/document.xml.rels: ")) << links.error().detail;
    auto const types = filled(body, "");
    ASSERT_FALSE(types);
    EXPECT_TRUE(types.error().detail.starts_with("[Content_Types].xml: ")) << types.error().detail;
    EXPECT_TRUE(filled("<w:p/>", "")) << "without a picture nobody asks";
}

TEST(Pictures, AreNamedWhereThereIsNoSuchOne)
{
    auto const refused = filled("<w:p><w:r><w:t>{{图.地图}}</w:t></w:r></w:p>");
    ASSERT_FALSE(refused.has_value());
    EXPECT_NE(refused.error().detail.find("没有 {{图.地图}}，可用 there is no such name; there are: 图.分布、图.类别"), std::string::npos)
        << refused.error().detail;
}

}  // namespace
}  // namespace yihong::documents
