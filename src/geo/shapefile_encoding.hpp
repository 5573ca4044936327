#pragma once

#include "gdal_source.hpp"

#include <string>

namespace yihong::geo {

/// What the bytes of a Shapefile's text tell against what its .cpg or DBF header says.
struct EncodingLook {
    std::string encoding;                                      ///< to open it with: `UTF-8`, `GBK` or `GB18030`; empty: as the file says
    bool contradicted = false;                                 ///< the file says something else; otherwise it says nothing
    std::string said;                                          ///< by the file; may be empty
    std::string unreadable;  ///< the first text that is in none of these encodings, for a warning; empty: none
};

/// Looks at the bytes themselves: most Chinese files are GBK and carry no .cpg, which GDAL takes for Latin-1; others carry one that was
/// written by a program that did not know. Names for single bytes (`ANSI`, `OEM`, Latin-1) say nothing. An East Asian or Cyrillic encoding that
/// the file names stands. Empty for other formats.
EncodingLook look_at_encoding(GDALDataset& opened, std::string const& source);

}  // namespace yihong::geo
