#pragma once

#include <string>
#include <string_view>

namespace yihong::http {

/// A whole HTML document in the look of all pages: readable on a telephone, and printed without what only a screen needs (class `screen`).
/// \param title as text
/// \param head more of the head, as HTML: links
/// \param body as HTML: `header`, `main` and `footer` are columns of one width
std::string html_page(std::string_view title, std::string_view head, std::string_view body);

}  // namespace yihong::http
