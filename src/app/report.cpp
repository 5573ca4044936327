#include "report.hpp"

#include "yihong/base/file.hpp"
#include "yihong/base/text.hpp"
#include "yihong/documents/template.hpp"

#include "local_client.hpp"

#include <fmt/format.h>

namespace yihong {
namespace {

constexpr int fine = 0;
constexpr int refused = 1;
constexpr int wrong_usage = 2;

/// What is asked for, without the service. \return nothing for an ending that nothing is written as
std::optional<std::string> target_of(ReportOptions const& options)
{
    auto const ending = options.output.extension().string();
    std::string target;
    if (ending == ".html" || ending == ".xlsx" || ending == ".docx")
        target = "/api/v1/reports/" + options.kind + "?links=false&f=" + ending.substr(1) + "&";
    else if (ending == ".csv")
        target = "/api/v1/statistics/water-sections?f=csv&bom=true&";
    else if (ending == ".json")
        target = "/api/v1/statistics/water-sections?f=json&outlook=true&";
    else
        return std::nullopt;
    target += "period=" + percent_encoded(options.period) + "&compare=" + options.compare;
    if (!options.place.empty())
        target += "&place=" + percent_encoded(options.place);
    if (!options.number.empty() && target.starts_with("/api/v1/reports/"))
        target += "&number=" + percent_encoded(options.number);
    if (!options.as_of.empty())
        target += "&as_of=" + percent_encoded(options.as_of);
    return target;
}

}  // namespace

int make_report(Overrides const& overrides, ReportOptions const& options)
{
    auto const target = target_of(options);
    if (!target) {
        fmt::print(stderr, "{}: 扩展名应为 .docx、.html、.xlsx、.csv 或 .json the name must end with .docx, .html, .xlsx, .csv or .json\n",
                   options.output.string());
        return wrong_usage;
    }
    auto client = LocalClient::connect(overrides);
    if (!client) {
        print_problems(client.error());
        return refused;
    }
    auto const reply = (*client)->request("GET", *target);
    if (reply.status >= 300) {
        fmt::print(stderr, "{}\n", problem_detail(reply));
        return refused;
    }
    write_private_file(std::filesystem::absolute(options.output), reply.body);
    fmt::print("{}\n", options.output.string());
    return fine;
}

int write_report_template(std::filesystem::path const& file)
{
    if (file.extension() != ".docx") {
        fmt::print(stderr, "{}: 扩展名应为 .docx the name must end with .docx\n", file.string());
        return wrong_usage;
    }
    write_private_file(std::filesystem::absolute(file), documents::shipped_template());
    fmt::print("{}\n", file.string());
    return fine;
}

}  // namespace yihong
