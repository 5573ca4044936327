#include "report.hpp"

#include "yihong/base/file.hpp"
#include "yihong/base/text.hpp"
#include "yihong/documents/template.hpp"
#include "yihong/reports/report_kinds.hpp"
#include "yihong/reports/schedule.hpp"

#include "local_client.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace yihong {
namespace {

constexpr int fine = 0;
constexpr int refused = 1;
constexpr int wrong_usage = 2;

std::vector<std::string> kinds()
{
    std::vector<std::string> all;
    for (auto const& report : report_names)
        all.emplace_back(report.kind);
    return all;
}

/// Where the figures of a report are, below /api/v1/statistics.
std::string statistics_of(std::string_view kind)
{
    return kind == "air-month" ? "air-stations" : kind == "plants" ? "outfalls" : "water-sections";
}

documents::Kind template_of(std::string_view kind) noexcept
{
    using documents::Kind;
    constexpr std::array of{Kind::water_month, Kind::section_compliance, Kind::ranking, Kind::air_month, Kind::plants};
    static_assert(of.size() == report_names.size());
    return of.at(static_cast<std::size_t>(find_report(kind) - report_names.data()));
}

/// What is asked for, without the service. \return nothing for an ending that nothing is written as
std::optional<std::string> target_of(ReportOptions const& options)
{
    auto const ending = options.output.extension().string();
    std::string target;
    if (ending == ".html" || ending == ".xlsx" || ending == ".docx")
        target = "/api/v1/reports/" + options.kind + "?links=public&f=" + ending.substr(1) + "&";
    else if (ending == ".json")
        target = "/api/v1/statistics/" + statistics_of(options.kind) + "?f=json&";
    else if (ending == ".csv")
        target = "/api/v1/statistics/" + statistics_of(options.kind) + "?f=csv&bom=true&";
    else
        return std::nullopt;
    if (options.kind == "air-month" && ending == ".json")
        target += "outlook=true&";
    if (options.kind == "water-month" && ending == ".json")
        target += "outlook=true&trend=true&";
    target += "period=" + percent_encoded(options.period);
    auto const add = [&](std::string_view name, std::string const& value) {
        if (!value.empty())
            target += fmt::format("&{}={}", name, percent_encoded(value));
    };
    add("compare", options.compare);
    add("place", options.place);
    add("target", options.target);
    add("pm25_target", options.pm25_target);
    add("trend_since", options.trend_since);
    add("as_of", options.as_of);
    if (target.starts_with("/api/v1/reports/"))
        add("number", options.number);
    return target;
}

}  // namespace

void add_report_options(CLI::App& command, ReportOptions& options)
{
    command.add_option("kind", options.kind, "报告种类 which report")->required()->check(CLI::IsMember(kinds()))->type_name("KIND");
    auto const is_period = [](std::string const& text) {
        auto const period = parse_period(text, utc_now());
        return period ? std::string{} : period.error().detail;
    };
    command
        .add_option("--period", options.period,
                    "时段 2025-10, 2025-Q3, 2025, 2025-10-YTD（今年以来）, 2025-10-M12（近12个月）, last-30-days, 2025-01/2025-10")
        ->required()
        ->check(is_period)
        ->type_name("PERIOD");
    command.add_option("-o,--output", options.output, "文件 file to write: .docx, .html, .xlsx, .csv or .json")
        ->required()
        ->type_name("FILE");
    command
        .add_option("--compare", options.compare,
                    "与什么比较：year、previous、base（基准年）、2020（某年同期）、none；默认上年同期，plants 为上一时段 compared with "
                    "(default: year; plants: "
                    "previous)")
        ->type_name("WHAT");
    command
        .add_option("--trend-since", options.trend_since, "water-month：变化趋势从哪一年起 the trend of the same period since that year")
        ->type_name("YEAR");
    command.add_option("--place", options.place, "考核归属或县 whose sections")->type_name("NAME");
    command.add_option("--target", options.target, "air-month：全年优良天数比例目标 target of good days in the year")->type_name("PERCENT");
    command
        .add_option("--pm25-target", options.pm25_target,
                    "air-month：全年 PM2.5 均值目标，μg/m³，默认为二级年均限值 target of the year's mean (default: the annual limit)")
        ->type_name("NUMBER");
    command.add_flag("--issue", options.issue,
                     "印发：编号并留存，再次印发注明变化 hand it out: numbered and kept, a new version says what changed");
    command.add_option("--number", options.number, "期号 number of the issue, printed on it")->type_name("NUMBER");
    command.add_option("--as-of", options.as_of, "应有数量计算至 what is due is counted up to (default: now)")->type_name("TIME");
}

void add_template_options(CLI::App& command, ReportOptions& options)
{
    command.add_option("kind", options.kind, "报告种类 which report")->required()->check(CLI::IsMember(kinds()))->type_name("KIND");
    command.add_option("-o,--output", options.output, "文件 file to write: .docx")->required()->type_name("FILE");
}

int make_report(Overrides const& overrides, ReportOptions const& options)
{
    auto const target = target_of(options);
    if (!target) {
        fmt::print(stderr, "{}: 扩展名应为 .docx、.html、.xlsx、.json、.csv the name must end with .docx, .html, .xlsx, .json, .csv\n",
                   options.output.string());
        return wrong_usage;
    }
    if (options.issue && !target->starts_with("/api/v1/reports/")) {
        fmt::print(stderr, "{}: 印发的应为 .docx、.html 或 .xlsx what is handed out is a .docx, .html or .xlsx\n", options.output.string());
        return wrong_usage;
    }
    auto client = LocalClient::connect(overrides);
    if (!client) {
        print_problems(client.error());
        return refused;
    }
    auto const reply = (*client)->request(options.issue ? "POST" : "GET", *target);
    if (reply.status >= 300) {
        fmt::print(stderr, "{}\n", problem_detail(reply));
        return refused;
    }
    write_private_file(std::filesystem::absolute(options.output), reply.body);
    fmt::print("{}\n", options.output.string());
    return fine;
}

int write_report_template(ReportOptions const& options)
{
    auto const& file = options.output;
    if (file.extension() != ".docx") {
        fmt::print(stderr, "{}: 扩展名应为 .docx the name must end with .docx\n", file.string());
        return wrong_usage;
    }
    write_private_file(std::filesystem::absolute(file), documents::shipped_template(template_of(options.kind)));
    fmt::print("{}\n", file.string());
    return fine;
}

}  // namespace yihong
