// Places and sections ranked by their change, and the reports of their own that print the tables.
#include "yihong/reports/report_content.hpp"
#include "yihong/reports/water_html.hpp"

#include "water_fixture.hpp"

#include <fmt/format.h>

#include <map>
#include <tuple>

namespace yihong {
namespace {

using namespace testing;

/// Three places and what became of them: a better, b as before, c without a base, d best in both years.
class RankingByChange : public WaterReportTest {
protected:
    void SetUp() override
    {
        std::vector<Site> sites;
        for (auto const& [number, id, place] :
             {std::tuple{1U, "a", "甲县"}, {2U, "b", "乙县"}, {3U, "c", "丙县"}, {4U, "d", "丁县"}, {5U, "e", "甲县"}}) {
            sites.push_back(section(number, id, std::string{id} + "断面", 110.5, 3));
            sites.back().assessed_for = place;
        }
        world = make_world(std::make_shared<StandardsBook const>(book()), sites, std::make_shared<NoLayers const>());
        for (auto const year : {"2024-10", "2025-10"}) {
            bool const now = year == std::string_view{"2025-10"};
            month(1, year, now ? "0.60" : "1.20", "0.15");
            month(2, year, "0.90", "0.15");
            if (now) {
                month(3, year, "0.90", "0.15");
                month(5, year, "9.00", "0.15");                 // was not there last year: it is not compared
            }
            month(4, year, "0.20", now ? "0.05" : "0.10");
        }
    }
    static std::string drawn(FigureChange const& change)
    {
        auto const of = [](std::optional<Decimal> const& figure) { return figure ? figure->to_string() : std::string{"-"}; };
        return fmt::format("{} {}/{} {} {}", change.rank, of(change.now), of(change.base), of(change.change),
                           change.unranked ? to_text(*change.unranked) : "");
    }
};

TEST_F(RankingByChange, PutsPlacesAndSectionsByTheChangeOfTheirIndex)
{
    auto const made = report(query("2025-10"));
    std::map<std::string, std::string> places, sections;
    for (auto const& place : made.places)
        places[place.name] = drawn(place.figure_change.value());
    for (auto const& row : made.sections)
        sections[row.site->id] = drawn(row.index_change.value());
    EXPECT_EQ(places.at("甲县"), "1 3.0506/3.6506 -16.44 ") << "of the one section that was there in both years";
    EXPECT_EQ(places.at("乙县"), "2 3.3506/3.3506 0.00 ");
    EXPECT_EQ(places.at("丙县"), "0 -/- - no_base");
    EXPECT_EQ(places.at("丁县").substr(0, 2) + places.at("丁县").substr(places.at("丁县").rfind(' ')), "0  best_already");
    EXPECT_EQ(sections.at("a"), places.at("甲县"));
    EXPECT_EQ(sections.at("e"), "0 -/- - no_base");
    EXPECT_EQ(made.places[0].rank + made.places[1].rank + made.places[2].rank + made.places[3].rank, 9)
        << "by value all are ranked, two of them alike";
    auto alone = query("2025-10");
    alone.base = {};
    EXPECT_FALSE(report(alone).places[0].figure_change) << "nothing to compare with";
}

TEST_F(RankingByChange, StandsInTheReportWithItsRuleAndWhoIsNotInIt)
{
    auto const made = report(query("2025-10"));
    auto const content = water_report_content(made, *world->standards, nullptr, {.root_url = "https://w"});
    auto const& places = content.lists.at("变化排名");
    ASSERT_EQ(places.rows.size(), 2U);
    EXPECT_EQ(places.rows[0][*places.column("区域")].text, "甲县");
    EXPECT_EQ(places.rows[0][*places.column("可比断面")].text, "1");
    EXPECT_EQ(places.rows[0][*places.column("变化幅度")].text, "−16.44");
    auto const& sections = content.lists.at("断面变化排名");
    ASSERT_EQ(sections.rows.size(), 2U);
    EXPECT_EQ(sections.rows[0][*sections.column("上期指数")].link, "https://w/collections/section-periods/items/a.2024-10?f=html");
    auto const html = water_report_html(made, *world, {});
    for (auto const* text :
         {"区域变化排名：城市水质指数变化幅度（%）（环办监测〔2017〕51号；（本期−上期）÷上期×100%"
          "，用显示的数，只计两期都参评的断面；负值为好转，"
          "由小到大，按显示的两位小数排名，相同者并列，其后名次空出；各断面两期均为Ⅱ类及以上且未超目标的不参加）",
          "断面变化排名：水质指数变化幅度（%）", "未参加区域变化排名：丁县（两期均为Ⅱ类及以上且未超目标）、丙县（没有可比断面）。",
          "未参加断面变化排名：c断面（没有可比断面）、d断面（两期均为Ⅱ类及以上且未超目标）、e断面（没有可比断面）。"})
        EXPECT_TRUE(html.contains(text)) << text << '\n' << html;
    auto alone = query("2025-10");
    alone.base = {};
    EXPECT_FALSE(water_report_html(report(alone), *world, {}).contains("变化排名"));
}

TEST_F(RankingByChange, IsAReportOfItsOwnAndSoAreTheTablesOfCompliance)
{
    auto const made = report(query("2025-10"));
    auto const whole = water_report_html(made, *world, {});
    auto const tables_of = [](std::string const& page) {
        std::vector<std::string> found;
        for (std::size_t at = page.find("<table"); at != std::string::npos; at = page.find("<table", at + 1))
            found.push_back(page.substr(at, page.find("</table>", at) - at));
        return found;
    };
    auto const ranking = water_report_html(made, *world, {}, WaterReportKind::ranking);
    auto const compliance = water_report_html(made, *world, {}, WaterReportKind::compliance);
    EXPECT_EQ(tables_of(ranking).size(), 3U);
    EXPECT_EQ(tables_of(compliance).size(), 2U);
    for (auto const& page : {ranking, compliance})
        for (auto const& table : tables_of(page))
            EXPECT_TRUE(whole.contains(table)) << "the same tables: " << table;
    EXPECT_TRUE(ranking.contains("2025年10月水质排名"));
    EXPECT_TRUE(compliance.contains("2025年10月断面水质达标情况表"));
    EXPECT_TRUE(ranking.contains("未参加区域变化排名"));
    auto alone = query("2025-10");
    alone.sites = {"a"};
    EXPECT_TRUE(water_report_html(report(alone), *world, {}, WaterReportKind::ranking).contains("能排名的不足两个，不排名。"));
}

TEST_F(RankingByChange, GoesByPointsWhereSharesRank)
{
    auto wanted = query("2025-10");
    wanted.ranking = usual_rules(RankingFigure::good_share);
    auto const made = report(wanted);
    std::map<std::string, std::string> places;
    for (auto const& place : made.places)
        places[place.name] = drawn(place.figure_change.value());
    EXPECT_EQ(places.at("甲县"), "1 100.0/0.0 100.0 ");
    EXPECT_EQ(places.at("乙县"), "2 100.0/100.0 0.0 ");
    EXPECT_EQ(made.sections[0].index_change->change->to_string(), "-16.44") << "a share of one section is none";
    EXPECT_TRUE(
        water_report_html(made, *world, {})
            .contains("区域变化排名：优良断面比例变化（百分点）（本期−上期，用显示的数，只计两期都参评的断面；正值为好转，由大到小，"
                      "按显示的一位小数排名"));
}

}  // namespace
}  // namespace yihong
