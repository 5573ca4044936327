#pragma once

#include "yihong/http/declaration.hpp"

#include <span>
#include <string>
#include <vector>

namespace yihong::http {

/// `{"href":…,"rel":…}`, as every face links.
extern Component const link_component;
/// RFC 9457, as `make_problem` writes it.
extern Component const problem_component;

/// What an OpenAPI document says of the service as a whole.
struct OpenApiInfo {
    std::string title, description, version;
    std::string contact_name = {}, contact_url = {}, contact_email = {};
    std::string root;                              ///< `http://host[/prefix]`
    bool public_reads = true;                      ///< false: every read asks for a token
    std::string access_key_parameter;
};

/// The OpenAPI 3.0 document of these routes. `x-scope` of an operation is what a token must cover. Texts are Chinese and English.
/// \throws std::logic_error where two components or two shared parameters have one name and are not the same
std::string openapi_document(OpenApiInfo const& info, std::span<Declaration const> declarations);

}  // namespace yihong::http
