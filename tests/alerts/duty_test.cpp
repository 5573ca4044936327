// Who is on duty, over HTTP.
#include "fixture.hpp"

namespace yihong::alerts::testing {
namespace {

TEST_F(AlertRoutes, SayWhoIsOnDutyToWhoeverMayActAndNoTelephoneNumber)
{
    EXPECT_EQ(get("/api/v1/alerts/duty").status, 401);
    EXPECT_EQ(json("/api/v1/alerts/duty", "duty-secret").at("/has_roster"), "false");
    auto plan = *current->alerts;
    plan.duty = {{.contacts = {"wang"}, .begin = {}, .end = {}}};  // by day and night
    auto world = std::make_shared<World>(*current);
    world->alerts = std::make_shared<AlertPlan const>(std::move(plan));
    current = std::move(world);
    restart();
    auto const duty = json("/api/v1/alerts/duty", "duty-secret");
    EXPECT_EQ(duty.at("/has_roster"), "true");
    ASSERT_EQ(duty.size("/on_duty"), 1U);
    EXPECT_EQ(duty.at("/on_duty/0/name"), "王某");
    EXPECT_EQ(duty.at("/on_duty/0/role"), "河津市河长办");
    EXPECT_EQ(get("/api/v1/alerts/duty", {{"Authorization", "Bearer duty-secret"}}).body.find("13800000000"), std::string::npos);
}

}  // namespace
}  // namespace yihong::alerts::testing
