#include "process.hpp"

#include "yihong/base/text.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <csignal>
#include <fstream>

namespace yihong::e2e {
namespace {

namespace fs = std::filesystem;

constexpr int large_records = 200'000;                 // of two sites together: more than a piece of an import

/// A wide CSV of two sites, one record a minute. The times are distinct and rise.
void write_large(fs::path const& file)
{
    std::ofstream out{file};
    out << "site,time,interval,ph,codmn,total_phosphorus\n";
    for (int i = 0; i < large_records; ++i) {
        int const minute = i / 2;
        out << fmt::format("{},2025-{:02}-{:02}T{:02}:{:02}:00Z,minute,7.{:03},{}.{},0.1\n", i % 2 == 0 ? "a" : "b", 1 + minute / 40'320,
                           1 + minute / 1440 % 28, minute / 60 % 24, minute % 60, i % 1000, 2 + i % 3, 1 + i % 7);
    }
}

std::size_t records_of(Service const& service, std::string const& site)
{
    std::size_t count = 0;
    std::string last;
    for (std::string target = "/api/v1/sites/" + site + "/readings?parameter=ph&f=csv&limit=10000"; !target.empty();) {
        auto const reply = service.get(target);
        EXPECT_EQ(reply.status, 200);
        for (std::size_t at = reply.body.find('\n') + 1; at < reply.body.size(); at = reply.body.find('\n', at) + 1) {
            auto const time = reply.body.substr(at + 2, 20);
            EXPECT_LT(last, time);
            last = time;
            ++count;
        }
        auto const* link = reply.header("Link");
        target = link ? link->substr(1 + service.url().size(), link->find('>') - 1 - service.url().size()) : "";
    }
    return count;
}

TEST(Import, ExitsOneWhereEverythingOfAFileWasRefused)
{
    TemporaryFolder const folder;
    auto const config = small_config(folder.path());
    auto const code = [&](std::string const& rows) {
        std::ofstream{folder / "rows.csv"} << "site,time,interval,ph\n" << rows;
        return yihong({"import", "--quiet", "--config", config, "--data", folder / "data", folder / "rows.csv"}).code;
    };
    EXPECT_EQ(code("a,2025-11-06T12:00:00Z,4h,seven\nnowhere,2025-11-06T12:00:00Z,4h,7\n"), 1);
    EXPECT_EQ(code("a,2025-11-06T12:00:00Z,4h,seven\na,2025-11-06T16:00:00Z,4h,7\n"), 0);
    EXPECT_EQ(code("a,2025-11-06T16:00:00Z,4h,7\n"), 0) << "known already";
    EXPECT_EQ(code(""), 0) << "nothing to refuse";
}

/// Whether an import has left a place to go on from: a whole file, for one is written beside its name first.
bool has_a_bookmark(fs::path const& bookmarks)
{
    std::error_code gone;
    for (auto file = fs::directory_iterator{bookmarks, gone}; !gone && file != fs::directory_iterator{}; file.increment(gone))
        if (file->path().extension() == ".json")
            return true;
    return false;
}

TEST(Import, GoesOnWhereAKilledOneStopped)
{
    TemporaryFolder const folder;
    auto const config = small_config(folder.path());
    auto const file = folder / "large.csv";
    write_large(file);
    std::vector<std::string> const command{YIHONG_BINARY, "import", "--config", config, "--data", folder / "data", file};
    {
        Process first{command, folder / "out", folder / "err"};
        auto const bookmarks = folder / "data/imports";
        ASSERT_TRUE(eventually([&] { return has_a_bookmark(bookmarks); }, 60s));
        first.signal(SIGKILL);
        EXPECT_EQ(first.wait(), -SIGKILL);
        EXPECT_EQ(read_file(folder / "out"), "");
    }
    auto const second = run(command);
    ASSERT_EQ(second.code, 0) << second.err;
    EXPECT_NE(second.err.find("goes on where it stopped"), std::string::npos) << second.err;
    Json const sums{second.last_line()};
    auto const accepted = std::stoi(sums.at("/accepted"));
    auto const duplicates = std::stoi(sums.at("/duplicates"));
    EXPECT_GT(accepted, 0);
    EXPECT_LT(accepted + duplicates, large_records) << "it began anew";
    EXPECT_EQ(sums.at("/revised"), "0");
    EXPECT_EQ(sums.at("/rejected"), "0");
    EXPECT_TRUE(fs::is_empty(folder / "data/imports"));

    Service service{folder / "data", {.config = config}};
    EXPECT_EQ(records_of(service, "a"), large_records / 2);
    EXPECT_EQ(records_of(service, "b"), large_records / 2);
    EXPECT_EQ(service.stop(), 0);
}

TEST(Import, SaysHowToGoOnWhenTheServiceStops)
{
    TemporaryFolder const folder;
    auto const config = small_config(folder.path());
    auto const file = folder / "large.csv";
    write_large(file);
    std::vector<std::string> const command{YIHONG_BINARY, "import", "--config", config, "--data", folder / "data", file};
    Service service{folder / "data", {.config = config}};
    Process first{command, folder / "out", folder / "err"};
    auto const bookmarks = folder / "data/imports";
    ASSERT_TRUE(eventually([&] { return has_a_bookmark(bookmarks); }, 60s));
    EXPECT_EQ(service.stop(), 0);
    EXPECT_EQ(first.wait(), 1);
    EXPECT_NE(read_file(folder / "err").find("run the same command again"), std::string::npos) << read_file(folder / "err");
    auto const accepted = std::stoi(Json{read_file(folder / "out")}.at("/accepted"));
    EXPECT_GT(accepted, 0);
    EXPECT_LT(accepted, large_records);

    auto const second = run(command);
    ASSERT_EQ(second.code, 0) << second.err;
    Json const sums{second.last_line()};
    EXPECT_EQ(accepted + std::stoi(sums.at("/accepted")) + std::stoi(sums.at("/duplicates")), large_records);
}

TEST(Import, WorksBesideARunningServiceAndChangesNothingTheSecondTime)
{
    TemporaryFolder const folder;
    auto const data = folder / "data";
    Service service{data};
    std::vector<std::string> const command{"import",
                                           "--config",
                                           shipped_config,
                                           "--data",
                                           data,
                                           samples / "surface_water_4h_2021-04-01_03.csv",
                                           samples / "air_raw_2019-07-18T14.xml.gz"};
    auto const first = yihong(command);
    ASSERT_EQ(first.code, 0) << first.err;
    Json const sums{first.last_line()};
    EXPECT_EQ(sums.at("/accepted"), "85");
    EXPECT_EQ(sums.at("/rejected"), "0");
    EXPECT_EQ(service.json("/collections/water-sections/items/longmen").at("/properties/time"), "2021-04-03T12:00:00Z");
    EXPECT_EQ(service.json("/collections/air-stations/items/2175A").at("/properties/time"), "2019-07-18T06:00:00Z");

    auto const version = service.get("/collections/water-sections/items/longmen").body;
    auto const second = yihong(command);
    EXPECT_EQ(second.code, 0) << second.err;
    Json const again{second.last_line()};
    EXPECT_EQ(again.at("/accepted"), "0");
    EXPECT_EQ(again.at("/revised"), "0");
    EXPECT_EQ(again.at("/duplicates"), std::to_string(std::stoi(sums.at("/accepted")) + std::stoi(sums.at("/duplicates"))));
    EXPECT_EQ(service.get("/collections/water-sections/items/longmen").body, version);
    EXPECT_EQ(service.stop(), 0);
}

TEST(Import, RegistersUnknownNationalSectionsWithoutPosition)
{
    TemporaryFolder const folder;
    auto const data = folder / "data";
    std::vector<std::string> const command{
        "import", "--create-sites", "--config", shipped_config, "--data", data, samples / "surface_water_snapshot_2025-11-06.csv"};
    auto const first = yihong(command);
    ASSERT_EQ(first.code, 0) << first.err;
    Json const sums{first.last_line()};
    EXPECT_EQ(sums.at("/unknown_site_rows"), "0");
    auto const created = std::stoi(sums.at("/sites_created"));
    EXPECT_GT(created, 1600);
    EXPECT_EQ(sums.at("/rejected"), "0");

    auto const check = [&](Service const& service) {
        auto const all = service.json("/collections/water-sections/items?limit=10000");
        EXPECT_EQ(all.at("/numberMatched"), std::to_string(12 + created));
        // published as Ⅳ; where it lies is not known
        auto const name = service.json("/collections/water-sections/items?name=" + percent_encoded("四埝村桥"));
        ASSERT_EQ(name.at("/numberMatched"), "1");
        EXPECT_EQ(name.at("/features/0/geometry"), "null");
        EXPECT_EQ(name.at("/features/0/properties/water_body"), "廖家洼河");
        EXPECT_EQ(name.at("/features/0/properties/water_class"), "4");
        EXPECT_EQ(name.at("/features/0/properties/time"), "2025-11-06T12:00:00Z");
        auto const id = name.at("/features/0/id");
        EXPECT_EQ(service.json("/api/v1/sites/" + id + "/judgement").at("/water_class"), "4");
        std::size_t judged = 0;
        for (std::size_t i = 0; i < all.size("/features"); ++i)
            judged += all.at(fmt::format("/features/{}/properties/water_class", i)) != "null" ? 1U : 0U;
        EXPECT_GT(judged, 1500U);
    };
    Service service{data};
    check(service);
    auto const second = yihong(command);
    EXPECT_EQ(second.code, 0) << second.err;
    EXPECT_EQ(Json{second.last_line()}.at("/accepted"), "0");
    EXPECT_EQ(Json{second.last_line()}.at("/sites_created"), "0");
    service.process().signal(SIGHUP);
    EXPECT_TRUE(service.logged("reloaded sites=" + std::to_string(19 + created))) << service.log();
    check(service);
    EXPECT_EQ(service.stop(), 0);
}

TEST(Import, ExitCodesTellWhatHappened)
{
    TemporaryFolder const folder;
    auto const config = small_config(folder.path());
    auto const import = [&](std::vector<std::string> arguments) {
        arguments.insert(arguments.begin(), {"import", "--config", config, "--data", folder / "data"});
        return yihong(arguments);
    };
    write_file(folder / "good.csv", "site,time,interval,ph\na,2025-11-06T00:00:00Z,4h,7\nb,2025-11-06T00:00:00Z,4h,99\n");
    write_file(folder / "nonsense.txt", "the quick brown fox\n");
    write_file(folder / "cut.csv.gz", read_file(samples / "air_raw_2019-07-18T14.xml.gz").substr(0, 20'000));

    auto const good = import({folder / "good.csv"});
    EXPECT_EQ(good.code, 0) << good.err;
    EXPECT_EQ(good.last_line(),
              R"({"accepted":1,"duplicates":0,"revised":0,"rejected":1,"rows":2,"empty":0,"unknown_site_rows":0,"sites_created":0})");
    EXPECT_NE(good.err.find("yihong quarantine list"), std::string::npos);

    auto const mixed = import({folder / "nonsense.txt", folder / "good.csv"});
    EXPECT_EQ(mixed.code, 1);
    EXPECT_NE(mixed.err.find("nonsense.txt: "), std::string::npos) << mixed.err;
    EXPECT_EQ(Json{mixed.last_line()}.at("/duplicates"), "1");
    auto const cut = import({folder / "cut.csv.gz"});
    EXPECT_EQ(cut.code, 1);
    EXPECT_NE(cut.err.find("cut.csv.gz: "), std::string::npos) << cut.err;
    EXPECT_EQ(import({}).code, 2);
    EXPECT_EQ(import({folder / "no-such-file.csv"}).code, 2);
    EXPECT_EQ(import({folder / "good.csv", "--format", "nonsense"}).code, 2);
    auto const quiet = import({"--quiet", folder / "good.csv"});
    EXPECT_EQ(quiet.err, "");
    EXPECT_EQ(quiet.out, quiet.last_line() + "\n");
}

}  // namespace
}  // namespace yihong::e2e
