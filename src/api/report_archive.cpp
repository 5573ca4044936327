#include "yihong/api/report_archive.hpp"

#include "yihong/base/file.hpp"
#include "yihong/base/log.hpp"

#include <algorithm>
#include <set>

namespace yihong::api {
namespace {

constexpr std::size_t limit_bytes = 256U << 20U;

/// Of all versions of the report of a period, the number of the version missing at the end.
std::string id_without_version(std::string_view kind, Period const& period, std::string_view place)
{
    Issue issue;
    issue.kind = kind;
    issue.period = period;
    issue.place = place;
    auto id = issue_id(issue);
    id.resize(id.rfind('v') + 1);
    return id;
}

}  // namespace

std::vector<Issue> ReportArchive::read(std::function<bool(std::string_view id)> const& is_wanted) const
{
    std::vector<Issue> issues;
    std::error_code none;
    for (auto const& entry : std::filesystem::directory_iterator{folder_, none}) {
        if (entry.path().extension() != ".json" || !is_wanted(entry.path().stem().string()))
            continue;
        auto const text = read_file(entry.path(), limit_bytes);
        auto issue = text ? read_issue(*text) : std::unexpected{text.error()};
        if (issue)
            issues.push_back(*std::move(issue));
        else
            log::warning("report_unreadable", {{"file", entry.path().string()}, {"detail", issue.error().detail}});
    }
    return issues;
}

std::vector<Issue> ReportArchive::all() const
{
    auto issues = read([](std::string_view) { return true; });
    std::ranges::sort(issues, std::ranges::greater{}, [](Issue const& issue) { return std::pair{issue.issued, issue_id(issue)}; });
    return issues;
}

std::optional<Issue> ReportArchive::find(std::string_view id) const
{
    auto found = read([&](std::string_view one) { return one == id; });
    return found.empty() ? std::nullopt : std::optional{std::move(found.front())};
}

std::optional<Issue> ReportArchive::newest(std::string_view kind, Period const& period, std::string_view place) const
{
    auto const versions = id_without_version(kind, period, place);
    auto found = read([&](std::string_view id) {
        return id.starts_with(versions) && id.find_first_not_of("0123456789", versions.size()) == std::string_view::npos;
    });
    auto const newest = std::ranges::max_element(found, {}, &Issue::version);
    return newest == found.end() ? std::nullopt : std::optional{std::move(*newest)};
}

bool ReportArchive::has(std::string_view kind, Period const& period, std::string_view place) const
{
    return std::filesystem::exists(folder_ / (id_without_version(kind, period, place) + "1.json"));
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
    auto content = read_file(folder_ / (id + "." + issue.ending), limit_bytes);
    return content ? std::move(content) : fail(Errc::not_found, "the file of report " + id + " is gone");
}

}  // namespace yihong::api
