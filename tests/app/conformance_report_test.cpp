// The report of the conformance checks: shown where it is of this build, and of no other.
#include "conformance_report.hpp"

#include "process.hpp"

#include <gtest/gtest.h>

namespace yihong::e2e {
namespace {

std::string report_of(std::string_view build_id)
{
    return R"({"build":{"version":"0.1.0","commit":"abc","build_id":")" + std::string{build_id} + R"("},"checks":[]})";
}

TEST(ConformanceReport, IsShownWhereItIsOfThisBuild)
{
    TemporaryFolder const folder;
    std::vector<std::filesystem::path> const places{folder / "beside.json", folder / "installed.json"};
    auto const nothing = find_report(places, "1234");
    ASSERT_FALSE(nothing);
    EXPECT_EQ(nothing.error().code, Errc::not_found);
    EXPECT_NE(nothing.error().detail.find("ctest -R conformance"), std::string::npos) << "what to do";

    write_file(places[0], "no report");
    write_file(places[1], report_of("1234"));
    EXPECT_EQ(find_report(places, "1234").value(), report_of("1234"));
    auto const other = find_report(places, "5678");
    ASSERT_FALSE(other);
    EXPECT_NE(other.error().detail.find("installed.json is of another build (abc)"), std::string::npos) << other.error().detail;
    write_file(places[1], report_of(""));
    EXPECT_FALSE(find_report(places, "")) << "a program without a build ID cannot be told from others";
}

TEST(ConformanceReport, KnowsTheBuildOfTheProgramAsReadelfDoes)
{
    auto const notes = run({"readelf", "-n", std::filesystem::read_symlink("/proc/self/exe")});
    EXPECT_EQ(own_build_id().size(), 40U);
    EXPECT_NE(notes.out.find("Build ID: " + own_build_id()), std::string::npos) << notes.out;
}

TEST(ConformanceReport, IsServedOrSaidNotToBeThere)
{
    TemporaryFolder const folder;
    Service service{folder / "data", {.config = small_config(folder.path())}};
    auto const reply = service.get("/conformance/report");     // it is there where the checks have run on this build
    EXPECT_TRUE(reply.status == 200 || reply.status == 404) << reply.body;
    EXPECT_EQ(service.get("/conformance/report?f=html").status, reply.status);
    EXPECT_EQ(service.get("/conformance/report?f=csv").status, 400);
    EXPECT_EQ(service.stop(), 0);
}

}  // namespace
}  // namespace yihong::e2e
