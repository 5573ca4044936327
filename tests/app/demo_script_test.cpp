#include "process.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <csignal>

/// scripts/demo.sh as it is, with the program that is built here, at full speed up to now.
namespace yihong::e2e {
namespace {

class Demo : public testing::Test {
protected:
    /// Runs until `end`. \param run names its output
    void begin(std::string const& run)
    {
        out_ = folder_ / (run + ".out");
        err_ = folder_ / (run + ".err");
        script_ = std::make_unique<Process>(std::vector<std::string>{source_dir / "scripts/demo.sh", "--program", YIHONG_BINARY, "--data",
                                                                     folder_ / "data", "--listen", "127.0.0.1:0", "--speed", "max",
                                                                     samples / "surface_water_snapshot_2025-11-06.csv"},
                                            out_, err_);
        ASSERT_TRUE(eventually([&] { return read_file(out_).contains("listening http="); }, 60s)) << read_file(err_);
        auto const said = read_file(out_);
        constexpr std::string_view before = "listening http=http://127.0.0.1:";
        port_ = static_cast<std::uint16_t>(std::stoi(said.substr(said.find(before) + before.size())));
    }
    void end()
    {
        script_->signal(SIGTERM);
        (void)script_->wait(30s);
        script_.reset();
    }
    [[nodiscard]] Json json(std::string const& target) const
    {
        auto const reply = http::request("127.0.0.1", port_, "GET", target, {{"Accept", "application/json"}});
        EXPECT_EQ(reply.status, 200) << target << "\n" << reply.body;
        return Json{reply.body};
    }
    /// The value of a counter of /metrics.
    [[nodiscard]] std::string figure(std::string const& name) const
    {
        auto const text = "\n" + http::request("127.0.0.1", port_, "GET", "/metrics", {}).body;
        auto const at = text.find("\n" + name + " ");
        return at == std::string::npos ? "" : text.substr(at + name.size() + 2, text.find('\n', at + 1) - at - name.size() - 2);
    }
    /// The records of a site over HJ 212; before today lie those that were imported.
    [[nodiscard]] std::size_t records_of(std::string const& site) const
    {
        return json("/api/v1/sites/" + site + "/readings?datetime=2026-01-01T00:00:00Z/..&limit=10000").size("/records");
    }
    [[nodiscard]] static bool is_of_now(Json const& feature) { return feature.at("/properties/currency") == "current"; }

    TemporaryFolder const folder_;
    std::filesystem::path out_, err_;
    std::unique_ptr<Process> script_;
    std::uint16_t port_ = 0;
};

TEST_F(Demo, PlaysEverySectionAndAirStationUpToNowAndTellsZhangliuzhuangsStory)
{
    begin("first");
    std::vector<std::string> const sections{"longmen",         "zhangliuzhuang", "shangbocheng", "xiaohancun",    "tongguandiaoqiao",
                                            "sanmenxiashuiku", "xiaolangdi",     "nanshan",      "shangpingwang", "wangqiancun"};
    std::vector<std::string> const air{"2175A", "2176A", "2178A", "2179A", "2866A"};
    auto const has_come = [&](std::string const& collection, std::string const& id) {
        return is_of_now(json("/collections/" + collection + "/items/" + id));
    };
    for (auto const& id : sections)
        EXPECT_TRUE(eventually([&] { return has_come("water-sections", id); }, 60s)) << id;
    for (auto const& id : air)
        EXPECT_TRUE(eventually([&] { return has_come("air-stations", id); }, 60s)) << id;
    // three days of one section, and as long of an air station, whose loop is shorter
    EXPECT_TRUE(eventually([&] { return records_of("zhangliuzhuang") == 16; }, 30s)) << records_of("zhangliuzhuang");
    EXPECT_TRUE(eventually([&] { return records_of("2179A") >= 60; }, 30s)) << records_of("2179A");

    // published under 维护, and judged all the same: at whatever hour it begins, the last of the three days is just over, and there is a severe alert
    auto const section = json("/collections/water-sections/items/zhangliuzhuang");
    EXPECT_EQ(section.at("/properties/status"), "normal");
    EXPECT_EQ(section.at("/properties/codmn"), "11.18");
    EXPECT_EQ(section.at("/properties/water_class"), "5");
    auto const alerts = json("/api/v1/alerts?site=zhangliuzhuang&family=water");
    ASSERT_EQ(alerts.size("/alerts"), 1U);
    EXPECT_EQ(alerts.at("/alerts/0/severity"), "high");
    EXPECT_EQ(alerts.at("/alerts/0/state"), "open");
    EXPECT_EQ(json("/collections/air-stations/items/2179A").at("/properties/aqi_category").empty(), false);
    // the month that is made up is whole, and says of itself what it is
    auto const made = http::request("127.0.0.1", port_, "GET", "/api/v1/reports/water-month?period=2021-11", {}).body;
    for (auto const* text : {"演示（非正式）", "1. 演示：2021年11月的数据是编造的", "参评10个", "未达标：小韩村（西曲村）、张留庄",
                             "庙前村", "断流、停测不参评断面1个：上亳城", "亳清河：断流、停测，不参评。",
                             "断流，2021-11-01至2021-11-30，演示（编造）：全月断流", "未参评断面1个（有效数据不足）：王谦村"})
        EXPECT_NE(made.find(text), std::string::npos) << text;
    EXPECT_EQ(json("/api/v1/alerts?site=hejindaqiao").size("/alerts"), 0U);  // old readings are no news
    EXPECT_EQ(json("/api/v1/sites/hejindaqiao/readings?datetime=2021-11-17T04:00:00Z").at("/records/0/values/ammonia_nitrogen"), "0.915");
    EXPECT_EQ(figure("yihong_records_revised_total"), "0");
    end();

    // begun again it sends what is known already, and nothing that contradicts it
    begin("second");
    EXPECT_TRUE(eventually([&] { return has_come("water-sections", "zhangliuzhuang"); }, 60s));
    EXPECT_TRUE(eventually([&] { return std::stod(figure("yihong_records_duplicate_total")) >= 16 * 10; }, 30s))
        << figure("yihong_records_duplicate_total");
    EXPECT_EQ(figure("yihong_records_revised_total"), "0");
    end();
}

/// The command of a document that begins with `begin` and ends with a JSON object of values.
std::string example_of(std::filesystem::path const& file, std::string const& begin)
{
    auto const text = read_file(source_dir / file);
    auto const at = text.find(begin);
    EXPECT_NE(at, std::string::npos) << file << " has no " << begin;
    constexpr std::string_view last = "}}'";
    return at == std::string::npos ? "" : text.substr(at, text.find(last, at) + last.size() - at);
}

TEST_F(Demo, TheExampleOfPostingRevisesNothing)
{
    begin("posting");
    ASSERT_TRUE(eventually([&] { return records_of("zhangliuzhuang") >= 15; }, 60s));
    for (auto const* file : {"README.md", "README.zh-CN.md"}) {
        auto const posted = run(
            {"bash", "-c", "U=http://127.0.0.1:" + std::to_string(port_) + "; " + example_of(file, "curl -X POST \"$U/api/v1/readings\"")});
        ASSERT_EQ(posted.code, 0) << posted.err;
        Json const answer{posted.last_line()};
        EXPECT_EQ(answer.at("/revised"), "0") << file;
        EXPECT_EQ(answer.at("/rejected"), "[]") << file << "\n" << posted.out;
    }
    EXPECT_EQ(figure("yihong_records_revised_total"), "0");
    end();
}

}  // namespace
}  // namespace yihong::e2e
