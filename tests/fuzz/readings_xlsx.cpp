// fuzzes: readings_io
#include "yihong/compress/zip.hpp"

#include "readings_names.hpp"

/// The sheet, and behind a line of three hyphens its shared texts, in a workbook that is sound otherwise; what begins as an archive, as it is.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    auto const text = yihong::fuzz::text_of(data, size);
    if (text.starts_with("PK")) {
        yihong::fuzz::check(yihong::read_xlsx(text, yihong::fuzz::names()));
        return 0;
    }
    auto const parted = text.find("\n---\n");
    auto const shared = parted == std::string_view::npos ? std::string_view{"<sst/>"} : text.substr(parted + 5);
    auto const book =
        yihong::pack({{"xl/workbook.xml", R"(<workbook><sheets><sheet name="s" r:id="a"/></sheets></workbook>)"},
                      {"xl/_rels/workbook.xml.rels", R"(<Relationships><Relationship Id="a" Target="s.xml"/></Relationships>)"},
                      {"xl/sharedStrings.xml", std::string{shared}},
                      {"xl/s.xml", std::string{text.substr(0, parted)}}});
    yihong::fuzz::check(yihong::read_xlsx(book, yihong::fuzz::names()));
    return 0;
}
