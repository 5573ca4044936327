#pragma once

#include "yihong/periods/calendar.hpp"
#include "yihong/reports/report_content.hpp"

#include <string>
#include <string_view>
#include <vector>

/// Reports that were handed out (印发): what they said is kept, so that the next one can say what became of it.
namespace yihong {

struct Issue {
    std::string kind;  ///< `water-month`
    Period period;
    std::string place;  ///< whose sections; empty: all
    std::string number;  ///< 期号, the same for every version
    int version = 1;  ///< 2: handed out again
    UtcTime as_of{};
    UtcTime issued{};
    std::string ending;  ///< of the file: `docx`
    ReportContent content;
};

/// `water-month_2025-10_v2`, with the place behind the period where there is one: letters that a file name may have.
std::string issue_id(Issue const& issue);
std::string issue_json(Issue const& issue);
/// \return Errc::bad_syntax, bad_value for what `issue_json` did not write
Result<Issue> read_issue(std::string_view json);

/// What of the lists differs, row by row by its name: `断面 张留庄：氨氮 1.05→1.12、类别 Ⅲ→Ⅳ`. At most `most`, then how many more.
std::vector<std::string> changes_between(ReportContent const& before, ReportContent const& now, std::size_t most = 40);
/// Where the present report says another thing of the compared period than was printed of it: its columns 上期…, against those of the issue.
std::vector<std::string> base_changes(ReportContent const& issued_base, ReportContent const& now, std::size_t most = 40);

/// Notes for a report: that it is a new version, with what changed, and that the compared period was printed otherwise. \param previous, base may be null
std::vector<std::string> issue_notes(Issue const* previous, Issue const* base, ReportContent const& now);

}  // namespace yihong
