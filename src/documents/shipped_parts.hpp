#pragma once

#include "yihong/documents/template.hpp"

#include "archive.hpp"

namespace yihong::documents {

/// What the template that ships is packed of: packaging/templates, as the build found it.
std::vector<Part> shipped_parts(Kind kind);

}  // namespace yihong::documents
