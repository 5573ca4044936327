#include "import.hpp"

#include "core_fixture.hpp"
#include "temporary_folder.hpp"

#include <future>

namespace yihong::api {
namespace {

/// Two sections that no site file knows.
constexpr std::string_view unknown_sections = "collected,province,section,monitoring_time,ph,codmn\n"
                                              "2025-11-06 12:30:00,山西省,龙门,2025-11-06 12:00,8.1,5.2\n"
                                              "2025-11-06 12:30:00,山西省,张留庄,2025-11-06 12:00,8.2,6.8\n";

class ImportTest : public testing::CoreFixture {
protected:
    ImportRequest request(std::string_view text) const { return {.file = folder.write("archive.csv", text).string()}; }
    Result<ImportProgress> import(ImportRequest const& wanted)
    {
        return import_slice(wanted, {.intake = core->intake, .worlds = core->worlds, .sites = store});
    }

    TemporaryFolder folder;
};

TEST_F(ImportTest, MakesTheSectionsThatNoSiteFileKnowsAndShowsTheirRecords)
{
    auto wanted = request(unknown_sections);
    wanted.create_sites = true;
    auto const progress = import(wanted);
    ASSERT_TRUE(progress) << progress.error().detail;
    EXPECT_EQ(progress->format, "cnemc-water-csv");
    EXPECT_TRUE(progress->finished);
    EXPECT_EQ(progress->sites_created, 2U);
    EXPECT_EQ(progress->accepted, 2U);
    auto const registered = store.registered_sites();
    ASSERT_EQ(registered.size(), 2U);
    for (auto const& site : registered)
        EXPECT_NE(feature("water-sections", site.id).find("\"time\":\"2025-11-06T04:00:00Z\""), std::string::npos)
            << feature("water-sections", site.id);
    EXPECT_NE(feature("water-sections", "a"), "no such feature") << "the sites of before stay";
}

TEST_F(ImportTest, LeavesUnknownSectionsOutOrQuarantinesTheirRows)
{
    auto wanted = request(unknown_sections);
    auto const skipped = import(wanted);
    ASSERT_TRUE(skipped);
    EXPECT_EQ(skipped->unknown_site_rows, 2U);
    EXPECT_EQ(skipped->rejected, 0U);
    wanted.keep_unknown = true;
    auto const kept = import(wanted);
    ASSERT_TRUE(kept);
    EXPECT_EQ(kept->rejected, 2U);
    EXPECT_TRUE(store.registered_sites().empty());
}

TEST_F(ImportTest, GoesOnBehindAPiece)
{
    std::string text = "site,time,interval,codmn\n";
    for (int i = 0; i < 41'000; ++i)               // a piece is 40,000 rows
        text += "a,2025-01-" + std::to_string(10 + i / 3600 % 20) + "T" + std::to_string(10 + i / 36'000) + ":" +
                std::to_string(10 + i / 60 % 50) + ":" + std::to_string(10 + i % 50) + "Z,realtime,5." + std::to_string(i) + "\n";
    auto wanted = request(text);
    auto const first = import(wanted);
    ASSERT_TRUE(first) << first.error().detail;
    EXPECT_FALSE(first->finished);
    EXPECT_EQ(first->rows, 40'000U);
    wanted.offset = first->offset;
    wanted.line = first->line;
    wanted.row = first->row;
    auto const second = import(wanted);
    ASSERT_TRUE(second) << second.error().detail;
    EXPECT_TRUE(second->finished);
    EXPECT_EQ(second->rows, 1'000U);
}

TEST_F(ImportTest, WaitsForWhoeverReplacesTheWorld)
{
    auto turn = std::make_optional(core->worlds.take_turn());
    auto importing = std::async(std::launch::async, [this] { return import(request(unknown_sections)); });
    EXPECT_EQ(importing.wait_for(std::chrono::milliseconds{50}), std::future_status::timeout);
    turn.reset();
    EXPECT_TRUE(importing.get());
}

TEST_F(ImportTest, SaysWhatIsWrongWithAFile)
{
    EXPECT_EQ(import({.file = (folder / "absent.csv").string()}).error().code, Errc::broken_file);
    EXPECT_EQ(import(request("what is this?\n")).error().code, Errc::unsupported);
}

}  // namespace
}  // namespace yihong::api
