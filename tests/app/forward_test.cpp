#include "process.hpp"

#include <gtest/gtest.h>

#include <fmt/format.h>

namespace yihong::e2e {
namespace {

std::string hour_text(int n) { return fmt::format("2025-11-{:02}T{:02}:00:00Z", 1 + n / 6, n % 6 * 4); }

std::string csv(int first, int last, std::string_view ph = "7.3")
{
    std::string out = "site,time,interval,ph,codmn\n";
    for (int n = first; n < last; ++n)
        out += fmt::format("a,{},4h,{},{}\n", hour_text(n), ph, 2 + n % 5);
    return out;
}

/// A city and a province, both the real program: what the one takes in, the other has in the end.
TEST(Forward, ProvinceHasEverythingAfterCrashesOfBothSides)
{
    TemporaryFolder const city_folder;
    TemporaryFolder const province_folder;
    auto const province_config =
        small_config(province_folder.path(), "[[devices]]\nmn = \"MN-A\"\nsite = \"a\"\npassword = \"654321\"\nst = \"21\"\n");
    auto province = std::make_unique<Service>(province_folder / "data", ServeOptions{.config = province_config});
    auto const port = province->hj212_port();
    auto const city_config =
        small_config(city_folder.path(),
                     fmt::format("[[forward]]\nid = \"province\"\naddress = \"127.0.0.1:{}\"\npassword = \"654321\"\n"
                                 "sites = [\"a\"]\nedition = \"surface-water\"\nmn = {{ a = \"MN-A\" }}\nanswer_timeout = \"300ms\"\n",
                                 port));
    auto const serve_city = [&] { return std::make_unique<Service>(city_folder / "data", ServeOptions{.config = city_config}); };
    auto const count = [&] { return province->json("/api/v1/sites/a/readings?limit=1000").size("/records"); };

    auto city = serve_city();
    (void)city->ingest("text/csv", csv(0, 30));
    EXPECT_TRUE(eventually([&] { return count() == 30; })) << city->log();
    EXPECT_TRUE(eventually([&] { return city->json("/api/v1/forwards").at("/forwards/0/waiting") == "0"; }));
    auto const status = city->json("/api/v1/forwards");
    EXPECT_EQ(status.at("/forwards/0/id"), "province");
    EXPECT_EQ(status.at("/forwards/0/connected"), "true");
    EXPECT_EQ(status.at("/forwards/0/oldest_waiting_since"), "null");

    province->kill();                                  // an outage, over which the city crashes
    (void)city->ingest("text/csv", csv(30, 60));
    EXPECT_TRUE(eventually(
        [&] { return city->get("/metrics").body.find("yihong_forward_waiting{forward=\"province\"} 30\n") != std::string::npos; }));
    EXPECT_NE(city->json("/api/v1/forwards").at("/forwards/0/oldest_waiting_since"), "null");
    city->kill();
    city = serve_city();
    (void)city->ingest("text/csv", csv(20, 25, "8.1"));      // revised
    province = std::make_unique<Service>(province_folder / "data",
                                         ServeOptions{.config = province_config, .hj212 = fmt::format("127.0.0.1:{}", port)});
    EXPECT_TRUE(eventually([&] { return count() == 60; }, 20s)) << city->log();
    EXPECT_TRUE(eventually([&] { return city->json("/api/v1/forwards").at("/forwards/0/waiting") == "0"; }));
    auto const series = [](Service const& service) { return service.get("/api/v1/sites/a/readings?limit=1000&f=csv").body; };
    EXPECT_EQ(series(*province), series(*city));
    EXPECT_NE(series(*province).find("8.1"), std::string::npos);
    EXPECT_EQ(city->stop(), 0);
    EXPECT_EQ(province->stop(), 0);
}

TEST(Forward, CheckNamesUnknownSites)
{
    TemporaryFolder const folder;
    auto const config = small_config(folder.path(), "[[forward]]\nid = \"province\"\naddress = \"10.0.0.1:9212\"\npassword = \"p\"\nsites "
                                                    "= [\"a\", \"nowhere\"]\nmn = { gone = \"G\" }\n");
    auto const checked = yihong({"check", "--config", config.string()});
    EXPECT_EQ(checked.code, 1);
    EXPECT_NE(checked.err.find("forward \"province\": sites: no site file has a site \"nowhere\""), std::string::npos) << checked.err;
    EXPECT_NE(checked.err.find("forward \"province\": mn: no site file has a site \"gone\""), std::string::npos) << checked.err;
}

}  // namespace
}  // namespace yihong::e2e
