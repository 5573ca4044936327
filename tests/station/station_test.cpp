#include "fixture.hpp"

/// Stations over real sockets at a host that hears everything.
namespace yihong::station::test {
namespace {

TEST(Station, SendsItsReadingsInOrderEachAfterTheAnswerToTheOneBefore)
{
    ScriptedHost host;
    auto const totals = play(towards(host), a_station(hours(3)));
    auto const heard = host.heard();
    ASSERT_EQ(heard.size(), 3U);
    std::vector<std::string> areas;
    for (auto const& one : heard) {
        EXPECT_EQ(fmt::format("{} {} {} {} {}", one.cn, one.flag, one.st, one.pw, one.mn), "2061 9 21 123456 A140800_0001");
        EXPECT_EQ(one.qn.size(), 17U);
        areas.push_back(one.cp);
    }
    EXPECT_EQ(areas, (std::vector<std::string>{"DataTime=20210401080000;w21000-Avg=0.5,w21000-Flag=N",
                                               "DataTime=20210401090000;w21000-Avg=1.5,w21000-Flag=N",
                                               "DataTime=20210401100000;w21000-Avg=2.5,w21000-Flag=N"}));
    EXPECT_EQ(totals.sent, 3U);
    EXPECT_EQ(totals.acknowledged, 3U);
    EXPECT_EQ(totals.resent + totals.refused + totals.unsent + totals.lost, 0U);
    EXPECT_EQ(host.wrong_sums() + host.skipped_bytes(), 0U);
    EXPECT_GT(totals.answer_times.longest().count(), 0);
}

TEST(Station, SendsAgainUnderTheSameQnAndGivesUpAfterThreeTimes)
{
    ScriptedHost host{{.key = {}, .answer = [](Heard const& heard) {
                           return heard.value("DataTime") == "20210401080000" ? 0 : ScriptedHost::usual_answer(heard);
                       }}};
    auto station = a_station(hours(2));
    station.answer_timeout = 60ms;
    auto const totals = play(towards(host), station);
    auto const heard = host.heard();
    ASSERT_EQ(heard.size(), 5U);
    for (std::size_t i = 1; i < 4; ++i) {
        EXPECT_EQ(heard[i].qn, heard[0].qn);
        EXPECT_GE(heard[i].at - heard[i - 1].at, 40ms);
    }
    EXPECT_NE(heard[4].qn, heard[0].qn);
    EXPECT_EQ(totals.resent, 3U);
    EXPECT_EQ(totals.refused, 1U);
    EXPECT_EQ(totals.acknowledged, 1U);
}

TEST(Station, TakesALinkWithoutAnswersForDeadAndConnectsAgain)
{
    ScriptedHost host{
        {.key = {}, .answer = [](Heard const& heard) { return heard.connection == 0 ? 0 : ScriptedHost::usual_answer(heard); }}};
    auto station = a_station(hours(5));
    station.answer_timeout = 20ms;
    station.resends = 1;
    auto const totals = play(towards(host), station);
    EXPECT_EQ(host.connections(), 2U);
    EXPECT_EQ(totals.lost, 1U);
    EXPECT_EQ(totals.refused, 3U);
    EXPECT_EQ(totals.acknowledged, 2U);
}

TEST(Station, SendsWhatWasNotAnsweredAgainAfterALostConnection)
{
    ScriptedHost host{
        {.key = {}, .answer = [](Heard const& heard) { return heard.connection == 0 ? 0 : ScriptedHost::usual_answer(heard); }}};
    auto station = a_station(hours(3));
    station.edition = hj212::Edition::hj212_2025;
    station.st = "32";
    station.window = 2;
    StationFleet fleet{towards(host), {station}};
    fleet.start();
    ASSERT_TRUE(host.wait_for(2061, 2));
    host.hang_up();
    fleet.wait();
    auto const heard = host.heard();
    ASSERT_EQ(heard.size(), 5U);
    EXPECT_EQ(heard[2].cp, heard[0].cp);
    EXPECT_EQ(heard[3].cp, heard[1].cp);
    EXPECT_TRUE(heard[2].retransmitted && heard[3].retransmitted);      // RF=1
    EXPECT_FALSE(heard[0].retransmitted || heard[4].retransmitted);
    EXPECT_EQ(fleet.totals().acknowledged, 3U);
    EXPECT_EQ(fleet.totals().unsent, 0U);
}

TEST(Station, GivesUpConnectingWhenItIsToldTo)
{
    FleetOptions options;
    {
        ScriptedHost const gone;
        options = towards(gone);
    }
    options.connect_attempts = 2;
    auto const totals = play(options, a_station(hours(2)));
    EXPECT_EQ(totals.failed_connects, 2U);
    EXPECT_EQ(totals.unsent, 2U);
}

TEST(Station, HasAsManyFramesUnderWayAsItsWindowAllows)
{
    ScriptedHost host{{.key = {}, .answer = [](Heard const&) { return 0; }}};
    auto station = a_station(hours(10));
    station.window = 4;
    Staying const playing{host, station};
    ASSERT_TRUE(host.wait_for(2061, 4));
    EXPECT_FALSE(host.wait_for(2061, 5, 100ms));
}

TEST(Station, SplitsWhatIsTooLongForOneDataArea)
{
    ScriptedHost host;
    (void)play(towards(host), a_station(hours(1, 60)));
    auto const heard = host.heard();
    ASSERT_EQ(heard.size(), 2U);
    std::size_t items = 0;
    for (std::size_t i = 0; i < heard.size(); ++i) {
        EXPECT_EQ(heard[i].flag, 11);
        EXPECT_EQ(heard[i].pnum, 2);
        EXPECT_EQ(heard[i].pno, static_cast<int>(i + 1));
        EXPECT_EQ(heard[i].value("DataTime"), "20210401080000");
        EXPECT_LE(heard[i].cp.size(), 950U);
        items += static_cast<std::size_t>(std::ranges::count(heard[i].cp, ';'));
    }
    EXPECT_EQ(items, 60U);
    EXPECT_NE(heard[0].qn, heard[1].qn);
}

TEST(Station, EncryptsItsDataAreas)
{
    auto const key = hj212::Sm4::from_key("0000000000000000").value();
    ScriptedHost host{{.key = key}};
    auto station = a_station(hours(2));
    station.key = key;
    (void)play(towards(host), station);
    auto const heard = host.heard();
    ASSERT_EQ(heard.size(), 2U);
    EXPECT_TRUE(heard[0].was_encrypted && heard[1].was_encrypted);
    EXPECT_EQ(heard[1].cp, "DataTime=20210401090000;w21000-Avg=1.5,w21000-Flag=N");
}

TEST(Station, WaitsForNothingWhenItAsksForNoAnswers)
{
    ScriptedHost host;
    auto station = a_station(hours(20));
    station.asks_answers = false;
    auto const totals = play(towards(host), station);
    ASSERT_TRUE(host.wait_for(2061, 20));
    EXPECT_EQ(host.heard().front().flag, 8);
    EXPECT_EQ(totals.sent, 20U);
}

TEST(Station, SendsAtTheSpeedItIsGiven)
{
    ScriptedHost host;
    auto options = towards(host);
    options.speed = 3600 * 10;                         // ten hours a second
    (void)play(options, a_station(hours(4)));
    auto const heard = host.heard();
    ASSERT_EQ(heard.size(), 4U);
    EXPECT_GE(heard[3].at - heard[0].at, 250ms);
    EXPECT_LE(heard[3].at - heard[0].at, 3s);
}

TEST(Station, SaysThatItStartedAsksForTheTimeAndBeats)
{
    ScriptedHost host;
    auto station = a_station(nullptr);
    station.announces_start = station.asks_for_clock = true;
    station.heartbeat = 30ms;
    Staying playing{host, station};
    ASSERT_TRUE(host.wait_for(hj212::cn::heartbeat, 2));
    auto const start = host.heard(hj212::cn::start_up);
    ASSERT_EQ(start.size(), 1U);
    EXPECT_EQ(start[0].value("DataTime"), start[0].value("RestartTime"));
    EXPECT_EQ(host.heard(hj212::cn::clock_request).size(), 1U);
}

TEST(Station, StopsAtOnceWhileItWaitsForAHostThatIsNotThere)
{
    FleetOptions options;
    {
        ScriptedHost const gone;
        options = towards(gone);
    }
    options.first_back_off = 1h;
    StationFleet fleet{options, {a_station(hours(1))}};
    fleet.start();
    std::this_thread::sleep_for(50ms);
    auto const begin = std::chrono::steady_clock::now();
    fleet.stop();
    fleet.wait();
    EXPECT_LT(std::chrono::steady_clock::now() - begin, 2s);
}

TEST(Fleet, PlaysManyStationsOnTwoThreads)
{
    ScriptedHost host;
    auto options = towards(host);
    options.threads = 2;
    std::vector<StationOptions> stations;
    auto const uploads = hours(10);
    for (int i = 0; i < 50; ++i) {
        stations.push_back(a_station(uploads));
        stations.back().mn = fmt::format("A140800_{:04}", i);
        stations.back().window = 4;
    }
    bool finished = false;
    StationFleet fleet{options, std::move(stations)};
    fleet.start([&] { finished = true; });
    fleet.wait();
    EXPECT_TRUE(finished);
    EXPECT_EQ(fleet.totals().acknowledged, 500U);
    EXPECT_EQ(host.connections(), 50U);
}

TEST(Misbehaving, FramesAreSpoiltAndSentAgainUntilTheyArrive)
{
    struct Case {
        double Misbehaviour::* what;
        bool damages;
    };
    for (auto const& [what, damages] :
         {Case{&Misbehaviour::bad_crc, true}, Case{&Misbehaviour::cut, true}, Case{&Misbehaviour::garbage, false}}) {
        ScriptedHost host;
        auto station = a_station(hours(20));
        station.answer_timeout = 50ms;
        station.resends = 20;
        station.misbehaviour.*what = 0.5;
        auto const totals = play(towards(host), station);
        EXPECT_EQ(totals.acknowledged, 20U);
        EXPECT_GT(totals.spoilt, 0U);
        EXPECT_GT(host.wrong_sums() + host.skipped_bytes(), 0U);
        if (!damages) {
            EXPECT_EQ(host.heard(2061).size() - totals.resent, 20U);
        }
    }
}

TEST(Misbehaving, FramesWithoutTailArriveAllTheSame)
{
    ScriptedHost host;
    auto station = a_station(hours(20));
    station.answer_timeout = 50ms;
    station.resends = 20;
    station.misbehaviour.no_tail = 0.5;
    auto const totals = play(towards(host), station);
    EXPECT_EQ(totals.acknowledged, 20U);
    EXPECT_GT(totals.spoilt, 0U);
    EXPECT_EQ(host.wrong_sums() + host.skipped_bytes(), 0U);
}

TEST(Misbehaving, ASilentStationSendsAndHearsNothingForAWhile)
{
    ScriptedHost host;
    auto station = a_station(hours(2));
    station.answer_timeout = 50ms;
    station.misbehaviour.silence = 200ms;
    auto const totals = play(towards(host), station);
    auto const heard = host.heard();
    ASSERT_EQ(heard.size(), 3U);                       // the first answer was not heard
    EXPECT_EQ(heard[1].qn, heard[0].qn);
    EXPECT_GE(heard[1].at - heard[0].at, 150ms);
    EXPECT_EQ(totals.acknowledged, 2U);
}

TEST(Misbehaving, DuplicatesComeUnderAnotherQn)
{
    ScriptedHost host;
    auto station = a_station(hours(2));
    station.misbehaviour.duplicates = 1;
    auto const totals = play(towards(host), station);
    EXPECT_EQ(totals.duplicated, 2U);
    auto const heard = host.heard();
    ASSERT_EQ(heard.size(), 4U);
    EXPECT_EQ(heard[1].cp, heard[0].cp);
    EXPECT_NE(heard[1].qn, heard[0].qn);
}

TEST(Misbehaving, AWrongPasswordIsSentWithTheData)
{
    ScriptedHost host;
    auto station = a_station(hours(1));
    station.misbehaviour.wrong_password = true;
    (void)play(towards(host), station);
    EXPECT_NE(host.heard().at(0).pw, "123456");
}

TEST(Misbehaving, AFloodWaitsForNoAnswersAndEnds)
{
    ScriptedHost host{{.key = {}, .keeps_frames = false}};
    auto station = a_station(hours(2));
    station.misbehaviour.flood = 100ms;
    auto const totals = play(towards(host), station);
    EXPECT_GT(totals.flooded, 100U);
    EXPECT_EQ(totals.acknowledged, 2U);
}

}  // namespace
}  // namespace yihong::station::test
