#include "yihong/api/report_archive.hpp"

#include "yihong/base/file.hpp"
#include "yihong/base/log.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>

namespace yihong::api {
namespace {

std::optional<std::string> content_of(std::filesystem::path const& file)
{
    std::ifstream in{file, std::ios::binary};
    if (!in)
        return std::nullopt;
    return std::string{std::istreambuf_iterator<char>{in}, {}};
}

}  // namespace

std::vector<Issue> ReportArchive::all() const
{
    std::vector<Issue> issues;
    std::error_code none;
    for (auto const& entry : std::filesystem::directory_iterator{folder_, none}) {
        if (entry.path().extension() != ".json")
            continue;
        auto const text = content_of(entry.path());
        auto issue = text ? read_issue(*text) : fail(Errc::broken_file, "it cannot be read");
        if (issue)
            issues.push_back(*std::move(issue));
        else
            log::warning("report_unreadable", {{"file", entry.path().string()}, {"detail", issue.error().detail}});
    }
    std::ranges::sort(issues, std::ranges::greater{}, [](Issue const& issue) { return std::pair{issue.issued, issue_id(issue)}; });
    return issues;
}

std::optional<Issue> ReportArchive::newest(std::string_view kind, Period const& period, std::string_view place) const
{
    std::optional<Issue> found;
    for (auto& issue : all())
        if (issue.kind == kind && issue.period == period && issue.place == place && (!found || found->version < issue.version))
            found = std::move(issue);
    return found;
}

bool ReportArchive::has(std::string_view kind, Period const& period, std::string_view place) const
{
    Issue first;
    first.kind = kind;
    first.period = period;
    first.place = place;
    return std::filesystem::exists(folder_ / (issue_id(first) + ".json"));
}

std::string ReportArchive::next_number(std::string_view kind, Period const& period) const
{
    std::set<std::string> of_the_year;
    for (auto const& issue : all())
        if (issue.kind == kind && issue.period.first_day().year() == period.first_day().year())
            of_the_year.insert(issue.number);
    return std::to_string(of_the_year.size() + 1);
}

void ReportArchive::keep(Issue const& issue, std::string_view file) const
{
    std::filesystem::create_directories(folder_);
    auto const id = issue_id(issue);
    write_private_file(folder_ / (id + "." + issue.ending), file);     // the file first: what the list names is there
    write_private_file(folder_ / (id + ".json"), issue_json(issue));
}

Result<std::string> ReportArchive::file_of(Issue const& issue) const
{
    auto const id = issue_id(issue);
    auto content = content_of(folder_ / (id + "." + issue.ending));
    return content ? Result<std::string>{*std::move(content)} : fail(Errc::not_found, "the file of report " + id + " is gone");
}

}  // namespace yihong::api
