#pragma once

#include "yihong/reports/report_content.hpp"

#include <string>
#include <string_view>
#include <vector>

/// Pages of reports to be printed on A4, with the fonts and margins of GB/T 9704.
namespace yihong::page {

/// A column of a table: its heading, and what of the list stands in it.
struct Column {
    std::string_view heading;
    std::string_view name;
    bool is_text = false;  ///< runs from the left
};

/// Up to the first chapter: title, 期号, publisher and date from the content's fields. \param publisher empty: left blank
std::string begin(ReportContent const& content, std::string_view publisher);
/// Nothing without rows. \pre the list has the columns
std::string table(std::string_view caption, PrintedList const& list, std::vector<Column> const& columns);
/// A chart or map; nothing for an empty one. \pre the content has it
std::string picture(ReportContent const& content, std::string_view name);
/// 说明 and the lines to sign, to the end of the page.
std::string end(ReportContent const& content);

}  // namespace yihong::page
