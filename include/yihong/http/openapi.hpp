#pragma once

#include "yihong/base/json_writer.hpp"
#include "yihong/http/declaration.hpp"

#include <span>
#include <string>
#include <utility>
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
    /// Paths beside those of the routes, each with its path item as JSON; and the parameters that these refer to, by component.
    std::vector<std::pair<std::string, std::string>> more_paths = {};
    std::vector<ParameterText> more_parameters = {};
};

/// A parameter as it stands in the document: a reference where it is a component.
void write_parameter_or_reference(JsonWriter& json, ParameterText const& parameter);

/// The OpenAPI 3.0 document of these routes. `x-scope` of an operation is what a token must cover. Texts are Chinese and English.
/// \throws std::logic_error where two components or two shared parameters have one name and are not the same
std::string openapi_document(OpenApiInfo const& info, std::span<Declaration const> declarations);

}  // namespace yihong::http
