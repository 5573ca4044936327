#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>

/// The kinds of reports (报告种类), by the name that commands, addresses and the configuration call them by.
namespace yihong {

struct ReportName {
    std::string_view kind;  ///< `water-month`
    std::string_view title;  ///< behind the period: 地表水水质报告
};
inline constexpr std::array report_names{ReportName{"water-month", "地表水水质报告"},
                                         ReportName{"section-compliance", "断面水质达标情况表"}, ReportName{"ranking", "水质排名"},
                                         ReportName{"air-month", "环境空气质量报告"}, ReportName{"plants", "污水处理厂和排口达标报告"}};
/// Null where there is no such kind.
[[nodiscard]] constexpr ReportName const* find_report(std::string_view kind) noexcept
{
    auto const* const found = std::ranges::find(report_names, kind, &ReportName::kind);
    return found == report_names.end() ? nullptr : found;
}
/// `water-month, section-compliance, …`
[[nodiscard]] inline std::string report_kinds_text()
{
    std::string all;
    for (auto const& one : report_names)
        all.append(all.empty() ? "" : ", ").append(one.kind);
    return all;
}

/// Reports that are made of the tables of one computation: all of them, those of compliance (断面达标), or those of ranks (排名).
enum class WaterReportKind : std::uint8_t { month, compliance, ranking };
[[nodiscard]] constexpr ReportName const& name_of(WaterReportKind kind) noexcept { return report_names.at(static_cast<std::size_t>(kind)); }

}  // namespace yihong
