#include "yihong/evaluate/alert_life.hpp"
#include "yihong/evaluate/river_order.hpp"
#include "yihong/model/alert_plan.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

namespace yihong {
namespace {

using Names = std::vector<std::string>;

RiverLine line(std::string name, double distance_m, std::optional<double> chainage_km = {})
{
    return {.name = std::move(name), .distance_m = distance_m, .chainage_km = chainage_km, .accuracy_m = {}};
}

/// 小韩村 lies on 浍河, which few layers draw; 汾河 is near.
struct OnATributary {
    Site site;
    OverlayFacts facts;
    OnATributary()
    {
        site.id = "xiaohancun";
        site.water_body = "浍河";
        site.assessed_for = "临汾市侯马市";
        facts.rivers = {line("汾河", 1200, 130.5)};
    }
};

TEST(SiteRivers, AreTheWaterBodyFirstAndTheNearestLineSecond)
{
    OnATributary const at;
    EXPECT_EQ(river_of(at.site, at.facts), "浍河");
    EXPECT_EQ(rivers_of(at.site, at.facts), (Names{"浍河", "汾河"}));
    EXPECT_TRUE(is_on_river(at.site, at.facts, "浍河"));
    EXPECT_TRUE(is_on_river(at.site, at.facts, "汾河"));
    EXPECT_FALSE(is_on_river(at.site, at.facts, "黄河"));
    EXPECT_FALSE(is_on_river(at.site, at.facts, ""));
    EXPECT_EQ(line_of_river(at.site, at.facts), nullptr);
}

TEST(SiteRivers, AreTheNearestLineAloneWhereTheSiteNamesNone)
{
    Site const site;
    OverlayFacts facts;
    EXPECT_EQ(river_of(site, facts), "");
    EXPECT_EQ(rivers_of(site, facts), Names{});
    facts.rivers = {line("汾河", 1200, 130.5), line("黄河", 3000, 80)};
    EXPECT_EQ(river_of(site, facts), "汾河");
    EXPECT_EQ(rivers_of(site, facts), Names{"汾河"});
    EXPECT_FALSE(is_on_river(site, facts, "黄河")) << "a river farther off";
    ASSERT_NE(line_of_river(site, facts), nullptr);
    EXPECT_EQ(line_of_river(site, facts)->chainage_km, 130.5);
}

TEST(SiteRivers, KnowTheLineOfTheWaterBodyWhereAnotherIsNearer)
{
    Site site;
    site.water_body = "汾河";
    OverlayFacts facts;
    facts.rivers = {line("黄河", 300, 80), line("汾河", 900, 210)};
    EXPECT_EQ(rivers_of(site, facts), (Names{"汾河", "黄河"})) << "at a mouth";
    ASSERT_NE(line_of_river(site, facts), nullptr);
    EXPECT_EQ(*line_of_river(site, facts), facts.rivers[1]);
}

TEST(SiteRivers, AreMatchedByScopesUnderEitherName)
{
    OnATributary const at;
    for (auto const& [river, expected] : {std::pair{"浍河", true}, {"汾河", true}, {"黄河", false}}) {
        AlertScope scope;
        scope.rivers = {"涑水河", river};
        EXPECT_EQ(covers(scope, at.site, at.facts), expected) << river;
    }
}

TEST(SiteRivers, AreMatchedBySilencesUnderEitherName)
{
    OnATributary const at;
    AlertPlan const plan;
    Alert alert;
    alert.site_id = at.site.id;
    auto const now = parse_rfc3339("2026-03-02T00:00:00Z").value();
    for (auto const& [river, expected] : {std::pair{"浍河", true}, {"汾河", true}, {"黄河", false}}) {
        std::array const silences{Silence{.id = "1",
                                          .site = {},
                                          .river = river,
                                          .county = {},
                                          .rule = {},
                                          .begin = now,
                                          .end = now + std::chrono::hours{1},
                                          .reason = {},
                                          .author = {},
                                          .created_at = {}}};
        EXPECT_EQ(
            is_muted(alert, {.plan = plan, .site = &at.site, .facts = &at.facts, .gone = false, .silences = silences, .upstream = {}}, now),
            expected)
            << river;
    }
}

/// 龙门 and 张留庄 come to 三门峡, that to 小浪底: no line of the layers says so.
TEST(RiverOrder, FollowsTheSiteFilesOverConfluences)
{
    auto const section = [](std::string id, std::string downstream) {
        Site site;
        site.id = std::move(id);
        site.downstream = std::move(downstream);
        return site;
    };
    std::array const sites{section("longmen", "sanmenxia"), section("sanmenxia", "xiaolangdi"), section("xiaolangdi", ""),
                           section("zhangliuzhuang", "sanmenxia")};
    std::array<OverlayFacts, 4> facts;
    RiverOrder const order{sites, facts};
    using Upstream = std::vector<RiverOrder::Upstream>;
    EXPECT_EQ(order.upstream(2), (Upstream{{1, {}}, {0, {}}, {3, {}}}));
    EXPECT_EQ(order.upstream(1), (Upstream{{0, {}}, {3, {}}}));
    EXPECT_TRUE(order.upstream(0).empty());
    // where the layers know the way along the river, it is told with it, and not twice
    facts[0].rivers = {line("黄河", 10, 77)};
    facts[2].rivers = {line("黄河", 10, 441)};
    EXPECT_EQ((RiverOrder{sites, facts}.upstream(2)), (Upstream{{0, 364.0}, {1, {}}, {3, {}}}));
}

TEST(RiverOrder, LeavesOutASiteBesideTheLineOfAnotherRiver)
{
    OnATributary const tributary;
    Site fen;
    fen.water_body = "汾河";
    OverlayFacts below, above;
    below.rivers = {line("汾河", 10, 150)};
    above.rivers = {line("汾河", 10, 100)};
    std::array const sites{tributary.site, fen, fen};
    std::array const facts{tributary.facts, below, above};
    RiverOrder const order{sites, facts};
    EXPECT_TRUE(order.upstream(0).empty());
    EXPECT_EQ(order.upstream(1), (std::vector<RiverOrder::Upstream>{{2, 50.0}}));
}

TEST(AssessedFor, IsMatchedByTheCityAndByTheCounty)
{
    OnATributary const at;
    for (auto const& [place, expected] :
         {std::pair{"临汾市", true}, {"临汾市侯马市", true}, {"运城市", false}, {"临汾市侯马市区", false}}) {
        AlertScope scope;
        scope.assessed_for = {place};
        EXPECT_EQ(covers(scope, at.site, at.facts), expected) << place;
        EXPECT_EQ(is_assessed_for(at.site, place), expected) << place;
    }
    EXPECT_FALSE(is_assessed_for(Site{}, ""));
}

}  // namespace
}  // namespace yihong
