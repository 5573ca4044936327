// Who leaves while his file is made: the making ends, also where a library has begun to finish the file in one call.
#include "process.hpp"

#include "yihong/base/time.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <sys/stat.h>

namespace yihong::e2e {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

void ingest_records(Service const& service, int records)
{
    auto const begin = parse_rfc3339("1991-01-01T00:00:00Z").value();
    constexpr int a_post = 10'000;
    for (int first = 0; first < records; first += a_post) {
        std::string rows = "site,time,interval,ph,dissolved_oxygen,codmn,ammonia_nitrogen\n";
        for (int i = first; i < first + a_post; ++i)
            rows += fmt::format("a,{},hour,7.{},8.1,3.{},0.2\n", format_rfc3339(begin + std::chrono::hours{i}), i % 10, i % 7);
        (void)service.ingest("text/csv", rows);
    }
}

/// Of the file of this name in whatever folder an export has below `exports`: how long it is, and what it has of the disk.
struct Extent {
    std::uint64_t size = 0;
    std::uint64_t on_disk = 0;
};
std::optional<Extent> extent_of(std::filesystem::path const& exports, std::string_view name)
{
    std::error_code error;
    for (auto const& folder : std::filesystem::directory_iterator{exports, error}) {
        struct stat seen{};
        if (::stat((folder.path() / name).c_str(), &seen) == 0)
            return Extent{static_cast<std::uint64_t>(seen.st_size), static_cast<std::uint64_t>(seen.st_blocks) * 512};
    }
    return std::nullopt;
}

bool holds_nothing(std::filesystem::path const& folder)
{
    std::error_code error;
    return std::filesystem::is_empty(folder, error) && !error;
}

class Left : public testing::TestWithParam<char const*> {};

TEST_P(Left, EndsTheMakingOfAFileThatALibraryFinishes)
{
    TemporaryFolder const folder;
    auto const config =
        small_config(folder.path(), "[server]\nheader_deadline = \"400ms\"\n");  // connections are looked at four times as often
    write_sites(folder / "sites.geojson", {"a"});
    Service service{folder / "data", {.config = config}};
    std::string const format = GetParam();
    // as many as it takes for the end of the making to last ten times as long as until the closed connection is seen
    ingest_records(service, format == "xlsx" ? 60'000 : 300'000);
    auto const target = "/collections/water-records/items?f=" + format;
    auto const whole = service.get(target).body.size();
    ASSERT_GT(whole, 1'000'000U);

    asio::io_context context;
    tcp::socket client{context};
    client.connect({asio::ip::address_v4::loopback(), service.port()});
    asio::write(client, asio::buffer("GET " + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n"));
    auto const exports = folder / "data" / "exports";
    auto const name = "water-records." + format;
    // of a workbook the file itself is begun when all features are in; a GeoPackage grows from the beginning, and its tree comes last
    auto const is_finished_now = [&] {
        auto const seen = extent_of(exports, name);
        return seen && (format != "gpkg" || seen->size > whole / 100 * 88);
    };
    ASSERT_TRUE(eventually(is_finished_now, std::chrono::minutes{2}));
    client.close();

    Extent last;
    auto const has_ended = [&] {
        last = extent_of(exports, name).value_or(last);
        return holds_nothing(exports);
    };
    EXPECT_TRUE(eventually(has_ended, std::chrono::minutes{2}));
    EXPECT_LT(last.on_disk, whole / 2) << "it was finished for nobody";
    EXPECT_EQ(service.get("/collections/water-sections/items?f=" + format).status, 200) << "the next one has its turn";
    EXPECT_GT(service.get(target).body.size(), 1'000'000U) << "and who stays gets the whole";
    EXPECT_EQ(service.stop(), 0);
}

INSTANTIATE_TEST_SUITE_P(Downloads, Left, testing::Values("xlsx", "gpkg"), [](auto const& info) { return std::string{info.param}; });

}  // namespace
}  // namespace yihong::e2e
