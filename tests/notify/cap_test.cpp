#include "cap.hpp"
#include "child.hpp"
#include "http_receiver.hpp"
#include "notify_fixture.hpp"

#include <pugixml.hpp>

namespace yihong::testing {
namespace {

class CapTest : public NotifyTest {
protected:
    void SetUp() override { std::filesystem::create_directories(folder.path()); }
    /// What xmllint says against the schema beside this file; empty: nothing.
    std::string problems(std::string const& message) const
    {
        auto const file = folder.path() / "message.xml";
        std::ofstream{file} << message;
        auto const code =
            run({"xmllint", "--noout", "--nonet", "--schema", YIHONG_SOURCE_DIR "/tests/notify/cap_profile.xsd", file.string()},
                folder.path() / "xmllint.log");
        return code == 0 ? std::string{} : content(folder.path() / "xmllint.log");
    }
    static std::vector<std::string> life(int steps)
    {
        std::vector<std::string> const kinds{"opened", "escalated", "acknowledged", "resolved", "closed"};
        std::vector<std::string> all;
        for (int step = 1; step <= steps; ++step)
            all.push_back(document({.step = step,
                                    .kind = kinds[static_cast<std::size_t>(step - 1)],
                                    .severity = step == 1 ? "alert" : "high",
                                    .time = fmt::format("2025-11-06T16:05:{:02}.345Z", step)}));
        return all;
    }
    static pugi::xml_document parse(std::string const& message)
    {
        pugi::xml_document parsed;
        EXPECT_TRUE(parsed.load_string(message.c_str()));
        return parsed;
    }
    notify::CapOptions const options{.sender = "yihong@example.cn", .public_url = "https://yihong.example.cn"};
    TemporaryFolder folder;
};

TEST_F(CapTest, FollowsAnAlertThroughItsLife)
{
    std::vector<std::string> types;
    for (int steps = 1; steps <= 5; ++steps) {
        auto const message = notify::cap_message(life(steps), options).value();
        EXPECT_EQ(problems(message), "") << message;
        types.push_back(parse(message).child("alert").child_value("msgType"));
    }
    EXPECT_EQ(types, (std::vector<std::string>{"Alert", "Update", "Update", "Cancel", "Cancel"}));
}

TEST_F(CapTest, SaysWhatTheDocumentSays)
{
    auto const message = parse(notify::cap_message(life(2), options).value());
    auto const alert = message.child("alert");
    EXPECT_STREQ(alert.attribute("xmlns").value(), "urn:oasis:names:tc:emergency:cap:1.2");
    EXPECT_STREQ(alert.child_value("identifier"), "zhangliuzhuang-water-20251106T120000Z.2");
    EXPECT_STREQ(alert.child_value("sender"), "yihong@example.cn");
    EXPECT_STREQ(alert.child_value("sent"), "2025-11-07T00:05:02+08:00");
    EXPECT_STREQ(alert.child_value("references"), "yihong@example.cn,zhangliuzhuang-water-20251106T120000Z.1,2025-11-07T00:05:01+08:00");
    auto const zh = alert.child("info");
    EXPECT_STREQ(zh.child_value("language"), "zh-CN");
    EXPECT_STREQ(zh.child_value("event"), "地表水水质预警");
    EXPECT_STREQ(zh.child_value("urgency"), "Immediate");
    EXPECT_STREQ(zh.child_value("severity"), "Severe");
    EXPECT_STREQ(zh.child_value("certainty"), "Observed");
    EXPECT_STREQ(zh.child_value("onset"), "2025-11-06T20:00:00+08:00");
    EXPECT_STREQ(zh.child_value("headline"), "张留庄断面水质劣于Ⅲ类（Ⅳ类）");
    EXPECT_STREQ(zh.child_value("description"), "氨氮 1.31 mg/L <超标 & 待查>\n限值 1 mg/L");
    EXPECT_STREQ(zh.child("area").child_value("areaDesc"), "河津市 汾河 张留庄");
    EXPECT_STREQ(zh.child("area").child_value("circle"), "35.6,110.9 1");
    auto const en = zh.next_sibling("info");
    EXPECT_STREQ(en.child_value("language"), "en-US");
    EXPECT_STREQ(en.child_value("headline"), "Zhangliuzhuang below Class III");
    EXPECT_STREQ(en.child_value("web"), "https://yihong.example.cn/api/v1/alerts/zhangliuzhuang-water-20251106T120000Z");
}

TEST_F(CapTest, StaysValidForTheOddest)
{
    std::vector<std::string> const bare{
        R"({"specversion":"1.0","id":"x.1","type":"yihong.alert.opened","subject":"x","time":"2025-11-06T16:05:12Z","data":{"alert":{"site":"s","severity":"notice","position":null},"text":{"zh":{"title":"\u0001a<b>","body":""}}}})"};
    auto const message = notify::cap_message(bare, {.sender = "yihong", .public_url = ""}).value();
    EXPECT_EQ(problems(message), "") << message;
    EXPECT_FALSE(notify::cap_message({}, options));
    EXPECT_FALSE(notify::cap_message(std::vector<std::string>{"{"}, options));
    EXPECT_NE(problems("<alert xmlns=\"urn:oasis:names:tc:emergency:cap:1.2\"><identifier>a b</identifier></alert>"), "")
        << "the check itself can fail";
}

TEST_F(CapTest, TheFeedListsMessages)
{
    std::vector const events{event({.alert = "a"}), event({.alert = "b/?", .step = 2, .kind = "updated", .time = "2025-11-06T17:00:00Z"})};
    auto const feed = notify::cap_atom(events, options, "https://yihong.example.cn");
    auto const parsed = parse(feed);
    auto const root = parsed.child("feed");
    EXPECT_STREQ(root.attribute("xmlns").value(), "http://www.w3.org/2005/Atom");
    EXPECT_STREQ(root.child_value("id"), "https://yihong.example.cn/api/v1/alerts/cap.atom");
    EXPECT_STREQ(root.child_value("updated"), "2025-11-06T17:00:00Z");
    std::vector<std::string> links;
    for (auto const entry : root.children("entry")) {
        EXPECT_STRNE(entry.child_value("title"), "");
        links.push_back(entry.child("link").attribute("href").value());
    }
    EXPECT_EQ(links, (std::vector<std::string>{"https://yihong.example.cn/api/v1/alerts/a/cap",
                                               "https://yihong.example.cn/api/v1/alerts/b%2F%3F/cap"}));
}

TEST_F(CapTest, AChannelPostsEachStepWithReferencesToTheEarlierOnes)
{
    HttpReceiver const receiver;
    notify::DispatcherOptions with;
    with.settings.cap_sender = "yihong@example.cn";
    keep_story(store, EventSpec{}.alert, life(4));                     // there are later ones already
    open(store, {channel(ChannelKind::cap, receiver.url())}, with);
    raise(life(3));
    ASSERT_TRUE(is_emptied());
    auto const got = receiver.got();
    ASSERT_EQ(got.size(), 3U);
    std::vector<std::string> types;
    for (std::size_t i = 0; i < got.size(); ++i) {
        EXPECT_EQ(problems(got[i].body), "");
        EXPECT_EQ(got[i].header("content-type"), "application/cap+xml; charset=utf-8");
        auto const message = parse(got[i].body);
        types.push_back(message.child("alert").child_value("msgType"));
        std::string_view const references = message.child("alert").child_value("references");
        EXPECT_EQ(static_cast<std::size_t>(std::ranges::count(references, '@')), i);
    }
    EXPECT_EQ(types, (std::vector<std::string>{"Alert", "Update", "Update"}));
}

}  // namespace
}  // namespace yihong::testing
