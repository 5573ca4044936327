#pragma once

#include "yihong/base/result.hpp"
#include "yihong/reports/report_content.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

/// Word documents (.docx) made from a template of the bureau (报告模板).
namespace yihong::documents {

/// Which report a template is of.
enum class Kind : std::uint8_t { water_month, section_compliance, ranking, air_month, plants };

/// The template that ships, to be changed with Word or LibreOffice.
std::string shipped_template(Kind kind);

/// That of a file; the shipped one for an empty path. \return Errc::broken_file naming a file that cannot be read or is larger than 32 MB
Result<std::string> read_template(Kind kind, std::filesystem::path const& file);

/// Puts the content where the template names it: `{{标题}}` is a field, `{{断面.名称}}` a column of a list. The row of a table that names columns
/// of a list is repeated for each of its rows; outside of tables the paragraph is. Without rows, a table keeps one row of `--`, and a
/// paragraph goes. A name takes the format of its first letter, however Word has cut it up.
/// The same template and content give the same bytes.
/// \return Errc::broken_file for what is no .docx, or names the part of it that cannot be read, Errc::bad_value naming every name that there is not, with those that there are
Result<std::string> fill_template(std::string_view docx, ReportContent const& content);

}  // namespace yihong::documents
