// What the shipped rules make of the real readings, replayed and live.
//
// By hand, from tests/data/readings and table 1 of GB 3838-2002 (limits of class III: CODMn 6, NH3-N 1.0, TP 0.2 mg/L, DO at least 5;
// the multiple is value / limit - 1, one decimal, and none is defined for DO):
//
// 小韩村（西曲村）, as 西曲村, 1 April 2021 08:00, its first record: NH3-N 1.583 (class V, 0.6 times over), CODMn 6.88, TP 0.235, DO 4.01 (class IV).
//   Period 08:00 to 12:00 and from an archive: it counts as come at 12:30. One record is a notice.
//   12:00: NH3-N 2.030: worse than class V, 1.0 times over, and the second in a row: high, at 16:30.
//   Worst of the three days, 3 April 08:00: NH3-N 3.330 (2.3), TP 0.370 (0.85: 0.8, half to even), CODMn 8.64 (0.4), all in one record; DO at
//   least 3.25 (class IV) on 3 April 04:00. Assessed, so shown, with two, three, one and one decimals, half to even. The last record still has NH3-N 1.153, CODMn 7.29 and TP 0.232: it goes on.
//   6 November 2025 20:00: DO 4.8 (class IV); the rest is class III or better. A notice: one record.
// 张留庄: all its records of 2021 are 维护 (under maintenance), class V and worse as they are: they raise nothing but, 24 h after the first, that.
//   6 November 2025 20:00: CODMn 6.8 (class IV, 0.1). A notice.
// 上平望: CODMn 6.38 on 1 April 2021 08:00, notice at 12:30; 6.70 at 12:00, alert at 16:30; six records to 6.71 (0.1) on 2 April 04:00; then 5.64,
//   4.83, 4.97 of 08:00, 12:00, 16:00: class III. The third comes at 20:30 and ends it. On 3 April 16:00 NH3-N is 0.918 (class III, no multiple): above
//   twice the median of the 14 records before, (0.269 + 0.320) / 2. That comes at 20:30, not later than a day after the end, so it is the same alert
//   again, and goes on: it takes three records to end.
// 龙门 and 上亳城: class III or better in all records, no six equal values in a row, none near a limit: nothing.
#include "process.hpp"

#include "yihong/base/text.hpp"
#include "yihong/base/time.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <array>
#include <map>

namespace yihong::e2e {
namespace {

std::string const shipped_rules = source_dir / "config/alerts.toml";

class BacktestTest : public ::testing::Test {
protected:
    [[nodiscard]] Outcome backtest(std::vector<std::string> more) const
    {
        more.insert(more.begin(), {"backtest", "--config", shipped_config, "--data", folder / "data"});
        return yihong(std::move(more));
    }
    void import(std::vector<std::string> files) const
    {
        std::vector<std::string> command{"import", "--config", shipped_config, "--data", folder / "data"};
        for (auto const& file : files)
            command.push_back(samples / file);
        auto const outcome = yihong(command);
        ASSERT_EQ(outcome.code, 0) << outcome.err;
    }
    /// The alerts of the water family by site.
    static std::map<std::string, std::string> water(Json const& all)
    {
        std::map<std::string, std::string> found;
        for (std::size_t i = 0; i < all.size("/features"); ++i) {
            auto const p = [&](std::string_view name) { return all.at(fmt::format("/features/{}/properties/{}", i, name)); };
            if (p("family") == "water")
                found[p("site")] += fmt::format("{} {} {} {} ×{} {};", p("site_name"), p("peak_severity"), p("water_class_label"),
                                                p("deciding_parameters"), p("multiple"), p("rules"));
        }
        return found;
    }

    TemporaryFolder folder;
};

TEST_F(BacktestTest, FindsWhatTheRealReadingsOf2021Hold)
{
    import({"surface_water_4h_2021-04-01_03.csv"});
    auto const outcome = backtest({"--rules", shipped_rules, "--format", "json"});
    ASSERT_EQ(outcome.code, 0) << outcome.err;
    Json const all{outcome.out};
    std::map<std::string, std::string> stories;
    for (std::size_t i = 0; i < all.size("/alerts"); ++i) {
        auto const at = [&](std::string_view name) { return all.at(fmt::format("/alerts/{}/{}", i, name)); };
        stories[at("site") + " " + at("family")] += fmt::format("{} {} class {}, opened {}, resolved {};", at("peak_severity"), at("rules"),
                                                                at("peak_class"), at("opened_at"), at("resolved_at"));
    }
    EXPECT_EQ(
        stories,
        (std::map<std::string, std::string>{
            {"xiaohancun water",
             R"(high ["exceed-notice","below-class-iii","heavy","below-target"] class 6, opened 2021-04-01T04:30:00Z, resolved null;)"},
            {"shangpingwang water",
             R"(alert ["exceed-notice","below-class-iii","below-target","jump"] class 4, opened 2021-04-01T04:30:00Z, resolved null;)"},
            {"zhangliuzhuang operation", R"(notice ["out-of-service"] class null, opened 2021-04-02T00:00:00Z, resolved null;)"}}));
    EXPECT_EQ(all.at("/messages"), "23") << "docs/alerts.md shows them";
    EXPECT_EQ(all.at("/reminders"), "15");
    EXPECT_EQ(all.at("/records"), "80");
    EXPECT_EQ(all.size("/sites"), 5U);

    auto const table = backtest({"--rules", shipped_rules}).out;
    for (auto const* part :
         {"氨氮 3.33（超标2.3倍）、总磷 0.370（超标0.8倍）、高锰酸盐指数 8.6（超标0.4倍）、溶解氧 3.2\n",
          "高锰酸盐指数 6.7（超标0.1倍）、氨氮 0.92\n", "没有预警的站点 sites without alerts（2）：龙门、上亳城\n",
          "消息 messages：23，其中因无人处理而催办 reminders because nobody answered：15\n", "2021-04-01 12:30  -              60.0+ "})
        EXPECT_NE(table.find(part), std::string::npos) << part << "\n" << table;
}

TEST_F(BacktestTest, TellsThePollutantAndItsMultipleOfNovember2025)
{
    import({"surface_water_4h_2021-04-01_03.csv", "surface_water_snapshot_2025-11-06.csv"});
    auto const outcome = backtest({"--from", "2025-11-06", "--format", "geojson"});
    ASSERT_EQ(outcome.code, 0) << outcome.err;
    EXPECT_EQ(water(Json{outcome.out}),
              (std::map<std::string, std::string>{{"zhangliuzhuang", R"(张留庄 notice Ⅳ codmn ×0.1 exceed-notice;)"},
                                                  {"xiaohancun", R"(小韩村（西曲村） notice Ⅳ dissolved_oxygen ×null exceed-notice;)"}}));
}

/// The rows of the configured sections as posted readings, moved so that the newest round is that of now.
std::string shifted_to_now(std::string const& csv)
{
    std::map<std::string, std::string> const ids{{"龙门", "longmen"},
                                                 {"张留庄", "zhangliuzhuang"},
                                                 {"上亳城", "shangbocheng"},
                                                 {"西曲村", "xiaohancun"},
                                                 {"上平望", "shangpingwang"}};
    std::array<std::pair<std::size_t, std::string_view>, 8> const columns{{{5, "water_temperature"},
                                                                           {6, "ph"},
                                                                           {7, "dissolved_oxygen"},
                                                                           {8, "conductivity"},
                                                                           {9, "turbidity"},
                                                                           {10, "codmn"},
                                                                           {11, "ammonia_nitrogen"},
                                                                           {12, "total_phosphorus"}}};
    auto const newest = parse_rfc3339("2021-04-03T20:00:00+08:00").value();
    auto const now = utc_now();
    auto const shift = now - now.time_since_epoch() % 4h - newest;  // rounds of Beijing are rounds of UTC
    std::multimap<UtcTime, std::string> records;
    for (auto const line : split(csv, '\n')) {
        auto const cells = split(trimmed(line), ',');
        if (cells.size() < 17 || cells[0] != "山西省" || !ids.contains(std::string{cells[2]}) || !cells[3].starts_with("04-"))
            continue;
        auto const time = parse_rfc3339(fmt::format("2021-{}T{}:00+08:00", cells[3].substr(0, 5), cells[3].substr(6))).value() + shift;
        std::string values;
        for (auto const& [column, name] : columns)
            if (cells[column] != "--" && cells[column] != "*")
                values += fmt::format(R"({}"{}":{})", values.empty() ? "" : ",", name, cells[column]);
        records.emplace(time, fmt::format(R"({{"site":"{}","time":"{}","interval":"4h","status":"{}","values":{{{}}}}})",
                                          ids.at(std::string{cells[2]}), format_rfc3339(time),
                                          cells[16] == "维护" ? "maintenance" : "normal", values));
    }
    std::string body;
    for (auto const& [time, record] : records)
        body += record + "\n";
    return body;
}

TEST_F(BacktestTest, SaysOfTheSameReadingsWhatTheLiveServiceSays)
{
    import({"surface_water_4h_2021-04-01_03.csv"});
    auto const archive = backtest({"--format", "geojson"});
    auto const wanted = water(Json{archive.out});
    EXPECT_EQ(wanted.size(), 2U);
    EXPECT_EQ(backtest({"--format", "geojson"}).out, archive.out);

    TemporaryFolder const live_folder;
    Service service{live_folder / "data"};
    auto const report = service.ingest("application/x-ndjson", shifted_to_now(read_file(samples / "surface_water_4h_2021-04-01_03.csv")));
    EXPECT_EQ(report.at("/accepted"), "80");
    // three days in one post are a backlog: of 上平望, which was over before it came, nothing is told that was bad then
    auto told = water(service.json("/collections/alerts/items?limit=1000"));
    EXPECT_EQ(told["xiaohancun"], wanted.at("xiaohancun"));
    EXPECT_EQ(told["shangpingwang"].find("exceed-notice"), std::string::npos) << told["shangpingwang"];
    EXPECT_NE(wanted.at("shangpingwang").find("exceed-notice"), std::string::npos) << "a replay shows what would have been";

    auto const before = service.get("/collections/alerts/items?limit=1000").body;
    auto const beside = yihong({"backtest", "--config", shipped_config, "--data", live_folder / "data", "--format", "geojson", "-o",
                                live_folder / "alerts.geojson"});
    ASSERT_EQ(beside.code, 0) << beside.err;
    EXPECT_EQ(beside.out, "");
    // not 上平望: the live service got all at once, so its alert came back within a day of its end; of records in their time that depends on the minute
    EXPECT_EQ(water(Json{read_file(live_folder / "alerts.geojson")}).at("xiaohancun"), wanted.at("xiaohancun"));
    EXPECT_EQ(service.get("/collections/alerts/items?limit=1000").body, before) << "it touched the service";
    EXPECT_EQ(service.stop(), 0);
    EXPECT_EQ(water(Json{yihong({"backtest", "--config", shipped_config, "--data", live_folder / "data", "--format", "geojson"}).out})
                  .at("xiaohancun"),
              wanted.at("xiaohancun"));
}

TEST_F(BacktestTest, OtherRulesRaiseOtherAlerts)
{
    import({"surface_water_4h_2021-04-01_03.csv"});
    auto const rules = folder / "rules.toml";
    write_file(rules, "[[rules]]\nid = \"bad\"\nkind = \"worse_than_class\"\nclass = 4\n");
    auto const of = [&](std::vector<std::string> more) {
        more.insert(more.end(), {"--rules", rules, "--format", "geojson"});
        return water(Json{backtest(more).out});
    };
    // class V and worse: only 西曲村; its last such record is of 3 April 16:00 (1.577), and one good one does not end the alert
    EXPECT_EQ(of({}), (std::map<std::string, std::string>{{"xiaohancun", R"(小韩村（西曲村） alert Ⅳ ammonia_nitrogen ×0.2 bad;)"}}))
        << "as it was in the end";
    EXPECT_EQ(of({"--site", "shangpingwang"}).size(), 0U);
    EXPECT_EQ(of({"--to", "2021-03-31"}).size(), 0U);
    EXPECT_EQ(of({"--from", "2021-04-01", "--to", "2021-04-01T08:00:00+08:00"}).at("xiaohancun"),
              R"(小韩村（西曲村） alert Ⅴ ammonia_nitrogen ×0.6 bad;)");

    auto const unknown = backtest({"--site", "nowhere,longmen"});
    EXPECT_EQ(unknown.code, 1);
    EXPECT_NE(unknown.err.find("--site nowhere"), std::string::npos) << unknown.err;
    EXPECT_EQ(backtest({"--from", "yesterday"}).code, 1);
    EXPECT_EQ(backtest({"--from", "2021-04-03", "--to", "2021-04-01"}).code, 1);
    write_file(rules, "[[rules]]\nid = \"bad\"\nkind = \"worse_than_clas\"\n");
    auto const wrong = backtest({"--rules", rules});
    EXPECT_EQ(wrong.code, 1);
    EXPECT_NE(wrong.err.find("rules.toml:3"), std::string::npos) << wrong.err;
}

TEST_F(BacktestTest, OverHttpComesToTheSame)
{
    import({"surface_water_4h_2021-04-01_03.csv"});
    auto const told = backtest({"--from", "2021-04-01", "--to", "2021-04-03", "--format", "json"});
    ASSERT_EQ(told.code, 0) << told.err;
    Json const by_command{told.out};
    Service const service{folder / "data"};
    std::string const target = "/api/v1/alerts/backtest?datetime=2021-04-01/2021-04-03";
    Json const over_http{service.post(target).body};
    for (auto const* part : {"/records", "/numberMatched", "/alerts", "/rules", "/months", "/sites", "/messages", "/reminders"})
        EXPECT_EQ(over_http.at(part), by_command.at(part)) << part;
    auto const mine = service.post(target, "application/toml", R"([[rules]]
id = "bad"
title = "坏"
title_en = "bad"
kind = "worse_than_class"
class = 4
)");
    EXPECT_EQ(mine.status, 200) << mine.body;
    EXPECT_EQ(Json{mine.body}.at("/alerts/0/site"), "xiaohancun");
    auto const wrong = service.post(target, "application/toml", "[[rules]]\nid = \"bad\"\nkind = \"worse_than_clas\"\n");
    EXPECT_EQ(wrong.status, 400);
    EXPECT_TRUE(Json{wrong.body}.at("/detail").starts_with("rules:3:")) << wrong.body;
}

TEST_F(BacktestTest, KnowsWhatPeopleHaveMarked)
{
    std::string days = "site,time,interval,ph,dissolved_oxygen,codmn,ammonia_nitrogen,total_phosphorus\n";
    for (auto const& [month, length] : {std::pair{1, 31}, {2, 28}, {3, 31}, {4, 2}})
        for (int day = 1; day <= length; ++day)
            days +=
                fmt::format("longmen,2025-{:02}-{:02}T00:00:00+08:00,day,8.0,8.1,3.5,{},0.15\n", month, day, month == 1 ? "1.9" : "0.7");
    auto const rules = folder / "rules.toml";
    write_file(rules, "[[rules]]\nid = \"year\"\nkind = \"year_mean\"\nseverity = \"notice\"\nmin_months = 2\n");
    auto const by_command = [&] { return Json{backtest({"--rules", rules, "--from", "2025-04-01", "--format", "json"}).out}; };
    Json marked{"{}"};
    {
        Service const service{folder / "data"};
        (void)service.ingest("text/csv", days);
        EXPECT_EQ(by_command().size("/alerts"), 1U) << "1.1 over three months";
        auto const made =
            service.post("/api/v1/marks", "application/json",
                         R"({"kind":"dry","site":"longmen","begin":"2025-01-01","end":"2025-01-31","reason":"断流","by":"李"})");
        ASSERT_EQ(made.status, 201) << made.body;
        marked = Json{service.post("/api/v1/alerts/backtest?datetime=2025-04-01/..", "application/toml", read_file(rules)).body};
        EXPECT_EQ(marked.size("/alerts"), 0U) << "0.7 over two";
    }
    EXPECT_EQ(by_command().at("/alerts"), marked.at("/alerts"));
    EXPECT_EQ(by_command().at("/records"), marked.at("/records"));
}

TEST_F(BacktestTest, NeedsAStore)
{
    auto const outcome = backtest({});
    EXPECT_EQ(outcome.code, 1);
    EXPECT_NE(outcome.err.find("there is no store yet"), std::string::npos) << outcome.err;
    EXPECT_FALSE(std::filesystem::exists(folder / "data"));
}

}  // namespace
}  // namespace yihong::e2e
