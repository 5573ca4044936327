#pragma once

#include "yihong/compress/zip.hpp"

#include <string>
#include <string_view>

namespace yihong::fuzz {

/// The sheet, and behind a line of three hyphens its shared texts, in a workbook that is sound otherwise; what begins as an archive, as it is.
inline std::string workbook_of(std::string_view text)
{
    if (text.starts_with("PK"))
        return std::string{text};
    auto const parted = text.find("\n---\n");
    auto const shared = parted == std::string_view::npos ? std::string_view{"<sst/>"} : text.substr(parted + 5);
    return pack({{"xl/workbook.xml", R"(<workbook><sheets><sheet name="s" r:id="a"/></sheets></workbook>)"},
                 {"xl/_rels/workbook.xml.rels", R"(<Relationships><Relationship Id="a" Target="s.xml"/></Relationships>)"},
                 {"xl/sharedStrings.xml", std::string{shared}},
                 {"xl/s.xml", std::string{text.substr(0, parted)}}});
}

}  // namespace yihong::fuzz
