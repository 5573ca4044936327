#pragma once

#include "yihong/documents/template.hpp"

#include "yihong/compress/zip.hpp"

namespace yihong::documents {

/// What the template that ships is packed of: packaging/templates, as the build found it.
std::vector<ZipPart> shipped_parts(Kind kind);

}  // namespace yihong::documents
