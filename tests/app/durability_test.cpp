#include "process.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <map>
#include <mutex>
#include <random>
#include <set>

namespace yihong::e2e {
namespace {

constexpr std::array<char const*, 4> sites{"a", "b", "c", "d"};

std::string time_of(int minute)
{
    return fmt::format("2025-{:02}-{:02}T{:02}:{:02}:00Z", 1 + minute / 40'320, 1 + minute / 1440 % 28, minute / 60 % 24, minute % 60);
}

/// What a station sends, and what was acknowledged: each thread has a site and a clock of its own.
class Stations {
public:
    /// Sends small batches until the service is gone, or `stop`.
    void run(Service const& service)
    {
        std::vector<std::thread> threads;
        for (std::size_t i = 0; i < sites.size(); ++i)
            threads.emplace_back([&, i] { send(service.port(), i); });
        for (auto& thread : threads)
            thread.join();
    }
    [[nodiscard]] std::map<std::string, std::map<std::string, std::string>> acknowledged() const
    {
        std::lock_guard const lock{mutex_};
        return acknowledged_;
    }
    [[nodiscard]] std::size_t count() const
    {
        std::size_t sum = 0;
        for (auto const& [site, records] : acknowledged())
            sum += records.size();
        return sum;
    }
    [[nodiscard]] std::size_t refused() const { return refused_; }
    void stop() { stop_ = true; }

private:
    void send(std::uint16_t port, std::size_t station)
    {
        std::mt19937 random{static_cast<unsigned>(station + 100 * static_cast<std::size_t>(clocks_[station]))};
        while (!stop_) {
            std::string body = "site,time,interval,ph,codmn\n";
            std::map<std::string, std::string> batch;
            int const count = 1 + static_cast<int>(random() % 20);
            for (int i = 0; i < count; ++i) {
                auto const time = time_of(clocks_[station]++);
                auto const value = fmt::format("{}.{}", 6 + random() % 3, 1 + random() % 9);
                body += fmt::format("{},{},minute,{},2\n", sites[station], time, value);
                batch[time] = value;
            }
            bool const with_bad_one = random() % 4 == 0;
            if (with_bad_one)
                body += fmt::format("nowhere,{},minute,7,2\n", time_of(clocks_[station]));
            try {
                auto const reply = http::request("127.0.0.1", port, "POST", "/api/v1/readings", {{"Content-Type", "text/csv"}}, body);
                if (reply.status != 200)
                    continue;
            } catch (std::runtime_error const&) {
                return;                                // killed: what it did not answer may be there or not
            }
            std::lock_guard const lock{mutex_};
            acknowledged_[sites[station]].merge(batch);
            refused_ += with_bad_one ? 1 : 0;
        }
    }

    std::array<int, sites.size()> clocks_{};
    mutable std::mutex mutex_;
    std::map<std::string, std::map<std::string, std::string>> acknowledged_;
    std::atomic<std::size_t> refused_{0};
    std::atomic<bool> stop_{false};
};

/// Time and pH of every record of a site, through all pages. Fails the test where times do not rise.
std::map<std::string, std::string> kept(Service const& service, std::string const& site)
{
    std::map<std::string, std::string> all;
    std::string last;
    std::string target = "/api/v1/sites/" + site + "/readings?parameter=ph&f=csv&limit=10000";
    while (!target.empty()) {
        auto const reply = service.get(target);
        EXPECT_EQ(reply.status, 200) << reply.body;
        for (std::size_t at = reply.body.find('\n') + 1; at < reply.body.size(); at = reply.body.find('\n', at) + 1) {
            auto const line = std::string_view{reply.body}.substr(at, reply.body.find('\r', at) - at);
            auto const time = std::string{line.substr(site.size() + 1, 20)};
            EXPECT_LT(last, time);
            last = time;
            auto const value = line.find(",ph,") + 4;
            all[time] = line.substr(value, line.find(',', value) - value);
        }
        auto const* link = reply.header("Link");
        target = link ? link->substr(1 + service.url().size(), link->find('>') - 1 - service.url().size()) : "";
    }
    return all;
}

void expect_all_kept(Service const& service, std::map<std::string, std::map<std::string, std::string>> const& acknowledged)
{
    for (auto const& [site, records] : acknowledged) {
        auto const there = kept(service, site);
        std::size_t missing = 0;
        for (auto const& [time, value] : records) {
            auto const found = there.find(time);
            missing += found == there.end() || found->second != value ? 1 : 0;
        }
        EXPECT_EQ(missing, 0U) << "of " << records.size() << " records of " << site;
        ASSERT_FALSE(there.empty());
        EXPECT_EQ(service.json("/collections/water-sections/items/" + site).at("/properties/time"), there.rbegin()->first);
    }
}

TEST(Durability, KillingTheServiceLosesNothingItAcknowledged)
{
    TemporaryFolder const folder;
    auto const config = small_config(folder.path());
    Stations stations;
    std::mt19937 random{5};
    std::size_t before = 0;
    for (int round = 0; round < 6; ++round) {
        Service service{folder / "data", {.config = config}};
        expect_all_kept(service, stations.acknowledged());
        EXPECT_GE(Json{service.get("/api/v1/quarantine?limit=1000").body}.size("/entries"),
                  std::min<std::size_t>(stations.refused(), 1000));
        std::thread killer{[&] {
            std::this_thread::sleep_for(300ms + std::chrono::milliseconds{random() % 300});
            service.kill();
        }};
        stations.run(service);
        killer.join();
        EXPECT_GT(stations.count(), before) << "nothing was acknowledged in round " << round;
        before = stations.count();
    }
    Service service{folder / "data", {.config = config}};
    expect_all_kept(service, stations.acknowledged());
    EXPECT_EQ(service.stop(), 0);
}

TEST(Durability, ABackupTakenDuringIngestHoldsWhatWasAcknowledgedBefore)
{
    TemporaryFolder const folder;
    auto const config = small_config(folder.path());
    auto const backup = [&](std::string const& to) { return yihong({"backup", to, "--config", config, "--data", folder / "data"}); };
    Stations stations;
    Service service{folder / "data", {.config = config}};
    std::thread ingest{[&] { stations.run(service); }};
    EXPECT_TRUE(eventually([&] { return stations.count() > 200; }, 20s));
    auto const acknowledged = stations.acknowledged();
    auto const done = backup(folder / "restored/store");
    auto const count = stations.count();
    EXPECT_TRUE(eventually([&] { return stations.count() > count; }));             // it goes on taking records
    stations.stop();
    ingest.join();
    ASSERT_EQ(done.code, 0) << done.err;
    auto const again = backup(folder / "restored/store");
    EXPECT_EQ(again.code, 1);
    EXPECT_EQ(again.out, "");
    EXPECT_NE(again.err.find("restored/store is not empty"), std::string::npos) << again.err;
    EXPECT_EQ(service.stop(), 0);

    Service const restored{folder / "restored", {.config = config}};
    expect_all_kept(restored, acknowledged);

    // also without a service
    EXPECT_EQ(backup(folder / "cold/store").code, 0);
    Service const cold{folder / "cold", {.config = config}};
    expect_all_kept(cold, stations.acknowledged());
}

}  // namespace
}  // namespace yihong::e2e
