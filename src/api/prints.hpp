#pragma once

#include "yihong/documents/template.hpp"
#include "yihong/http/parameters.hpp"

#include <string>

/// What reports come as.
namespace yihong::api {

enum class Print : std::uint8_t { html, xlsx, docx };

/// What every report may be asked with, beside what it is of.
struct Printing {
    bool links = true;
    std::string number;
    Print print = Print::html;
};
http::Parameters<Printing> printing_parameters();
/// The bodies that a report comes as, for its declaration.
std::vector<http::Response> printed_responses();

/// The content in the bureau's template. \return Errc::broken_file naming the template where it does not do
Result<std::string> in_template(documents::Kind kind, std::filesystem::path const& file, ReportContent const& content);
/// 200 with the right type; 500 for a template that does not do, which is no fault of who asks; else 400.
http::Reply printed_reply(Print print, Result<std::string> made);

}  // namespace yihong::api
