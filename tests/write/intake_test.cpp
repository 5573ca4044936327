#include "core_fixture.hpp"

#include <future>
#include <thread>

namespace yihong::testing {
namespace {

using IntakeTest = CoreFixture;

TEST_F(IntakeTest, TakesARecordAndShowsItsClassAtOnce)
{
    auto const report = send(
        {parsed("a", "2025-11-06T12:00:00Z", {reading("ph", "8.34"), reading("codmn", "6.799"), reading("dissolved_oxygen", "8.929")})});
    EXPECT_EQ(report.accepted, 1U);
    auto const shown = feature("water-sections", "a");
    EXPECT_NE(shown.find("\"water_class\":4"), std::string::npos) << shown;
    EXPECT_NE(shown.find("\"deciding_parameters\":\"codmn\""), std::string::npos) << shown;
    EXPECT_NE(shown.find("\"main_pollutants\":\"高锰酸盐指数(0.1)\""), std::string::npos) << shown;
    EXPECT_NE(shown.find("\"meets_target\":false"), std::string::npos) << shown;
    EXPECT_NE(shown.find("\"county\":\"永济市\""), std::string::npos) << shown;
    EXPECT_NE(shown.find("\"standard\":\"GB 3838-2002\""), std::string::npos) << shown;
}

TEST_F(IntakeTest, CountsTheSameRecordAsADuplicateAlsoInOneBatchAndOutOfOrder)
{
    auto const record = parsed("a", "2025-11-06T12:00:00Z", {reading("ph", "8.1"), reading("codmn", "5.20")});
    EXPECT_EQ(send({record, record}).duplicates, 1U);
    send({parsed("a", "2025-11-06T16:00:00Z", {reading("ph", "8.2")})});
    auto later = record;
    later.record.readings[1].value = Decimal{52, 1};       // 5.2 is 5.20
    auto const report = send({later, later});
    EXPECT_EQ(report.duplicates, 2U);
    EXPECT_EQ(report.accepted + report.revised, 0U);
    EXPECT_TRUE(store.kept_revisions.empty());
}

TEST_F(IntakeTest, KeepsTheOldVersionOfARevisedRecordAndJudgesTheNewOne)
{
    send({parsed("a", "2025-11-06T12:00:00Z", {reading("ph", "8.1"), reading("codmn", "5.2")})});
    auto const report = send({parsed("a", "2025-11-06T12:00:00Z", {reading("codmn", "11")})});
    EXPECT_EQ(report.revised, 1U);
    ASSERT_EQ(store.kept_revisions.size(), 1U);
    EXPECT_EQ(store.kept_revisions[0].record.readings.size(), 2U);
    auto const now = store.find(current->sites->find("a")->number, IntervalKind::four_hours, at("2025-11-06T12:00:00Z"));
    ASSERT_TRUE(now);
    EXPECT_EQ(now->readings.size(), 2U) << "what the correction does not mention stays";
    EXPECT_EQ(now->verdict.water_class, 5);
    EXPECT_NE(feature("water-sections", "a").find("\"water_class\":5"), std::string::npos);
}

TEST_F(IntakeTest, CompletesARecordThatComesInParts)
{
    send({parsed("a", "2025-11-06T12:00:00Z", {reading("codmn", "5.2")})});
    auto const report = send({parsed("a", "2025-11-06T12:00:00Z", {reading("ammonia_nitrogen", "1.31")})});
    EXPECT_EQ(report.accepted, 1U);
    EXPECT_EQ(report.revised, 0U);
    auto const now = store.find(current->sites->find("a")->number, IntervalKind::four_hours, at("2025-11-06T12:00:00Z"));
    EXPECT_EQ(now->readings.size(), 2U);
    EXPECT_EQ(now->verdict.water_class, 4);
}

TEST_F(IntakeTest, AnOlderRecordNeverReplacesWhatIsShown)
{
    send({parsed("a", "2025-11-06T12:00:00Z", {reading("codmn", "5.2")})});
    EXPECT_EQ(send({parsed("a", "2025-11-05T12:00:00Z", {reading("codmn", "14")})}).accepted, 1U);
    EXPECT_NE(feature("water-sections", "a").find("\"water_class\":3"), std::string::npos);
}

TEST_F(IntakeTest, KeepsRefusedInputAsideWithReasonAndBytes)
{
    auto const report =
        send({parsed("a", "2025-11-06T12:00:00Z", {reading("ph", "8.1")}), parsed("a", "2027-01-01T00:00:00Z", {reading("ph", "8.1")}),
              parsed("a", "2025-11-06T16:00:00Z", {reading("ph", "140")})});
    EXPECT_EQ(report.accepted, 1U);
    ASSERT_EQ(report.rejected.size(), 2U);
    EXPECT_EQ(report.rejected[0].index, 1U);
    EXPECT_EQ(report.rejected[0].failure.code, Errc::future_time);
    EXPECT_EQ(report.rejected[1].failure.code, Errc::out_of_range);
    ASSERT_EQ(store.entries.size(), 2U);
    EXPECT_EQ(store.entries.at(1).raw, "raw bytes");
    EXPECT_EQ(store.entries.at(1).code, "future_time");
    EXPECT_EQ(store.entries.at(1).site, "a");
}

TEST_F(IntakeTest, AnImpossibleValueCostsItselfAndNotItsRecord)
{
    auto const report = send({parsed("a", "2025-11-06T12:00:00Z", {reading("ph", "140"), reading("codmn", "5.2")})});
    EXPECT_EQ(report.accepted, 1U);
    ASSERT_EQ(report.rejected.size(), 1U);
    EXPECT_EQ(report.rejected[0].failure.code, Errc::out_of_range);
    auto const kept = store.find(current->sites->find("a")->number, IntervalKind::four_hours, at("2025-11-06T12:00:00Z"));
    ASSERT_TRUE(kept);
    EXPECT_EQ(kept->readings.size(), 1U);
    ASSERT_EQ(store.entries.size(), 1U);
    EXPECT_EQ(store.entries.begin()->second.format, "readings-json");
    EXPECT_EQ(store.entries.begin()->second.raw, R"({"site":"a","time":"2025-11-06T12:00:00Z","interval":"4h","values":{"ph":140}})");
}

TEST_F(IntakeTest, AValueThatTurnsOutToBeBelowDetectionIsARevision)
{
    send({parsed("a", "2025-11-06T12:00:00Z", {reading("ammonia_nitrogen", "0.025")})});
    auto below = reading("ammonia_nitrogen", "0.025");
    below.marks = Mark::below_detection;
    EXPECT_EQ(send({parsed("a", "2025-11-06T12:00:00Z", {below})}).revised, 1U);
    EXPECT_EQ(send({parsed("a", "2025-11-06T12:00:00Z", {below})}).duplicates, 1U);
}

TEST_F(IntakeTest, SaysSoWhenTheStoreCannotWriteAndGoesOnAfterwards)
{
    store.broken = true;
    EXPECT_THROW(send({parsed("a", "2025-11-06T12:00:00Z", {reading("ph", "8.1")})}), StoreError);
    EXPECT_TRUE(core->writer.counters().store_broken);
    EXPECT_NE(feature("water-sections", "a").find("\"time\":null"), std::string::npos) << "nothing is shown that is not on disk";
    store.broken = false;
    EXPECT_EQ(send({parsed("a", "2025-11-06T12:00:00Z", {reading("ph", "8.1")})}).accepted, 1U) << "the refused attempt left no trace";
    EXPECT_FALSE(core->writer.counters().store_broken);
}

TEST_F(IntakeTest, AReloadOutlivesALostCommit)
{
    std::promise<void> holds, goes_on;
    ASSERT_TRUE(core->writer.submit(ProbeJob{[&](bool) { holds.set_value(), goes_on.get_future().wait(); }}));
    holds.get_future().wait();                     // what is handed in now waits, and makes one group
    store.broken = true;
    std::promise<bool> kept;
    OutboxJob job;
    job.added.push_back({0, "forward:x", "1"});
    job.done = [&](bool ok) { kept.set_value(ok); };
    ASSERT_TRUE(core->writer.submit(std::move(job)));
    auto reloaded = std::async(std::launch::async, [&] { core->worlds.take_turn().replace(world({site("z", SiteKind::water_section)})); });
    std::this_thread::sleep_for(std::chrono::milliseconds{50});
    goes_on.set_value();
    EXPECT_FALSE(kept.get_future().get());
    ASSERT_EQ(reloaded.wait_for(std::chrono::seconds{10}), std::future_status::ready);
    EXPECT_NE(feature("water-sections", "z"), "no such feature");
    store.broken = false;
}

TEST_F(IntakeTest, IsBrokenUntilTheStoreTakesSomethingAgain)
{
    ::testing::internal::CaptureStderr();
    store.broken = true;
    EXPECT_THROW(send({parsed("a", "2025-01-01T00:00:00Z", {reading("ph", "8.1")})}), StoreError);
    std::this_thread::sleep_for(std::chrono::milliseconds{2'500});     // the clock's groups have nothing of their own to write
    EXPECT_TRUE(core->writer.counters().store_broken);
    store.broken = false;
    auto const end = std::chrono::steady_clock::now() + std::chrono::seconds{10};
    while (core->writer.counters().store_broken && std::chrono::steady_clock::now() < end)
        std::this_thread::sleep_for(std::chrono::milliseconds{20});
    EXPECT_FALSE(core->writer.counters().store_broken) << "nothing else was sent";
    auto const log = ::testing::internal::GetCapturedStderr();
    auto const told = log.find("store_write_failed");
    EXPECT_NE(told, std::string::npos);
    EXPECT_EQ(log.find("store_write_failed", told + 1), std::string::npos) << "a full disk is told once a minute: " << log;
    EXPECT_NE(log.find("store_writes_again", told), std::string::npos) << log;
}

TEST_F(IntakeTest, IsBrokenFromTheStartWhereTheStoreTakesNothing)
{
    store.broken = true;
    start(world({site("a", SiteKind::water_section)}));
    EXPECT_TRUE(core->writer.counters().store_broken) << "nobody has written yet";
}

TEST_F(IntakeTest, ManyWaitingBatchesShareOneCommit)
{
    std::vector<std::future<void>> waiting;
    std::vector<std::shared_ptr<std::promise<void>>> promises;
    auto const before = store.commits;
    constexpr int batches = 200;
    for (int i = 0; i < batches; ++i) {
        ParsedBatch batch;
        batch.records.push_back(parsed("a", "2025-01-01T00:00:00Z", {reading("ph", "8.1")}));
        batch.records.back().record.time += std::chrono::hours{i};
        auto promise = std::make_shared<std::promise<void>>();
        waiting.push_back(promise->get_future());
        ASSERT_TRUE(core->intake.submit(core->intake.prepare(std::move(batch), "test", *current, at("2026-01-01T00:00:00Z")),
                                        [promise](auto) { promise->set_value(); }));
    }
    for (auto& one : waiting)
        one.get();
    EXPECT_LE(store.commits - before, static_cast<std::size_t>(batches));
    EXPECT_EQ(core->writer.counters().accepted, static_cast<std::uint64_t>(batches));
}

TEST_F(IntakeTest, SaysNoWhenTheQueueIsFull)
{
    start(current, {.limits = {.queue_records = 1}});
    int refused = 0;
    for (int i = 0; i < 2000; ++i) {
        ParsedBatch batch;
        for (int k = 0; k < 50; ++k) {
            batch.records.push_back(parsed("a", "2025-01-01T00:00:00Z", {reading("ph", "8.1")}));
            batch.records.back().record.time += std::chrono::minutes{i * 50 + k};
        }
        refused += !core->intake.submit(core->intake.prepare(std::move(batch), "test", *current, at("2026-01-01T00:00:00Z")), [](auto) {});
    }
    EXPECT_GT(refused, 0);
}

TEST_F(IntakeTest, MarksASpikeButKeepsIt)
{
    for (int i = 0; i < 8; ++i) {
        auto record = parsed("a", "2025-11-01T00:00:00Z", {reading("codmn", i % 2 ? "5.2" : "5.3")});
        record.record.time += std::chrono::hours{4 * i};
        send({record});
    }
    send({parsed("a", "2025-11-02T08:00:00Z", {reading("codmn", "90")})});
    auto const kept = store.find(current->sites->find("a")->number, IntervalKind::four_hours, at("2025-11-02T08:00:00Z"));
    ASSERT_TRUE(kept);
    EXPECT_TRUE(has(kept->readings[0].marks, Mark::spike));
    EXPECT_EQ(kept->verdict.water_class, 6) << "a mark deletes nothing";
}

TEST_F(IntakeTest, MarksALineThatStaysFlat)
{
    for (int i = 0; i < 14; ++i) {
        auto record = parsed("a", "2025-11-01T00:00:00Z", {reading("codmn", "5.213")});
        record.record.time += std::chrono::hours{4 * i};
        send({record});
    }
    auto const kept = store.find(current->sites->find("a")->number, IntervalKind::four_hours, at("2025-11-03T04:00:00Z"));
    ASSERT_TRUE(kept);
    EXPECT_TRUE(has(kept->readings[0].marks, Mark::flat_line));
}

TEST_F(IntakeTest, DoesNotCallAValueASpikeBecauseOfWhatWasYearsAgo)
{
    for (int i = 0; i < 8; ++i) {
        auto record = parsed("a", "2021-04-01T00:00:00Z", {reading("codmn", i % 2 ? "5.2" : "5.3")});
        record.record.time += std::chrono::hours{4 * i};
        send({record});
    }
    send({parsed("a", "2025-11-06T12:00:00Z", {reading("codmn", "90")})});
    auto const kept = store.find(current->sites->find("a")->number, IntervalKind::four_hours, at("2025-11-06T12:00:00Z"));
    ASSERT_TRUE(kept);
    EXPECT_EQ(kept->readings[0].marks, Mark::none);
}

TEST_F(IntakeTest, KnowsEveryRecordAgainWhateverTheOrder)
{
    std::vector<ParsedRecord> records;
    for (int i = 0; i < 60; ++i) {
        records.push_back(parsed("a", "2025-11-01T00:00:00Z", {reading("codmn", "5.2")}));
        records.back().record.time += std::chrono::hours{4 * ((i * 37) % 60)};
    }
    EXPECT_EQ(send(records).accepted, 60U);
    std::ranges::reverse(records);
    EXPECT_EQ(send(records).duplicates, 60U);
    SetUp();                                       // another run over the same store
    for (auto& record : records)
        record.site = current->sites->find("a");
    for (auto const& record : records)
        EXPECT_EQ(send({record}).duplicates, 1U);
}

TEST_F(IntakeTest, StartsWithWhatTheStoreKnows)
{
    send({parsed("b", "2025-11-06T12:00:00Z", {reading("total_phosphorus", "0.062")})});
    SetUp();                                       // another run over the same store
    EXPECT_NE(feature("water-sections", "b").find("\"water_class\":4"), std::string::npos) << "a lake, by the lake column";
    EXPECT_NE(feature("water-sections", "b").find("\"geometry\":null"), std::string::npos);
    EXPECT_EQ(send({parsed("b", "2025-11-06T12:00:00Z", {reading("total_phosphorus", "0.062")})}).duplicates, 1U);
}

TEST_F(IntakeTest, ANewWorldKeepsTheRecordsAndBringsTheNewSites)
{
    send({parsed("a", "2025-11-06T12:00:00Z", {reading("codmn", "5.2")})});
    core->worlds.take_turn().replace(world({site("a", SiteKind::water_section), site("c", SiteKind::outfall)}));
    EXPECT_NE(feature("water-sections", "a").find("\"codmn\":5.2"), std::string::npos);
    EXPECT_EQ(feature("water-sections", "b"), "no such feature");
    EXPECT_NE(feature("outfalls", "c").find("\"time\":null"), std::string::npos);
}

TEST_F(IntakeTest, SitesWithNumericIdsAreFoundInTheOrderOfTheirNumbers)
{
    core->worlds.take_turn().replace(
        world({site("10", SiteKind::water_section), site("9", SiteKind::water_section), site("2175A", SiteKind::water_section)}));
    std::vector<std::string> ids;
    auto const sections = core->state.catalog.load()->find("water-sections");
    auto const all = sections->select({});
    while (auto const f = all->next())
        ids.push_back(f->id());
    EXPECT_EQ(ids, (std::vector<std::string>{"9", "10", "2175A"}));
    for (auto const& id : ids)
        EXPECT_NE(feature("water-sections", id), "no such feature");
}

TEST_F(IntakeTest, VersionsChangeWithContentAndOnlyThen)
{
    auto const before = core->state.catalog.load();
    send({parsed("air", "2025-11-06T12:00:00Z", {reading("pm25", "35")}, IntervalKind::hour)});
    auto const after = core->state.catalog.load();
    EXPECT_EQ(before->find("water-sections")->metadata().version, after->find("water-sections")->metadata().version);
    EXPECT_NE(before->find("air-stations")->metadata().version, after->find("air-stations")->metadata().version);
    EXPECT_EQ(before->find("air-stations")->find("air")->geojson().find("\"pm25\":35"), std::string::npos)
        << "who holds the old one keeps it";
}

TEST_F(IntakeTest, AnUnusualParameterGetsAColumn)
{
    EXPECT_FALSE(core->state.catalog.load()->find("water-sections")->schema().find("lead"));
    send({parsed("a", "2025-11-06T12:00:00Z", {reading("lead", "0.002")})});
    auto const sections = core->state.catalog.load()->find("water-sections");
    auto const column = sections->schema().find("lead");
    ASSERT_TRUE(column);
    EXPECT_EQ(sections->find("a")->value(*column), (Value{Decimal{2, 3}}));
    EXPECT_EQ(sections->schema().columns().at(*column).unit, "mg/L");
}

TEST_F(IntakeTest, AFlaggedValueIsShownButNotJudged)
{
    send({parsed("a", "2025-11-06T12:00:00Z", {reading("codmn", "14", "M"), reading("ph", "8")})});
    auto const shown = feature("water-sections", "a");
    EXPECT_NE(shown.find("\"codmn\":14"), std::string::npos);
    EXPECT_NE(shown.find("\"water_class\":1"), std::string::npos) << shown;
    EXPECT_NE(shown.find("\"not_valid\":\"codmn\""), std::string::npos) << shown;
}

TEST_F(IntakeTest, OutboxEntriesAreInTheCommitOfTheirRecord)
{
    struct Telling final : Participant {
        void on_record(RecordTaken const& taken, GroupUnderWay& group) override
        {
            auto const value = taken.record.readings.front().value.to_string();
            group.share().outbox.added.push_back({0, "forward:x", std::string{to_text(taken.verdict)} + " " + value});
        }
    };
    struct Counting final : OutboxListener {
        void outbox_grew(std::vector<OutboxEntry> const& entries) override { announced += entries.size(); }
        std::size_t announced = 0;
    } listener;
    start(current, {.more = {{"telling", std::make_shared<Telling>()}}});
    core->writer.listen(listener);
    auto const ph = [&](std::string_view value) { return parsed("a", "2025-11-06T12:00:00Z", {reading("ph", value)}); };
    send({ph("7.1")});
    send({ph("7.1")});
    send({ph("7.2")});
    send({parsed("a", "2025-11-06T08:00:00Z", {reading("ph", "6.9")}), ph("7.3")});
    store.broken = true;
    EXPECT_THROW(send({ph("7.4")}), StoreError);
    store.broken = false;
    EXPECT_EQ(listener.announced, 4U);
    auto const entries = store.outbox("forward:x", 0, 10);
    ASSERT_EQ(entries.size(), 4U) << "nothing of duplicates and of what was not written";
    EXPECT_EQ(entries[0].payload, "accepted 7.1");
    EXPECT_EQ(entries[1].payload, "revised 7.2");
    EXPECT_EQ(entries[2].payload, "accepted 6.9");
    EXPECT_EQ(entries[3].payload, "revised 7.3");
    OutboxJob delivered;
    delivered.done_entries = {{"forward:x", entries[0].id}, {"forward:x", entries[1].id}};
    EXPECT_TRUE(core->write(std::move(delivered)));
    EXPECT_EQ(store.outbox("forward:x", 0, 10).front(), entries[2]);
    EXPECT_EQ(listener.announced, 4U);
    core->writer.stop_listening(listener);
}

}  // namespace
}  // namespace yihong::testing
