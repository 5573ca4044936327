#pragma once

#include "yihong/reports/picture.hpp"

#include <string>

namespace yihong::documents {

/// An enhanced metafile (MS-EMF): lines and letters that every Word, WPS and LibreOffice draws, with the fonts of whoever reads it. The same picture
/// gives the same bytes.
std::string to_emf(Picture const& picture);

}  // namespace yihong::documents
