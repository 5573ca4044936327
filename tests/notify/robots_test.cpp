#include "http_receiver.hpp"
#include "notify_fixture.hpp"
#include "robots.hpp"
#include "signature.hpp"

#include <simdjson.h>

namespace yihong::testing {
namespace {

using Answer = HttpReceiver::Answer;
using Got = HttpReceiver::Got;
using RobotTest = NotifyTest;

std::string text_at(std::string const& json, std::string_view pointer)
{
    simdjson::dom::parser parser;
    simdjson::dom::element root = parser.parse(json);
    std::string_view text;
    EXPECT_EQ(root.at_pointer(pointer).get(text), simdjson::SUCCESS) << pointer << " in " << json;
    return std::string{text};
}

TEST_F(RobotTest, DingtalkIsSignedInItsUrlAndItsErrcodeDecides)
{
    HttpReceiver const receiver{[](Got const&, std::size_t count) {
        return Answer{200, count == 1 ? R"({"errcode":130101,"errmsg":"send too fast"})" : R"({"errcode":0,"errmsg":"ok"})", {}, {}};
    }};
    auto to = channel(ChannelKind::dingtalk, receiver.url("/robot/send?access_token=abc"));
    to.secrets = {"SECdemo"};
    open(store, {to});
    raise({document()});
    ASSERT_TRUE(is_emptied());
    auto const got = receiver.got();
    ASSERT_EQ(got.size(), 2U);
    auto const& target = got[1].target;
    auto const stamp = target.find("&timestamp=");
    ASSERT_NE(stamp, std::string::npos) << target;
    auto const ms = std::stoll(target.substr(stamp + 11));
    EXPECT_EQ(target, "/robot/send?access_token=abc&" + notify::dingtalk_query("SECdemo", UtcTime{std::chrono::milliseconds{ms}}));
    EXPECT_EQ(text_at(got[1].body, "/msgtype"), "markdown");
    EXPECT_EQ(text_at(got[1].body, "/markdown/title"), "张留庄断面水质劣于Ⅲ类（Ⅳ类）");
    EXPECT_EQ(text_at(got[1].body, "/markdown/text"),
              "### 张留庄断面水质劣于Ⅲ类（Ⅳ类）\n\n氨氮 1.31 mg/L ＜超标 & 待查＞\n\n限值 1 mg/L\n\n请处理：王某");
}

TEST_F(RobotTest, WecomPostsMarkdownThatFits)
{
    HttpReceiver const receiver{[](Got const&, std::size_t) { return Answer{200, R"({"errcode":0,"errmsg":"ok"})", {}, {}}; }};
    auto to = channel(ChannelKind::wecom, receiver.url("/cgi-bin/webhook/send?key=k"));
    to.body = "{note}" + std::string(5000, 'x');
    open(store, {to});
    raise({document()});
    ASSERT_TRUE(is_emptied());
    auto const content = text_at(receiver.got().at(0).body, "/markdown/content");
    EXPECT_TRUE(content.starts_with("**张留庄")) << content;
    EXPECT_LE(content.size(), 4096U);
    EXPECT_TRUE(content.ends_with("x…"));
}

TEST_F(RobotTest, FeishuIsSignedInItsBody)
{
    HttpReceiver const receiver{[](Got const&, std::size_t) { return Answer{200, R"({"code":0,"msg":"success","data":{}})", {}, {}}; }};
    auto to = channel(ChannelKind::feishu, receiver.url("/open-apis/bot/v2/hook/h"));
    to.secrets = {"demo"};
    open(store, {to});
    raise({document({.severity = "high"})});
    ASSERT_TRUE(is_emptied());
    auto const body = receiver.got().at(0).body;
    EXPECT_EQ(text_at(body, "/sign"), notify::feishu_sign("demo", std::stoll(text_at(body, "/timestamp"))));
    EXPECT_EQ(text_at(body, "/card/header/template"), "red");
    EXPECT_EQ(text_at(body, "/card/header/title/content"), "张留庄断面水质劣于Ⅲ类（Ⅳ类）");
    EXPECT_EQ(text_at(body, "/card/elements/0/text/content"), "氨氮 1.31 mg/L <超标 & 待查>\n限值 1 mg/L");
}

TEST_F(RobotTest, AWrongKeywordIsRefusedForGoodAndShownWithoutTheToken)
{
    HttpReceiver const receiver{[](Got const& g, std::size_t) {
        return Answer{200, R"({"errcode":310000,"errmsg":"keywords not in content, )" + g.target + "\"}", {}, {}};
    }};
    open(store, {channel(ChannelKind::dingtalk, receiver.url("/robot/send?access_token=abcdef"))});
    raise({document()});
    ASSERT_TRUE(is_emptied());
    ASSERT_EQ(dead().size(), 1U);
    EXPECT_EQ(notify::parse_dead_letter(dead()[0].payload)->error, "errcode 310000: keywords not in content, …");
}

TEST_F(RobotTest, CodesThatMayPassAndOthers)
{
    auto const kind = [](ChannelKind robot, std::string body) {
        Channel to;
        to.kind = robot;
        return notify::robot_outcome(
                   {.kind = notify::Outcome::Kind::delivered, .error = {}, .status = 200, .retry_after = {}, .body = std::move(body)}, to)
            .kind;
    };
    using Kind = notify::Outcome::Kind;
    EXPECT_EQ(kind(ChannelKind::wecom, R"({"errcode":45009})"), Kind::failed);
    EXPECT_EQ(kind(ChannelKind::wecom, R"({"errcode":93000,"errmsg":"invalid webhook url"})"), Kind::locked_out);
    EXPECT_EQ(kind(ChannelKind::feishu, R"({"code":11232})"), Kind::failed);
    EXPECT_EQ(kind(ChannelKind::feishu, R"({"code":19021,"msg":"sign match fail"})"), Kind::locked_out);
    EXPECT_EQ(kind(ChannelKind::dingtalk, R"({"errcode":310000,"errmsg":"sign not match"})"), Kind::locked_out);
    EXPECT_EQ(kind(ChannelKind::feishu, R"({"code":0})"), Kind::delivered);
    EXPECT_EQ(kind(ChannelKind::dingtalk, "<html>portal</html>"), Kind::failed);
    EXPECT_EQ(kind(ChannelKind::dingtalk, R"({"errcode":0})"), Kind::delivered);
}

TEST_F(RobotTest, AlertsOfOneRiverBecomeOneMessage)
{
    HttpReceiver const receiver{[](Got const&, std::size_t count) { return Answer{count == 1 ? 503 : 200, R"({"errcode":0})", {}, {}}; }};
    auto to = channel(ChannelKind::wecom, receiver.url());
    to.group_wait = 300ms;
    open(store, {to});
    raise({document({.alert = "a"}), document({.alert = "b", .site_name = "庙前村"}),
           document({.alert = "b", .step = 2, .kind = "updated", .site_name = "庙前村"}),
           document({.alert = "b", .step = 3, .kind = "acknowledged", .site_name = "庙前村"}), document({.alert = "c", .river = "涑水河"}),
           document({.alert = "air", .river = ""})});
    ASSERT_TRUE(is_emptied());
    std::vector<std::string> titles;
    for (auto const& g : receiver.got()) {
        auto const content = text_at(g.body, "/markdown/content");
        titles.push_back(content.substr(0, content.find('\n')));
    }
    ASSERT_EQ(titles.size(), 5U);
    EXPECT_EQ(titles[0], "**张留庄断面水质劣于Ⅲ类（Ⅳ类）**") << "the one without a river waits for nobody, and fails the first time";
    EXPECT_EQ(std::ranges::count(titles, "**汾河 3 条预警**"), 1);
    EXPECT_EQ(std::ranges::count(titles, "**庙前村断面水质劣于Ⅲ类（Ⅳ类）**"), 1);
    EXPECT_EQ(dispatcher->status().at(0).delivered, 6U);
}

}  // namespace
}  // namespace yihong::testing
