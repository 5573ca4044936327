#pragma once

#include "yihong/reports/issue.hpp"

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace yihong::api {

/// The reports that were handed out, as files of a folder: what each said (`ID.json`), and the file itself (`ID.docx`). One thread keeps;
/// others may read meanwhile.
class ReportArchive {
public:
    /// \param folder made with the first report
    explicit ReportArchive(std::filesystem::path folder) : folder_{std::move(folder)} {}

    /// All of them, the newest first. What cannot be read is logged and left out.
    [[nodiscard]] std::vector<Issue> all() const;
    /// That of an id, as `issue_id` makes them. \return nothing where it was never handed out, or cannot be read
    [[nodiscard]] std::optional<Issue> find(std::string_view id) const;
    /// The newest version of the report of a period. \return nothing where it was never handed out
    [[nodiscard]] std::optional<Issue> newest(std::string_view kind, Period const& period, std::string_view place) const;
    /// Whether a report of that period was handed out.
    [[nodiscard]] bool has(std::string_view kind, Period const& period, std::string_view place) const;
    /// The 期号 of another report of that kind in the year of the period: how many there are, and one.
    [[nodiscard]] std::string next_number(std::string_view kind, Period const& period) const;
    /// \throws std::runtime_error where it cannot be written
    void keep(Issue const& issue, std::string_view file) const;
    /// \return Errc::not_found
    [[nodiscard]] Result<std::string> file_of(Issue const& issue) const;

private:
    /// Those whose id is asked for, in no order. What cannot be read is logged and left out.
    [[nodiscard]] std::vector<Issue> read(std::function<bool(std::string_view id)> const& is_wanted) const;

    std::filesystem::path folder_;
};

}  // namespace yihong::api
