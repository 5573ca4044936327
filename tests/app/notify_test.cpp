#include "notify/http_receiver.hpp"
#include "process.hpp"

#include <gtest/gtest.h>

#include <fmt/format.h>

namespace yihong::e2e {
namespace {

TEST(Notify, TheServiceShowsItsChannelsAndItsHeartbeatArrives)
{
    testing::HttpReceiver const watcher;
    TemporaryFolder const folder;
    auto const config =
        small_config(folder.path(), fmt::format("[heartbeat]\nurl = \"{}\"\ninterval = \"1s\"\nallow_private = true\n"
                                                "[[channels]]\nid = \"duty\"\nkind = \"dingtalk\"\nurl = "
                                                "\"https://robot.example.invalid/send?access_token=hidden\"\nsecret = \"SEChidden\"\n",
                                                watcher.url("/ping")));
    Service service{folder / "data", ServeOptions{.config = config}};
    EXPECT_TRUE(watcher.wait_for(2));
    EXPECT_EQ(watcher.got().at(0).target, "/ping");
    auto const channels = service.json("/api/v1/notifications");
    EXPECT_EQ(channels.at("/channels/0/id"), "duty");
    EXPECT_EQ(channels.at("/channels/0/target"), "https://robot.example.invalid");
    EXPECT_EQ(channels.at("/channels/0/waiting"), "0");
    EXPECT_NE(service.get("/metrics").body.find("yihong_notifications_waiting{channel=\"duty\"} 0\n"), std::string::npos);
    EXPECT_NE(service.get("/api").body.find("\"/api/v1/notifications/{channel}/dead/{id}/replay\""), std::string::npos);
    EXPECT_EQ(service.get("/api/v1/notifications").body.find("hidden"), std::string::npos);
    EXPECT_EQ(service.stop(), 0);
    EXPECT_EQ(service.log().find("hidden"), std::string::npos) << service.log();
}

}  // namespace
}  // namespace yihong::e2e
