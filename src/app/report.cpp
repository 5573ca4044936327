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
    else if (ending == ".json")
        target =
            options.kind == "air-month" ? "/api/v1/statistics/air-stations?" : "/api/v1/statistics/water-sections?f=json&outlook=true&";
    else if (ending == ".csv" && options.kind != "air-month")
        target = "/api/v1/statistics/water-sections?f=csv&bom=true&";
    else
        return std::nullopt;
    target += "period=" + percent_encoded(options.period) + "&compare=" + options.compare;
    auto const add = [&](std::string_view name, std::string const& value) {
        if (!value.empty())
            target += fmt::format("&{}={}", name, percent_encoded(value));
    };
    add("place", options.place);
    add("dust", options.dust);
    add("target", options.target);
    add("as_of", options.as_of);
    if (target.starts_with("/api/v1/reports/"))
        add("number", options.number);
    return target;
}

}  // namespace

int make_report(Overrides const& overrides, ReportOptions const& options)
{
    auto const target = target_of(options);
    if (!target) {
        fmt::print(stderr, "{}: 扩展名应为 .docx、.html、.xlsx、.json{} the name must end with .docx, .html, .xlsx, .json{}\n",
                   options.output.string(), options.kind == "air-month" ? "" : "、.csv", options.kind == "air-month" ? "" : ", .csv");
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

int write_report_template(std::string const& kind, std::filesystem::path const& file)
{
    if (file.extension() != ".docx") {
        fmt::print(stderr, "{}: 扩展名应为 .docx the name must end with .docx\n", file.string());
        return wrong_usage;
    }
    write_private_file(std::filesystem::absolute(file),
                       documents::shipped_template(kind == "air-month" ? documents::Kind::air_month : documents::Kind::water_month));
    fmt::print("{}\n", file.string());
    return fine;
}

}  // namespace yihong
