#include "process.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace yihong::e2e {
namespace {

namespace fs = std::filesystem;

/// October 2025 of the section `a`: a day's record on every day, the laboratory's sample on the sixth.
void write_october(fs::path const& file)
{
    std::string text = "site,time,interval,ph,dissolved_oxygen,codmn,ammonia_nitrogen,total_phosphorus,cod\n";
    for (int day = 1; day <= 31; ++day)
        text += fmt::format("a,2025-10-{:02}T00:00:00+08:00,day,8.0,8.1,3.5,0.417,0.25,\n", day);
    text += "a,2025-10-06T09:30:00+08:00,sample,,,,,,23\n";
    write_file(file, text);
}

class ReportCommand : public ::testing::Test {
protected:
    void SetUp() override
    {
        write_october(folder / "october.csv");
        config = small_config(folder.path());
        auto const imported =
            yihong({"import", (folder / "october.csv").string(), "--quiet", "--config", config.string(), "--data", folder / "data"});
        ASSERT_EQ(imported.code, 0) << imported.err;
    }
    Outcome report(std::string const& period, std::string const& file)
    {
        return yihong({"report", "water-month", "--period", period, "--as-of", "2025-11-05T08:00:00+08:00", "-o", file, "--config",
                       config.string(), "--data", folder / "data"},
                      folder.path());
    }

    TemporaryFolder folder;
    fs::path config;
};

TEST_F(ReportCommand, WritesOnePageThatIsTheSameEveryTime)
{
    auto const made = report("2025-10", "october.html");
    ASSERT_EQ(made.code, 0) << made.err;
    auto const page = read_file(folder.path() / "october.html");
    EXPECT_NE(page.find("2025年10月地表水水质报告"), std::string::npos);
    EXPECT_NE(page.find("监测断面（点位）4个，参评1个"), std::string::npos) << page;
    EXPECT_EQ(page.find("href="), std::string::npos);      // the service that would answer may be gone
    ASSERT_EQ(report("2025-10", "again.html").code, 0);
    EXPECT_EQ(page, read_file(folder.path() / "again.html"));
    write_file(config, read_file(config) + "\n[alerts]\npublic_url = \"https://water.example\"\n");
    ASSERT_EQ(report("2025-10", "linked.html").code, 0);
    EXPECT_NE(read_file(folder.path() / "linked.html")
                  .find("href=\"https://water.example/api/v1/sites/a/readings?f=html&amp;parameter=ammonia_nitrogen"),
              std::string::npos);
}

TEST_F(ReportCommand, WritesAWorkbook)
{
    ASSERT_EQ(report("2025-10", "october.xlsx").code, 0);
    auto const book = read_file(folder.path() / "october.xlsx");
    EXPECT_EQ(book.substr(0, 2), "PK");
    ASSERT_EQ(report("2025-10", "again.xlsx").code, 0);
    EXPECT_EQ(book, read_file(folder.path() / "again.xlsx"));
}

/// The document of a .docx, read by Python: a reader that is not ours.
std::string document_of(fs::path const& file)
{
    auto const read = run(
        {"python3", "-c", "import sys, zipfile; print(zipfile.ZipFile(sys.argv[1]).read('word/document.xml').decode())", file.string()});
    EXPECT_EQ(read.code, 0) << read.err;
    return read.out;
}

TEST_F(ReportCommand, WritesAWordDocument)
{
    auto const made = report("2025-10", "october.docx");
    ASSERT_EQ(made.code, 0) << made.err;
    auto const document = document_of(folder / "october.docx");
    for (auto const text :
         {"2025年10月地表水水质报告", "监测断面（点位）4个，参评1个", "（单位名称）", "未参评断面3个", "编写：", "w:fill=\""})
        EXPECT_NE(document.find(text), std::string::npos) << text;
    EXPECT_EQ(document.find("{{"), std::string::npos) << document;
    ASSERT_EQ(report("2025-10", "again.docx").code, 0);
    EXPECT_EQ(read_file(folder / "october.docx"), read_file(folder / "again.docx"));
}

TEST_F(ReportCommand, UsesTheTemplateOfTheBureau)
{
    auto const shipped = yihong({"report-template", "water-month", "-o", (folder / "shipped.docx").string()});
    ASSERT_EQ(shipped.code, 0) << shipped.err;
    ASSERT_NE(document_of(folder / "shipped.docx").find("{{标题}}"), std::string::npos);
    auto const change = [&](std::string const& heading, std::string const& into) {
        auto const changed =
            run({"python3", "-c",
                 "import sys, zipfile\n"
                 "old, new = zipfile.ZipFile(sys.argv[1]), zipfile.ZipFile(sys.argv[2], 'w')\n"
                 "for name in old.namelist(): new.writestr(name, old.read(name).decode().replace(sys.argv[3], sys.argv[4]))\n",
                 (folder / "shipped.docx").string(), (folder / "ours.docx").string(), heading, into});
        ASSERT_EQ(changed.code, 0) << changed.err;
    };
    change("{{标题}}", "某市水质月报（{{时段}}）");
    write_file(config, read_file(config) + "[reports]\npublisher = \"某市生态环境局\"\nwater_template = \"ours.docx\"\n");
    auto const made = report("2025-10", "october.docx");
    ASSERT_EQ(made.code, 0) << made.err;
    auto const document = document_of(folder / "october.docx");
    EXPECT_NE(document.find("某市水质月报（"), std::string::npos) << document;
    EXPECT_NE(document.find("某市生态环境局"), std::string::npos);
    change("{{标题}}", "{{题目}}");
    auto const checked = yihong({"check", "--config", config.string()});
    EXPECT_EQ(checked.code, 1);
    EXPECT_NE(checked.err.find("ours.docx: 没有 {{题目}}，可用 there is no such name; there are: "), std::string::npos) << checked.err;
}

TEST_F(ReportCommand, WritesTheTablesOfComplianceAndRanksAsReportsOfTheirOwn)
{
    auto const write = [&](std::string const& kind, std::string const& file) {
        auto const made = yihong({"report", kind, "--period", "2025-10", "--as-of", "2025-11-05T08:00:00+08:00", "-o", file, "--config",
                                  config.string(), "--data", folder / "data"},
                                 folder.path());
        EXPECT_EQ(made.code, 0) << made.err;
    };
    for (auto const& [kind, title] : {std::pair{"section-compliance", "2025年10月断面水质达标情况表"}, {"ranking", "2025年10月水质排名"}}) {
        auto const name = std::string{kind};
        for (auto const* ending : {".html", ".docx", ".xlsx", ".csv", ".json"})
            write(kind, name + ending);
        EXPECT_TRUE(read_file(folder / (name + ".html")).contains(title)) << kind;
        auto const document = document_of(folder / (name + ".docx"));
        EXPECT_TRUE(document.contains(title)) << kind;
        EXPECT_FALSE(document.contains("{{")) << document;
        auto const shipped = yihong({"report-template", kind, "-o", (folder / "shipped.docx").string()});
        EXPECT_EQ(shipped.code, 0) << shipped.err;
        EXPECT_TRUE(document_of(folder / "shipped.docx").contains("{{标题}}"));
    }
    EXPECT_TRUE(document_of(folder / "section-compliance.docx").contains("无目标"));
    EXPECT_FALSE(document_of(folder / "ranking.docx").contains("无目标"));
    write_file(config, read_file(config) + "[reports]\nranking_template = \"none.docx\"\n");
    EXPECT_EQ(yihong({"check", "--config", config.string()}).code, 1) << "there is no such template";
}

TEST_F(ReportCommand, KeepsWhatWasHandedOutAndSaysWhatChanged)
{
    auto const issue = [&](std::string const& file) {
        return yihong({"report", "water-month", "--period", "2025-10", "--as-of", "2025-11-05T08:00:00+08:00", "--issue", "-o", file,
                       "--config", config.string(), "--data", folder / "data"},
                      folder.path());
    };
    auto const first = issue("first.html");
    ASSERT_EQ(first.code, 0) << first.err;
    EXPECT_NE(read_file(folder / "first.html").find("第1期</span>"), std::string::npos);
    write_file(folder / "late.csv", "site,time,interval,cod\na,2025-10-06T10:30:00+08:00,sample,35\n");
    auto const imported =
        yihong({"import", (folder / "late.csv").string(), "--quiet", "--config", config.string(), "--data", folder / "data"});
    ASSERT_EQ(imported.code, 0) << imported.err;
    auto const second = issue("second.html");
    ASSERT_EQ(second.code, 0) << second.err;
    auto const page = read_file(folder / "second.html");
    EXPECT_NE(page.find("第1期（第2版）"), std::string::npos) << page;
    EXPECT_NE(page.find("本期为第2版，第1版印发于"), std::string::npos) << page;
    EXPECT_NE(page.find("化学需氧量 23.0 s→29.0 s"), std::string::npos) << page;
    EXPECT_EQ(report("2025-10", "draft.html").code, 0);
    EXPECT_EQ(read_file(folder / "draft.html").find("第2版"), std::string::npos);     // a draft is no version
    auto const table = issue("table.csv");
    EXPECT_EQ(table.code, 2);
    std::size_t kept = 0;
    for (auto const& entry : fs::directory_iterator{folder / "data" / "reports"})
        kept += entry.path().extension() == ".html" ? 1 : 0;
    EXPECT_EQ(kept, 2U);
    EXPECT_EQ(read_file(folder / "data" / "reports" / "water-month_2025-10_v2.html"), page);
}

TEST_F(ReportCommand, ListsWhatWasHandedOutOverHttp)
{
    Service const service{folder / "data", {.config = config}};
    auto const post = [&](std::string const& more) { return service.post("/api/v1/reports/water-month?period=2025-10&f=docx" + more); };
    auto const partial = post("&site=a");
    EXPECT_EQ(partial.status, 400);
    EXPECT_NE(partial.body.find("印发的报告包括全部断面"), std::string::npos) << partial.body;
    EXPECT_EQ(service.json("/api/v1/reports/issues").size("/issues"), 0U);
    auto const first = post("&number=21");
    ASSERT_EQ(first.status, 201) << first.body;
    auto const list = service.json("/api/v1/reports/issues");
    ASSERT_EQ(list.size("/issues"), 1U);
    EXPECT_EQ(list.at("/issues/0/number"), "21");
    EXPECT_EQ(list.at("/issues/0/href"), "/api/v1/reports/issues/water-month_2025-10_v1");
    auto const kept = service.get(list.at("/issues/0/href"));
    EXPECT_EQ(kept.status, 200);
    EXPECT_EQ(kept.body, first.body);
    EXPECT_EQ(service.get("/api/v1/reports/issues/water-month_2025-09_v1").status, 404);
    EXPECT_EQ(service.json("/api/v1/statistics/water-sections?period=2025-10").size("/lakes"), 0U);
    EXPECT_EQ(service.json("/api/v1/statistics/black-odorous-waters?period=2025-10&site=a").at("/points/0/grade"), "unknown");
    EXPECT_EQ(service.get("/api/v1/reports/air-month?period=2025-10").status, 200);
    EXPECT_EQ(service.json("/api/v1/statistics/outfalls?period=2025-10").size("/outfalls"), 0U);
    EXPECT_TRUE(service.get("/api/v1/statistics/outfalls?period=2025-10&f=csv").body.starts_with("period,site,"));
    for (auto const form : {"html", "xlsx", "docx"})
        EXPECT_EQ(service.get(std::string{"/api/v1/reports/plants?period=2025-10&f="} + form).status, 200) << form;
}

TEST_F(ReportCommand, TakesWorkbooksOfALaboratoryOverHttp)
{
    Service const service{folder / "data", {.config = config}};
    auto const reply = service.ingest("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                                      read_file(source_dir / "tests/data/readings/laboratory_samples.xlsx"));
    EXPECT_EQ(reply.size("/rejected"), 2U);               // its sections are none of this configuration
    EXPECT_TRUE(std::string{reply.at("/rejected/0/detail")}.starts_with("sheet '采测分离', row 2: site")) << reply.at("/rejected/0/detail");
    for (auto const broken : {"no workbook", "PK\x03\x04 cut off"}) {
        auto const refused = http::request("127.0.0.1", service.port(), "POST", "/api/v1/readings",
                                           {{"Content-Type", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}}, broken);
        EXPECT_EQ(refused.status, 400) << "whoever sent it can mend it: " << refused.body;
    }
}

TEST_F(ReportCommand, WritesTheFiguresForPrograms)
{
    ASSERT_EQ(report("2025-10", "october.json").code, 0);
    Json const json{read_file(folder.path() / "october.json")};
    EXPECT_EQ(json.at("/period/label"), "2025年10月");
    EXPECT_EQ(json.at("/base/code"), "2024-10");
    EXPECT_EQ(json.at("/all/evaluated"), "1");
    EXPECT_EQ(json.size("/all/not_evaluated"), 3U);
    EXPECT_EQ(json.at("/sections/0/water_class"), "4");
    EXPECT_EQ(json.at("/data/records"), "32");
    ASSERT_EQ(report("2025-10", "october.csv.csv").code, 0);
    auto const table = read_file(folder.path() / "october.csv.csv");
    EXPECT_NE(table.find(",ammonia_nitrogen,0.42,0.417"), std::string::npos) << table;
    EXPECT_NE(table.find(",cod,23.0,23"), std::string::npos) << table;
    EXPECT_NE(table.find(",sample,0,31,1,1,1,true,false,0,4,"), std::string::npos) << table;
}

TEST_F(ReportCommand, SaysWhatIsWrong)
{
    auto const period = report("2025-13", "a.html");
    EXPECT_EQ(period.code, 2);
    EXPECT_NE(period.err.find("--period: '2025-13' is no period: 2025, 2025-H1"), std::string::npos) << period.err;
    EXPECT_EQ(report("2025-10", "a.pdf").code, 2);
    EXPECT_FALSE(fs::exists(folder.path() / "a.html"));
}

}  // namespace
}  // namespace yihong::e2e
