#include "address_guard.hpp"
#include "notify_fixture.hpp"
#include "pending.hpp"
#include "sender.hpp"
#include "signature.hpp"
#include "texts.hpp"

#include "yihong/base/text.hpp"
#include "yihong/notify/targets.hpp"

#include <arpa/inet.h>

#include <set>

namespace yihong::testing {
namespace {

using namespace notify;

TEST(Signature, HmacFollowsRfc4231)
{
    EXPECT_EQ(to_hex(hmac_sha256(std::string(20, '\x0b'), "Hi There")), "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    EXPECT_EQ(to_hex(hmac_sha256("Jefe", "what do ya want for nothing?")),
              "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

TEST(Signature, StandardWebhooksExample)
{
    // the example of the specification's libraries
    std::vector<std::string> const one{"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"};
    EXPECT_EQ(webhook_signature(one, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, R"({"test": 2432232314})"),
              "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    // while a secret is changed, both sign
    std::vector<std::string> const two{"whsec_" + to_base64("a secret of 24 new bytes"), one[0]};
    auto const both = webhook_signature(two, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, R"({"test": 2432232314})");
    EXPECT_TRUE(both.ends_with(" v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")) << both;
    EXPECT_EQ(std::ranges::count(both, ' '), 1);
}

TEST(Signature, Robots)
{
    // the secret of DingTalk's example; the sums are those of Python's hmac over what both makers describe
    EXPECT_EQ(dingtalk_query("this is secret", UtcTime{1577262236757ms}),
              "timestamp=1577262236757&sign=hmPWwU%2B7lVdm3ZZz0r9tSfx0L4Q26jWOZr9%2BGs6EZQM%3D");
    EXPECT_EQ(feishu_sign("demo", 1599360473), "l1N0gAcBjdwBvGm1xMjOF0XSyaLRpR7tuO5dHfhAYc8=");
}

bool is_public_text(std::string const& text)
{
    sockaddr_storage storage{};
    if (auto& v4 = reinterpret_cast<sockaddr_in&>(storage); inet_pton(AF_INET, text.c_str(), &v4.sin_addr) == 1) {
        v4.sin_family = AF_INET;
    } else {
        auto& v6 = reinterpret_cast<sockaddr_in6&>(storage);
        v6.sin6_family = AF_INET6;
        EXPECT_EQ(inet_pton(AF_INET6, text.c_str(), &v6.sin6_addr), 1) << text;
    }
    return is_public(reinterpret_cast<sockaddr&>(storage));
}

TEST(AddressGuard, KnowsWhatLiesInside)
{
    for (auto const* inside : {"127.0.0.1",
                               "127.255.255.254",
                               "0.0.0.0",
                               "10.1.2.3",
                               "172.16.0.1",
                               "172.31.255.255",
                               "192.168.1.1",
                               "169.254.169.254",
                               "100.64.0.1",
                               "100.127.255.255",
                               "100.100.100.200",
                               "192.0.0.192",
                               "198.18.0.1",
                               "224.0.0.1",
                               "255.255.255.255",
                               "::",
                               "::1",
                               "::ffff:127.0.0.1",
                               "::ffff:10.0.0.1",
                               "::ffff:169.254.169.254",
                               "::127.0.0.1",
                               "fc00::1",
                               "fd00:ec2::254",
                               "fe80::1",
                               "ff02::1",
                               "2002:7f00:1::",
                               "2002:a00:1::",
                               "64:ff9b::127.0.0.1",
                               "64:ff9b::a9fe:a9fe",
                               "64:ff9b:1::1",
                               "2001::1",
                               "2001:db8::1"})
        EXPECT_FALSE(is_public_text(inside)) << inside;
    for (auto const* outside : {"1.1.1.1", "223.5.5.5", "172.15.255.255", "172.32.0.1", "100.63.255.255", "100.128.0.1", "169.253.1.1",
                                "2400:3200::1", "::ffff:223.5.5.5", "2002:df05:505::", "64:ff9b::223.5.5.5"})
        EXPECT_TRUE(is_public_text(outside)) << outside;
    sockaddr other{};
    other.sa_family = AF_UNIX;
    EXPECT_FALSE(is_public(other));
}

TEST(AddressGuard, TellsOfATargetInsideBeforeAnythingIsSent)
{
    auto channel = default_channel(ChannelKind::smtp);
    EXPECT_FALSE(target_refusal(channel)) << "a command has no address";
    for (auto const* inside : {"smtp://localhost", "smtps://127.0.0.1:465", "http://[fd00::1]:8080/hook?a=b", "mqtt://10.1.2.3/"}) {
        channel.url = inside;
        EXPECT_TRUE(target_refusal(channel)) << inside;
    }
    channel.url = "smtps://192.168.1.9:465";
    EXPECT_EQ(target_refusal(channel), "192.168.1.9 is not a public address; allow_private = true permits such targets");
    channel.allow_private = true;
    EXPECT_FALSE(target_refusal(channel));
    channel.allow_private = false;
    for (auto const* fine : {"https://223.5.5.5/hook", "https://[2400:3200::1]", "https://nowhere.invalid/"}) {
        channel.url = fine;
        EXPECT_FALSE(target_refusal(channel)) << fine;
    }
}

TEST(Backoff, DoublesWithFullJitterUpToALimit)
{
    std::minstd_rand random{1};
    for (auto const& [tries, most] : {std::pair{1, 1000}, {2, 2000}, {5, 16'000}, {10, 512'000}, {11, 900'000}, {200, 900'000}}) {
        std::set<std::int64_t> seen;
        for (int i = 0; i < 200; ++i) {
            auto const pause = backoff(tries, 1s, 15min, random).count();
            EXPECT_GE(pause, most / 10);
            EXPECT_LE(pause, most);
            seen.insert(pause / (most / 10));
        }
        EXPECT_GE(seen.size(), 9U) << tries;
    }
}

std::vector<std::uint64_t> ids(std::vector<Pending::Item> const& items)
{
    std::vector<std::uint64_t> all;
    for (auto const& item : items)
        all.push_back(item.id);
    return all;
}
using Ids = std::vector<std::uint64_t>;

TEST(Pending, OrderHoldsWithinAnAlertOnly)
{
    Pending pending{0ms};
    auto const t = Pending::Clock::time_point{} + 1h;
    pending.add(1, "a", "", t);
    pending.add(2, "a", "", t);
    pending.add(3, "b", "", t);
    auto first = pending.take(t);
    ASSERT_EQ(ids(first), Ids{1});
    first[0].tries = 1;
    first[0].due = t + 10s;
    pending.put_back(first);
    auto const second = pending.take(t);
    EXPECT_EQ(ids(second), Ids{3});
    pending.settle(second);
    EXPECT_TRUE(pending.take(t).empty()) << "the second of a waits for the first";
    EXPECT_EQ(pending.next_due(), t + 10s);
    pending.add(4, "c", "", t + 10s);
    auto const fresh = pending.take(t + 10s);
    EXPECT_EQ(ids(fresh), Ids{4}) << "what was tried less goes first";
    pending.settle(fresh);
    auto const again = pending.take(t + 10s);
    EXPECT_EQ(ids(again), Ids{1});
    pending.settle(again);
    auto const rest = pending.take(t + 10s);
    EXPECT_EQ(ids(rest), Ids{2});
    pending.settle(rest);
    EXPECT_EQ(pending.size(), 0U);
    EXPECT_EQ(pending.next_due(), std::nullopt);
}

TEST(Pending, MergesWhatComesFromOneRiver)
{
    Pending pending{10s};
    auto const t = Pending::Clock::time_point{} + 1h;
    pending.add(1, "a", "汾河", t);
    pending.add(2, "b", "", t + 1s);
    pending.add(3, "c", "汾河", t + 5s);
    pending.add(4, "a", "汾河", t + 6s);
    pending.add(5, "a", "", t + 7s);                // an acknowledgement
    pending.add(6, "d", "涑水河", t + 7s);
    auto const single = pending.take(t + 8s);
    EXPECT_EQ(ids(single), Ids{2});
    pending.settle(single);
    EXPECT_TRUE(pending.take(t + 9s).empty());
    auto const merged = pending.take(t + 10s);
    EXPECT_EQ(ids(merged), (Ids{1, 3, 4}));
    pending.settle(merged);
    auto const after = pending.take(t + 10s);
    EXPECT_EQ(ids(after), Ids{5});
    pending.settle(after);
    EXPECT_EQ(pending.next_due(), t + 17s);
}

TEST(Pending, TriesAgainAtOnceWhenTheReceiverIsBack)
{
    Pending pending{0ms};
    auto const t = Pending::Clock::time_point{} + 1h;
    pending.add(1, "a", "", t);
    pending.add(2, "b", "", t);
    for (bool const unreachable : {true, false}) {
        auto items = pending.take(t);
        items[0].due = t + 15min;
        items[0].tries = 9;
        items[0].unreachable = unreachable;
        pending.put_back(items);
    }
    pending.receiver_is_back(t + 1s);
    auto const back = pending.take(t + 1s);
    EXPECT_EQ(ids(back), Ids{1});
    EXPECT_TRUE(pending.take(t + 1s).empty());
}

TEST(NotifyEvent, ReadsADocument)
{
    auto const e = event({.step = 3, .kind = "escalated", .severity = "high"});
    EXPECT_EQ(e.id, "zhangliuzhuang-water-20251106T120000Z.3");
    EXPECT_EQ(e.alert_id, "zhangliuzhuang-water-20251106T120000Z");
    EXPECT_EQ(e.kind, "escalated");
    EXPECT_EQ(e.river, "汾河");
    EXPECT_EQ(e.class_label, "Ⅳ");
    EXPECT_EQ(e.aqi, "");
    EXPECT_EQ(e.position, (std::pair{110.9, 35.6}));
    EXPECT_EQ(e.pollutants.at(0).value, "1.31");
    ASSERT_EQ(e.recipients.size(), 1U);
    EXPECT_EQ(e.recipients[0].email, "wang@example.invalid");
    auto const service = parse_event(
        R"({"specversion":"1.0","id":"s.1","type":"yihong.service.disk_low","time":"2025-11-06T16:05:12Z","data":{"text":{"zh":{"title":"磁盘将满"}},"later":1}})");
    ASSERT_TRUE(service);
    EXPECT_FALSE(service->is_alert);
    EXPECT_EQ(service->title_zh, "磁盘将满");
    for (auto const* bad : {"", "{", "[]", "{}", R"({"specversion":"0.3","id":"a","type":"t","time":"2025-11-06T16:05:12Z"})",
                            R"({"specversion":"1.0","id":"a","type":"t","time":"yesterday"})"})
        EXPECT_FALSE(parse_event(bad)) << bad;
}

TEST(DeadLetters, KeepTheDocumentByteForByte)
{
    DeadLetter const letter{"answered 410: \"gone\"\n", 3, at("2025-11-06T16:05:12.345Z"), "{ \"a\" :\n1}"};
    EXPECT_EQ(parse_dead_letter(to_payload(letter)).value(), letter);
    for (auto const* bad : {"", "{}", "{}\n{}", "x\ny"})
        EXPECT_FALSE(parse_dead_letter(bad)) << bad;
}

TEST(Texts, DefaultsInBothLanguages)
{
    auto channel = default_channel(ChannelKind::smtp);
    std::vector const one{event()};
    auto const zh = compose(one, channel, "https://yihong.example.cn", not_escaped);
    EXPECT_EQ(zh.title, "张留庄断面水质劣于Ⅲ类（Ⅳ类）");
    EXPECT_EQ(zh.body, "氨氮 1.31 mg/L <超标 & 待查>\n限值 1 mg/L");
    channel.language = ChannelLanguage::en;
    auto const en = compose(one, channel, "", not_escaped);
    EXPECT_EQ(en.title, "Zhangliuzhuang below Class III");
    EXPECT_EQ(en.body, "Ammonia nitrogen 1.31 mg/L");
    channel.language = ChannelLanguage::both;
    auto const both = compose(one, channel, "", not_escaped);
    EXPECT_EQ(both.title, zh.title + " / " + en.title);
    EXPECT_NE(both.body.find("\n\nAmmonia"), std::string::npos);
}

TEST(Texts, TemplatesOfAChannelWithEscapedValues)
{
    auto channel = default_channel(ChannelKind::dingtalk);
    channel.title = "{{一泓}} {severity_zh} {site_name} {class_label}";
    channel.body = "**{pollutants_zh}**\n{body}\n{time_beijing} {url}";
    std::vector const one{event({.site_name = "张*留[庄"})};
    auto const text = compose(one, channel, "http://y", markdown_escaped);
    EXPECT_EQ(text.title, "{一泓} 预警 张＊留［庄 Ⅳ");
    EXPECT_EQ(text.body, "**氨氮 1.31 mg/L（超标 0.3 倍）**\n氨氮 1.31 mg/L ＜超标 & 待查＞\n限值 1 mg/L\n2025-11-07 00:05 "
                         "http://y/api/v1/alerts/zhangliuzhuang-water-20251106T120000Z");
}

TEST(Texts, SeveralEventsBecomeSections)
{
    auto const channel = default_channel(ChannelKind::wecom);
    std::vector const two{event(), event({.alert = "b", .site_name = "庙前村"})};
    auto const text = compose(two, channel, "", not_escaped);
    EXPECT_EQ(text.title, "汾河 2 条预警");
    EXPECT_NE(text.body.find("张留庄断面"), std::string::npos);
    EXPECT_NE(text.body.find("\n\n庙前村断面"), std::string::npos);
}

TEST(Redaction, HidesSecretsAndThePathOfTheUrl)
{
    Channel channel;
    channel.url = "https://oapi.example.com:444/robot/send?access_token=abcdef";
    channel.secrets = {"SECtop"};
    EXPECT_EQ(shown_target(channel), "https://oapi.example.com:444");
    EXPECT_EQ(redacted("https://oapi.example.com:444/robot/send?access_token=abcdef says SECtop\x01 ok access_token=abcdef", channel),
              "https://oapi.example.com:444… says …  ok …");
    EXPECT_LT(redacted(std::string(5000, 'x'), channel).size(), 310U);
    channel.url = "https://hook.example.com/open-apis/bot/hook/5f2c7a1e-0b1d-4c55?key=0123456789abcdef";
    EXPECT_EQ(redacted("no hook 5f2c7a1e-0b1d-4c55, key 0123456789abcdef", channel), "no hook …, key …") << "a piece of it by itself";
}

}  // namespace
}  // namespace yihong::testing
