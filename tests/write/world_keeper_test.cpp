#include "core_fixture.hpp"

#include <future>

namespace yihong::testing {
namespace {

using WorldKeeperTest = CoreFixture;

TEST_F(WorldKeeperTest, TheSecondMakesItsWorldFromThatOfTheFirst)
{
    auto first = std::make_optional(core->worlds.take_turn());
    auto second = std::async(std::launch::async, [&] {
        auto turn = core->worlds.take_turn();
        auto sites = core->intake.world()->sites->all();
        sites.push_back(site("second", SiteKind::outfall));
        turn.replace(world(std::move(sites)));
    });
    EXPECT_EQ(second.wait_for(std::chrono::milliseconds{50}), std::future_status::timeout);
    first->replace(world({site("a", SiteKind::water_section), site("first", SiteKind::outfall)}));
    EXPECT_NE(feature("outfalls", "first"), "no such feature");
    first.reset();
    second.get();
    EXPECT_NE(feature("outfalls", "first"), "no such feature");
    EXPECT_NE(feature("outfalls", "second"), "no such feature");
}

}  // namespace
}  // namespace yihong::testing
