#pragma once

#include "yihong/model/layer_set.hpp"
#include "yihong/reports/picture.hpp"
#include "yihong/reports/print_options.hpp"
#include "yihong/reports/report_kinds.hpp"
#include "yihong/reports/water_report.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

/// What a report says, by the Chinese names under which a page or a template of the bureau asks for it (报告内容): from one computation,
/// whatever it is printed as.
namespace yihong {

/// A figure or a text as it is printed.
struct Printed {
    std::string text;  ///< `--` where there is nothing; lines end with \n
    std::string fill = {};  ///< `#00FFFF` under it; empty: none
    std::string link = {};  ///< address of the records it comes from; empty: none
};

/// Rows of the same columns: sections, rivers, notes.
struct PrintedList {
    std::vector<std::string> columns;
    std::vector<std::vector<Printed>> rows;  ///< as many as there are columns in each
    /// \return nothing for a name that is not among the columns
    [[nodiscard]] std::optional<std::size_t> column(std::string_view name) const noexcept;
};

struct ReportContent {
    std::map<std::string, Printed, std::less<>> fields;  ///< 标题, 时段, …
    std::map<std::string, PrintedList, std::less<>> lists;  ///< 断面, 河流, …
    std::map<std::string, Picture, std::less<>> pictures = {};  ///< 类别, 分布, …; empty ones where there is nothing to show
};

/// All of the water report of a period; the other kinds print some of it. Names and columns are the same for every report of the same standards.
/// \param layers of the map; null: the sections alone
/// \pre the report is of a period that ends under a water standard
ReportContent water_report_content(WaterReport const& report, StandardsBook const& standards, LayerSet const* layers,
                                   PrintOptions const& options, WaterReportKind kind = WaterReportKind::month);
/// That of a report without sections: the names to ask for. \pre a water standard is in force on the day
ReportContent water_report_names(StandardsBook const& standards, Date day);

}  // namespace yihong
