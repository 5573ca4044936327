#pragma once

#include "yihong/http/declaration.hpp"

#include <span>
#include <string>

namespace yihong::http {

/// The routes and their parameters as Markdown, for docs/api.md: a table of routes by their tags, and one of what each takes. Chinese first.
std::string route_tables(std::span<Declaration const> declarations);

}  // namespace yihong::http
