#include "pictures.hpp"

#include "emf.hpp"
#include "placeholders.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <sstream>
#include <utility>

namespace yihong::documents {
namespace {

long emu(double mm) { return std::lround(mm * 36'000); }

/// The file of a picture in the archive, by its place among the content's: names of files are plain letters.
std::string file_of(ReportContent const& content, std::string const& name)
{
    return fmt::format("yihong{}.emf", std::distance(content.pictures.begin(), content.pictures.find(name)) + 1);
}

/// A line of fixed height would show a picture's lowest stripe alone.
void give_room(pugi::xml_node paragraph)
{
    auto properties = paragraph.child("w:pPr");
    if (!properties)
        properties = paragraph.prepend_child("w:pPr");
    auto spacing = properties.child("w:spacing");
    if (!spacing) {
        pugi::xml_node later;
        for (auto const* name :
             {"w:ind", "w:contextualSpacing", "w:mirrorIndents", "w:jc", "w:textAlignment", "w:outlineLvl", "w:rPr", "w:sectPr"})
            if (later = properties.child(name); later)
                break;
        spacing = later ? properties.insert_child_before("w:spacing", later) : properties.append_child("w:spacing");
    }
    for (auto const& [name, value] : {std::pair{"w:line", "240"}, std::pair{"w:lineRule", "auto"}}) {
        spacing.remove_attribute(name);
        spacing.append_attribute(name).set_value(value);
    }
}

/// Parses a part that may not be there yet. \param empty what it is then \return Errc::broken_file naming a part that cannot be read
Result<void> change_part(std::vector<ZipPart>& parts, std::string const& name, char const* empty, auto const& change)
{
    auto found = std::ranges::find(parts, name, &ZipPart::name);
    if (found == parts.end())
        found = parts.insert(parts.end(), {name, empty});
    pugi::xml_document document;
    if (auto const read = document.load_buffer(found->content.data(), found->content.size(), pugi::parse_full); !read)
        return fail(Errc::broken_file, fmt::format("{}: {}", name, read.description()));
    change(document.document_element());
    std::ostringstream out;
    document.save(out, "", pugi::format_raw, pugi::encoding_utf8);
    found->content = std::move(out).str();
    return {};
}

}  // namespace

void ShownPictures::show(pugi::xml_node run, std::string const& name)
{
    auto const& picture = content_.pictures.find(name)->second;
    auto paragraph = run.parent();
    while (paragraph && !is_named(paragraph, "w:p"))
        paragraph = paragraph.parent();
    for (auto child = run.first_child(); child;) {
        auto const next = child.next_sibling();
        if (!is_named(child, "w:rPr"))
            run.remove_child(child);
        child = next;
    }
    if (picture.is_empty()) {                              // with it goes the paragraph that was there for it
        if (paragraph && paragraph.select_nodes(".//w:t[string-length(.) > 0] | .//w:drawing").empty() &&
            (paragraph.previous_sibling("w:p") || paragraph.next_sibling("w:p")))
            paragraph.parent().remove_child(paragraph);
        return;
    }
    of_part_.push_back(name);
    shown_.insert(name);
    ++count_;
    give_room(paragraph);
    auto const drawing = fmt::format(
        R"(<w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{0}" cy="{1}"/><wp:docPr id="{2}" name="picture{2}"/><a:graphic xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:nvPicPr><pic:cNvPr id="{2}" name="picture{2}"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" r:embed="rIdYihong{3}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{0}" cy="{1}"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing>)",
        emu(picture.width_mm), emu(picture.height_mm), 9000 + count_, of_part_.size());
    run.append_buffer(drawing.data(), drawing.size(), pugi::parse_default, pugi::encoding_utf8);
    run.child("w:drawing").child("wp:inline").child("wp:docPr").append_attribute("descr").set_value(picture.title.c_str());
}

Result<void> ShownPictures::end_part(std::string_view part, std::vector<ZipPart>& parts)
{
    if (of_part_.empty())
        return {};
    auto const slash = part.rfind('/');
    auto const name = fmt::format("{}/_rels/{}.rels", part.substr(0, slash), part.substr(slash + 1));
    auto const shown = std::exchange(of_part_, {});
    return change_part(parts, name, R"(<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"/>)",
                       [&](pugi::xml_node root) {
                           for (std::size_t i = 0; i < shown.size(); ++i) {
                               auto relationship = root.append_child("Relationship");
                               relationship.append_attribute("Id").set_value(fmt::format("rIdYihong{}", i + 1).c_str());
                               relationship.append_attribute("Type").set_value(
                                   "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image");
                               relationship.append_attribute("Target").set_value(("media/" + file_of(content_, shown[i])).c_str());
                           }
                       });
}

Result<void> ShownPictures::end_document(std::vector<ZipPart>& parts) const
{
    if (shown_.empty())
        return {};
    for (auto const& name : shown_)
        parts.push_back({"word/media/" + file_of(content_, name), to_emf(content_.pictures.find(name)->second)});
    return change_part(parts, "[Content_Types].xml", "<Types/>", [](pugi::xml_node root) {
        for (auto const& known : root.children("Default"))
            if (known.attribute("Extension").value() == std::string_view{"emf"})
                return;
        auto type = root.prepend_child("Default");
        type.append_attribute("Extension").set_value("emf");
        type.append_attribute("ContentType").set_value("image/x-emf");
    });
}

}  // namespace yihong::documents
