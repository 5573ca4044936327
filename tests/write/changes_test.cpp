#include "core_fixture.hpp"

#include <thread>

namespace yihong::testing {
namespace {

using Texts = std::vector<std::string>;

class ChangesTest : public CoreFixture {
protected:
    std::vector<std::string> told() const
    {
        std::vector<std::string> all;
        for (auto const& event : core->state.feed.read(1, 100).events)
            all.push_back(event->event().type + " " + event->event().site);
        return all;
    }
};

TEST_F(ChangesTest, AChangedSiteIsToldWithItsFeatureAndWhereItLies)
{
    send({parsed("a", "2025-11-06T12:00:00Z", {reading("codmn", "6.8")})});
    ASSERT_EQ(told(), (Texts{"site.changed a"}));
    auto const event = core->state.feed.read(1, 1).events.front();
    EXPECT_EQ(event->event().county, "永济市");
    EXPECT_EQ(event->event().kind, SiteKind::water_section);
    EXPECT_EQ(event->event().position, (LonLat{110.4, 34.9}));
    EXPECT_EQ(event->json(), feature("water-sections", "a"));
    send({parsed("a", "2025-11-06T12:00:00Z", {reading("codmn", "6.8")})});    // a duplicate changes nothing
    send({parsed("a", "2025-11-06T08:00:00Z", {reading("codmn", "6.8")})});    // an older record neither
    EXPECT_EQ(told().size(), 1U);
}

TEST_F(ChangesTest, AnotherColumnIsNoChangeOfTheOtherSites)
{
    send({parsed("a", "2025-11-06T12:00:00Z", {reading("fluoride", "0.5")})});
    EXPECT_EQ(told(), (Texts{"site.changed a"}));
}

TEST_F(ChangesTest, AReplacedWorldIsOneReset)
{
    send({parsed("a", "2025-11-06T12:00:00Z", {reading("codmn", "6.8")})});
    core->worlds.take_turn().replace(world({site("a", SiteKind::water_section), site("new", SiteKind::water_section)}));
    EXPECT_EQ(told(), (Texts{"site.changed a", "reset "}));
    EXPECT_EQ(core->state.feed.read(2, 1).events.front()->json(), R"({"reason":"reloaded"})");
}

}  // namespace
}  // namespace yihong::testing
