#include "yihong/forward/forwarder.hpp"
#include "yihong/forward/routes.hpp"
#include "yihong/forward/selection.hpp"
#include "yihong/store_local/local_store.hpp"

#include "core_fixture.hpp"
#include "messages.hpp"
#include "receiver.hpp"
#include "temporary_folder.hpp"

#include <fmt/format.h>

#include <set>

namespace yihong::testing {
namespace {

using namespace std::chrono_literals;
using forward::Forwarder;
using forward::Ticket;
using Does = Receiver::Does;

Does answer_all(Got const&, std::size_t) { return Does::answer; }

class ForwardTest : public CoreFixture {
protected:
    void SetUp() override {}
    void TearDown() override { close(); }

    static Forward forward_to(std::uint16_t port)
    {
        Forward made;
        made.id = "province";
        made.host = "127.0.0.1";
        made.port = port;
        made.password = "654321";
        made.answer_timeout = 150ms;
        return made;
    }
    /// Starts intake and forwarder over a store, as the service does.
    void open(Store& over, Forward const& to)
    {
        store_ = &over;
        std::vector<Site> sites{site("a", SiteKind::water_section), site("b", SiteKind::lake_section), site("air", SiteKind::air_station)};
        for (auto& s : sites)
            s.number = over.number_sites({&s.id, 1}).front();
        core = std::make_unique<Core>(over, make_world(standards(), std::move(sites), std::make_shared<NoLayers const>()),
                                      CoreOptions{.more = {{"forwarding", std::make_shared<forward::Selection>(std::vector{to}, over)}}});
        current = core->intake.world();
        forwarder = std::make_unique<Forwarder>(std::vector{to}, forward::ForwarderStore{over, over}, core->writer, core->state,
                                                forward::ForwarderOptions{.shortest_pause = 20ms, .longest_pause = 100ms});
    }
    void connect() { forwarder->start(); }
    void close()
    {
        forwarder.reset();
        core.reset();
    }
    static std::string hour(int n) { return fmt::format("2025-12-{:02}T{:02}:00:00Z", 1 + n / 24, n % 24); }
    /// The same time as stations write it.
    static std::string station_hour(int n) { return hj212::format_station_time(at(hour(n))); }
    void send_hours(int first, int last, std::string_view value = "7.1")
    {
        for (int n = first; n < last; ++n)
            send({parsed("a", hour(n), {reading("ph", value)}, IntervalKind::hour)});
    }
    bool is_emptied() const { return has_left(0); }
    /// So many are unanswered in the end.
    bool has_left(std::size_t count) const
    {
        for (int i = 0; i < 1000; ++i, std::this_thread::sleep_for(10ms))
            if (store_->outbox("forward:province", 0, 1000).size() == count)
                return true;
        return false;
    }
    /// Times in order of their first arrival.
    static std::vector<std::string> first_arrivals(std::vector<Got> const& got)
    {
        std::vector<std::string> times;
        for (auto const& g : got)
            if (std::ranges::find(times, g.time()) == times.end())
                times.push_back(g.time());
        return times;
    }
    static std::vector<std::string> expected_times(int count)
    {
        std::vector<std::string> times;
        for (int n = 0; n < count; ++n)
            times.push_back(station_hour(n));
        return times;
    }

    Store* store_ = nullptr;
    std::unique_ptr<Forwarder> forwarder;
};

TEST_F(ForwardTest, EveryRecordArrivesInOrderAndLeavesTheOutbox)
{
    Receiver receiver{answer_all};
    open(store, forward_to(receiver.port()));
    connect();
    send_hours(0, 30);
    ASSERT_TRUE(is_emptied());
    auto const got = receiver.got();
    EXPECT_EQ(first_arrivals(got), expected_times(30));
    ASSERT_EQ(got.size(), 30U);
    EXPECT_EQ(got[0].cn, 2061);
    EXPECT_EQ(got[0].st, "21");
    EXPECT_EQ(got[0].mn, "a");
    EXPECT_EQ(got[0].pw, "654321");
    EXPECT_EQ(got[0].flag, 5);
    EXPECT_EQ(got[0].cp, "DataTime=20251201080000;w01001-Avg=7.1,w01001-Flag=N");
    for (std::size_t i = 1; i < got.size(); ++i)
        EXPECT_LT(got[i - 1].qn, got[i].qn);
    close();
    EXPECT_TRUE(store.outbox("forward:province", 0, 1).empty());
}

TEST_F(ForwardTest, StatusTellsWhatWaits)
{
    Receiver receiver{[](Got const&, std::size_t count) { return count <= 2 ? Does::answer : Does::silence; }};
    open(store, forward_to(receiver.port()));
    send_hours(0, 5);
    auto const before = forwarder->status().at(0);
    EXPECT_EQ(before.waiting, 5U);
    EXPECT_FALSE(before.connected);
    EXPECT_EQ(before.address, fmt::format("127.0.0.1:{}", receiver.port()));
    connect();
    for (int i = 0; i < 1000 && (forwarder->status()[0].waiting != 3 || forwarder->status()[0].last_error.empty()); ++i)
        std::this_thread::sleep_for(10ms);
    auto const status = forwarder->status().at(0);
    EXPECT_EQ(status.waiting, 3U);
    EXPECT_EQ(status.sent, 2U);
    EXPECT_TRUE(status.last_answer_at);
    EXPECT_NE(status.last_error.find("no answer for MN a CN 2061 DataTime=" + station_hour(2)), std::string::npos) << status.last_error;
    auto const metrics = forward::metrics_text({status});
    EXPECT_NE(metrics.find("\nyihong_forward_waiting{forward=\"province\"} 3\n"), std::string::npos) << metrics;
    EXPECT_NE(metrics.find("\nyihong_forward_sent_total{forward=\"province\"} 2\n"), std::string::npos) << metrics;
    EXPECT_EQ(forward::metrics_text({}), "");
}

TEST_F(ForwardTest, SilenceMakesItSendAgainFromTheOldestUnanswered)
{
    // the third is not answered twice, though those behind it are
    int refusals = 2;
    Receiver receiver{
        [&](Got const& g, std::size_t) { return g.time() == station_hour(2) && refusals-- > 0 ? Does::silence : Does::answer; }};
    open(store, forward_to(receiver.port()));
    send_hours(0, 20);
    connect();
    ASSERT_TRUE(is_emptied());
    auto const got = receiver.got();
    EXPECT_EQ(first_arrivals(got), expected_times(20));
    EXPECT_GE(std::ranges::count(got, station_hour(2), &Got::time), 3);
    std::set<std::string> qns;
    for (auto const& g : got)
        EXPECT_TRUE(qns.insert(g.qn).second);
    EXPECT_GT(forwarder->status()[0].repeated, 0U);
}

TEST_F(ForwardTest, LateAnswersCount)
{
    // every answer comes after the timeout: its QN is an old one by then
    auto to = forward_to(0);
    to.window = 1;
    to.answer_timeout = 100ms;
    Receiver receiver{[](Got const&, std::size_t) {
        std::this_thread::sleep_for(130ms);
        return Does::answer;
    }};
    to.port = receiver.port();
    open(store, to);
    send_hours(0, 3);
    connect();
    ASSERT_TRUE(is_emptied());
    EXPECT_EQ(first_arrivals(receiver.got()), expected_times(3));
}

TEST_F(ForwardTest, LostConnectionsLoseNothing)
{
    Receiver receiver{[](Got const&, std::size_t count) { return count % 7 == 0 ? Does::close : Does::answer; }};
    open(store, forward_to(receiver.port()));
    connect();
    send_hours(0, 40);
    ASSERT_TRUE(is_emptied());
    EXPECT_EQ(first_arrivals(receiver.got()), expected_times(40));
}

TEST_F(ForwardTest, ReceiverMayBeDownAtFirst)
{
    std::uint16_t port = 0;
    {
        Receiver const there{answer_all};
        port = there.port();
    }
    open(store, forward_to(port));
    connect();
    send_hours(0, 10);
    std::this_thread::sleep_for(100ms);
    EXPECT_NE(forwarder->status()[0].last_error.find("cannot connect"), std::string::npos);
    EXPECT_EQ(forwarder->status()[0].waiting, 10U);
    Receiver receiver{answer_all, port};
    ASSERT_TRUE(is_emptied());
    EXPECT_EQ(first_arrivals(receiver.got()), expected_times(10));
}

TEST_F(ForwardTest, PositionSurvivesRestartsInTheRealStore)
{
    TemporaryFolder const folder;
    std::vector<Got> all;
    auto const run = [&](Receiver::Script script, int first, int last, std::size_t enough, std::size_t left) {
        auto const local = LocalStore::open(folder.path());
        Receiver receiver{std::move(script)};
        open(*local, forward_to(receiver.port()));
        connect();
        send_hours(first, last);
        EXPECT_TRUE(receiver.wait_for([&](auto const& got) { return got.size() >= enough; }));
        EXPECT_TRUE(has_left(left)) << "answers are settled with the next commit";
        close();
        std::ranges::move(receiver.got(), std::back_inserter(all));
        return local->outbox("forward:province", 0, 1000).size();
    };
    // answers 5, then is silent; gone; answers 3 and closes; answers all
    EXPECT_EQ(run([](Got const&, std::size_t count) { return count <= 5 ? Does::answer : Does::silence; }, 0, 20, 10, 15), 15U);
    EXPECT_EQ(run([](Got const&, std::size_t count) { return count <= 3 ? Does::answer : Does::close; }, 20, 30, 4, 22), 22U);
    EXPECT_EQ(run(answer_all, 30, 30, 22, 0), 0U);
    EXPECT_EQ(first_arrivals(all), expected_times(30));
}

TEST_F(ForwardTest, RevisedRecordIsSentAgainAndDuplicatesAreNot)
{
    Receiver receiver{answer_all};
    open(store, forward_to(receiver.port()));
    connect();
    send_hours(0, 2);
    send_hours(0, 1);                                  // known already
    ASSERT_TRUE(is_emptied());
    send_hours(0, 1, "8.2");
    ASSERT_TRUE(receiver.wait_for([](auto const& got) { return got.size() == 3; }));
    ASSERT_TRUE(is_emptied());
    auto const got = receiver.got();
    ASSERT_EQ(got.size(), 3U);
    EXPECT_EQ(got[2].cp, "DataTime=20251201080000;w01001-Avg=8.2,w01001-Flag=N");
}

TEST_F(ForwardTest, OnlyChosenSitesAndIntervals)
{
    Receiver receiver{answer_all};
    auto to = forward_to(receiver.port());
    to.sites = {"b"};
    to.mns = {{"b", "B1404"}};
    to.intervals = {IntervalKind::four_hours, IntervalKind::realtime};
    to.system_type = "2A";
    to.edition = "surface-water";
    open(store, to);
    connect();
    send({parsed("a", hour(0), {reading("ph", "7.1")}), parsed("b", hour(0), {reading("ph", "7.2")}),
          parsed("b", hour(0), {reading("ph", "7.3")}, IntervalKind::hour),
          parsed("b", hour(1), {reading("ph", "7.4", "U")}, IntervalKind::realtime)});
    ASSERT_TRUE(is_emptied());
    auto const got = receiver.got();
    ASSERT_EQ(got.size(), 2U);
    EXPECT_EQ(got[0].mn, "B1404");
    EXPECT_EQ(got[0].st, "2A");
    EXPECT_EQ(got[0].flag, 9);
    EXPECT_EQ(got[0].cn, 2061);
    EXPECT_EQ(got[1].cn, 2011);
    EXPECT_EQ(got[1].cp, "DataTime=20251201090000;w01001-Rtd=7.4");
}

TEST_F(ForwardTest, SplitRecordIsDoneWhenEveryPartIsAnswered)
{
    int refusals = 1;
    Receiver receiver{[&](Got const& g, std::size_t) { return g.pno == 2 && refusals-- > 0 ? Does::silence : Does::answer; }};
    open(store, forward_to(receiver.port()));
    std::vector<Reading> readings;
    for (auto const& parameter : standards()->parameters().all()) {
        if (parameter.code.empty() || readings.size() == 60)
            continue;
        auto made = reading(parameter.name, "1");
        if (parameter.minimum)
            made.value = *parameter.minimum;
        readings.push_back(made);
    }
    ASSERT_GT(readings.size(), 35U);
    send({parsed("a", hour(0), readings, IntervalKind::hour)});
    send_hours(1, 2);
    connect();
    ASSERT_TRUE(is_emptied());
    auto const got = receiver.got();
    EXPECT_EQ(got[0].flag, 7);
    EXPECT_GE(got[0].pnum, 2);
    EXPECT_EQ(got[0].pno, 1);
    EXPECT_EQ(got[1].pno, 2);
    EXPECT_LE(got[0].cp.size(), hj212::longest_cp);
    EXPECT_GE(std::ranges::count(got, 2, &Got::pno), 2);
    std::set<std::string> codes;
    std::vector<hj212::Field> fields;
    for (auto const& g : got) {
        hj212::parse_data_area(g.cp, fields);
        for (auto const& field : fields)
            if (field.part == "Avg")
                codes.insert(std::string{field.code});
    }
    EXPECT_EQ(codes.size(), readings.size());
}

TEST_F(ForwardTest, CommandsAreRefused)
{
    Receiver receiver{
        answer_all, 0,
        hj212::to_frame(hj212::Outgoing{.qn = "20251201080000000", .st = "21", .cn = 1011, .pw = "654321", .mn = "a", .flag = 5})};
    open(store, forward_to(receiver.port()));
    connect();
    ASSERT_TRUE(receiver.wait_for([](auto const& got) { return !got.empty(); }));
    auto const got = receiver.got();
    EXPECT_EQ(got[0].cn, 9011);
    EXPECT_EQ(got[0].qn, "20251201080000000");
    EXPECT_EQ(got[0].cp, "QnRtn=2");
}

TEST_F(ForwardTest, EncryptsWithAKeyAndMarksLateData)
{
    Receiver receiver{answer_all};
    auto to = forward_to(receiver.port());
    to.edition = "2025";
    to.sm4_key = "0123456789ABCDEF";
    open(store, to);
    connect();
    send_hours(0, 1);
    ASSERT_TRUE(is_emptied());
    auto const got = receiver.got();
    ASSERT_EQ(got.size(), 1U);
    EXPECT_TRUE(got[0].retransmitted);
    EXPECT_EQ(got[0].flag, 9);
    EXPECT_EQ(hj212::Sm4::from_key(to.sm4_key)->decrypted(got[0].cp), "DataTime=20251201080000;w01001-Avg=7.1,w01001-Flag=N");
}

TEST_F(ForwardTest, MessagesSpeakTheUnitsOfTheirSystemType)
{
    auto const& parameters = standards()->parameters();
    auto const units = hj212::CommonUnits::make(*standards());
    Record record;
    record.interval = IntervalKind::hour;
    record.time = at("2025-12-01T00:00:00Z");
    record.readings = {reading("lead", "0.012")};
    auto without = reading("ph", "7", "B");
    without.has_value = false;
    record.readings.push_back(without);
    forward::Speech speech;
    auto outfall = site("out", SiteKind::outfall);
    outfall.mn = "MN1";
    auto const now = at("2025-12-01T01:30:00Z");
    auto messages = forward::to_messages(record, outfall, speech, parameters, units, now);
    ASSERT_EQ(messages.size(), 1U);
    EXPECT_EQ(messages[0].st, "32");
    EXPECT_EQ(messages[0].mn, "MN1");
    auto const& lead = *parameters.find("lead");
    EXPECT_NE(messages[0].cp.find(lead.code + "-Avg=12,"), std::string::npos) << messages[0].cp;       // ug/L
    EXPECT_NE(messages[0].cp.find("w01001-Avg=--,w01001-Flag=B"), std::string::npos) << messages[0].cp;
    messages = forward::to_messages(record, site("a", SiteKind::water_section), speech, parameters, units, now);
    EXPECT_NE(messages.at(0).cp.find(lead.code + "-Avg=0.012,"), std::string::npos) << messages[0].cp;
    speech.edition = hj212::Edition::hj212_2025;
    EXPECT_FALSE(forward::to_messages(record, outfall, speech, parameters, units, now).at(0).retransmitted);
    EXPECT_TRUE(forward::to_messages(record, outfall, speech, parameters, units, now + 1h).at(0).retransmitted);
    record.readings.clear();
    EXPECT_TRUE(forward::to_messages(record, outfall, speech, parameters, units, now).empty());
}

TEST(ForwardPayload, ReadsWhatItWrites)
{
    Ticket const ticket{4'000'000'000U, IntervalKind::day, at("2025-12-01T00:00:00Z"), at("2025-12-01T00:00:01.5Z")};
    EXPECT_EQ(forward::parse_payload(forward::to_payload(ticket)).value(), ticket);
    EXPECT_EQ(forward::parse_payload("2 whatever").error().code, Errc::bad_syntax);
    EXPECT_EQ(forward::parse_payload("2 1 1 1 1 1").error().code, Errc::unsupported);
    for (auto const* bad : {"", "1", "1 1 9 1 1", "1 1 1 1", "1 1 1 1 1 1", "1 -1 1 1 1", "1 x 1 1 1"})
        EXPECT_EQ(forward::parse_payload(bad).error().code, Errc::bad_syntax) << bad;
}

}  // namespace
}  // namespace yihong::testing
