// Messages to group robots: what does not fit one is split, told whole and once; links can be followed; people are called.
#include "http_receiver.hpp"
#include "notify_fixture.hpp"
#include "robot_messages.hpp"
#include "robots.hpp"

#include <simdjson.h>

namespace yihong::testing {
namespace {

using Answer = HttpReceiver::Answer;
using Got = HttpReceiver::Got;
using RobotMessages = NotifyTest;

std::string at_pointer(std::string const& json, std::string_view pointer)
{
    simdjson::dom::parser parser;
    simdjson::dom::element root = parser.parse(json);
    std::string_view text;
    EXPECT_EQ(root.at_pointer(pointer).get(text), simdjson::SUCCESS) << pointer << " in " << json;
    return std::string{text};
}

std::string title_line(std::string const& body)
{
    auto const content = at_pointer(body, "/markdown/content");
    return content.substr(0, content.find('\n'));
}

/// As long as the text of an alert is, with a name of its own.
std::vector<std::string> sections(int count)
{
    std::vector<std::string> all;
    for (int i = 1; i <= count; ++i) {
        auto text = document({.alert = fmt::format("a{}", i), .site_name = fmt::format("断面{}号", i)});
        std::string long_body;
        for (int line = 0; line < 8; ++line)
            long_body += "超标项目：氨氮 1.31 mg/L（Ⅳ类，高于Ⅲ类限值1），监测时间 11-06 20:00\\n";
        text.replace(text.find("氨氮 1.31 mg/L <超标 & 待查>"), std::string_view{"氨氮 1.31 mg/L <超标 & 待查>"}.size(), long_body);
        all.push_back(std::move(text));
    }
    return all;
}

TEST_F(RobotMessages, TwelveSectionsAreAllTold)
{
    HttpReceiver const receiver{[](Got const&, std::size_t) { return Answer{200, R"({"errcode":0,"errmsg":"ok"})", {}, {}}; }};
    auto to = channel(ChannelKind::wecom, receiver.url());
    to.group_wait = 300ms;
    open(store, {to});
    raise(sections(12));
    ASSERT_TRUE(is_emptied());
    auto const got = receiver.got();
    ASSERT_GE(got.size(), 3U);
    std::string everything;
    for (std::size_t i = 0; i < got.size(); ++i) {
        auto const content = at_pointer(got[i].body, "/markdown/content");
        EXPECT_LE(content.size(), 4096U);
        EXPECT_EQ(content.find("…"), std::string::npos) << "nothing is cut";
        EXPECT_EQ(title_line(got[i].body), fmt::format("**汾河 12 条预警（{}/{}）**", i + 1, got.size()));
        everything += content;
    }
    for (int i = 1; i <= 12; ++i)
        EXPECT_NE(everything.find(fmt::format("断面{}号", i)), std::string::npos) << i;
    EXPECT_EQ(dispatcher->status().at(0).delivered, 12U);
}

TEST_F(RobotMessages, WhatWasTakenIsNotSentAgain)
{
    HttpReceiver const receiver{[](Got const&, std::size_t count) {
        return Answer{200, count == 2 ? R"({"errcode":45009,"errmsg":"too fast"})" : R"({"errcode":0,"errmsg":"ok"})", {}, {}};
    }};
    auto to = channel(ChannelKind::wecom, receiver.url());
    to.group_wait = 300ms;
    open(store, {to});
    raise(sections(12));
    ASSERT_TRUE(is_emptied());
    auto const got = receiver.got();
    std::string taken;
    for (std::size_t i = 0; i < got.size(); ++i)
        if (i != 1)
            taken += at_pointer(got[i].body, "/markdown/content");
    for (int i = 1; i <= 12; ++i) {
        auto const name = fmt::format("断面{}号", i);
        auto const first = taken.find(name);
        EXPECT_NE(first, std::string::npos) << name;
        EXPECT_EQ(taken.find(name, first + 1), std::string::npos) << name << " came twice";
    }
    EXPECT_EQ(dispatcher->status().at(0).delivered, 12U);
    EXPECT_EQ(dispatcher->status().at(0).failed, 1U);
}

TEST_F(RobotMessages, APieceOfALongEventIsNotSentAgainEither)
{
    HttpReceiver const receiver{[](Got const&, std::size_t count) {
        return Answer{200, count == 2 ? R"({"errcode":-1,"errmsg":"busy"})" : R"({"errcode":0,"errmsg":"ok"})", {}, {}};
    }};
    auto to = channel(ChannelKind::wecom, receiver.url());
    to.body = "{note}" + std::string(9'000, 'x');
    open(store, {to});
    raise({document()});
    ASSERT_TRUE(is_emptied());
    std::vector<std::string> titles;
    for (auto const& g : receiver.got())
        titles.push_back(title_line(g.body).substr(std::string_view{"**张留庄断面水质劣于Ⅲ类（Ⅳ类）"}.size()));
    EXPECT_EQ(titles, (std::vector<std::string>{"（1/3）**", "（2/3）**", "（2/3）**", "（3/3）**"}));
}

TEST_F(RobotMessages, LinksCanBeFollowed)
{
    EXPECT_EQ(notify::markdown_escaped("A_1 详情：https://w.example/api/v1/alerts/A140800_0001-water?f=html\n*x_y*"),
              "A＿1 详情：https://w.example/api/v1/alerts/A140800_0001-water?f=html\n＊x＿y＊");
    EXPECT_EQ(notify::markdown_escaped("http://x](http://evil_1)<@all>"), "http://x］(http://evil_1)＜＠all＞");
}

TEST_F(RobotMessages, BothFormsOfFeishusAnswerAreUnderstood)
{
    auto const kind = [](std::string body) {
        Channel to;
        to.kind = ChannelKind::feishu;
        return notify::robot_outcome(
                   {.kind = notify::Outcome::Kind::delivered, .error = {}, .status = 200, .retry_after = {}, .body = std::move(body)}, to)
            .kind;
    };
    using Kind = notify::Outcome::Kind;
    EXPECT_EQ(kind(R"({"Extra":null,"StatusCode":0,"StatusMessage":"success"})"), Kind::delivered);
    EXPECT_EQ(kind(R"({"StatusCode":0,"StatusMessage":"success","code":0,"data":{},"msg":"success"})"), Kind::delivered);
    EXPECT_EQ(kind(R"({"StatusCode":19024,"StatusMessage":"Key Words Not Found"})"), Kind::refused);
    EXPECT_EQ(kind(R"({"code":19024,"msg":"Key Words Not Found"})"), Kind::refused);
}

TEST_F(RobotMessages, CallThoseWhoseTurnItIs)
{
    auto const raised = [](std::string const& kind) {
        auto text = document({.kind = kind});
        auto const from = text.find(R"("phone":"")");
        text.replace(from, std::string_view{R"("phone":"")"}.size(),
                     R"("phone":"+86 138-0000 0000","wecom_id":"WangMou","feishu_id":"ou_7d8a","dingtalk_id":"")");
        return notify::parse_event(text).value();
    };
    auto const body = [&](ChannelKind kind, notify::Event const& of) {
        auto to = default_channel(kind);
        auto const messages = notify::robot_messages({&of, 1}, to, "");
        return notify::robot_body(messages.at(0), to, 0);
    };
    auto const opened = raised("opened");
    auto const dingtalk = body(ChannelKind::dingtalk, opened);
    EXPECT_TRUE(at_pointer(dingtalk, "/markdown/text").ends_with("\n\n请处理：王某 @+8613800000000")) << dingtalk;
    EXPECT_EQ(at_pointer(dingtalk, "/at/atMobiles/0"), "+8613800000000");
    EXPECT_TRUE(at_pointer(body(ChannelKind::wecom, opened), "/markdown/content").ends_with("\n请处理：王某 <@WangMou>"));
    EXPECT_EQ(at_pointer(body(ChannelKind::feishu, opened), "/card/elements/1/text/content"), "请处理：王某 <at id=ou_7d8a></at>");
    auto const over = raised("resolved");
    for (auto const kind : {ChannelKind::dingtalk, ChannelKind::wecom, ChannelKind::feishu})
        EXPECT_EQ(body(kind, over).find("王某"), std::string::npos) << "an end asks nobody for anything";
}

}  // namespace
}  // namespace yihong::testing
