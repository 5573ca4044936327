#include "fixture.hpp"

/// What a station answers to its host.
namespace yihong::station::test {
namespace {

using Texts = std::vector<std::string>;
namespace cn = hj212::cn;

struct Asked : ::testing::Test {
    ScriptedHost host;
    void arrives() { ASSERT_TRUE(host.wait_for(cn::start_up)); }
    static StationOptions station(Uploads uploads = nullptr)
    {
        auto made = a_station(std::move(uploads));
        made.announces_start = true;                   // shows that it is there
        return made;
    }
};

TEST_F(Asked, HistoryIsSentAndEndsWithItsResult)
{
    auto one = station(hours(6));
    one.left_out_every = 2;
    Staying playing{host, one};
    ASSERT_TRUE(host.wait_for(2061, 3));
    auto const qn = playing.ask(2061, "BeginTime=20210401090000;EndTime=20210401110000");
    EXPECT_EQ(playing.answers(qn), (Texts{"9011 QnRtn=1", "9012 ExeRtn=1"}));
    auto const heard = host.heard(2061);
    ASSERT_EQ(heard.size(), 6U);
    Texts times;
    for (auto const& frame : heard)
        times.push_back(frame.value("DataTime"));
    EXPECT_EQ(times, (Texts{"20210401080000", "20210401100000", "20210401120000", "20210401090000", "20210401100000", "20210401110000"}));
    EXPECT_NE(heard[3].qn, qn);
    auto const totals = playing.stop();
    EXPECT_EQ(totals.left_out, 3U);
    EXPECT_EQ(totals.acknowledged, 6U);
    EXPECT_EQ(totals.requests, 1U);
}

TEST_F(Asked, HistoryThatIsNotThereEndsWith100)
{
    Staying playing{host, station(hours(2))};
    arrives();
    EXPECT_EQ(playing.answers(playing.ask(2061, "BeginTime=20200101000000;EndTime=20200102000000")),
              (Texts{"9011 QnRtn=1", "9012 ExeRtn=100"}));
    EXPECT_EQ(playing.answers(playing.ask(2031, "BeginTime=20210401000000;EndTime=20210402000000")),
              (Texts{"9011 QnRtn=1", "9012 ExeRtn=100"}));
    EXPECT_EQ(playing.answers(playing.ask(2061, "BeginTime=20210402000000;EndTime=20210401000000")),
              (Texts{"9011 QnRtn=1", "9012 ExeRtn=3"}));
}

TEST_F(Asked, AWrongPasswordStrangerOrCommandIsRefused)
{
    Staying playing{host, station()};
    arrives();
    EXPECT_EQ(playing.answers(playing.ask(1011, "", "000000"), 9011), (Texts{"9011 QnRtn=3"}));
    EXPECT_EQ(playing.answers(playing.ask(4711), 9011), (Texts{"9011 QnRtn=8"}));
    host.send(
        {.qn = "20260706080000999", .st = "21", .cn = 1011, .pw = "123456", .mn = "SOMEBODY", .flag = 9, .pnum = {}, .pno = {}, .cp = {}});
    EXPECT_EQ(playing.answers("20260706080000999", 9011), (Texts{"9011 QnRtn=4"}));
    auto const answer = host.heard(9011).front();
    EXPECT_EQ(answer.st, "91");
    EXPECT_EQ(answer.flag, 8);
}

TEST_F(Asked, TheClockIsReadAndSet)
{
    auto one = station();
    one.misbehaviour.drift = 1h;
    Staying playing{host, one};
    arrives();
    auto const off = [&](int command) {
        auto const texts = playing.answers(playing.ask(command));
        EXPECT_EQ(texts.size(), 3U);
        auto const equals = texts.at(1).find("SystemTime=");
        return hj212::parse_station_time(std::string_view{texts.at(1)}.substr(equals + 11)).value() - utc_now();
    };
    EXPECT_NEAR(static_cast<double>(off(cn::read_clock).count()), 3'600'000, 5'000);
    EXPECT_EQ(playing.answers(playing.ask(cn::set_clock, "SystemTime=" + hj212::format_station_time(utc_now()))),
              (Texts{"9011 QnRtn=1", "9012 ExeRtn=1"}));
    EXPECT_NEAR(static_cast<double>(off(cn::read_clock).count()), 0, 5'000);
    EXPECT_NEAR(static_cast<double>(off(1014).count()), 0, 5'000);     // how surface-water stations are asked
    EXPECT_EQ(playing.answers(playing.ask(cn::set_clock, "SystemTime=noon")).back(), "9012 ExeRtn=3");
}

TEST_F(Asked, SettingsAreKeptAndReadBack)
{
    Staying playing{host, station()};
    arrives();
    EXPECT_EQ(playing.answers(playing.ask(1062, "RtdInterval=30")).back(), "9012 ExeRtn=1");
    EXPECT_EQ(playing.answers(playing.ask(1061)), (Texts{"9011 QnRtn=1", "1061 RtdInterval=30", "9012 ExeRtn=1"}));
    EXPECT_EQ(playing.answers(playing.ask(1063)).at(1), "1063 MinInterval=10");
    EXPECT_EQ(playing.answers(playing.ask(3016, "PolId=w01018;CstartTime=020000;Ctime=2")).back(), "9012 ExeRtn=1");
    EXPECT_EQ(playing.answers(playing.ask(3017, "PolId=w01018")).at(1), "3017 PolId=w01018;CstartTime=020000;Ctime=2");
    EXPECT_EQ(playing.answers(playing.ask(3021, "PolId=w01018;InfoId=i13001;i13001-Info=168.0")).back(), "9012 ExeRtn=1");
    auto const information = playing.answers(playing.ask(3020, "PolId=w01018;InfoId=i13001")).at(1);
    EXPECT_TRUE(information.ends_with(";PolId=w01018;i13001-Info=168.0")) << information;
    for (int const command : {3011, 3012, 3013, 3014})
        EXPECT_EQ(playing.answers(playing.ask(command, "PolId=w01018")), (Texts{"9011 QnRtn=1", "9012 ExeRtn=1"}));
    for (int const command : {3015, 3018, 3019})
        EXPECT_EQ(playing.answers(playing.ask(command, "PolId=w01018")).size(), 3U);
}

TEST_F(Asked, ANewPasswordCountsFromTheNextRequestOn)
{
    Staying playing{host, station()};
    arrives();
    EXPECT_EQ(playing.answers(playing.ask(1072, "NewPW=654321")).back(), "9012 ExeRtn=1");
    EXPECT_EQ(playing.answers(playing.ask(1011), 9011), (Texts{"9011 QnRtn=3"}));
    EXPECT_EQ(playing.answers(playing.ask(1011, "", "654321")).back(), "9012 ExeRtn=1");
}

TEST_F(Asked, NoticesAreAnsweredAndStopRealTimeData)
{
    auto one = station();
    Staying playing{host, one};
    arrives();
    EXPECT_EQ(playing.answers(playing.ask(2012), cn::notice_answer), (Texts{"9013 "}));
    EXPECT_EQ(playing.answers(playing.ask(2022), cn::notice_answer), (Texts{"9013 "}));
    EXPECT_EQ(playing.answers(playing.ask(2011)), (Texts{"9011 QnRtn=1", "9012 ExeRtn=1"}));
}

TEST_F(Asked, OtherTimeoutsHoldFromThenOn)
{
    Staying playing{host, station()};
    arrives();
    EXPECT_EQ(playing.answers(playing.ask(1000, "OverTime=5;ReCount=2")).back(), "9012 ExeRtn=1");
    EXPECT_EQ(playing.answers(playing.ask(1000, "OverTime=500;ReCount=2")).back(), "9012 ExeRtn=3");
}

TEST(AskedForANewKey, TheStationEncryptsWithItAfterTheResult)
{
    auto const old_key = hj212::Sm4::from_key("0000000000000000").value();
    auto const new_key = hj212::Sm4::from_key("1111111111111111").value();
    ScriptedHost host{{.key = old_key}};
    auto station = a_station(nullptr);
    station.st = "32";
    station.edition = hj212::Edition::hj212_2025;
    station.key = old_key;
    station.announces_start = true;
    Staying playing{host, station};
    ASSERT_TRUE(host.wait_for(cn::start_up));
    auto const qn = playing.ask(1014, "SKCreateTime=20260706080000;NewSK=1111111111111111", "123456", "32");
    EXPECT_EQ(playing.answers(qn), (Texts{"9011 QnRtn=1", "9012 ExeRtn=1"}));
    host.use(new_key);
    auto const answers = playing.answers(playing.ask(2021, "", "123456", "32"));
    ASSERT_EQ(answers.size(), 3U);
    EXPECT_TRUE(answers[1].ends_with(";SB1-RS=1")) << answers[1];
    EXPECT_TRUE(host.heard(2021).at(0).was_encrypted);
    EXPECT_EQ(host.wrong_sums(), 0U);
}

TEST(AskedInTheEditionOf2025, TheCommandsOfThatEditionReplaceTheOldOnes)
{
    ScriptedHost host;
    auto station = a_station(nullptr);
    station.st = "32";
    station.edition = hj212::Edition::hj212_2025;
    station.announces_start = true;
    Staying playing{host, station};
    ASSERT_TRUE(host.wait_for(cn::start_up));
    for (int const command : {1001, 3022})
        EXPECT_EQ(playing.answers(playing.ask(command, "", "123456", "32")).size(), 3U) << command;
    EXPECT_EQ(playing.answers(playing.ask(3024, "", "123456", "32")), (Texts{"9011 QnRtn=1", "9012 ExeRtn=1"}));
    for (int const command : {3014, 3015})
        EXPECT_EQ(playing.answers(playing.ask(command, "", "123456", "32"), 9011), (Texts{"9011 QnRtn=8"})) << command;
}

}  // namespace
}  // namespace yihong::station::test
