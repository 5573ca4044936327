#include "report_clock.hpp"

#include "process.hpp"

#include <gtest/gtest.h>

namespace yihong::e2e {
namespace {

UtcTime at(std::string_view time) { return parse_rfc3339(time).value(); }

TEST(ReportClock, HandsOutWhatIsDueOnceAndPutsItIntoItsFolder)
{
    TemporaryFolder const folder;
    api::ReportArchive const archive{folder.path() / "kept"};
    std::vector<std::string> asked;
    std::vector<std::string> letters;
    bool works = false;
    ReportSchedule const schedule{.kind = "water-month", .folder = folder.path() / "out", .channel = "office"};
    ReportClock clock{{schedule},
                      archive,
                      [&](ReportSchedule const& wanted, Period const& period) -> Result<std::string> {
                          asked.push_back(wanted.kind + " " + period_code(period));
                          if (!works)
                              return fail(Errc::broken_file, "no template");
                          Issue issue;
                          issue.kind = wanted.kind;
                          issue.period = period;
                          issue.ending = wanted.format;
                          archive.keep(issue, "bytes");
                          return std::string{"bytes"};
                      },
                      [&](ReportSchedule const& wanted, std::string const& name, std::string const& file) -> Result<void> {
                          letters.push_back(wanted.channel + " " + name + " " + file);
                          return letters.size() > 1 ? Result<void>{} : fail(Errc::bad_value, "nobody answers");
                      }};
    clock.look(at("2025-11-05T09:00:00+08:00"));
    clock.look(at("2025-11-05T09:01:00+08:00"));                // it failed: not every minute
    EXPECT_EQ(asked, (std::vector<std::string>{"water-month 2025-10"}));
    works = true;
    clock.look(at("2025-11-05T10:00:00+08:00"));
    EXPECT_EQ(letters, (std::vector<std::string>{"office 2025年10月地表水水质报告.docx bytes"}));
    clock.look(at("2025-11-05T10:01:00+08:00"));                // it did not get through: not every minute
    EXPECT_EQ(letters.size(), 1U);
    clock.look(at("2025-11-05T10:15:00+08:00"));
    EXPECT_EQ(letters.size(), 2U);
    clock.look(at("2025-11-05T10:45:00+08:00"));                // it did
    EXPECT_EQ(letters.size(), 2U);
    clock.look(at("2025-11-06T10:00:00+08:00"));                // it is kept
    EXPECT_EQ(asked.size(), 2U);
    EXPECT_EQ(read_file(folder.path() / "out/2025年10月地表水水质报告.docx"), "bytes");
    clock.look(at("2026-01-20T10:00:00+08:00"));                // it was down in December
    EXPECT_EQ(asked.back(), "water-month 2025-12");
}

TEST(ReportClock, AsksForTheReportAsItsScheduleSays)
{
    ReportSchedule schedule{.kind = "water-month"};
    auto const october = parse_period("2025-10").value();
    EXPECT_EQ(issue_target(schedule, october), "/api/v1/reports/water-month?period=2025-10&f=docx&links=public");
    schedule.place = "永济市";
    schedule.compare = "previous";
    EXPECT_EQ(issue_target(schedule, october),
              "/api/v1/reports/water-month?period=2025-10&f=docx&links=public&place=%E6%B0%B8%E6%B5%8E%E5%B8%82&compare=previous");
}

TEST(ReportClock, PutsWhatWasHandedOutIntoItsFolderOnceThatCanBe)
{
    TemporaryFolder const folder;
    api::ReportArchive const archive{folder.path() / "kept"};
    auto const out = folder.path() / "out";
    ReportSchedule const schedule{.kind = "water-month", .folder = out};
    int asked = 0;
    ReportClock clock{{schedule},
                      archive,
                      [&](ReportSchedule const& wanted, Period const& period) -> Result<std::string> {
                          ++asked;
                          Issue issue;
                          issue.kind = wanted.kind;
                          issue.period = period;
                          issue.ending = wanted.format;
                          archive.keep(issue, "bytes");
                          std::filesystem::remove(out);        // the share is gone meanwhile
                          write_file(out, "no folder");
                          return std::string{"bytes"};
                      },
                      {}};
    clock.look(at("2025-11-05T09:00:00+08:00"));
    std::filesystem::remove(out);
    std::filesystem::create_directories(out);
    clock.look(at("2025-11-05T09:10:00+08:00"));
    EXPECT_FALSE(std::filesystem::exists(out / "2025年10月地表水水质报告.docx")) << "not every minute";
    clock.look(at("2025-11-05T09:15:00+08:00"));
    EXPECT_EQ(read_file(out / "2025年10月地表水水质报告.docx"), "bytes");
    EXPECT_EQ(asked, 1) << "it is kept: there is no second version";
}

}  // namespace
}  // namespace yihong::e2e
